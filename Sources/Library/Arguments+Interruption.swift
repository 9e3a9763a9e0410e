import Execution
import Language

extension Arguments {
  /// Answers Ctrl-C with what a function has by then, and says so with a note.
  ///
  /// What was stopped for lack of memory is answered in the same way.
  ///
  /// - Throws: `Interrupted` if the user asked twice, or in a loop: that is what is stopped then.
  func keepPartialResult(_ note: String) throws {
    let cancellation = session.cancellation
    if cancellation.level > 1 || session.isInLoop { throw cancellation.reason }
    let isExhausted = cancellation.isExhausted
    cancellation.acknowledge()
    if isExhausted { Memory.recover() }
    let told = note.hasPrefix("interrupted") ? note.dropFirst("interrupted".count) : note[...]
    console.note(isExhausted ? "the budget of memory is reached" + told : note)
  }
}
