import Execution

extension Source {
  /// The text of a program that is stored in a file.
  ///
  /// - Throws: a `Diagnostic` with the place if it is no UTF-8; a `Failure` if it cannot be read.
  public static func text(ofFile path: String) throws -> String {
    try text(try File.read(path), name: path)
  }

  /// The text that bytes are; replacing those that are none would change strings in silence.
  ///
  /// - Throws: a `Diagnostic` with the place if they are no UTF-8.
  public static func text(_ bytes: [UInt8], name: String) throws -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let place = Encoding.invalidPlace(in: bytes) else { return text }
    // Up to the place both have the same bytes; there the text has the sign for what is missing.
    let source = Source(name: name, text: text)
    throw Diagnostic(
      stage: .source, code: .malformed, "the byte \(Encoding.text(bytes[place])) is no UTF-8",
      labels: [Diagnostic.Label(source, Span(place, place + 1))], hint: Encoding.hint(bytes))
  }
}
