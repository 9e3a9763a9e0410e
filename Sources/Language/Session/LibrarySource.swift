/// The texts of the library's modules, and which module defines which name.
///
/// The index is made by looking at the beginnings of lines only, so that starting costs next to
/// nothing however large the library grows; a module is parsed when one of its names is first used.
public struct LibrarySource: Sendable {
  /// One file of the library.
  public struct Entry: Sendable {
    /// The module's name: its file name without the ending.
    public var name: String
    /// The module's source text.
    public var text: String
    /// Whether its names are known everywhere, without `use`.
    public var isShared: Bool

    /// A file of the library.
    public init(name: String, text: String, isShared: Bool) {
      self.name = name
      self.text = text
      self.isShared = isShared
    }
  }

  /// The modules, in the order in which they were given.
  public private(set) var entries: [Entry]
  /// For each name the modules that define it.
  private(set) var definitions: [String: [Int]] = [:]
  /// Names that are defined for types.
  private(set) var methodNames: Set<String> = []

  /// A library of these files.
  public init(_ entries: [Entry]) {
    self.entries = entries
    for (place, entry) in entries.enumerated() { scan(entry, place) }
  }

  private mutating func scan(_ entry: Entry, _ place: Int) {
    var text = entry.text
    let found = text.withUTF8 { bytes -> [(name: String, isMethod: Bool)] in
      var found: [(String, Bool)] = []
      var start = 0
      while start < bytes.count {
        if let definition = LibrarySource.definition(bytes, start) { found.append(definition) }
        while start < bytes.count, bytes[start] != 10 { start += 1 }
        start += 1
      }
      return found
    }
    for (name, isMethod) in found where !name.hasPrefix("_") {
      if entry.isShared, definitions[name]?.last != place {
        definitions[name, default: []].append(place)
      }
      if isMethod, entry.isShared { methodNames.insert(name) }
    }
  }

  /// The name that a line defines if it begins with `fn`, `native fn`, `type` or `name =`.
  private static func definition(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int
  ) -> (String, Bool)? {
    guard start < bytes.count, isLetter(bytes[start]) else { return nil }
    var (word, next) = word(bytes, start)
    if word == "native" { (word, next) = self.word(bytes, next + 1) }
    if word == "fn" || word == "type" {
      let (name, end) = self.word(bytes, next + 1)
      guard end < bytes.count, bytes[end] == UInt8(ascii: "(") else { return nil }
      let (_, first) = self.word(bytes, end + 1)
      return (name, word == "fn" && first < bytes.count && bytes[first] == UInt8(ascii: ":"))
    }
    let isConstant =
      next + 2 < bytes.count && bytes[next] == 32 && bytes[next + 1] == UInt8(ascii: "=")
      && bytes[next + 2] == 32
    return isConstant ? (word, false) : nil
  }

  private static func word(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> (String, Int) {
    var end = start
    while end < bytes.count, isLetter(bytes[end]) || (48...57).contains(bytes[end]) { end += 1 }
    guard start < end else { return ("", end) }
    return (String(decoding: bytes[start..<end], as: UTF8.self), end)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_")
  }
}
