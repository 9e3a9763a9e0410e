/// What a text of the library declares, read without running or even parsing it.
///
/// Completion and search need names, parameters and documentation of everything, at once and
/// without side effects; a look at the beginnings of lines finds them.
struct Declaration: Sendable {
  /// The module that declares it.
  let module: String
  /// Whether the module's names are known without `use`.
  let isShared: Bool
  let name: String
  /// The parameters as they are written: `x`, `axis=-1`, `e: InteractiveProbing`, `..values`.
  let parameters: [String]
  /// Whether it is a function or type, and no constant.
  let isCallable: Bool
  /// The `##` lines above.
  let documentation: String
  /// The `##` lines at the top of its module.
  let moduleDocumentation: String

  /// `name(x, k=1)`, or the bare name of a constant.
  var signature: String {
    isCallable ? "\(name)(\(parameters.joined(separator: ", ")))" : name
  }

  /// The first line of the documentation.
  var summary: String { String(documentation.prefix { $0 != "\n" }) }

  /// All that a module declares, but what begins with `_`.
  static func all(in entry: LibrarySource.Entry) -> [Declaration] {
    var scanner = DeclarationScanner(entry)
    return scanner.scan()
  }
}

/// Reads declarations off the beginnings of lines.
private struct DeclarationScanner {
  private let entry: LibrarySource.Entry
  private let bytes: [UInt8]
  private let moduleDocumentation: String
  private var place = 0
  private var documentation: [String] = []
  private var found: [Declaration] = []

  init(_ entry: LibrarySource.Entry) {
    self.entry = entry
    bytes = Array(entry.text.utf8)
    moduleDocumentation = entry.text.split(separator: "\n", omittingEmptySubsequences: false)
      .prefix { $0.hasPrefix("##") }.map { $0.dropFirst($0.hasPrefix("## ") ? 3 : 2) }
      .joined(separator: "\n")
  }

  mutating func scan() -> [Declaration] {
    while place < bytes.count {
      let end = lineEnd
      readLine(end)
      place = max(end, place) + 1
    }
    return found
  }

