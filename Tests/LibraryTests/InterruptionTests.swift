import Execution
import Foundation
import Language
import Testing

@testable import Library

/// Ctrl-C reaches whatever is under way, and the session goes on.
@Suite struct InterruptionTests {
  private static let endless = [
    "while true { }",
    "map([1], x -> map([2], y -> { while true { } }))",
    "fn f(n) { while n > 0 { n = n }\n 0 }\nsort([3, 1], by=f)",
    "try { while true { } } else e { print(\"caught\") }",
    "fn g(x) = g2(x)\nfn g2(x) { for k in 0..infinity { x = x + k }\n x }\nx = [g(1) for k in 0..3]",
    "gradient(x -> { while true { x = x * 1 }\n x }, tensor(1))",
    "reduce(0..infinity, (a, b) -> a)",
    "for k in 0..infinity { list(map(0..1e5, x -> x)) }",
  ]

  /// Asks from a thread of its own: the loops under test may occupy every worker of the pool.
  private func request(_ token: Cancellation, after seconds: Double) {
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: seconds)
      token.request()
    }
  }

  @Test(arguments: endless)
  func stopsSoonAndTheSessionGoesOn(_ text: String) throws {
    let token = Cancellation()
    let console = RecordingConsole()
    let session = Session(
      console: console, library: try LibrarySource.standard(), natives: NativeTable.all,
      cancellation: token)
    _ = session.evaluate(
      "kept = [1, 2]\nmap(kept, sqrt); sort(kept); print()", name: "a", echo: false)
    request(token, after: 0.05)
    let began = Clock.now
    let outcome = session.evaluate(text, name: "test", echo: true)
    #expect(outcome == .interrupted || console.notes.contains("too long"))
    #expect(Clock.now - began < 5)
    token.clear()
    #expect(session.evaluate("kept[0] = 7; kept", name: "b", echo: true) == .ok)
    #expect(console.output.hasSuffix("[7, 2]\n"))
    #expect(!console.output.contains("caught"))
  }

  @Test func aLoopKeepsItsLastWholeState() throws {
    let token = Cancellation()
    let console = RecordingConsole()
    let session = Session(
      console: console, library: try LibrarySource.standard(), natives: NativeTable.all,
      cancellation: token)
    request(token, after: 0.1)
    let text = "r = iterate(0, 1e9, (s, k) -> s + 1); print(r.interrupted, r.state == r.k, r.k > 0)"
    #expect(session.evaluate(text, name: "test", echo: true) == .ok)
    #expect(console.output == "true true true\n")
  }
}
