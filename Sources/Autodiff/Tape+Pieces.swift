import Execution
import Synchronization
import Tensors

extension Tape {
  /// How pieces of work are shared among threads.
  public enum Sharing: Sendable {
    /// They have nothing in common that changes.
    case freely
    /// What they have in common is used by one thread at a time, which has the turn.
    case inTurns
  }

  /// One operation of several pieces of work that know nothing of each other: threads work on them side
  /// by side, each piece with a tape of its own.
  ///
  /// A piece may use any variables from outside; their gradients are added in the order of the pieces.
  /// Results depend on how work is divided, so that this must not depend on the number of threads.
  ///
  /// - Parameter body: from the number of a piece to its results.
  /// - Returns: the results of each piece.
  /// - Throws: what `body` throws, `Interrupted`.
  public static func inPieces(
    _ count: Int, sharing: Sharing = .freely,
    _ body: @Sendable (_ piece: Int) throws -> [Variable]
  ) throws -> [[Variable]] {
    // A single piece needs no tape of its own, and may share its products among threads.
    if count == 1 { return [try body(0)] }
    return record(try sideBySide(count, sharing) { try Piece($0, body) })
  }

  /// The results of pieces as results of one operation.
  private static func record(_ pieces: [Piece]) -> [[Variable]] {
    var parents = Imports()
    for variable in pieces.flatMap(\.imports) where parents.place(of: variable) == nil {
      parents.add(variable, slot: parents.slots.count)
    }
    let works = pieces.map { Work($0, parents) }
    let count = parents.slots.count
    let traced = pieces.flatMap(\.traced).map(\.value)
    var outputs = record(traced, parents: parents.variables) { incoming in
      try Work.backward(works, incoming, parents: count)
    }[...]
    return pieces.map { piece in
      piece.results.map { piece.isOwn($0) ? outputs.popFirst() ?? $0 : $0 }
    }
  }

  /// The results of work for each number below `count`, shared among threads.
  private static func sideBySide<Result: Sendable>(
    _ count: Int, _ sharing: Sharing = .freely, _ work: @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: count))
    @Sendable func chunk(_ number: Int) throws {
      let result = try work(number)
      results.withLock { $0[number] = result }
    }
    // Here and not in the work: threads would tread on each other's way out of it.
    try Cancellation.current.stoppable {
      switch sharing {
      case .freely: try Parallel.forEach(count, chunk)
      case .inTurns: try Turns.forEach(count, chunk)
      }
    }
    return results.withLock { $0.compactMap { $0 } }
  }

  /// A piece of work that has gone forward.
  private struct Piece: Sendable {
    let tape = Tape(isPiece: true)
    let results: [Variable]
    /// What it has used from outside.
    let imports: [Variable]

    init(_ number: Int, _ body: @Sendable (Int) throws -> [Variable]) throws {
      results = try Tape.$ofPiece.withValue(tape) { try body(number) }
      imports = tape.takeImports()
    }

    /// Whether a result comes from its tape; others are constant, or stood outside already.
    func isOwn(_ result: Variable) -> Bool { result.tape === tape }

    var traced: [Variable] { results.filter(isOwn) }
  }

  /// A piece on its way back, on whose tape one thread at a time is at work.
  ///
  /// It holds no variables from outside, whose tape holds it.
  private struct Work: Sendable {
    private let tape: Tape
    /// The slots of its traced results.
    private let outputs: [Int]
    /// The places of what it has used from outside among the parents of all pieces.
    private let places: [Int]

    init(_ piece: Piece, _ parents: Imports) {
      tape = piece.tape
      outputs = piece.traced.compactMap(\.slot)
      places = piece.imports.compactMap(parents.place)
    }

    /// The gradients of the parents from those of the traced results of all pieces.
    static func backward(
      _ works: [Work], _ incoming: [Tensor?], parents: Int
    ) throws -> [Tensor?] {
      let starts = works.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.outputs.count) }
      let sums = OrderedSums(parents)
      let left = try Tape.sideBySide(works.count) { number in
        let flow = try works[number].backward(incoming[starts[number]..<starts[number + 1]])
        try sums.add(flow.gradients, to: works[number].places, of: number)
        return flow.left
      }
      for (parent, share) in try Tape.collect(left.flatMap { $0 }) {
        try sums.add([share], to: [parent], of: nil)
      }
      return sums.all
    }

    private func backward(
      _ incoming: ArraySlice<Tensor?>
    ) throws -> (gradients: [Tensor?], left: [Gathering]) {
      let arrived = zip(outputs, incoming).compactMap { slot, gradient in
        gradient.map { (slot, $0) }
      }
      guard !arrived.isEmpty else { return (places.map { _ in nil }, []) }
      var flow = try tape.flowBack(from: arrived)
      for number in flow.left.indices {
        flow.left[number].parents = flow.left[number].parents.map { $0.map { places[$0] } }
      }
      return flow
    }
  }

  /// Collects what all pieces have gathered, once for all of them, in their order.
  private static func collect(_ left: [Gathering]) throws -> [(parent: Int, share: Tensor)] {
    var joined: [Gathering] = []
    for gathering in left {
      if let first = joined.first(where: gathering.isOfSame) {
        first.gatherer.absorb(gathering.gatherer)
      } else {
        joined.append(gathering)
      }
    }
    // What shares its work among threads goes by itself, all else side by side.
    let alone = joined.filter(\.gatherer.isShared)
    let others = joined.filter { !$0.gatherer.isShared }
    let found =
      try alone.map { try $0.gatherer.collect() }
      + sideBySide(others.count) { try others[$0].gatherer.collect() }
    return zip(alone + others, found).flatMap { gathering, shares in
      zip(gathering.parents, shares).compactMap { parent, share in
        parent.flatMap { parent in share.map { (parent, $0) } }
      }
    }
  }
}

/// Sums to which pieces of work add in their order, whichever is done first.
private final class OrderedSums: Sendable {
  private struct Shares: Sendable {
    var gradients: [Tensor?]
    var places: [Int]
  }

  private struct State {
    var sums: [Tensor?]
    /// What pieces have to add that are done before their turn.
    var waiting: [Int: Shares] = [:]
    var next = 0

    mutating func add(_ shares: Shares) throws {
      for (place, gradient) in zip(shares.places, shares.gradients) {
        guard let gradient else { continue }
        // Given up there, so that the sum may take its place in memory.
        var sum = sums[place]
        sums[place] = nil
        if sum == nil { sum = gradient } else { try sum?.add(gradient) }
        sums[place] = sum
      }
    }
  }

  private let state: Mutex<State>

  init(_ count: Int) { state = Mutex(State(sums: Array(repeating: nil, count: count))) }

  /// Adds what a piece has for some places when all pieces before it have added theirs.
  ///
  /// - Parameter piece: its number; nil for what comes after all pieces.
  func add(_ gradients: [Tensor?], to places: [Int], of piece: Int?) throws {
    let shares = Shares(gradients: gradients, places: places)
    try state.withLock { state in
      guard let piece else { return try state.add(shares) }
      state.waiting[piece] = shares
      while let ready = state.waiting.removeValue(forKey: state.next) {
        state.next += 1
        try state.add(ready)
      }
    }
  }

  /// The sums, nil where nothing was added.
  var all: [Tensor?] { state.withLock { $0.sums } }
}
