import Execution
import Glibc

/// The settings file of the line editor, which the editor itself reads: `$INPUTRC`, else `~/.inputrc`.
///
/// The editor follows `$include` without end, so that a file that includes itself would end the
/// process: it is looked at before.
enum EditorSettings {
  /// More files within each other than any settings have.
  private static let depthLimit = 32
  /// Bytes of a file that are looked at.
  private static let sizeLimit = 1 << 20

  /// Has a file that includes itself left out; gives what to say of it.
  static func check() -> String? {
    guard let path = file, let circle = circle(from: path, within: []) else { return nil }
    setenv("INPUTRC", "/dev/null", 1)
    return "note: \"\(path)\" is left out, as \(circle): the keys are the usual ones"
  }

  private static var file: String? {
    if let named = Environment["INPUTRC"], !named.isEmpty { return named }
    guard let home = Environment["HOME"] else { return nil }
    return File.exists(home + "/.inputrc") ? home + "/.inputrc" : "/etc/inputrc"
  }

  /// What is wrong with the files that a file includes, those within which it is read being known.
  private static func circle(from path: String, within outer: [String]) -> String? {
    let whole = realpath(expanded(path), nil)
    defer { free(whole) }
    guard let name = whole.map({ String(cString: $0) }), isPlain(name),
      let text = try? File.read(name, limit: sizeLimit)
    else { return nil }
    if outer.contains(name) { return "\"\(name)\" includes itself" }
    if outer.count > depthLimit { return "its files include others \(depthLimit) deep" }
    for line in String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let words = line.drop { $0 == " " || $0 == "\t" }
        .split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "\t" })
      guard words.count == 2, words[0].lowercased() == "$include" else { continue }
      let included = words[1].prefix { $0 != " " && $0 != "\t" }
      if let found = circle(from: String(included), within: outer + [name]) { return found }
    }
    return nil
  }

  private static func isPlain(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
  }

  private static func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = Environment["HOME"] else { return path }
    return home + path.dropFirst()
  }
}
