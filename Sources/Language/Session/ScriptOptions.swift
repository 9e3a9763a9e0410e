import Execution

/// The options that a script asks for, as far as its text tells.
///
/// They are known if every `option(...)` names its option in the script itself and nothing else
/// reads the arguments.
struct ScriptOptions {
  /// The names, in the order of the text.
  let names: [String]

  /// The options of a source and of the files that it uses; nil if their texts do not tell all.
  init?(_ source: Source) {
    var names: [String] = []
    var seen: Set<String> = []
    guard ScriptOptions.add(source, &names, &seen), !names.isEmpty else { return nil }
    self.names = names
  }

  private static func add(
    _ source: Source, _ names: inout [String], _ seen: inout Set<String>
  ) -> Bool {
    guard seen.insert(source.name).inserted else { return true }
    let tokens = Lexer.tokens(source)
    for (place, token) in tokens.enumerated() {
      let next = place + 2 < tokens.count ? tokens[(place + 1)...(place + 2)] : []
      if token.kind == .useKeyword, let path = next.first.flatMap({ text($0, source) }) {
        let folder = File.folder(of: source.name)
        let full = path.hasPrefix("/") || folder == "." ? path : "\(folder)/\(path)"
        guard let text = try? Source.text(ofFile: full),
          add(Source(name: full, text: text), &names, &seen)
        else { return false }
      }
      guard token.kind == .name else { continue }
      switch source.text(token.span) {
      case "arguments", "script_arguments": return false
      case "option":
        guard next.first?.kind == .leftParenthesis,
          let name = next.last.flatMap({ text($0, source) })
        else { return false }
        names.append(name)
      default: break
      }
    }
    return true
  }

  /// What stands between the quotes of a string.
  private static func text(_ token: Token, _ source: Source) -> String? {
    guard [.string, .rawString].contains(token.kind) else { return nil }
    return source.text(Span(token.start + 1, token.end - 1))
  }

  /// Throws if an argument is an option that the script never asks for.
  func check(_ arguments: [String], of path: String) throws {
    for argument in arguments where argument.hasPrefix("--") && argument != "--" {
      let name = String(argument.dropFirst(2).prefix { $0 != "=" })
      if names.contains(name) { continue }
      let near = Text.nearest(name, in: names).first
      var known: [String] = []
      for name in names where !known.contains("--" + name) { known.append("--" + name) }
      throw Failure(
        "\(path) has no option --\(name)",
        hint: near.map { "did you mean --\($0)?" }
          ?? "it has \(known.joined(separator: ", "))")
    }
  }
}
