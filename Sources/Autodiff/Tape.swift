import Execution
import Tensors

/// The record of a computation, from which gradients flow back.
///
/// One tape lives for one call of `gradient`; its variables do not outlive that call. A pullback
/// must hold tensors, not variables: a variable holds its tape, which holds the pullback. One thread
/// at a time works on a tape.
public final class Tape: @unchecked Sendable {
  /// The tape of the piece of work that this thread is at: all that it does is recorded there.
  @TaskLocal static var ofPiece: Tape?

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
  private let isPiece: Bool
  /// The piece within which it was begun, and stays by itself.
  private let home: ObjectIdentifier?
  /// Variables of other tapes that a piece has used.
  private var imports = Imports()

  fileprivate struct GathererKey: Hashable {
    var kind: AnyHashable
    var slots: [Int?]
  }

  private struct Gathered {
    var slot: Int
    var gatherer: any GradientGatherer
  }

  /// An empty tape.
  public convenience init() { self.init(isPiece: false) }

  /// An empty tape, of a piece of work or not.
  init(isPiece: Bool) {
    self.isPiece = isPiece
    home = Tape.ofPiece.map { ObjectIdentifier($0) }
  }

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
    let key = GathererKey(kind: kind, slots: parents.map(tape.slot))
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
      guard let tape = parent.tape else { continue }
      guard let piece = ofPiece, tape.home != ObjectIdentifier(piece) else { return tape }
      return piece
    }
    return nil
  }

  /// Where the gradient of a variable is kept here; nil if it is constant for this tape.
  private func slot(of variable: Variable) -> Int? {
    guard let tape = variable.tape, let slot = variable.slot else { return nil }
    if tape === self { return slot }
    guard isPiece else { return nil }
    if let place = imports.place(of: variable) { return imports.slots[place] }
    slots += 1
    imports.add(variable, slot: slots - 1)
    return slots - 1
  }

  private func append(_ parents: [Variable], outputs: Int, _ flow: Flow) -> Int {
    let parents = parents.map(slot)
    let first = slots
    slots += outputs
    entries.append(Entry(parents: parents, outputs: first..<slots, flow: flow))
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
    var left: [Gathering] = []
    let ones = Tensor(repeating: 1, shape: result.shape)
    let arrived = slot(of: result).map { [($0, ones)] } ?? []
    let found = try gradients(from: arrived, for: variables.map(slot), leaving: &left)
    return zip(variables, found).map { $1 ?? Tensor(repeating: 0, shape: $0.shape) }
  }

  /// What a piece has used from outside, to be called once when it has gone forward.
  ///
  /// The tape forgets the variables, which hold tapes that may come to hold this one.
  func takeImports() -> [Variable] {
    defer { imports.forget() }
    return imports.variables
  }

  /// Shares of the gradients of variables from outside of a piece that have been gathered and not yet
  /// collected.
  struct Gathering: @unchecked Sendable {
    let kind: AnyHashable
    /// The places of the variables among those that `takeImports` gave, nil for constants.
    var parents: [Int?]
    let gatherer: any GradientGatherer

    /// Whether it is of the same variables.
    func isOfSame(_ other: Gathering) -> Bool { kind == other.kind && parents == other.parents }
  }

  /// What flows back through a piece from the gradients of some slots: the gradients of what it used
  /// from outside, nil where there is none, and what it has gathered for that and nothing else.
  func flowBack(
    from arrived: [(slot: Int, gradient: Tensor)]
  ) throws -> (gradients: [Tensor?], left: [Gathering]) {
    var left: [Gathering] = []
    let found = try gradients(from: arrived, for: imports.slots, leaving: &left)
    return (found, left)
  }

  /// The gradients in the given slots, nil where what has arrived does not depend on them.
  ///
  /// What a piece has gathered for variables from outside, and no others, is left to somebody else.
  private func gradients(
    from arrived: [(slot: Int, gradient: Tensor)], for wanted: [Int?],
    leaving left: inout [Gathering]
  ) throws -> [Tensor?] {
    var found = [Tensor?](repeating: nil, count: slots)
    for (slot, gradient) in arrived {
      found[slot] = try found[slot]?.adding(gradient) ?? gradient
    }
    try flowBack(&found, keeping: Set(wanted.compactMap { $0 }), leaving: &left)
    return wanted.map { slot in slot.flatMap { found[$0] } }
  }

  /// Walks the entries backwards.
  ///
  /// A gradient that has been passed on is dropped unless asked for.
  private func flowBack(
    _ found: inout [Tensor?], keeping kept: Set<Int>, leaving left: inout [Gathering]
  ) throws {
    for entry in entries.reversed() {
      guard entry.outputs.contains(where: { found[$0] != nil }) else { continue }
      if case .gathered(let key, let gatherer) = entry.flow,
        let parents = imports.places(of: entry.parents)
      {
        left.append(Gathering(kind: key.kind, parents: parents, gatherer: gatherer))
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