  private var lineEnd: Int {
    bytes[place...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
  }

  private mutating func readLine(_ end: Int) {
    if bytes[place...].starts(with: "##".utf8) {
      let line = String(decoding: bytes[(place + 2)..<end], as: UTF8.self)
      documentation.append(line.hasPrefix(" ") ? String(line.dropFirst()) : line)
      return
    }
    defer { documentation = [] }
    var words = word(at: place)
    if words.text == "native" { words = word(at: words.end + 1) }
    if words.text == "fn" || words.text == "type" {
      let name = word(at: words.end + 1)
      guard name.end < bytes.count, bytes[name.end] == UInt8(ascii: "(") else { return }
      add(name.text, parameters(from: name.end + 1), isCallable: true)
    } else if !words.text.isEmpty, bytes[words.end...].starts(with: " = ".utf8) {
      add(words.text, [], isCallable: false)
    }
  }

  private mutating func add(_ name: String, _ parameters: [String], isCallable: Bool) {
    guard !name.isEmpty, !name.hasPrefix("_") else { return }
    found.append(
      Declaration(
        module: entry.name, isShared: entry.isShared, name: name, parameters: parameters,
        isCallable: isCallable, documentation: documentation.joined(separator: "\n"),
        moduleDocumentation: moduleDocumentation))
  }

  private func word(at start: Int) -> (text: String, end: Int) {
    var end = start
    while end < bytes.count, CompletionContext.isNameByte(bytes[end]) { end += 1 }
    guard start < end else { return ("", min(start, bytes.count)) }
    return (String(decoding: bytes[start..<end], as: UTF8.self), end)
  }

  /// The texts between commas up to the closing parenthesis.
  private mutating func parameters(from start: Int) -> [String] {
    var parts: [[UInt8]] = [[]]
    var depth = 0
    var quote: UInt8?
    place = start
    while place < bytes.count {
      let byte = bytes[place]
      if quote != nil {
        if byte == quote { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if "([{".utf8.contains(byte) {
        depth += 1
      } else if ")]}".utf8.contains(byte) {
        if depth == 0 { break }
        depth -= 1
      }
      if byte == UInt8(ascii: ","), depth == 0, quote == nil {
        parts.append([])
      } else if byte != UInt8(ascii: "\n") {
        parts[parts.count - 1].append(byte)
      }
      place += 1
    }
    place = lineEnd
    return parts.map { String(decoding: $0, as: UTF8.self).trimmed }.filter { !$0.isEmpty }
  }
}

/// A parameter of a function, read from the text of its declaration.
struct ParameterText {
  let name: String
  /// The type for which a method is defined, if there is one.
  let type: String?
  let standard: String?
  let isRest: Bool

  init(_ text: String) {
    isRest = text.hasPrefix("..")
    let parts = text.drop { $0 == "." }
      .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    standard = parts.count == 2 ? String(parts[1]).trimmed : nil
    let head = parts[0].split(separator: ":", maxSplits: 1)
    name = head.first.map { String($0).trimmed } ?? ""
    type = head.count == 2 ? String(head[1]).trimmed : nil
  }

  /// What documentation says of this parameter: what stands behind its name and a colon, as in
  /// `name: ...` or, of several together, `` `low`, `high`: ...``; else the sentence that begins
  /// with it, as in `` `name` is ...``.
  ///
  /// - Parameters:
  ///   - documentation: that of the function, then that of its module.
  ///   - isWhole: whether it goes on behind a semicolon.
  func summary(in documentation: [String], isWhole: Bool = false) -> String {
    let sentences = documentation.map { $0.sentences(endingAt: isWhole ? "." : ".;") }
    for sentence in sentences.joined() { if let remark = named(in: sentence) { return remark } }
    return sentences.joined().lazy.compactMap(told).first ?? ""
  }

  /// The names that a point of a list explains: `low` and `high` of `` - `low`, `high`: ... ``; nil
  /// of any other line.
  static func names(ofPoint line: Substring) -> [String]? {
    guard line.hasPrefix("- `"), let colon = line.firstIndex(of: ":") else { return nil }
    let names = line[..<colon].dropFirst(2).split(separator: ",").map { String($0).trimmed }
    guard names.allSatisfy({ $0.count > 2 && $0.hasPrefix("`") && $0.hasSuffix("`") }) else {
      return nil
    }
    return names.map { String($0.dropFirst().dropLast()) }
  }

  private func named(in sentence: String) -> String? {
    guard let colon = sentence.firstIndex(of: ":") else { return nil }
    let names = sentence[..<colon].split(separator: ",").map { name in
      String(name.trimmed.filter { $0 != "`" })
    }
    return names.contains(name) ? sentence[sentence.index(after: colon)...].trimmed : nil
  }

  private func told(in sentence: String) -> String? {
    guard sentence.hasPrefix("`\(name)`") else { return nil }
    let remark = sentence.dropFirst(name.count + 2).trimmed
    return remark.hasPrefix("is ") ? String(remark.dropFirst(3)) : remark
  }
}

extension String {
  /// The parts of a documentation between some signs, empty lines and points of a list.
  fileprivate func sentences(endingAt ends: String) -> [String] {
    var sentences: [String] = [""]
    for line in split(separator: "\n", omittingEmptySubsequences: false) {
      let isPoint = line.hasPrefix("- ")
      if isPoint || line.isEmpty { sentences.append("") }
      var previous: Character = " "
      for character in (isPoint ? line.dropFirst(2) : line).drop(while: { $0 == " " }) + " " {
        sentences[sentences.count - 1].append(character)
        if character == " ", ends.contains(previous) { sentences.append("") }
        previous = character
      }
    }
    return sentences.map { sentence in
      let text = sentence.trimmed
      return text.hasSuffix(";") || text.hasSuffix(".") ? String(text.dropLast()) : text
    }
  }
}
