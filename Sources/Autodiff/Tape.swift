import Execution
import Tensors

/// The record of a computation, from which gradients flow back.
///
/// One tape lives for one call of `gradient`; its variables do not outlive that call. A pullback
/// must hold tensors, not variables: a variable holds its tape, which holds the pullback.
public final class Tape {
  /// From the gradients of the outputs (nil: not reached) to those of the parents (nil: none
  /// wanted).
  public typealias Pullback = ([Tensor?]) throws -> [Tensor?]

  private enum Flow {
    case one((Tensor) throws -> [Tensor?])
    case several(Pullback)
    case gathered(GathererKey, any GradientGatherer)
  }

  private struct Entry {
    var parents: [Int?]
    var outputs: Range<Int>
    var flow: Flow
  }

  private var entries: [Entry] = []
  private var slots = 0
  private var gatherers: [GathererKey: Gathered] = [:]

  fileprivate struct GathererKey: Hashable {
    var kind: AnyHashable
    var slots: [Int?]
  }

  private struct Gathered {
    var slot: Int
    var gatherer: any GradientGatherer
  }

  /// An empty tape.
  public init() {}

  /// A variable whose gradient is wanted.
  public func variable(_ value: Tensor) -> Variable {
    slots += 1
    return Variable(value, tape: self, slot: slots - 1)
  }

  /// Gives the results of an operation as variables, recorded if one of the parents is traced.
  ///
  /// `pullback` gets a gradient for each output, nil for outputs that the result does not depend
  /// on, and returns one for each parent, of the parent's shape.
  public static func record(
    _ outputs: [Tensor], parents: [Variable], pullback: @escaping Pullback
  ) -> [Variable] {
    guard let tape = tape(of: parents) else { return outputs.map(Variable.init) }
    let first = tape.append(parents, outputs: outputs.count, .several(pullback))
    return outputs.enumerated().map { Variable($1, tape: tape, slot: first + $0) }
  }

  /// Gives the result of an operation with a single output.
  public static func record(
    _ output: Tensor, parents: [Variable], pullback: @escaping (Tensor) throws -> [Tensor?]
  ) -> Variable {
    guard let tape = tape(of: parents) else { return Variable(output) }
    return Variable(output, tape: tape, slot: tape.append(parents, outputs: 1, .one(pullback)))
  }

  /// A variable that stands for several others in many operations, whose gradient is made once for
  /// all of these: the object gathers what the operations leave on the way back.
  ///
  /// It is made at the first call for the same `kind` and parents, of which one at least is traced,
  /// and so is reached after all operations that were recorded later. Their pullbacks leave their
  /// share with the object, and give the variable, which has rank 0, any gradient.
  public static func gathering<Gatherer: GradientGatherer>(
    _ kind: AnyHashable, parents: [Variable], make: () -> Gatherer
  ) -> (variable: Variable, gatherer: Gatherer) {
    guard let tape = tape(of: parents) else { return (Variable(Tensor(0)), make()) }
    let key = GathererKey(kind: kind, slots: parents.map { $0.tape === tape ? $0.slot : nil })
    if let found = tape.gatherers[key], let gatherer = found.gatherer as? Gatherer {
      return (Variable(Tensor(0), tape: tape, slot: found.slot), gatherer)
    }
    let gatherer = make()
    let slot = tape.append(parents, outputs: 1, .gathered(key, gatherer))
    tape.gatherers[key] = Gathered(slot: slot, gatherer: gatherer)
    return (Variable(Tensor(0), tape: tape, slot: slot), gatherer)
  }

  static func tape(of parents: [Variable]) -> Tape? {
    for parent in parents {
      if let tape = parent.tape { return tape }
    }
    return nil
  }

  private func append(_ parents: [Variable], outputs: Int, _ flow: Flow) -> Int {
    let first = slots
    slots += outputs
    entries.append(
      Entry(
        parents: parents.map { $0.tape === self ? $0.slot : nil }, outputs: first..<slots,
        flow: flow))
    return first
  }

