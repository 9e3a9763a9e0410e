import Execution
import Foundation
import Testing

@testable import Language
@testable import Library

/// Each native function with arguments that it does not expect: a value or an error that shows the
/// call, never a trap, and never a wait.
@Suite struct OddArgumentTests {
  private static let odd = [
    "none", "true", "0", "-1", "0.5", "1e308", "-1e308", "nan", "infinity", "3",
    "9007199254740993", "\"\"", "\"no/such/place\"", "[]", "[[]]", "[1, \"a\"]", "[nan]", "[-1]",
    "[1e308]", "[[1, 2], [3]]", "record([])", "(a=1)", "(1, 2)", "zeros([0])", "zeros([2, 3])",
    "tensor(nan)", "0..3", "0..infinity", "x -> x", "() -> 1", "print",
  ]

  /// What ends the session, trains for hours, asks the user, or makes folders.
  private static let leftOut: Set = [
    "quit", "language_zoo", "train_on_language", "play", "make_folder",
  ]

  private static func declarations() throws -> [FunctionNode] {
    try LibrarySource.standard().entries.flatMap { entry in
      Parser.parse(Source(name: entry.name, text: entry.text)).program.statements
        .compactMap { statement in
          guard case .function(let node) = statement.kind, node.body == nil else { return nil }
          return leftOut.contains(node.name ?? "") ? nil : node
        }
    }
  }

  private static let names = ((try? declarations()) ?? []).compactMap(\.name)

  /// One argument is odd at a time, and all at once.
  private static func calls(_ node: FunctionNode) -> [String] {
    let required = node.parameters.filter { $0.defaultValue == nil && !$0.isRest }
    let usual = ["[1, 2]", "2", "zeros([2, 2])", "\"no/such/a.txt\""]
    var calls: Set<String> = []
    for value in odd {
      for place in node.parameters.indices {
        for other in usual {
          var texts = required.map { "\($0.name)=\(other)" }
          let parameter = node.parameters[place]
          if place < required.count { texts[place] = "\(parameter.name)=\(value)" }
          if parameter.isRest { texts = required.map { _ in other } + [value] }
          if parameter.defaultValue != nil { texts.append("\(parameter.name)=\(value)") }
          calls.insert("\(node.name ?? "")(\(texts.joined(separator: ", ")))")
        }
      }
      calls.insert(
        "\(node.name ?? "")(\(required.map { _ in value }.joined(separator: ", ")))")
    }
    return calls.sorted()
  }

  @Test(arguments: names)
  func oddArgumentsAreAnswered(_ name: String) throws {
    let node = try #require(try OddArgumentTests.declarations().first { $0.name == name })
    let console = RecordingConsole()
    let token = Cancellation()
    let session = Session(
      console: console, library: try LibrarySource.standard(), natives: NativeTable.all,
      cancellation: token)
    let watch = Watch(token)
    defer { watch.end() }
    var said = 0
    for call in OddArgumentTests.calls(node) {
      watch.begin()
      let outcome = session.evaluate("{ \(call); none }", name: "test", echo: false)
      #expect(outcome == .ok || outcome == .runtimeError, "\(call): \(outcome)")
      if outcome == .runtimeError {
        let note = String(decoding: console.notes.utf8.dropFirst(said), as: UTF8.self)
        #expect(note.contains("^"), "\(call):\n\(note)")
      }
      said = console.notes.utf8.count
    }
  }
}

/// Stops a call that takes longer than it may.
private final class Watch: @unchecked Sendable {
  private let lock = NSLock()
  private var began: Double? = Clock.now
  private let token: Cancellation

  init(_ token: Cancellation) {
    self.token = token
    Thread.detachNewThread { [self] in
      while let began = lock.withLock({ self.began }) {
        if Clock.now - began > 20 { self.token.request() }
        Thread.sleep(forTimeInterval: 0.05)
      }
    }
  }

  func begin() { lock.withLock { began = Clock.now } }
  func end() { lock.withLock { began = nil } }
}
