import Execution
import Tensors

extension LanguageZoo {
  /// The zoo of these rows, in this order; negative numbers count from the end, repeats are
  /// allowed.
  ///
  /// - Throws: `Failure` for a row that is not there.
  public subscript(rows indices: [Int]) -> LanguageZoo {
    get throws {
      try selecting(
        indices.map { index in
          let row = index < 0 ? index + count : index
          try checkRow(row, as: index)
          return rows[row]
        })
    }
  }

  /// The zoo of the rows where a mask is true; one truth value a row.
  public subscript(mask mask: [Bool]) -> LanguageZoo {
    get throws {
      guard mask.count == count else {
        throw Failure(
          "a mask needs one element a row, but it has \(mask.count) and the zoo "
            + Text.count(count, "row"))
      }
      return selecting(zip(rows, mask).filter(\.1).map(\.0))
    }
  }

  /// The zoo of a range of rows, which must lie inside.
  public subscript(range range: Range<Int>) -> LanguageZoo {
    get throws {
      guard range.lowerBound >= 0, range.upperBound <= count else {
        throw Failure(
          "the rows \(range.lowerBound)..\(range.upperBound) are not all there: the zoo has "
            + Text.count(count, "row"))
      }
      return selecting(Array(rows[range]))
    }
  }

  private func selecting(_ rows: [Int]) -> LanguageZoo {
    LanguageZoo(
      columns: columns, rows: rows, shape: shape, maximumN: maximumN, settings: settings,
      path: path, isComplete: isComplete)
  }

  func checkRow(_ row: Int, as index: Int? = nil) throws {
    guard row >= 0, row < count else {
      throw Failure(
        "there is no row \(index ?? row): the zoo has \(Text.count(count, "row"))",
        hint: "rows are counted from 0")
    }
  }

  /// Single rollouts: sequence `picks[i]` of row i, as a training batch needs them.
  ///
  /// - Returns: tokens [rows, T] and log-probabilities [rows, T - 1, K + 2].
  public func rollouts(_ picks: [Int]) throws -> (tokens: Tensor, logProbabilities: Tensor) {
    guard picks.count == count, picks.allSatisfy({ $0 >= 0 && $0 < rolloutCount }) else {
      throw Failure(
        "picking rollouts needs a number from 0 to \(rolloutCount - 1) for each of "
          + Text.count(count, "row"))
    }
    return (
      try tensor(columns.sequences, columns.layout.sequences, picks: picks),
      try tensor(columns.logProbabilities, columns.layout.logProbabilities, picks: picks)
    )
  }

  // MARK: - Reading large columns

  /// The rows of a column as one tensor; with `picks`, one entry of the rows' first axis from each.
  func tensor(
    _ column: ZooColumn, _ place: ZooLayout.Column, picks: [Int]? = nil
  ) throws -> Tensor {
    let inner = picks == nil ? place.rowShape : Array(place.rowShape.dropFirst())
    let size = inner.reduce(1, *)
    let starts =
      picks.map { zip(rows, $0).map { $0 * place.count + $1 * size } }
      ?? rows.map { $0 * place.count }
    let shape = [count] + inner
    try Tensor.checkSize(shape)
    switch column {
    case .floats(let numbers):
      return Tensor(shape: shape) { gather(numbers, starts, size, into: $0) { $0 } }
    case .halves(let numbers):
      return Tensor(shape: shape) { gather(numbers, starts, size, into: $0) { Float($0) } }
    case .shorts(let numbers):
      return Tensor(shape: shape) { gather(numbers, starts, size, into: $0) { Float($0) } }
    case .mapped(let column):
      let read = try picks.map { try column.entries(at: rows, $0) } ?? column.rows(at: rows)
      return mended(read, place)
    }
  }

  /// Sequences with their beginning set, if the files are known to lack it.
  private func mended(_ tensor: Tensor, _ place: ZooLayout.Column) -> Tensor {
    guard columns.mendsBeginning, place.file == columns.layout.sequences.file else { return tensor }
    return Tensor(shape: tensor.shape) { out in
      tensor.buffer.read { source in
        for number in 0..<source.count {
          out[number] = number % length == 0 ? Float(letters) : source[number]
        }
      }
    }
  }

  private func gather<Number>(
    _ numbers: [Number], _ starts: [Int], _ size: Int,
    into out: UnsafeMutableBufferPointer<Float>, _ convert: (Number) -> Float
  ) {
    numbers.withUnsafeBufferPointer { source in
      for (row, start) in starts.enumerated() {
        for place in 0..<size { out[row &* size &+ place] = convert(source[start &+ place]) }
      }
    }
  }
}
