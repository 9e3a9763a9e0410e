import Execution
import Tensors
import Testing

@testable import Autodiff

/// Operations that do in one step what others do in several: against central differences, and at sizes
/// that fill and leave gaps in vectors, panels and tiles against these others.
@Suite struct FusedTests {
  // MARK: Attention

  struct Heads: Sendable {
    var front: [Int] = []
    var queries: Int
    var keys: Int
    var size: Int
    var heads: Int

    var shapes: [[Int]] {
      [front + [queries, size], front + [keys, size], front + [keys, size]]
    }
  }

  @Test(arguments: [
    Heads(queries: 3, keys: 4, size: 6, heads: 2), Heads(queries: 1, keys: 1, size: 1, heads: 1),
    Heads(front: [2], queries: 1, keys: 5, size: 4, heads: 1),
    Heads(front: [2, 2], queries: 2, keys: 3, size: 3, heads: 3),
    Heads(front: [0], queries: 2, keys: 3, size: 4, heads: 2),
    Heads(front: [2], queries: 0, keys: 3, size: 4, heads: 2),
  ])
  func attentionHasItsGradient(_ heads: Heads) throws {
    let check = try GradientCheck(shapes: heads.shapes) {
      try $0[0].attention(key: $0[1], value: $0[2], heads: heads.heads)
    }
    #expect(try check.error() < 3e-4)
  }

  @Test(arguments: [
    Heads(front: [2], queries: 33, keys: 40, size: 32, heads: 2),
    Heads(front: [3], queries: 1, keys: 519, size: 128, heads: 2),
    Heads(queries: 150, keys: 519, size: 34, heads: 1),
    Heads(front: [2], queries: 70, keys: 1100, size: 66, heads: 3),
    Heads(front: [4], queries: 519, keys: 16, size: 48, heads: 1),
  ])
  func attentionEqualsItsParts(_ heads: Heads) throws {
    try compare(heads.shapes, 2e-5) {
      try $0[0].attention(key: $0[1], value: $0[2], heads: heads.heads)
    } with: { variables in
      let split = try variables.map { x in
        try x.reshaped(Array(x.shape.dropLast()) + [heads.heads, -1]).permuted(
          Array(0..<heads.front.count) + [0, 1, 2].map { heads.front.count + [1, 0, 2][$0] })
      }
      let root = Float(heads.size / heads.heads).squareRoot()
      let scores = try split[0].matrixMultiplied(by: split[1].transposed()).multiplied(by: 1 / root)
      let heard = try scores.softmax().matrixMultiplied(by: split[2])
      return try heard.permuted(
        Array(0..<heads.front.count) + [0, 1, 2].map { heads.front.count + [1, 0, 2][$0] }
      ).reshaped(variables[0].shape)
    }
  }

  /// Tokens whose queries, keys and values stand side by side, to the bit as where they stand apart.
  @Test(arguments: [(1, 1, 1, 1), (2, 9, 6, 2), (3, 70, 32, 1), (2, 33, 40, 5), (0, 4, 3, 1)])
  func selfAttentionEqualsAttention(_ batch: Int, _ tokens: Int, _ size: Int, _ heads: Int) throws {
    var stream = RandomStream(seed: 21, purpose: "fused")
    let x = try Tensor.normal([batch, tokens, 3 * size], using: &stream)
    let factors = try Tensor.normal([batch, tokens, size], using: &stream)
    func tensors(
      _ inputs: [Tensor], _ attend: ([Variable]) throws -> Variable
    ) throws -> [Tensor] {
      let tape = Tape()
      let variables = inputs.map(tape.variable)
      let result = try attend(variables)
      let sum = try result.multiplied(by: Variable(factors)).sum()
      let gradients = try tape.gradients(of: sum, for: variables)
      return [result.value, try Tensor.concat(gradients, axis: 2)]
    }
    let joined = try tensors([x]) { try $0[0].selfAttention(heads: heads) }
    let parts = try (0..<3).map { try x.part(axis: 2, $0 * size..<($0 + 1) * size) }
    let apart = try tensors(parts) {
      try $0[0].attention(key: $0[1], value: $0[2], heads: heads)
    }
    #expect(joined == apart)
  }

