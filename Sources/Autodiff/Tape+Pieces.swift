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
  ///   - body: from n of the rows, [n, ...], and what is shared to n rows of the result.
  /// - Returns: the rows of the result.
  /// - Throws: what `body` throws, `Interrupted`.
  public static func inPieces(
    _ pieces: [Range<Int>], of rows: Variable, sharing shared: [Variable],
    _ body: @Sendable (_ rows: Variable, _ shared: [Variable]) throws -> Variable
  ) throws -> Variable {
    // A single piece needs no tape of its own, and may share its products among threads.
    if pieces.count == 1 { return try body(rows, shared) }
    let parents = [rows] + shared
    let works = try sideBySide(pieces.count) { number in
      try Piece(try rows.value.part(axis: 0, pieces[number]), of: parents, body)
    }
    let result = try Tensor.concat(works.map(\.result.value))
    let places = parents.indices
    return record(result, parents: parents) { gradient in
      var flows = try sideBySide(pieces.count) { number in
        try works[number].backward(try gradient.part(axis: 0, pieces[number]))
      }
      return try places.map { place in
        guard flows[0][place] != nil else { return nil }
        return place == 0
          ? try Tensor.concat(flows.compactMap { $0[0] }) : try sum(&flows, at: place)
      }
    }
  }

  /// A piece of the rows with its tape, on which one thread at a time is at work.
  private struct Piece: @unchecked Sendable {
    private let tape = Tape()
    private let inputs: [Variable]
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

    /// The gradients of what is traced, nil for constants.
    func backward(_ gradient: Tensor) throws -> [Tensor?] {
      let wanted = inputs.filter(\.isTraced)
      var found = try tape.gradients(of: result, from: gradient, for: wanted)[...]
      return inputs.map { $0.isTraced ? found.popFirst() : nil }
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
  private static func sum(_ flows: inout [[Tensor?]], at place: Int) throws -> Tensor? {
    var total = flows[0][place]
    flows[0][place] = nil
    for number in flows.indices.dropFirst() {
      guard let next = flows[number][place] else { continue }
      try total?.add(next)
      flows[number][place] = nil
    }
    return total
  }
}
