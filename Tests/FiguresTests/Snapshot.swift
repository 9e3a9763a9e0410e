import Execution
import Glibc
import Testing

/// Texts kept in files, with which later runs are compared.
enum Snapshot {
  private static let folder = File.folder(of: #filePath) + "/snapshots"
  private static let records = getenv("RECORD_SNAPSHOTS") != nil

  /// Compares a text with its snapshot; records a missing one if `RECORD_SNAPSHOTS` is set.
  static func check(_ text: String, _ name: String) throws {
    let path = "\(folder)/\(name)"
    guard File.exists(path) else {
      guard records else {
        Issue.record("no snapshot \(name): run with RECORD_SNAPSHOTS=1 to record it\n\(text)")
        return
      }
      try File.writeText(text + "\n", to: path)
      return
    }
    let kept = String(try File.readText(path).dropLast())
    if kept != text { Issue.record("\(name) differs:\n\(difference(kept, text))") }
  }

  /// The lines that differ, old ones with a minus and new ones with a plus.
  private static func difference(_ old: String, _ new: String) -> String {
    let before = old.split(separator: "\n", omittingEmptySubsequences: false)
    let after = new.split(separator: "\n", omittingEmptySubsequences: false)
    var result: [String] = []
    for place in 0..<max(before.count, after.count) {
      let was = place < before.count ? before[place] : nil
      let now = place < after.count ? after[place] : nil
      guard was != now else { continue }
      if let was { result.append("\(place + 1) - \(was)") }
      if let now { result.append("\(place + 1) + \(now)") }
    }
    return result.joined(separator: "\n")
  }
}
