import Autodiff
import Execution
import Foundation
import Kernels
import Tensors
import Testing

@testable import Networks

/// The trainer and sampler of small language models against the generic path.
@Suite struct TokenTests {
  private static func oneHot(_ tokens: [UInt8], length: Int, symbols: Int) -> Tensor {
    let sequences = tokens.count / length
    return Tensor(shape: [sequences, length - 1, symbols]) { out in
      out.update(repeating: 0)
      for row in 0..<sequences {
        for step in 0..<(length - 1) {
          out[(row * (length - 1) + step) * symbols + Int(tokens[row * length + step])] = 1
        }
      }
    }
  }

  private static func batch(
    _ sequences: Int, _ length: Int, _ symbols: Int, _ stream: inout RandomStream
  ) -> [UInt8] {
    (0..<(sequences * length)).map { _ in UInt8(stream.integer(below: symbols)) }
  }

  private static let sizes = [(32, 2, 6, 10), (5, 1, 3, 1), (18, 3, 17, 4), (16, 2, 6, 33)]

  @Test(arguments: sizes, NetworkShape.Cell.allCases)
  func trainerEqualsTheGenericPath(
    size: (hidden: Int, layers: Int, symbols: Int, sequences: Int), cell: NetworkShape.Cell
  ) throws {
    let (hidden, layers, symbols, sequences) = size
    let length = 9
    let shape = try NetworkShape(
      cell: cell, inputs: symbols, outputs: symbols, hidden: hidden, layers: layers)
    var stream = RandomStream(seed: 10, purpose: "trainer", index: UInt64(hidden))
    var parameters = [try shape.initialWeights(&stream)]
    let trainer = try SequenceTrainer(
      shape: shape, weights: parameters[0], length: length,
      optimizer: OptimizerSettings(decay: 1e-2))
    var optimizer = Optimizer(
      shapes: [parameters[0].shape], settings: OptimizerSettings(decay: 1e-2))
    for step in 0..<3 {
      let tokens = Self.batch(sequences, length, symbols, &stream)
      let counts = (0..<sequences).map { $0 % 3 + (step == 0 ? 0 : 1) }
      let drawn = counts.enumerated().flatMap { row, count in
        (0..<count).flatMap { _ in tokens[(row * length)..<((row + 1) * length)] }
      }
      guard !drawn.isEmpty else { continue }
      let tape = Tape()
      let weights = tape.variable(parameters[0])
      let outputs = try RecurrentNetwork.run(
        weights: weights, shape,
        input: Variable(Self.oneHot(drawn, length: length, symbols: symbols))
      ).outputs
      let labels = stride(from: 0, to: drawn.count, by: length).flatMap { row in
        drawn[(row + 1)..<(row + length)].map { Int($0) }
      }
      let loss = crossEntropy(outputs, labels)
      let gradients = try tape.gradients(of: loss, for: [weights])
      try optimizer.update(&parameters, gradients: gradients, rate: 0.01)
      let found = try trainer.step(tokens: tokens, counts: counts, rate: 0.01)
      #expect(abs(found - loss.value.elements[0]) < 1e-5)
    }
    // Where a gradient is near 0 its sign decides the first steps of AdamW: a few numbers may
    // differ.
    let pairs = zip(trainer.weights.elements, parameters[0].elements)
    let far = pairs.filter { abs($0.0 - $0.1) > 2e-5 }.count
    #expect(far <= parameters[0].count / 500)
  }

