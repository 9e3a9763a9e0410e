import Execution

/// Files each of which uses the next one, the last of them the first: none can run before the
/// others.
struct UseCircle {
  /// The files on the way, the first one again at the end.
  let paths: [String]

  /// What to say of it.
  var failure: Failure {
    Failure(
      "files use each other in a circle: \(paths.joined(separator: " -> "))",
      hint: paths.count == 2
        ? "a file does not use itself"
        : "put what both need into a file of its own, which both use")
  }

  /// The circle that a file closes which uses `path`, if there is one.
  static func through(_ path: String, from file: String) -> UseCircle? {
    if File.isSame(path, file) { return UseCircle(paths: [file, file]) }
    var seen: [String] = [file]
    return way(from: path, to: file, &seen).map { UseCircle(paths: [file] + $0) }
  }

  /// The files on the way by which one comes to be used by another.
  private static func way(
    from path: String, to target: String, _ seen: inout [String]
  ) -> [String]? {
    guard !seen.contains(where: { File.isSame($0, path) }) else { return nil }
    seen.append(path)
    guard let text = try? Source.text(ofFile: path) else { return nil }
    let (program, problems) = Parser.parse(Source(name: path, text: text))
    guard problems.isEmpty else { return nil }
    for statement in program.statements {
      guard case .use(let use) = statement.kind, use.isPath else { continue }
      let next = Checker.path(of: use, from: File.folder(of: path))
      if File.isSame(next, target) { return [path, target] }
      if let rest = way(from: next, to: target, &seen) { return [path] + rest }
    }
    return nil
  }
}
