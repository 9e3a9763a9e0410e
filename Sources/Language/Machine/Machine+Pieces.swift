import Autodiff
import Execution

/// A piece of work among several that are under way: what it has for itself.
final class Piece: @unchecked Sendable {
  /// The piece that this thread works on, if it does.
  @TaskLocal static var current: Piece?

  /// What runs the language for it.
  let machine: Machine
  /// Random numbers do not depend on the order in which pieces are worked on.
  var random: RandomKeys
  /// Whether a gradient is being taken.
  var isTracing: Bool

  init(machine: Machine, random: RandomKeys, isTracing: Bool) {
    self.machine = machine
    self.random = random
    self.isTracing = isTracing
  }
}

extension Machine {
  /// What a function gives for items that know nothing of each other.
  ///
  /// Threads work on them side by side. The language is for one of them at a time; while a thread
  /// computes with tensors, others have it. Gradients and random numbers are the same for any number
  /// of threads.
  func callSideBySide(_ function: Value, _ items: [Value]) throws -> [Value] {
    let work = PieceWork(self, function, items)
    try Parallel.onOneThread(unless: profile == nil) {
      if session.isTracing {
        let results = try Tape.inPieces(items.count, sharing: .inTurns) { number in
          try work.run(number).tensors
        }
        work.replace(by: results)
      } else {
        // Here and not in what is called: threads would tread on each other's way out of it.
        try cancellation.stoppable {
          try Turns.forEach(items.count) { number in _ = try work.run(number) }
        }
      }
    }
    // Drawing here counts as one draw, however often pieces drew.
    if work.hasDrawn { _ = session.random.next() }
    return work.results
  }
}

/// The calls of a function with items, by threads that take turns.
private final class PieceWork: @unchecked Sendable {
  private let caller: Machine
  private let function: Value
  private let items: [Value]
  private let random: RandomKeys
  private let isTracing: Bool
  private(set) var results: [Value]
  /// Whether a piece has drawn random numbers.
  private(set) var hasDrawn = false

  init(_ caller: Machine, _ function: Value, _ items: [Value]) {
    self.caller = caller
    self.function = function
    self.items = items
    (random, isTracing) = (caller.session.random, caller.session.isTracing)
    results = Array(repeating: .none, count: items.count)
  }

  func run(_ number: Int) throws -> Value {
    let machine = Turns.areTaken ? caller.helper() : caller
    defer { if machine !== caller { machine.release() } }
    let piece = Piece(machine: machine, random: random.piece(number), isTracing: isTracing)
    let result = try Piece.$current.withValue(piece) {
      try machine.call(function, [items[number]])
    }
    results[number] = result
    if piece.random.hasDrawn { hasDrawn = true }
    return result
  }

  /// Puts the traced tensors of the results into their places.
  func replace(by variables: [[Variable]]) {
    results = zip(results, variables).map { result, variables in
      var left = variables[...]
      guard variables.contains(where: \.isTraced) else { return result }
      return result.mappingTensors { .variable(left.popFirst() ?? $0) }
    }
  }
}

extension Machine {
  /// A machine for a thread that helps this one, which waits for it.
  fileprivate func helper() -> Machine {
    let machine =
      session.spareMachines.popLast() ?? Machine(session: session, cancellation: cancellation)
    machine.parent = self
    machine.nesting = nesting
    return machine
  }

  /// Ends what a helper does.
  fileprivate func release() {
    parent = nil
    session.spareMachines.append(self)
  }
}