  @Test func selfAttentionRefusesWhatDoesNotFit() {
    for (shape, heads) in [([3], 1), ([2, 4], 1), ([0, 3], 1), ([2, 9], 2), ([2, 0], 1)] {
      #expect(throws: Failure.self) {
        try Variable(Tensor(repeating: 1, shape: shape)).selfAttention(heads: heads)
      }
    }
  }

  /// Scores far apart would overflow if the largest were not taken off before.
  @Test func attentionOfLargeScoresPicksOne() throws {
    let key = Tensor(shape: [3, 1], [-200, 0, 200])
    let value = Tensor(shape: [3, 1], [1, 2, 3])
    for (query, expected) in [(Float(1e3), Float(3)), (-1e3, 1)] {
      let found = try Variable(Tensor(shape: [1, 1], [query]))
        .attention(key: Variable(key), value: Variable(value), heads: 1)
      #expect(found.value.elements == [expected])
    }
  }

  @Test func attentionRefusesWhatDoesNotFit() {
    func attend(_ query: [Int], _ key: [Int], _ value: [Int], _ heads: Int = 1) throws {
      let all = [query, key, value].map { Variable(Tensor(repeating: 1, shape: $0)) }
      _ = try all[0].attention(key: all[1], value: all[2], heads: heads)
    }
    #expect(throws: Failure.self) { try attend([2], [2], [2]) }
    #expect(throws: Failure.self) { try attend([2, 4], [3, 4], [2, 4]) }
    #expect(throws: Failure.self) { try attend([2, 4], [3, 5], [3, 5]) }
    #expect(throws: Failure.self) { try attend([2, 2, 4], [3, 2, 4], [3, 2, 4]) }
    #expect(throws: Failure.self) { try attend([2, 4], [0, 4], [0, 4]) }
    #expect(throws: Failure.self) { try attend([2, 0], [3, 0], [3, 0]) }
    #expect(throws: Failure.self) { try attend([2, 4], [3, 4], [3, 4], 3) }
  }

  // MARK: Layer normalisation

  @Test(arguments: [[4], [3, 5], [2, 2, 17], [3, 1], [0, 4], [2, 33]])
  func layerNormalisationHasItsGradient(_ shape: [Int]) throws {
    let columns = [shape[shape.count - 1]]
    let check = try GradientCheck(shapes: [shape, columns, columns]) {
      try $0[0].layerNormalized(gain: $0[1], offset: $0[2])
    }
    #expect(try check.error() < 3e-4)
  }

  @Test(arguments: [[600, 128], [1100, 33], [7, 300], [4000, 64]])
  func layerNormalisationEqualsItsParts(_ shape: [Int]) throws {
    let columns = [shape[1]]
    try compare([shape, columns, columns], 2e-5) {
      try $0[0].layerNormalized(gain: $0[1], offset: $0[2])
    } with: {
      let centred = try $0[0].subtracting($0[0].mean(axis: -1, keepDimensions: true))
      let variance = try centred.squared().mean(axis: -1, keepDimensions: true)
      let normal = try centred.divided(by: variance.adding(Variable(Tensor(1e-5))).sqrt())
      return try normal.multiplied(by: $0[1]).adding($0[2])
    }
  }

  @Test func layerNormalisationKeepsSmallDifferences() throws {
    let x = Variable(Tensor(shape: [4], [10_000, 10_001, 10_002, 10_003]))
    let one = Variable(Tensor(repeating: 1, shape: [4]))
    let zero = Variable(Tensor(repeating: 0, shape: [4]))
    let found = try x.layerNormalized(gain: one, offset: zero).value.elements
    #expect(zip(found, [-1.34164, -0.44721, 0.44721, 1.34164]).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(throws: Failure.self) { try x.layerNormalized(gain: one, offset: x.reshaped([2, 2])) }
    #expect(throws: Failure.self) {
      try Variable(Tensor(repeating: 0, shape: [3, 0])).layerNormalized(gain: one, offset: one)
    }
  }

  // MARK: Linear maps of places

  struct Places: Sendable {
    var count: Int
    var rows: Int
    var columns: Int
    var inputs: Int
    var outputs: Int

    var shapes: [[Int]] {
      [
        [count, rows, columns, inputs], [outputs, inputs], [count, rows, outputs],
        [count, columns, outputs],
      ]
    }
  }

  /// All three results side by side.
  private func joined(_ results: Variable.PlaceResults) throws -> Variable {
    try Variable.concat(
      [results.places, results.overRows, results.overColumns].compactMap {
        try $0?.reshaped([-1])
      })
  }

  @Test(arguments: [
    Places(count: 2, rows: 3, columns: 2, inputs: 4, outputs: 3),
    Places(count: 1, rows: 1, columns: 1, inputs: 1, outputs: 1),
    Places(count: 3, rows: 2, columns: 3, inputs: 2, outputs: 17),
    Places(count: 0, rows: 2, columns: 3, inputs: 2, outputs: 2),
  ])
  func mapsOfPlacesHaveTheirGradient(_ places: Places) throws {
    let check = try GradientCheck(shapes: places.shapes) {
      try joined(
        try $0[0].placeLinear(weight: $0[1], atRow: $0[2], atColumn: $0[3], rectified: false))
    }
    #expect(try check.error() < 3e-4)
  }

  @Test(
    arguments: [
      Places(count: 5, rows: 32, columns: 32, inputs: 48, outputs: 48),
      Places(count: 20, rows: 6, columns: 33, inputs: 4, outputs: 40),
      Places(count: 3, rows: 70, columns: 9, inputs: 33, outputs: 7),
    ], [true, false])
  func mapsOfPlacesEqualTheirParts(_ places: Places, _ rectified: Bool) throws {
    try compare(places.shapes, 3e-5) {
      try joined(
        try $0[0].placeLinear(
          weight: $0[1], atRow: $0[2], atColumn: $0[3], rectified: rectified))
    } with: {
      let sums = try $0[0].matrixMultiplied(by: $0[1].transposed())
        .adding($0[2].reshaped([places.count, places.rows, 1, places.outputs]))
        .adding($0[3].reshaped([places.count, 1, places.columns, places.outputs]))
      let all = rectified ? sums.relu() : sums
      return try joined(
        Variable.PlaceResults(
          places: all, overRows: all.mean(axis: 1), overColumns: all.mean(axis: 2)))
    }
  }

  /// A result that nothing depends on brings no gradient, whichever it is.
  @Test(arguments: 0..<3) func eachResultAlone(_ which: Int) throws {
    let places = Places(count: 2, rows: 3, columns: 4, inputs: 5, outputs: 6)
    func pick(_ results: Variable.PlaceResults) throws -> Variable {
      try #require([results.places, results.overRows, results.overColumns][which])
    }
    let check = try GradientCheck(shapes: places.shapes) {
      try pick(
        try $0[0].placeLinear(weight: $0[1], atRow: $0[2], atColumn: $0[3], rectified: false))
    }
    #expect(try check.error() < 3e-4)
  }

  /// The means and their gradients are the same to the bit whether the places are written or not.
  @Test(arguments: [true, false]) func meansAloneEqualMeansBesidePlaces(_ rectified: Bool) throws {
    var stream = RandomStream(seed: 8, purpose: "tests")
    let shapes = Places(count: 3, rows: 5, columns: 9, inputs: 7, outputs: 50).shapes
    let values = try shapes.map { try Tensor.normal($0, using: &stream) }
    let found = try [true, false].map { wantsPlaces in
      let tape = Tape()
      let variables = values.map { tape.variable($0) }
      let results = try variables[0].placeLinear(
        weight: variables[1], atRow: variables[2], atColumn: variables[3], rectified: rectified,
        wantsPlaces: wantsPlaces)
      #expect((results.places != nil) == wantsPlaces)
      let means = try Variable.concat(
        [results.overRows, results.overColumns].map { try $0.reshaped([-1]) })
      let sum = try means.multiplied(by: means).sum()
      return [means.value] + (try tape.gradients(of: sum, for: variables))
    }
    for (one, other) in zip(found[0], found[1]) { #expect(one == other) }
  }

  @Test func mapsOfPlacesRefuseWhatDoesNotFit() {
    func apply(_ shapes: [[Int]]) throws {
      let all = shapes.map { Variable(Tensor(repeating: 1, shape: $0)) }
      _ = try all[0].placeLinear(weight: all[1], atRow: all[2], atColumn: all[3], rectified: true)
    }
    #expect(throws: Failure.self) { try apply([[2, 3, 4], [5, 4], [2, 3, 5], [2, 4, 5]]) }
    #expect(throws: Failure.self) { try apply([[2, 3, 4, 6], [5, 4], [2, 3, 5], [2, 4, 5]]) }
    #expect(throws: Failure.self) { try apply([[2, 3, 4, 6], [5, 6], [2, 4, 5], [2, 4, 5]]) }
    #expect(throws: Failure.self) { try apply([[2, 3, 4, 6], [5, 6], [2, 3, 5], [2, 3, 5]]) }
    #expect(throws: Failure.self) { try apply([[2, 0, 4, 6], [5, 6], [2, 0, 5], [2, 4, 5]]) }
    #expect(throws: Failure.self) { try apply([[2, 3, 4, 6], [0, 6], [2, 3, 0], [2, 4, 0]]) }
  }

  // MARK: Linear layers of parts

  @Test(
    arguments: [
      [[2]], [[5, 3], [5, 1], [5, 48]], [[2, 3, 4], [2, 3, 2]], [[0, 3], [0, 2]],
    ], [false, true])
  func linearMapsOfPartsEqualThoseOfTheWhole(_ parts: [[Int]], _ rectified: Bool) throws {
    let inputs = parts.reduce(0) { $0 + ($1.last ?? 0) }
    let shapes = parts + [[50, inputs], [50]]
    let count = parts.count
    try compare(shapes, 1e-5) {
      try Variable.linear(
        Array($0[..<count]), weight: $0[count], bias: $0[count + 1], rectified: rectified)
    } with: {
      try Variable.concat(Array($0[..<count]), axis: -1).linear(
        weight: $0[count], bias: $0[count + 1], rectified: rectified)
    }
  }

  @Test func linearMapsOfPartsRefuseWhatDoesNotFit() {
    func apply(_ parts: [[Int]], _ weight: [Int], _ bias: [Int]) throws {
      func filled(_ shape: [Int]) -> Variable { Variable(Tensor(repeating: 1, shape: shape)) }
      _ = try Variable.linear(parts.map(filled), weight: filled(weight), bias: filled(bias))
    }
    #expect(throws: Failure.self) { try apply([], [2, 3], [2]) }
    #expect(throws: Failure.self) { try apply([[]], [2, 3], [2]) }
    #expect(throws: Failure.self) { try apply([[4, 2], [3, 1]], [2, 3], [2]) }
    #expect(throws: Failure.self) { try apply([[4, 2], [4, 2]], [2, 3], [2]) }
    #expect(throws: Failure.self) { try apply([[4, 2], [4, 1]], [2, 3], [3]) }
    #expect(throws: Failure.self) { try apply([[4, 3]], [3], [3]) }
  }

  // MARK: Linear layers with a ReLU

  @Test(arguments: [[3], [2, 3], [2, 5, 3], [0, 3], [2, 0]])
  func rectifiedLayersHaveTheirGradient(_ input: [Int]) throws {
    let inputs = input[input.count - 1]
    // Offsets keep all results off the kink.
    let check = try GradientCheck(shapes: [input, [4, inputs]]) {
      try $0[0].linear(
        weight: $0[1], bias: Variable(Tensor([20, -20, 30, -30])), rectified: true)
    }
    #expect(try check.error() < 3e-4)
  }

  @Test(
    arguments: [[1, 40], [2, 3], [70, 6], [300, 128], [64, 1100], [5, 33_000]], [3, 48, 70])
  func rectifiedLayersEqualTheirParts(_ input: [Int], _ outputs: Int) throws {
    try compare([input, [outputs, input[1]], [outputs]], 2e-5) {
      try $0[0].linear(weight: $0[1], bias: $0[2], rectified: true)
    } with: {
      try $0[0].matrixMultiplied(by: $0[1].transposed()).adding($0[2]).relu()
    }
  }

  /// Holds value and gradients of two ways to compute the same to each other, relative to the largest
  /// number of each.
  private func compare(
    _ shapes: [[Int]], _ tolerance: Float, _ first: ([Variable]) throws -> Variable,
    with second: ([Variable]) throws -> Variable
  ) throws {
    var random = RandomStream(seed: 11, purpose: "fused")
    let inputs = try shapes.map { try Tensor.normal($0, using: &random) }
    var weights: Tensor?
    func tensors(_ function: ([Variable]) throws -> Variable) throws -> [Tensor] {
      let tape = Tape()
      let variables = inputs.map(tape.variable)
      let result = try function(variables)
      let factors = try weights ?? Tensor.normal(result.shape, using: &random)
      weights = factors
      let sum = try result.multiplied(by: Variable(factors)).sum()
      return [result.value] + (try tape.gradients(of: sum, for: variables))
    }
    for (found, expected) in zip(try tensors(first), try tensors(second)) {
      #expect(found.shape == expected.shape)
      let scale = expected.elements.map(abs).max() ?? 0
      let worst = zip(found.elements, expected.elements).map { abs($0 - $1) }.max() ?? 0
      #expect(worst <= tolerance * scale)
    }
  }
}
