import Execution

extension Session {
  /// Whether `text` can be run as it is, or wants more lines.
  public func isComplete(_ text: String) -> Bool { Parser.isComplete(text) }

  /// Runs what was typed at the prompt or given by `-e`.
  ///
  /// A leading `|>` continues with `ans`; `echo` asks for the text of the value.
  public func evaluate(_ text: String, name: String, echo: Bool) -> Outcome {
    let isPiped = text.drop { $0 == " " }.hasPrefix("|>")
    let source = Source(name: name, text: isPiped ? "ans " + text : text)
    return outcome { try self.run(source, in: self.prompt, isWhole: false, echo: echo) }
  }

  /// Runs what was typed at the prompt, and measures where its time goes.
  public func profile(
    _ text: String, name: String, echo: Bool
  ) -> (outcome: Outcome, table: String) {
    let (outcome, profile) = profiled { self.evaluate(text, name: name, echo: echo) }
    return (outcome, profile.table)
  }

  /// Measures where the time of what is run inside `body` goes.
  public func profiled<Result>(_ body: () throws -> Result) rethrows -> (Result, Profile) {
    let (outer, profile) = (machine.profile, Profile())
    machine.profile = profile
    defer { machine.profile = outer }
    return (try body(), profile)
  }

  /// Checks the whole script, then runs it with `arguments` as its own.
  public func runScript(_ text: String, path: String, arguments: [String]) -> Outcome {
    self.arguments = arguments
    let module = Module(name: path, folder: File.folder(of: path), isLibrary: false)
    script = module
    let source = Source(name: path, text: text)
    return outcome { try self.run(source, in: module, isWhole: true, echo: false) }
  }

  /// Runs work and renders what goes wrong.
  func outcome(_ body: () throws -> Void) -> Outcome {
    do {
      try body()
      return .ok
    } catch let errors as SourceErrors {
      note(errors.diagnostics)
      return .sourceError
    } catch let diagnostic as Diagnostic {
      console.note(render(diagnostic))
      return diagnostic.stage == .source ? .sourceError : .runtimeError
    } catch is Interrupted {
      return .interrupted
    } catch let quit as Quit {
      return .quit(quit.code)
    } catch {
      console.note("error: \(Machine.failure(error).description)")
      return .runtimeError
    }
  }

  // MARK: - Help

  /// What `?name` shows: the signature, the documentation and an example.
  public func help(_ name: String) -> String {
    guard let value = known(name) else { return unknown(name) }
    switch value {
    case .function(let function): return help(function, name)
    case .type(let type): return help(type.constructor, name)
    default: return "\(name): \(value.described)\n\(display(value))"
    }
  }

  private func help(_ function: FunctionObject, _ name: String) -> String {
    switch function.kind {
    case .closure(let code, _): return Session.help(code)
    case .generic(let generic):
      var parts = generic.fallback.map { [help($0, name)] } ?? []
      for (_, method) in generic.methods.sorted(by: { $0.key.name < $1.key.name }) {
        parts.append(help(method, name))
      }
      return parts.joined(separator: "\n\n")
    }
  }

  private static func help(_ code: Code) -> String {
    guard let documentation = code.documentation else { return code.signature }
    return code.signature + "\n"
      + documentation.split(
        separator: "\n", omittingEmptySubsequences: false
      ).map { $0.isEmpty ? "" : "  " + $0 }.joined(separator: "\n")
  }

  /// What `??name` shows: the text of the definitions of a function or type.
  public func sourceText(_ name: String) -> String {
    guard let value = known(name) else { return unknown(name) }
    let codes: [Code]
    switch value {
    case .function(let function): codes = function.codes
    case .type(let type): codes = type.constructor.codes
    default: return "\(name) is \(value.described); only functions and types have a text"
    }
    return codes.map { code in
      guard let definition = code.definition else { return code.signature }
      let (line, _) = code.source.position(of: definition.start)
      return "# \(code.source.name):\(line)\n\(code.source.text(definition))"
    }.joined(separator: "\n\n")
  }

  /// What `?? "words"` shows: names whose documentation has every word.
  public func search(_ words: String) -> String {
    let wanted = words.lowercased().split(separator: " ")
    var lines: [String] = []
    for name in sharedPlaces.keys.sorted() {
      guard let value = known(name), let code = value.codes.first else { continue }
      let text = (name + " " + (code.documentation ?? "")).lowercased()
      guard wanted.allSatisfy({ text.contains($0) }) else { continue }
      let summary = code.documentation?.split(separator: "\n").first ?? ""
      lines.append("\(code.signature)\n    \(summary)")
    }
    return lines.isEmpty
      ? "nothing in the library speaks of \(words)" : lines.joined(separator: "\n")
  }

  /// The value of a name at the prompt; modules of the library are run to find it.
  private func known(_ name: String) -> Value? {
    if let value = prompt.value(name) { return value }
    if let place = sharedPlaces[name] { return try? value(ofShared: place) }
    let parts = name.split(separator: ".").map(String.init)
    if parts.count == 2, let place = library.entries.firstIndex(where: { $0.name == parts[0] }),
      let module = try? loadLibrary(place)
    {
      return module.value(parts[1])
    }
    return nil
  }

  private func unknown(_ name: String) -> String {
    let near = Text.nearest(name, in: knownNames).first.map { "; did you mean `\($0)`?" } ?? ""
    return "nothing is called `\(name)`\(near)"
  }
}

/// Thrown by `quit(code)`.
public struct Quit: Error {
  /// The exit code.
  public let code: Int
  /// The wish to leave.
  public init(code: Int) { self.code = code }
}

extension FunctionObject {
  /// The code behind a function: one, or one for each type.
  var codes: [Code] {
    switch kind {
    case .closure(let code, _): [code]
    case .generic(let generic):
      (generic.fallback?.codes ?? [])
        + generic.methods.sorted { $0.key.name < $1.key.name }.flatMap(\.value.codes)
    }
  }
}

extension Value {
  var codes: [Code] {
    switch self {
    case .function(let function): function.codes
    case .type(let type): type.constructor.codes
    default: []
    }
  }
}
