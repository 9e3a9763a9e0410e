import Synchronization
import Testing

@testable import Execution

/// A terminal that keeps the progress lines it is shown.
private final class Terminal: Console {
  let style: ConsoleStyle
  let lines = Mutex<[String?]>([])

  init(columns: Int = 80, isTerminal: Bool = true) {
    style = ConsoleStyle(columns: columns, isTerminal: isTerminal)
  }

  func write(_ text: String) {}
  func note(_ text: String) {}
  func ask(_ question: String) throws -> String? { nil }
  func progress(_ line: String?) { lines.withLock { $0.append(line) } }
}

@Suite struct ProgressTests {
  @Test func sayShareFieldsRateAndTimeLeft() {
    let progress = Progress("training", total: 1000, console: Terminal())
    #expect(
      progress.line(done: 250, seconds: 5, fields: [("loss", "0.5")])
        == "training 250/1000 25%  loss 0.5  50 steps/s  15 s left")
    #expect(
      progress.line(done: 2, seconds: 4, fields: [])
        == "training 2/1000 0%  0.5 steps/s  33:16 left")
  }

  @Test func workDoneBeforeDoesNotCountForTheRate() {
    let progress = Progress("runs", total: 100, start: 50, unit: "nets", console: Terminal())
    #expect(
      progress.line(done: 60, seconds: 2, fields: []) == "runs 60/100 60%  5.0 nets/s  8 s left")
    #expect(progress.line(done: 50, seconds: 2, fields: []) == "runs 50/100 50%")
  }

  @Test func nothingToDoIsDone() {
    let progress = Progress("runs", total: 0, console: Terminal())
    #expect(progress.line(done: 0, seconds: 0, fields: []) == "runs 0/0 100%")
  }

  @Test func isCutToTheWidth() {
    let progress = Progress("training", total: 1000, console: Terminal(columns: 20))
    #expect(progress.line(done: 250, seconds: 5, fields: []).count == 17)
  }

  @Test func isDrawnAtMostTenTimesASecondAndRemoved() {
    let terminal = Terminal()
    var progress = Progress("training", total: 100_000, console: terminal)
    for step in 0..<10_000 { progress.advance(to: step) }
    progress.finish()
    let lines = terminal.lines.withLock { $0 }
    #expect(lines.count <= 4 && lines.count >= 2)
    #expect(lines.last == .some(nil))
  }

  @Test func isShownOnTerminalsOnly() {
    let file = Terminal(isTerminal: false)
    var progress = Progress("training", total: 10, console: file)
    progress.advance(to: 5) { [("loss", "1")] }
    progress.finish()
    #expect(file.lines.withLock { $0 }.isEmpty)
  }
}
