import Execution
import Synchronization
import Tensors

extension Tape {
  /// One operation on rows that know nothing of each other: pieces of them are worked on by several
  /// threads, each with a tape of its own.
  ///
  /// Gradients of what all pieces share are added in the order of the pieces. Results depend on how the
  /// rows are divided, so that this must not depend on the number of threads.
  ///
  /// - Parameters:
  ///   - pieces: one or more ranges that follow each other and make up the rows.
  ///   - rows: [N, ...].
  ///   - shared: what every piece needs as well.
  ///   - body: from the number of a piece, its n rows, [n, ...], and what is shared to n rows of the
  ///     result.
  /// - Returns: the rows of the result.
  /// - Throws: what `body` throws, `Interrupted`.
  public static func inPieces(
    _ pieces: [Range<Int>], of rows: Variable, sharing shared: [Variable],
    _ body: @Sendable (_ piece: Int, _ rows: Variable, _ shared: [Variable]) throws -> Variable
  ) throws -> Variable {
    // A single piece needs no tape of its own, and may share its products among threads.
    if pieces.count == 1 { return try body(0, rows, shared) }
    let parents = [rows] + shared
    let works = try sideBySide(pieces.count) { number in
      try Piece(try rows.value.part(axis: 0, pieces[number]), of: parents) { rows, shared in
        try body(number, rows, shared)
      }
    }
    let result = try Tensor.concat(works.map(\.result.value))
    let slots = works[0].inputs.map(\.slot)
    return record(result, parents: parents) { gradient in
      var flows = try sideBySide(pieces.count) { number in
        try works[number].backward(try gradient.part(axis: 0, pieces[number]))
      }
      var found = try slots.indices.map { place in
        guard flows[0].gradients[place] != nil else { return nil as Tensor? }
        return place == 0
          ? try Tensor.concat(flows.compactMap { $0.gradients[0] }) : try sum(&flows, at: place)
      }
      for (slot, share) in try collect(flows.flatMap(\.left)) {
        guard let place = slots.firstIndex(of: slot) else { continue }
        found[place] = try found[place]?.adding(share) ?? share
      }
      return found
    }
  }

  /// What flows back through a piece: the gradients of its inputs, and what has been gathered of those
  /// that all pieces share.
  private struct Flow: Sendable {
    var gradients: [Tensor?]
    var left: [Gathering]
  }

  /// A piece of the rows with its tape, on which one thread at a time is at work.
  private struct Piece: @unchecked Sendable {
    private let tape = Tape()
    let inputs: [Variable]
    let result: Variable

    /// Goes the way forward with other rows in the place of those of the first parent.
    init(
      _ rows: Tensor, of parents: [Variable],
      _ body: (_ rows: Variable, _ shared: [Variable]) throws -> Variable
    ) throws {
      let tape = tape
      inputs = parents.enumerated().map { place, parent in
        let value = place == 0 ? rows : parent.value
        return parent.isTraced ? tape.variable(value) : Variable(value)
      }
      result = try body(inputs[0], Array(inputs.dropFirst()))
    }

    func backward(_ gradient: Tensor) throws -> Flow {
      var left: [Gathering] = []
      let traced = inputs.count(where: \.isTraced)
      let gradients = try tape.gradients(
        of: result, from: gradient, for: inputs,
        leaving: (inputs[0].isTraced ? 1 : 0)..<traced, to: &left)
      return Flow(gradients: gradients, left: left)
    }
  }

  /// Collects what all pieces have gathered, once for all of them, in their order: gradients by slots.
  private static func collect(_ left: [Gathering]) throws -> [(slot: Int, share: Tensor)] {
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
      zip(gathering.slots, shares).compactMap { slot, share in
        slot.flatMap { slot in share.map { (slot, $0) } }
      }
    }
  }

  /// The results of work for each number below `count`, shared among threads.
  private static func sideBySide<Result: Sendable>(
    _ count: Int, _ work: @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: count))
    // Here and not in the work: threads would tread on each other's way out of it.
    try Cancellation.current.stoppable {
      try Parallel.forEach(count) { number in
        let result = try work(number)
        results.withLock { $0[number] = result }
      }
    }
    return results.withLock { $0.compactMap { $0 } }
  }

  /// Adds the gradients that the pieces have for one parent, in their order, and gives them up.
  private static func sum(_ flows: inout [Flow], at place: Int) throws -> Tensor? {
    var total = flows[0].gradients[place]
    flows[0].gradients[place] = nil
    for number in flows.indices.dropFirst() {
      guard let next = flows[number].gradients[place] else { continue }
      try total?.add(next)
      flows[number].gradients[place] = nil
    }
    return total
  }
}
