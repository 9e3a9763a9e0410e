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
  private func body(_ rows: Variable, _ shared: [Variable]) throws -> Variable {
    let layer = try RepeatedLinear(weight: shared[0], bias: shared[1])
    let once = try layer.apply(rows, rectified: true)
    return try layer.apply(once).multiplied(by: shared[2]).adding(rows)
  }

  private let pieces = [
    [0..<7], [0..<3, 3..<7], [0..<1, 1..<2, 2..<7], [0..<2, 2..<4, 4..<6, 6..<7],
  ]

  private func rows(_ x: Variable, _ part: Range<Int>) throws -> Variable {
    try x.selecting([.slice(start: part.lowerBound, stop: part.upperBound, step: 1)])
  }

  /// All rows in pieces, joined.
  private func joined(
    _ pieces: [Range<Int>], _ x: Variable, _ sharing: Tape.Sharing = .freely,
    _ body: @Sendable (Variable) throws -> Variable
  ) throws -> Variable {
    try .concat(
      Tape.inPieces(pieces.count, sharing: sharing) { [try body(try rows(x, pieces[$0]))] }
        .flatMap { $0 })
  }

  /// The result, and the gradients of those that are traced.
  private func results(
    _ pieces: [Range<Int>], traced: Set<Int>, _ sharing: Tape.Sharing = .freely
  ) throws -> (value: Tensor, gradients: [Tensor]) {
    let tape = Tape()
    let shapes = [[7, 5], [5, 5], [5], [5]]
    let inputs = shapes.enumerated().map { place, shape in
      let value = numbers(shape, UInt64(place))
      return traced.contains(place) ? tape.variable(value) : Variable(value)
    }
    let result = try joined(pieces, inputs[0], sharing) {
      try body($0, Array(inputs.dropFirst()))
    }
    #expect(result.isTraced == !traced.isEmpty)
    let sum = try result.multiplied(by: Variable(numbers([7, 5], 9))).sum()
    return (
      result.value, try tape.gradients(of: sum, for: traced.sorted().map { inputs[$0] })
    )
  }

  private func expectClose(_ found: [Tensor], _ expected: [Tensor]) throws {
    for (a, b) in zip(found, expected) {
      #expect(a.shape == b.shape)
      let gap = try a.subtracting(b).abs().max().item ?? .nan
      #expect(gap < 1e-5)
    }
  }

  @Test(arguments: [[0, 1, 2, 3], [0], [1, 2], [3], [0, 2], []] as [Set<Int>])
  func piecesGiveWhatTheWholeGives(_ traced: Set<Int>) throws {
    let whole = try results(pieces[0], traced: traced)
    for pieces in pieces.dropFirst() {
      for sharing in [Tape.Sharing.freely, .inTurns] {
        let found = try results(pieces, traced: traced, sharing)
        try expectClose([found.value] + found.gradients, [whole.value] + whole.gradients)
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
    try expectClose([found.value] + found.gradients, [result.value] + gradients)
  }

  /// Pieces within pieces reach what stands outside of both.
  @Test func piecesWithinPieces() throws {
    let tape = Tape()
    let (x, weight) = (tape.variable(numbers([8, 3], 1)), tape.variable(numbers([3], 2)))
    let nested = try joined([0..<4, 4..<8], x, .inTurns) { half in
      let scaled = try half.multiplied(by: weight)
      return try joined([0..<1, 1..<4], scaled, .inTurns) {
        try $0.multiplied(by: weight).adding(scaled.sum())
      }
    }
    let found = try tape.gradients(of: nested.exp().sum(), for: [x, weight])
    let plain = try Variable.concat(
      try [0..<4, 4..<8].map { part in
        let scaled = try rows(x, part).multiplied(by: weight)
        return try scaled.multiplied(by: weight).adding(scaled.sum())
      })
    let expected = try tape.gradients(of: plain.exp().sum(), for: [x, weight])
    try expectClose([nested.value] + found, [plain.value] + expected)
  }

  /// Results may be constant, come from outside as they are, stand twice, or not be used further.
  @Test func resultsOfAllKinds() throws {
    let tape = Tape()
    let (x, unused) = (tape.variable(numbers([4], 1)), tape.variable(numbers([4], 2)))
    let results = try Tape.inPieces(2) { number in
      let square = try x.multiplied(by: x)
      return [square, square, x, Variable(numbers([4], 3)), try unused.multiplied(by: square)]
    }
    #expect(results.allSatisfy { $0.map(\.isTraced) == [true, true, true, false, true] })
    let sum = try results[0][0].adding(results[0][1]).adding(results[1][0])
      .adding(results[1][2]).adding(results[1][3]).sum()
    let found = try tape.gradients(of: sum, for: [x, unused])
    let expected = try x.value.multiplied(by: Tensor(6)).adding(Tensor(1))
    try expectClose(found, [expected, Tensor(repeating: 0, shape: [4])])
  }

  /// A gradient that is taken within a piece is that piece's own affair.
  @Test func gradientsWithinPieces() throws {
    let tape = Tape()
    let x = tape.variable(Tensor(3))
    let results = try Tape.inPieces(2) { number in
      let inner = Tape()
      let y = inner.variable(Tensor(Float(number + 1)))
      let slope = try inner.gradients(of: try y.multiplied(by: y).multiplied(by: y), for: [y])
      return [try x.multiplied(by: Variable(slope[0]))]
    }
    let sum = try results[0][0].adding(results[1][0])
    try expectClose(try tape.gradients(of: sum, for: [x]), [Tensor(3 + 12)])
  }

  @Test func theFirstFailureIsThrownAndTapesAreFreed() throws {
    weak var kept: Tape?
    do {
      let tape = Tape()
      kept = tape
      let x = tape.variable(numbers([6, 2], 1))
      for sharing in [Tape.Sharing.freely, .inTurns] {
        #expect(throws: Failure("rows 2")) {
          try joined([0..<1, 1..<3, 3..<6], x, sharing) { rows in
            if rows.shape[0] > 1 { throw Failure("rows \(rows.shape[0])") }
            return rows
          }
        }
      }
      let sum = try joined([0..<2, 2..<6], x) { try $0.multiplied(by: x.sum()) }.sum()
      _ = try tape.gradients(of: sum, for: [x])
    }
    #expect(kept == nil)
  }
}
