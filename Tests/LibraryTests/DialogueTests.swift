import Execution
import Synchronization
import Testing

@testable import Language
@testable import Library

/// Encoders as the library makes them are asked in groups: an answer step by step would be right, too,
/// but slow, and nobody would notice.
@Suite struct DialogueTests {
  private static let encoders = [
    "interactive_probing(5, 5, ..small)", "noninteractive_probing(5, 5, ..small)",
    "interactive_probing(5, 5, ..small, echo=false, pool=false, log_probabilities=false)",
    "interactive_probing(5, 3, ..small, static_weight=0.5, core_cell=\"gru\", probe=\"sigmoid\")",
    "interactive_probing(5, 5, ..small, sequences=2, probe=\"token\", residual=false)",
    "noninteractive_probing(1, 1, ..small, probe=\"tanh\", sharpness=2)",
    "interactive_probing((inputs=5, outputs=5, hidden=8, layers=1, cell=\"gru\"), core=8, length=2)",
  ]

  /// How often the native dialogue answers in a script.
  private func answers(_ text: String) throws -> Int {
    let count = Mutex(0)
    let natives = NativeTable.all.map { native in
      guard native.name == "_dialogue" else { return native }
      return NativeFunction("_dialogue") { call in
        let answer = try native.body(call)
        if !answer.isNone { count.withLock { $0 += 1 } }
        return answer
      }
    }
    let console = RecordingConsole()
    let session = Session(
      console: console, library: try LibrarySource.standard(), natives: natives)
    let preparation = "seed(1)\nsmall = (hidden=8, layers=1, core=8, length=2)\n"
    #expect(session.evaluate(preparation + text, name: "test", echo: false) == .ok)
    return count.withLock { $0 }
  }

  @Test(arguments: encoders)
  func groupsAnswer(_ encoder: String) throws {
    let text = """
      e = \(encoder)
      w = normal([5, weight_count(subject_shape(e.settings))], std=0.3)
      encode(e, w)
      gradient(x -> sum(encode(x, w)), e);
      """
    #expect(try answers(text) == 2)
  }

  /// What is the user's own, does not fit or is no number goes step by step.
  @Test(arguments: [
    "fn question(e: InteractiveProbing, w) = (embedding=w,)\nencode(e, zeros([2, 525]));",
    "try { encode(e, zeros([2, 5])) } else m { m };", "try { encode(e, \"a\") } else m { m };",
    "encode(e, zeros([2, 525]) / 0);",
    "e.parameters.echo.first = zeros([5]); encode(e, zeros([2, 525]));",
  ])
  func othersGoStepByStep(_ text: String) throws {
    #expect(try answers("e = interactive_probing(5, 5, ..small)\n" + text) == 0)
  }
}
