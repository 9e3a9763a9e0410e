import Execution

/// Files each of which uses the next one, the last of them the first.
///
/// They may do so, but take no name from a file that has not come to define it.
struct UseCircle {
  /// The files on the way, the first one again at the end.
  let paths: [String]

  /// What to say of it.
  var failure: Failure {
    Failure(
      "files use each other in a circle: \(paths.joined(separator: " -> "))",
      hint: paths.count == 2
        ? "a file does not use itself" : "put what both need into a file of its own, which both use"
    )
  }

  /// A file that is being run, and the names that it has defined so far.
  private struct Opened {
    var path: String
    var given: Set<String> = []
  }

  /// The `use` statements of a program by which a name is taken before it is there.
  static func all(in program: Program, _ file: String) -> [(use: Statement.Use, UseCircle)] {
    var seen: [String] = []
    var found: [(use: Statement.Use, UseCircle)] = []
    var opened = [Opened(path: file)]
    for statement in program.statements {
      if case .use(let use) = statement.kind, use.isPath,
        let circle = circle(of: use, opened, &seen)
      {
        found.append((use, circle))
      }
      opened[0].given.formUnion(names(of: statement))
    }
    return found
  }

  private static func circle(
    of use: Statement.Use, _ opened: [Opened], _ seen: inout [String]
  ) -> UseCircle? {
    let folder = File.folder(of: opened[opened.count - 1].path)
    let path = Checker.path(of: use, from: folder)
    if let place = opened.firstIndex(where: { File.isSame($0.path, path) }) {
      if use.names.allSatisfy({ opened[place].given.contains($0.name) }) { return nil }
      return UseCircle(paths: opened[place...].map(\.path) + [opened[place].path])
    }
    guard !seen.contains(where: { File.isSame($0, path) }),
      let (program, _) = Checker.program(of: use, from: folder)
    else { return nil }
    seen.append(path)
    var opened = opened + [Opened(path: path)]
    for statement in program.statements {
      if case .use(let inner) = statement.kind, inner.isPath,
        let circle = circle(of: inner, opened, &seen)
      {
        return circle
      }
      opened[opened.count - 1].given.formUnion(names(of: statement))
    }
    return nil
  }

  private static func names(of statement: Statement) -> Set<String> {
    var names = Set(NameUse([statement], entersFunctions: false).assigned)
    if case .function(let node) = statement.kind, let name = node.name { names.insert(name) }
    return names
  }
}

extension Session {
  /// The circle by which a module is used before it has run; nil if it has.
  func circle(to module: Module) -> UseCircle? {
    guard let path = fileModules.first(where: { $0.value === module })?.key,
      let place = loading.firstIndex(where: { File.isSame($0, path) })
    else { return nil }
    return UseCircle(paths: loading[place...] + [loading[place]])
  }
}
