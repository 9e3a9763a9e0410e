import Execution
import Language

@testable import Library

/// Small programs of `Tests/LanguageTests/Programs`, and what they must print.
enum LanguagePrograms {
  static let folder = File.folder(of: File.folder(of: #filePath)) + "/LanguageTests/Programs"

  /// The paths below the folder, without the ending; `parts` are files that programs use.
  static func names(in group: String) -> [String] {
    let files = (try? File.list("\(folder)/\(group)")) ?? []
    return files.filter { $0.hasSuffix(".rnr") }.map { "\(group)/\($0.dropLast(4))" }
  }

  static let groups: [String] = ((try? File.list(folder)) ?? []).filter { $0 != "mistakes" }

  static func text(_ name: String) throws -> String {
    try File.readText("\(folder)/\(name).rnr")
  }

  static func session(_ console: any Console) throws -> Session {
    Session(
      console: console, library: try LibrarySource.standard(), natives: NativeTable.all,
      cancellation: Cancellation())
  }
}

/// What the remarks `# expect: ...` of a program say.
struct Expectation {
  /// The lines that are printed.
  var lines: [String] = []
  /// Parts of error messages.
  var errors: [String] = []
  /// Parts of notes that come without an error.
  var notes: [String] = []
  /// The exit code, if it is given.
  var exit: Int?

  init(_ text: String) {
    for line in text.split(separator: "\n") {
      if let rest = Expectation.remark("# expect: ", in: line) {
        lines.append(rest)
      } else if let rest = Expectation.remark("# expect error: ", in: line) {
        errors.append(rest.trimmed)
      } else if let rest = Expectation.remark("# expect note: ", in: line) {
        notes.append(rest.trimmed)
      } else if let rest = Expectation.remark("# expect exit: ", in: line) {
        exit = Int(rest.trimmed)
      }
    }
  }

  private static func remark(_ mark: String, in line: Substring) -> String? {
    var place = line.startIndex
    while place < line.endIndex {
      if line[place...].hasPrefix(mark) {
        return String(line[place...].dropFirst(mark.count))
      }
      place = line.index(after: place)
    }
    return nil
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

extension Outcome {
  /// The exit code of a script that ends so.
  var exitCode: Int {
    switch self {
    case .ok: 0
    case .runtimeError: 1
    case .sourceError: 65
    case .interrupted: 130
    case .quit(let code): code
    }
  }
}
