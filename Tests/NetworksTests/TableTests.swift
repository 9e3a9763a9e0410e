import Autodiff
import Execution
import Tensors
import Testing

@testable import Networks

/// Inputs that are rows of a table against the same inputs written out.
@Suite struct TableTests {
  /// Outputs and gradients of weights, table and what is added to the first input or to all, for one
  /// group and several.
  @Test(arguments: [3, 40], NetworkShape.Cell.allCases)
  func tableEqualsWrittenOut(sequences: Int, cell: NetworkShape.Cell) throws {
    let shape = try NetworkShape(cell: cell, inputs: 9, outputs: 4, hidden: 19, layers: 2)
    var stream = RandomStream(seed: 30, purpose: "table", index: UInt64(sequences))
    let numbers = [
      random([shape.parameterCount], &stream, bound: 0.4), random([7, 9], &stream),
      random([sequences, 9], &stream),
    ]
    let steps = 6
    let tokens = Tensor(shape: [sequences, steps]) { out in
      for place in out.indices { out[place] = Float(stream.integer(below: 7)) }
    }
    let factors = random([sequences * steps * 4], &stream).elements
    for (hasFirst, hasEach) in [(false, false), (true, false), (false, true)] {
      let tapes = [Tape(), Tape()]
      let variables = tapes.map { tape in numbers.map { tape.variable($0) } }
      let (a, b) = (variables[0], variables[1])
      let found = try RecurrentNetwork.run(
        weights: a[0], shape, table: a[1], tokens: tokens, first: hasFirst ? a[2] : nil,
        each: hasEach ? a[2] : nil)
      var input = try Variable.gather(b[1], tokens)
      if hasFirst {
        let zero = Variable(Tensor(repeating: 0, shape: [sequences, steps - 1, 9]))
        let first = try b[2].reshaped([sequences, 1, 9])
        input = try input.adding(try Variable.concat([first, zero], axis: 1))
      }
      if hasEach { input = try input.adding(try b[2].reshaped([sequences, 1, 9])) }
      let expected = try RecurrentNetwork.run(weights: b[0], shape, input: input).outputs
      #expect(found.shape == expected.shape)
      #expect(difference(found.value, expected.value) < 1e-6)
      let gradients = try zip(tapes, zip([found, expected], variables)).map { tape, rest in
        try tape.gradients(of: weighted(rest.0, factors), for: rest.1)
      }
      for (one, other) in zip(gradients[0], gradients[1]) {
        let size = other.elements.reduce(1) { max($0, abs($1)) }
        #expect(difference(one, other) < 1e-5 * size)
      }
    }
  }

  @Test func mistakesAreFailures() throws {
    let shape = try NetworkShape(inputs: 3, outputs: 2, hidden: 4, layers: 1)
    let weights = Variable(Tensor(repeating: 0, shape: [shape.parameterCount]))
    let table = Variable(Tensor(repeating: 0, shape: [5, 3]))
    func message(
      _ table: Variable, _ tokens: Tensor, _ first: Variable? = nil, _ each: Variable? = nil
    ) -> String? {
      let failure = #expect(throws: Failure.self) {
        try RecurrentNetwork.run(
          weights: weights, shape, table: table, tokens: tokens, first: first, each: each)
      }
      return failure?.message
    }
    let tokens = Tensor(shape: [1, 2], [0, 4])
    #expect(message(table, tokens, table, table) == "either `first` or `each` is added, not both")
    #expect(
      message(table, tokens, nil, table)
        == "what is added to all inputs has the shape [1, 3], but this has [5, 3]")
    #expect(
      message(weights, tokens)
        == "the table of a net with 3 inputs has the shape [V, 3], but this one has [\(shape.parameterCount)]"
    )
    #expect(
      message(table, Tensor([0, 1])) == "tokens have the shape [B, T], but these have [2]")
    for (number, text) in [(5, "5"), (-1, "-1"), (0.5, "0.5"), (.nan, "nan")] as [(Float, String)] {
      #expect(
        message(table, Tensor(shape: [1, 2], [0, number]))
          == "a token is a whole number below 5, but one is \(text)")
    }
    #expect(
      message(table, tokens, table)
        == "what is added to the first inputs has the shape [1, 3], but this has [5, 3]")
  }
}
