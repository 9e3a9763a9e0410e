import Autodiff
import Execution
import Tensors
import Testing

@testable import Networks

/// Every kind of cell against its definition in double precision, and gradients against central
/// differences of that.
@Suite struct CellTests {
  struct Size: CustomTestStringConvertible, Sendable {
    var cell: NetworkShape.Cell
    var inputs: Int
    var outputs: Int
    var hidden: Int
    var layers: Int
    var testDescription: String { "\(cell) \(layers) x \(hidden), \(inputs) in, \(outputs) out" }
    func shape() throws -> NetworkShape {
      try NetworkShape(
        cell: cell, inputs: inputs, outputs: outputs, hidden: hidden, layers: layers)
    }
  }

  static let sizes = NetworkShape.Cell.allCases.flatMap { cell in
    [
      Size(cell: cell, inputs: 3, outputs: 2, hidden: 5, layers: 1),
      Size(cell: cell, inputs: 1, outputs: 1, hidden: 1, layers: 2),
      Size(cell: cell, inputs: 17, outputs: 19, hidden: 18, layers: 2),
      Size(cell: cell, inputs: 6, outputs: 6, hidden: 33, layers: 3),
    ]
  }

  private let batch = 3
  private let steps = 4

  private func rows(_ numbers: [Double], _ start: Int, _ count: Int, _ width: Int) -> [[Double]] {
    (0..<count).map { Array(numbers[(start + $0 * width)..<(start + ($0 + 1) * width)]) }
  }

  /// Weighted sum of all results: `inputs` are weights, x [B,T,D], h [L,B,H], and c of an LSTM.
  private func reference(
    _ shape: NetworkShape, _ inputs: [[Double]], _ factors: [[Float]]
  ) -> Double {
    let net = ReferenceNet(shape: shape)
    var sum = 0.0
    func add(_ numbers: [[Double]], _ factors: [Float], _ start: Int, _ stride: Int) {
      for (row, values) in numbers.enumerated() {
        for (place, value) in values.enumerated() {
          sum += Double(factors[start + row * stride + place]) * value
        }
      }
    }
    for b in 0..<batch {
      let x = rows(inputs[1], b * steps * shape.inputs, steps, shape.inputs)
      func state(_ place: Int) -> [[Double]] {
        (0..<shape.layers).map { layer in
          let start = (layer * batch + b) * shape.hidden
          return inputs.count > place ? Array(inputs[place][start..<(start + shape.hidden)]) : []
        }
      }
      let results = net.run(inputs[0], x, from: .init(hidden: state(2), cell: state(3)))
      add(results.outputs, factors[0], b * steps * shape.outputs, shape.outputs)
      add(results.hiddenStates, factors[1], b * steps * shape.hidden, shape.hidden)
      add(results.state.hidden, factors[2], b * shape.hidden, batch * shape.hidden)
      if shape.cell == .lstm {
        add(results.state.cell, factors[3], b * shape.hidden, batch * shape.hidden)
      }
    }
    return sum
  }

  @Test(arguments: CellTests.sizes) func gradients(size: Size) throws {
    let shape = try size.shape()
    var stream = RandomStream(seed: 4, purpose: "cells", index: UInt64(size.hidden))
    var tensors = [
      random([shape.parameterCount], &stream, bound: 0.5),
      random([batch, steps, shape.inputs], &stream),
      random([shape.layers, batch, shape.hidden], &stream),
    ]
    if shape.cell == .lstm { tensors.append(random([shape.layers, batch, shape.hidden], &stream)) }
    let tape = Tape()
    let variables = tensors.map { tape.variable($0) }
    let results = try RecurrentNetwork.run(
      weights: variables[0], shape, input: variables[1],
      state: .init(hidden: variables[2], cell: variables.count > 3 ? variables[3] : nil),
      wantsStates: true)
    let states = try #require(results.hiddenStates)
    let outputs = [results.outputs, states] + results.state.all
    #expect(outputs.count == tensors.count)
    let factors = outputs.map { output in
      (0..<output.value.count).map { _ in 2 * stream.uniformFloat() - 1 }
    }
    let loss = total(zip(outputs, factors).map { weighted($0, $1) })
    let inputs = tensors.map { $0.elements.map(Double.init) }
    let expected = reference(shape, inputs, factors)
    #expect(abs(Double(loss.value.elements[0]) - expected) < 1e-5 * max(1, abs(expected)))
    let gradients = try tape.gradients(of: loss, for: variables)
    let error = gradientError(of: gradients.map(\.elements), at: inputs) {
      reference(shape, $0, factors)
    }
    #expect(error < 1e-5)
  }

