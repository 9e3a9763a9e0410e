import Execution
import Tensors

extension Zoo {
  /// The zoo of these rows, in this order; negative numbers count from the end, repeats are
  /// allowed.
  ///
  /// - Throws: `Failure` for a row that is not there.
  public subscript(rows indices: [Int]) -> Zoo {
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
  public subscript(mask mask: [Bool]) -> Zoo {
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
  public subscript(range range: Range<Int>) -> Zoo {
    get throws {
      guard range.lowerBound >= 0, range.upperBound <= count else {
        throw Failure(
          "the rows \(range.lowerBound)..\(range.upperBound) are not all there: the zoo has "
            + Text.count(count, "row"))
      }
      return selecting(Array(rows[range]))
    }
  }

  private func selecting(_ rows: [Int]) -> Zoo {
    Zoo(
      shape: shape, columns: columns, rows: rows, settings: settings, family: family, form: form,
      path: path, isComplete: isComplete)
  }

  func checkRow(_ row: Int, as index: Int? = nil) throws {
    guard row >= 0, row < count else {
      throw Failure(
        "there is no row \(index ?? row): the zoo has \(Text.count(count, "row"))",
        hint: "rows are counted from 0")
    }
  }

  /// Throws unless outputs belong to inputs: as many, and of no more steps.
  public func checkAnswers() throws {
    let (inputs, outputs) = (try required("inputs"), try required("outputs"))
    guard inputs.rowShape[0] == outputs.rowShape[0], inputs.rowShape[1] >= outputs.rowShape[1]
    else {
      throw Failure(
        "outputs of shape \(Tensor.text(of: [count] + outputs.rowShape)) do not belong to inputs of "
          + "shape \(Tensor.text(of: [count] + inputs.rowShape)): as many for each net, and no more "
          + "steps", hint: "zoo.outputs = ... puts others in their place")
    }
  }

  /// Single examples: input `picks[i]` of row i with its outputs, as a training batch needs them.
  ///
  /// - Returns: inputs [rows, T] or [rows, T, D], and outputs [rows, T', O].
  public func examples(_ picks: [Int]) throws -> (inputs: Tensor, outputs: Tensor) {
    guard picks.count == count, picks.allSatisfy({ $0 >= 0 && $0 < rolloutCount }) else {
      throw Failure(
        "picking rollouts needs a number from 0 to \(rolloutCount - 1) for each of "
          + Text.count(count, "row"))
    }
    try checkAnswers()
    return (
      try required("inputs").tensor(rows, picks: picks),
      try required("outputs").tensor(rows, picks: picks)
    )
  }
}
