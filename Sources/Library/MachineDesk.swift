import Dispatch
import Execution
import Glibc
import Synchronization

/// Where threads that train ask for what only the machine's thread can do: calling the language.
final class MachineDesk: Sendable {
  private struct State {
    var requests: [@Sendable () -> Void] = []
    var isDone = false
  }

  private let owner = pthread_self()
  private let state = Mutex(State())
  private let bell = DispatchSemaphore(value: 0)

  /// What is carried from one thread to the other, of which one waits meanwhile.
  private final class Parcel<Content>: @unchecked Sendable {
    var content: Content?
    init(_ content: Content? = nil) { self.content = content }
  }

  /// Does something on the machine's thread and waits for what comes of it.
  ///
  /// On that thread it is done at once.
  func ask<Answer>(_ body: () throws -> Answer) throws -> Answer {
    if pthread_equal(owner, pthread_self()) != 0 { return try body() }
    let answer = Parcel<Result<Answer, any Error>>()
    let done = DispatchSemaphore(value: 0)
    try withoutActuallyEscaping(body) { body in
      let question = Parcel(body)
      let isTaken = state.withLock { state in
        guard !state.isDone else { return false }
        state.requests.append {
          answer.content = question.content.map { body in Result { try body() } }
          question.content = nil
          done.signal()
        }
        return true
      }
      guard isTaken else { throw Interrupted() }
      bell.signal()
      done.wait()
    }
    guard let answer = answer.content else { throw Interrupted() }
    return try answer.get()
  }

  /// Does work on other threads, and meanwhile what they ask for on this one.
  func serve<Answer: Sendable>(_ work: @escaping @Sendable () throws -> Answer) throws -> Answer {
    let answer = Parcel<Result<Answer, any Error>>()
    state.withLock { $0.isDone = false }
    DispatchQueue.global(qos: .userInitiated).async { [self] in
      answer.content = Result { try work() }
      state.withLock { $0.isDone = true }
      bell.signal()
    }
    while true {
      bell.wait()
      let (request, isDone) = state.withLock { state in
        (state.requests.isEmpty ? nil : state.requests.removeFirst(), state.isDone)
      }
      if let request {
        request()
      } else if isDone {
        break
      }
    }
    guard let answer = answer.content else { throw Interrupted() }
    return try answer.get()
  }
}
