import Execution

/// The options that a script asks for, as far as its text tells.
///
/// They are known if every `option(...)` names its option in the script itself and nothing else
/// reads the arguments.
struct ScriptOptions {
  /// The names, in the order of the text.
  let names: [String]

  /// The options of a source; nil if its text does not tell all of them.
  init?(_ source: Source) {
    let tokens = Lexer.tokens(source)
    var names: [String] = []
    for (place, token) in tokens.enumerated() {
      let next = place + 2 < tokens.count ? tokens[(place + 1)...(place + 2)] : []
      if token.kind == .useKeyword, [.string, .rawString].contains(next.first?.kind) { return nil }
      guard token.kind == .name else { continue }
      switch source.text(token.span) {
      case "arguments", "script_arguments": return nil
      case "option":
        guard next.first?.kind == .leftParenthesis, let name = next.last,
          [.string, .rawString].contains(name.kind)
        else { return nil }
        names.append(String(source.text(Span(name.start + 1, name.end - 1))))
      default: break
      }
    }
    guard !names.isEmpty else { return nil }
    self.names = names
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
