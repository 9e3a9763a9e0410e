import Execution
import Language

extension Arguments {
  /// Answers Ctrl-C with what a function has by then, and says so with a note.
  ///
  /// - Throws: `Interrupted` if the user asked twice, or in a loop: that is what is stopped then.
  func keepPartialResult(_ note: String) throws {
    let cancellation = session.cancellation
    if cancellation.level > 1 || session.isInLoop { throw Interrupted() }
    cancellation.acknowledge()
    console.note(note)
  }
}