  /// Every setting of the optimiser does in the trainer what it does in the language's `adamw`.
  ///
  /// A large epsilon keeps the sign of gradients near 0 from deciding, so that all numbers agree.
  @Test(arguments: NetworkShape.Cell.allCases, UpdateRule.allCases)
  func trainerTakesTheStepsOfTheOptimizer(cell: NetworkShape.Cell, rule: UpdateRule) throws {
    let (length, symbols, sequences) = (9, 5, 7)
    let settings = OptimizerSettings(rule, decay: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-2)
    let shape = try NetworkShape(cell: cell, inputs: symbols, outputs: symbols, hidden: 12)
    var stream = RandomStream(seed: 11, purpose: "trainer")
    var parameters = [try shape.initialWeights(&stream)]
    let trainer = try SequenceTrainer(
      shape: shape, weights: parameters[0], length: length,
      optimizer: settings)
    var optimizer = Optimizer(shapes: [parameters[0].shape], settings: settings)
    for step in 0..<20 {
      let tokens = Self.batch(sequences, length, symbols, &stream)
      let tape = Tape()
      let weights = tape.variable(parameters[0])
      let outputs = try RecurrentNetwork.run(
        weights: weights, shape,
        input: Variable(Self.oneHot(tokens, length: length, symbols: symbols))
      ).outputs
      let labels = stride(from: 0, to: tokens.count, by: length).flatMap { row in
        tokens[(row + 1)..<(row + length)].map { Int($0) }
      }
      let gradients = try tape.gradients(of: crossEntropy(outputs, labels), for: [weights])
      let rate = step < 10 ? 0.01 : 0.003
      try optimizer.update(&parameters, gradients: gradients, rate: rate)
      _ = try trainer.step(
        tokens: tokens, counts: [Int](repeating: 1, count: sequences), rate: Float(rate))
    }
    #expect(difference(trainer.weights, parameters[0]) < 1e-6)
  }

  @Test func distinctEqualsRepeated() throws {
    let shape = try NetworkShape(inputs: 6, outputs: 6, hidden: 32, layers: 2)
    var stream = RandomStream(seed: 11, purpose: "repeated")
    let start = try shape.initialWeights(&stream)
    let tokens = Self.batch(4, 12, 6, &stream)
    let counts = [3, 1, 9, 5]
    let repeated = counts.enumerated().flatMap { row, count in
      (0..<count).flatMap { _ in tokens[(row * 12)..<((row + 1) * 12)] }
    }
    let one = try SequenceTrainer(
      shape: shape, weights: start, length: 12, optimizer: OptimizerSettings(decay: 0))
    let two = try SequenceTrainer(
      shape: shape, weights: start, length: 12, optimizer: OptimizerSettings(decay: 0))
    for _ in 0..<20 {
      let a = try one.step(tokens: tokens, counts: counts, rate: 0.001)
      let b = try two.step(
        tokens: repeated, counts: Array(repeating: 1, count: 18), rate: 0.001)
      #expect(abs(a - b) < 1e-5)
    }
    #expect(difference(one.weights, two.weights) < 2e-4)
  }

  @Test(arguments: NetworkShape.Cell.allCases)
  func trainingLearns(cell: NetworkShape.Cell) throws {
    let shape = try NetworkShape(cell: cell, inputs: 4, outputs: 4, hidden: 16, layers: 1)
    var stream = RandomStream(seed: 12, purpose: "learns")
    let trainer = try SequenceTrainer(
      shape: shape, weights: try shape.initialWeights(&stream), length: 8,
      optimizer: OptimizerSettings(decay: 0))
    let tokens: [UInt8] = [2, 0, 0, 1, 1, 3, 3, 3]
    var loss: Float = .infinity
    for _ in 0..<300 { loss = try trainer.step(tokens: tokens, counts: [1], rate: 0.02) }
    #expect(loss < 0.01)
    let sampler = try TokenSampler(shape: shape, weights: trainer.weights)
    let sample = try sampler.sample(
      count: 20, length: 8, start: 2, end: 3, recorded: 0, stream: &stream)
    let right = stride(from: 0, to: 160, by: 8).filter { row in
      Array(sample.tokens[row..<(row + 8)]) == tokens
    }
    #expect(right.count >= 18)
  }

