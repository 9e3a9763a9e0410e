import Execution

extension Session {
  /// Reports every mistake of files that can be found without running them.
  public func check(_ paths: [String]) -> Outcome {
    var result = Outcome.ok
    for path in paths {
      do {
        let source = Source(name: path, text: try File.readText(path))
        for diagnostic in problems(of: source, path) {
          console.note(render(diagnostic))
          if diagnostic.severity == .error { result = .sourceError }
        }
      } catch {
        console.note("error: \(Machine.failure(error).description)")
        result = .runtimeError
      }
    }
    return result
  }

  private func problems(of source: Source, _ path: String) -> [Diagnostic] {
    let (program, problems) = Parser.parse(source)
    guard problems.isEmpty else { return problems }
    let module = Module(name: path, folder: File.folder(of: path), isLibrary: false)
    let compiler = Compiler(session: self, module: module, source: source, isWhole: true)
    _ = compiler.compile(program)
    return compiler.diagnostics
  }
}

extension StringProtocol {
  /// Without white space at both ends.
  var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