  /// The gradients of a single number with respect to variables of this tape.
  ///
  /// - Returns: for each variable a tensor of its shape, zero where the result does not depend on
  ///   it.
  public func gradients(of result: Variable, for variables: [Variable]) throws -> [Tensor] {
    guard result.value.count == 1 else {
      throw Failure(
        "a gradient needs a function that returns one number, but it returned a tensor of shape "
          + Tensor.text(of: result.shape), hint: "reduce it with sum or mean")
    }
    return try gradients(
      of: result, from: Tensor(repeating: 1, shape: result.shape), for: variables)
  }

  /// The same of a number whose gradient in `result` is known: `arrived`, of the shape of that.
  private func gradients(
    of result: Variable, from arrived: Tensor, for variables: [Variable]
  ) throws -> [Tensor] {
    var left: [Gathering] = []
    let found = try gradients(
      of: result, from: arrived, for: variables, leaving: 0..<0, to: &left)
    return zip(variables, found).map { $1 ?? Tensor(repeating: 0, shape: $0.shape) }
  }

  /// Shares of the gradients of some variables that have been gathered and not yet collected.
  struct Gathering: @unchecked Sendable {
    fileprivate let key: GathererKey
    let gatherer: any GradientGatherer
    /// The variables by their slots, nil for constants.
    var slots: [Int?] { key.slots }

    /// Whether it is of the same variables, on a tape that went the same way.
    func isOfSame(_ other: Gathering) -> Bool { key == other.key }
  }

  /// The same, nil where the result does not depend on a variable.
  ///
  /// What is gathered for variables in the range `leaving` of slots, and no others, is left to somebody
  /// else: it comes to `left`.
  func gradients(
    of result: Variable, from arrived: Tensor, for variables: [Variable], leaving: Range<Int>,
    to left: inout [Gathering]
  ) throws -> [Tensor?] {
    precondition(arrived.shape == result.shape, "a gradient of another shape")
    var found = [Tensor?](repeating: nil, count: slots)
    if let slot = result.slot, result.tape === self {
      found[slot] = arrived
      let kept = Set(variables.compactMap { $0.tape === self ? $0.slot : nil })
      try flowBack(&found, keeping: kept, leaving: leaving, to: &left)
    }
    return variables.map { variable in
      let slot = variable.tape === self ? variable.slot : nil
      return slot.flatMap { found[$0] }
    }
  }

  /// Walks the entries backwards.
  ///
  /// A gradient that has been passed on is dropped unless asked for.
  private func flowBack(
    _ found: inout [Tensor?], keeping kept: Set<Int>, leaving: Range<Int>,
    to left: inout [Gathering]
  ) throws {
    for entry in entries.reversed() {
      guard entry.outputs.contains(where: { found[$0] != nil }) else { continue }
      if case .gathered(let key, let gatherer) = entry.flow,
        entry.parents.allSatisfy({ $0.map(leaving.contains) ?? true })
      {
        left.append(Gathering(key: key, gatherer: gatherer))
        continue
      }
      let flown = try Cancellation.current.stoppable { try flow(entry, found) }
      for slot in entry.outputs where !kept.contains(slot) { found[slot] = nil }
      for (parent, gradient) in zip(entry.parents, flown) {
        guard let parent, let gradient else { continue }
        if var earlier = found[parent] {
          // Given up there, so that the sum may take its place in memory.
          found[parent] = nil
          try earlier.add(gradient)
          found[parent] = earlier
        } else {
          found[parent] = gradient
        }
      }
    }
  }

  private func flow(_ entry: Entry, _ found: [Tensor?]) throws -> [Tensor?] {
    switch entry.flow {
    case .one(let pullback):
      guard let gradient = found[entry.outputs.lowerBound] else { return [] }
      return try pullback(gradient)
    case .several(let pullback):
      return try pullback(Array(found[entry.outputs]))
    case .gathered(_, let gatherer): return try gatherer.collect()
    }
  }
}

/// What gathers the shares of many operations in the gradients of the same variables.
public protocol GradientGatherer: AnyObject {
  /// The gradients of the variables from all shares so far, nil where none is wanted; forgets them.
  func collect() throws -> [Tensor?]
  /// Takes over the shares of another one of its kind, behind its own.
  func absorb(_ other: any GradientGatherer)
  /// Whether collecting shares its work among threads.
  var isShared: Bool { get }
}
