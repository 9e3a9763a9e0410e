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

  /// Runs an entry of the prompt, and measures where its time goes.
  public func profile(entry number: Int, _ text: String) -> (outcome: Outcome, table: String) {
    let (outcome, profile) = profiled { self.evaluate(entry: number, text) }
    return (outcome, profile.table(columns: console.style.columns))
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
    loading = [path]
    defer { loading = [] }
    let source = Source(name: path, text: text)
    do {
      try ScriptOptions(source)?.check(arguments, of: path)
    } catch {
      let failure = Machine.failure(error)
      console.note("rnr: \(failure.message)" + (failure.hint.map { "\nhint: \($0)" } ?? ""))
      return .quit(Session.usageCode)
    }
    return outcome { try self.run(source, in: module, isWhole: true, echo: false) }
  }

  /// The exit code of a wrong command line.
  private static let usageCode = 2

  /// Runs work and renders what goes wrong.
  func outcome(_ body: () throws -> Void) -> Outcome {
    defer { if cancellation.isExhausted { Memory.recover() } }
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