  /// A single step of a single layer is what a net of one layer does.
  @Test(arguments: NetworkShape.Cell.allCases) func singleStep(cell: NetworkShape.Cell) throws {
    let (inputs, hidden) = (4, 17)
    let shape = try NetworkShape(cell: cell, inputs: inputs, outputs: 2, hidden: hidden, layers: 1)
    var stream = RandomStream(seed: 6, purpose: "single step")
    let flat = try shape.initialWeights(&stream)
    let x = random([3, inputs], &stream)
    let h = random([1, 3, hidden], &stream)
    let c = random([1, 3, hidden], &stream)
    let factors = random([3, hidden], &stream).elements
    func parts(_ flat: Tensor) throws -> [Tensor] {
      try shape.parts.prefix(4).map { try shape.tensor($0, of: flat) }
    }

    let tape = Tape()
    let whole = tape.variable(flat)
    let run = try RecurrentNetwork.run(
      weights: whole, shape, input: Variable(x).reshaped([3, 1, inputs]),
      state: .init(hidden: Variable(h), cell: cell == .lstm ? Variable(c) : nil))
    let loss = weighted(try run.state.hidden.reshaped([3, hidden]), factors)
    let expected = try parts(try tape.gradients(of: loss, for: [whole])[0])

    let other = Tape()
    let weights = try parts(flat).map { other.variable($0) }
    let step = try RecurrentNetwork.step(
      cell, Variable(x),
      state: .init(
        hidden: Variable(h).reshaped([3, hidden]),
        cell: cell == .lstm ? try Variable(c).reshaped([3, hidden]) : nil),
      weights: .init(
        weightInput: weights[0], weightHidden: weights[1], biasInput: weights[2],
        biasHidden: weights[3]))
    #expect(step.hidden.value.elements == run.state.hidden.value.elements)
    #expect((step.cell == nil) == (cell != .lstm))
    let gradients = try other.gradients(of: weighted(step.hidden, factors), for: weights)
    for (found, wanted) in zip(gradients, expected) { #expect(difference(found, wanted) < 1e-6) }
  }

  /// Steps of one layer, of batches of several sizes with two sets of weights on one tape, give the
  /// gradients of nets that are run: the weights' are made for all steps together.
  @Test(arguments: NetworkShape.Cell.allCases, [5, 70])
  func manySteps(cell: NetworkShape.Cell, batch: Int) throws {
    let (inputs, hidden, steps) = (7, 19, 5)
    let shape = try NetworkShape(cell: cell, inputs: inputs, outputs: 2, hidden: hidden, layers: 1)
    var stream = RandomStream(seed: 8, purpose: "many steps")
    let flats = try (0..<2).map { _ in try shape.initialWeights(&stream) }
    let batches = [batch, 3]
    let xs = batches.map { random([$0, steps, inputs], &stream) }
    let factors = batches.map { random([$0, hidden], &stream).elements }

    let tape = Tape()
    let whole = flats.map { tape.variable($0) }
    let read = xs.map { tape.variable($0) }
    let runs = try (0..<2).map { n in
      try RecurrentNetwork.run(weights: whole[n], shape, input: read[n])
        .state.hidden.reshaped([batches[n], hidden])
    }
    let loss = total((0..<2).map { weighted(runs[$0], factors[$0]) })
    let expected = try tape.gradients(of: loss, for: whole + read)

    let other = Tape()
    let parts = try flats.map { flat in
      try shape.parts.prefix(4).map { other.variable(try shape.tensor($0, of: flat)) }
    }
    let heard = xs.map { other.variable($0) }
    var states = batches.map { batch in
      let zero = Variable(Tensor(repeating: 0, shape: [batch, hidden]))
      return RecurrentNetwork.State(hidden: zero, cell: cell == .lstm ? zero : nil)
    }
    for step in 0..<steps {
      for n in 0..<2 {
        states[n] = try RecurrentNetwork.step(
          cell, try heard[n].selecting([.all, .at(step)]), state: states[n],
          weights: .init(
            weightInput: parts[n][0], weightHidden: parts[n][1], biasInput: parts[n][2],
            biasHidden: parts[n][3]))
      }
    }
    let sum = total((0..<2).map { weighted(states[$0].hidden, factors[$0]) })
    for _ in 0..<2 {
      let found = try other.gradients(of: sum, for: parts[0] + parts[1] + heard)
      for n in 0..<2 {
        let wanted = try shape.parts.prefix(4).map { try shape.tensor($0, of: expected[n]) }
        for (x, y) in zip(found[4 * n..<4 * n + 4], wanted) { #expect(difference(x, y) < 2e-5) }
        #expect(difference(found[8 + n], expected[2 + n]) < 1e-6)
      }
    }
    // Of a layer whose other weights are constant the gradient is the same.
    let alone = Tape()
    let one = alone.variable(parts[0][1].value)
    var state = RecurrentNetwork.State(
      hidden: Variable(Tensor(repeating: 0, shape: [batch, hidden])),
      cell: cell == .lstm ? Variable(Tensor(repeating: 0, shape: [batch, hidden])) : nil)
    for step in 0..<steps {
      state = try RecurrentNetwork.step(
        cell, Variable(try xs[0].selecting([.all, .at(step)])), state: state,
        weights: .init(
          weightInput: parts[0][0].detached, weightHidden: one,
          biasInput: parts[0][2].detached, biasHidden: parts[0][3].detached))
    }
    let slope = try alone.gradients(of: weighted(state.hidden, factors[0]), for: [one])[0]
    let wanted = try shape.tensor(shape.parts[1], of: expected[0])
    #expect(difference(slope, wanted) < 2e-5)
  }

  @Test func statesOfOtherCellsAreRefused() throws {
    let shape = try NetworkShape(cell: .gru, inputs: 2, outputs: 2, hidden: 3, layers: 1)
    let weights = Variable(Tensor(repeating: 0, shape: [shape.parameterCount]))
    let x = Variable(Tensor(repeating: 0, shape: [1, 1, 2]))
    let h = Variable(Tensor(repeating: 0, shape: [1, 1, 3]))
    let failure = #expect(throws: Failure.self) {
      try RecurrentNetwork.run(
        weights: weights, shape, input: x, state: .init(hidden: h, cell: h))
    }
    #expect(failure?.message == "the state of a GRU has no cell state, but this one has")
    let lstm = try NetworkShape(inputs: 2, outputs: 2, hidden: 3, layers: 1)
    let other = Variable(Tensor(repeating: 0, shape: [lstm.parameterCount]))
    let missing = #expect(throws: Failure.self) {
      try RecurrentNetwork.run(weights: other, lstm, input: x, state: .init(hidden: h))
    }
    #expect(missing?.message == "the state of an LSTM has a cell state, but this one has none")
  }

  /// Relabelled units leave the function as it was.
  @Test(arguments: NetworkShape.Cell.allCases) func permutation(cell: NetworkShape.Cell) throws {
    let shape = try NetworkShape(cell: cell, inputs: 3, outputs: 4, hidden: 11, layers: 2)
    var stream = RandomStream(seed: 7, purpose: "relabelling")
    let weights = random([shape.parameterCount], &stream, bound: 0.6)
    let x = Variable(random([2, 6, 3], &stream))
    let order = (0..<11).map { ($0 * 4 + 3) % 11 }
    let before = try RecurrentNetwork.run(weights: Variable(weights), shape, input: x)
    for layer in 0..<2 {
      let permuted = try Permutation.permute(weights, shape, layer: layer, order: order)
      #expect(permuted != weights)
      let after = try RecurrentNetwork.run(weights: Variable(permuted), shape, input: x)
      #expect(difference(after.outputs.value, before.outputs.value) < 1e-6)
    }
  }
}
