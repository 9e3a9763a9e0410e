import Execution
import Tensors
import Testing

@testable import Autodiff

/// Rows in pieces, each on a tape of its own, against all rows on one tape.
@Suite struct PieceTests {
  private func numbers(_ shape: [Int], _ seed: UInt64) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: "pieces")
    return Tensor(shape: shape, (0..<Tensor.count(of: shape)).map { _ in Float(stream.normal()) })
  }

  /// Two steps of a layer that all rows share, one of which ends in another shared row.
  private func body(_: Int, _ rows: Variable, _ shared: [Variable]) throws -> Variable {
    let layer = try RepeatedLinear(weight: shared[0], bias: shared[1])
    let once = try layer.apply(rows, rectified: true)
    return try layer.apply(once).multiplied(by: shared[2]).adding(rows)
  }

  private let pieces = [
    [0..<7], [0..<3, 3..<7], [0..<1, 1..<2, 2..<7], [0..<2, 2..<4, 4..<6, 6..<7],
  ]

  /// The result, and the gradients of those that are traced.
  private func results(
    _ pieces: [Range<Int>], traced: Set<Int>
  ) throws -> (value: Tensor, gradients: [Tensor]) {
    let tape = Tape()
    let shapes = [[7, 5], [5, 5], [5], [5]]
    let inputs = shapes.enumerated().map { place, shape in
      let value = numbers(shape, UInt64(place))
      return traced.contains(place) ? tape.variable(value) : Variable(value)
    }
    let result = try Tape.inPieces(
      pieces, of: inputs[0], sharing: Array(inputs.dropFirst()), body)
    #expect(result.isTraced == !traced.isEmpty)
    let sum = try result.multiplied(by: Variable(numbers([7, 5], 9))).sum()
    return (
      result.value, try tape.gradients(of: sum, for: traced.sorted().map { inputs[$0] })
    )
  }

  @Test(arguments: [[0, 1, 2, 3], [0], [1, 2], [3], [0, 2], []] as [Set<Int>])
  func piecesGiveWhatTheWholeGives(_ traced: Set<Int>) throws {
    let whole = try results(pieces[0], traced: traced)
    for pieces in pieces.dropFirst() {
      let found = try results(pieces, traced: traced)
      for (a, b) in zip([found.value] + found.gradients, [whole.value] + whole.gradients) {
        #expect(a.shape == b.shape)
        let gap = try a.subtracting(b).abs().max().item ?? .nan
        #expect(gap < 1e-5)
      }
    }
  }

  /// The same with plain layers, whose gradients are made step by step.
  @Test func repeatedLayersEqualPlainOnes() throws {
    let found = try results(pieces[0], traced: [0, 1, 2, 3])
    let tape = Tape()
    let inputs = [[7, 5], [5, 5], [5], [5]].enumerated().map {
      tape.variable(numbers($1, UInt64($0)))
    }
    let once = try inputs[0].linear(weight: inputs[1], bias: inputs[2], rectified: true)
    let result = try once.linear(weight: inputs[1], bias: inputs[2])
      .multiplied(by: inputs[3]).adding(inputs[0])
    let sum = try result.multiplied(by: Variable(numbers([7, 5], 9))).sum()
    let gradients = try tape.gradients(of: sum, for: inputs)
    for (a, b) in zip([found.value] + found.gradients, [result.value] + gradients) {
      let gap = try a.subtracting(b).abs().max().item ?? .nan
      #expect(gap < 1e-5)
    }
  }

  @Test func theFirstFailureIsThrownAndTapesAreFreed() throws {
    weak var kept: Tape?
    do {
      let tape = Tape()
      kept = tape
      let x = tape.variable(numbers([6, 2], 1))
      #expect(throws: Failure("rows 2")) {
        try Tape.inPieces([0..<1, 1..<3, 3..<6], of: x, sharing: []) { number, rows, _ in
          if number > 0 { throw Failure("rows \(rows.shape[0])") }
          return rows
        }
      }
      let sum = try Tape.inPieces([0..<2, 2..<6], of: x, sharing: [x]) { _, rows, _ in rows.exp() }
        .sum()
      _ = try tape.gradients(of: sum, for: [x])
    }
    #expect(kept == nil)
  }
}
