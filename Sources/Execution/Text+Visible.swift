extension Text {
  /// A text for a terminal: control characters as escapes such as `\u{1b}`, but line breaks and
  /// tabs as they are.
  ///
  /// What programs, files and their names say must not move the cursor, change colours or hide
  /// behind other text.
  ///
  /// - Parameter keepsStyles: whether sequences that only choose a colour or weight stay.
  public static func visible(_ text: String, keepsStyles: Bool = false) -> String {
    guard text.utf8.contains(where: isSuspect) else { return text }
    var result = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if keepsStyles, scalar == "\u{1b}", let end = styleEnd(rest) {
        result.append(scalar)
        result.append(contentsOf: rest[..<end])
        rest = rest[end...]
      } else if scalar != "\n", scalar != "\t", isControl(scalar) {
        result.append(contentsOf: escaped(scalar).unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// Whether a character acts on the terminal, or on the order of what stands around it.
  public static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f..<0xa0, 0x2028...0x202e, 0x2066...0x2069: true
    default: false
    }
  }

  /// How a control character is written in a string of the language.
  public static func escaped(_ scalar: Unicode.Scalar) -> String {
    scalar == "\r" ? "\\r" : "\\u{\(String(scalar.value, radix: 16))}"
  }

  /// Bytes of ASCII control characters, and those with which the others begin.
  private static func isSuspect(_ byte: UInt8) -> Bool {
    byte < 0x20 && byte != 10 && byte != 9 || byte == 0x7f || byte == 0xc2 || byte == 0xe2
  }

  /// The end of `[1;31m`.
  private static func styleEnd(
    _ text: Substring.UnicodeScalarView
  ) -> Substring.UnicodeScalarView.Index? {
    guard text.first == "[" else { return nil }
    let end = text.dropFirst().firstIndex { !("0"..."9").contains($0) && $0 != ";" }
    guard let end, text[end] == "m" else { return nil }
    return text.index(after: end)
  }
}