  @Test(arguments: NetworkShape.Cell.allCases)
  func samplerAgreesWithRun(cell: NetworkShape.Cell) throws {
    let shape = try NetworkShape(cell: cell, inputs: 5, outputs: 5, hidden: 19, layers: 2)
    var stream = RandomStream(seed: 13, purpose: "sampler")
    let weights = random([shape.parameterCount], &stream, bound: 0.5)
    let sampler = try TokenSampler(shape: shape, weights: weights)
    let (tokens, found) = try sampler.sample(
      count: 30, length: 11, start: 3, end: 4, recorded: 12, stream: &stream)
    let input = Self.oneHot(Array(tokens[..<(12 * 11)]), length: 11, symbols: 5)
    let logits = try RecurrentNetwork.run(weights: Variable(weights), shape, input: Variable(input))
      .outputs
    #expect(found.shape == [12, 10, 5])
    for row in 0..<120 {
      let scores = (0..<5).map { Double(logits.value.buffer[row * 5 + $0]) }
      let total = log(scores.reduce(0) { $0 + exp($1) })
      for place in 0..<5 {
        #expect(abs(Double(found.buffer[row * 5 + place]) - (scores[place] - total)) < 1e-5)
      }
    }
    for row in 0..<30 {
      let string = tokens[(row * 11)..<((row + 1) * 11)]
      #expect(string.first == 3)
      if let first = string.firstIndex(of: 4) { #expect(string[first...].allSatisfy { $0 == 4 }) }
    }
  }

  /// Frequencies of the first two symbols within 5 standard deviations of their probabilities.
  @Test func samplerFrequencies() throws {
    let shape = try NetworkShape(inputs: 3, outputs: 3, hidden: 8, layers: 1)
    var stream = RandomStream(seed: 14, purpose: "frequencies")
    let weights = random([shape.parameterCount], &stream)
    let sampler = try TokenSampler(shape: shape, weights: weights)
    let count = 20_000
    let (tokens, record) = try sampler.sample(
      count: count, length: 3, start: 0, end: 2, recorded: count, stream: &stream)
    var seen: [[UInt8]: Int] = [:]
    var probability: [[UInt8]: Double] = [:]
    for row in 0..<count {
      let (a, b) = (tokens[row * 3 + 1], tokens[row * 3 + 2])
      seen[[a, b], default: 0] += 1
      let first = exp(Double(record.buffer[row * 6 + Int(a)]))
      let second = a == 2 ? 1 : exp(Double(record.buffer[row * 6 + 3 + Int(b)]))
      probability[[a, b]] = first * second
    }
    #expect(seen.count == 7)
    for (pair, times) in seen {
      let p = try #require(probability[pair])
      let deviation = (Double(count) * p * (1 - p)).squareRoot()
      #expect(abs(Double(times) - Double(count) * p) < 5 * deviation)
    }
    #expect(abs(probability.values.reduce(0, +) - 1) < 1e-5)
  }

  @Test func mistakesAreFailures() throws {
    let shape = try NetworkShape(inputs: 4, outputs: 4, hidden: 3, layers: 1)
    let weights = Tensor(repeating: 0, shape: [shape.parameterCount])
    let trainer = try SequenceTrainer(
      shape: shape, weights: weights, length: 3, optimizer: OptimizerSettings(decay: 0))
    #expect(throws: Failure.self) { try trainer.step(tokens: [0, 1], counts: [1], rate: 0.1) }
    #expect(throws: Failure.self) { try trainer.step(tokens: [0, 1, 4], counts: [1], rate: 0.1) }
    #expect(throws: Failure.self) { try trainer.step(tokens: [0, 1, 2], counts: [0], rate: 0.1) }
    #expect(throws: Failure.self) { try trainer.step(tokens: [], counts: [], rate: 0.1) }
    #expect(throws: Failure.self) {
      try SequenceTrainer(
        shape: shape, weights: weights, length: 1, optimizer: OptimizerSettings(decay: 0))
    }
    let other = try NetworkShape(inputs: 4, outputs: 5, hidden: 3, layers: 1)
    #expect(throws: Failure.self) {
      try TokenSampler(
        shape: other, weights: Tensor(repeating: 0, shape: [other.parameterCount]))
    }
    let sampler = try TokenSampler(shape: shape, weights: weights)
    var stream = RandomStream(seed: 15, purpose: "mistakes")
    #expect(throws: Failure.self) {
      try sampler.sample(count: 1, length: 3, start: 4, end: 3, recorded: 0, stream: &stream)
    }
    #expect(throws: Failure.self) {
      try sampler.sample(count: 1, length: 3, start: 0, end: 3, recorded: 2, stream: &stream)
    }
  }
}
