import Autodiff
import Execution
import Kernels
import Tensors
import Testing

@testable import Networks

/// Agreement with an independent implementation to 1e-5.
@Suite struct GoldenTests {
  private struct Net: CustomTestStringConvertible {
    var name: String
    var cell = NetworkShape.Cell.lstm
    var inputs: Int
    var outputs: Int
    var hidden: Int
    var layers: Int

    var testDescription: String { name }

    func shape() throws -> NetworkShape {
      try NetworkShape(
        cell: cell, inputs: inputs, outputs: outputs, hidden: hidden, layers: layers)
    }
  }

  private static let nets = [
    Net(name: "lstm_2x32_in6_out6", inputs: 6, outputs: 6, hidden: 32, layers: 2),
    Net(name: "lstm_3x5_in4_out3", inputs: 4, outputs: 3, hidden: 5, layers: 3),
    Net(name: "gru_2x32_in6_out6", cell: .gru, inputs: 6, outputs: 6, hidden: 32, layers: 2),
    Net(name: "gru_3x5_in4_out3", cell: .gru, inputs: 4, outputs: 3, hidden: 5, layers: 3),
    Net(name: "rnn_2x32_in6_out6", cell: .rnn, inputs: 6, outputs: 6, hidden: 32, layers: 2),
    Net(name: "rnn_3x5_in4_out3", cell: .rnn, inputs: 4, outputs: 3, hidden: 5, layers: 3),
  ]

  @Test(arguments: 0..<6) func rollout(number: Int) throws {
    let net = Self.nets[number]
    let (shape, golden) = (try net.shape(), try Golden(net.name))
    let tape = Tape()
    let weights = tape.variable(try golden.tensor("parameters"))
    let input = try golden.tensor("input")
    let results = try RecurrentNetwork.run(weights: weights, shape, input: Variable(input))
    #expect(difference(results.outputs.value, try golden.tensor("logits")) < 1e-5)
    #expect(difference(results.state.hidden.value, try golden.tensor("h_n")) < 1e-5)
    if let cell = results.state.cell {
      #expect(difference(cell.value, try golden.tensor("c_n")) < 1e-5)
    }
    let loss = crossEntropy(results.outputs, try golden.integers("labels"))
    #expect(difference(loss.value, try golden.tensor("loss")) < 1e-5)
    let gradient = try tape.gradients(of: loss, for: [weights])[0]
    #expect(difference(gradient, try golden.tensor("grad_parameters")) < 1e-5)
  }

  @Test(arguments: 0..<6) func continuation(number: Int) throws {
    let net = Self.nets[number]
    let (shape, golden) = (try net.shape(), try Golden(net.name))
    let input = try golden.tensor("input")
    let length = input.shape[1] * input.shape[2]
    let start = (0..<input.shape[0]).flatMap { row in
      input.elements[(row * length)..<(row * length + 3 * net.inputs)]
    }
    let state = RecurrentNetwork.State(
      hidden: Variable(try golden.tensor("h_n")),
      cell: net.cell.hasCellState ? Variable(try golden.tensor("c_n")) : nil)
    let results = try RecurrentNetwork.run(
      weights: Variable(try golden.tensor("parameters")), shape,
      input: Variable(Tensor(shape: [input.shape[0], 3, net.inputs], start)), state: state)
    #expect(difference(results.outputs.value, try golden.tensor("logits_continued")) < 1e-5)
    #expect(difference(results.state.hidden.value, try golden.tensor("h_n_continued")) < 1e-5)
    if let cell = results.state.cell {
      #expect(difference(cell.value, try golden.tensor("c_n_continued")) < 1e-5)
    }
  }

  @Test func namedTensors() throws {
    let net = Self.nets[1]
    let (shape, golden) = (try net.shape(), try Golden(net.name))
    let flat = try golden.tensor("parameters")
    for part in shape.parts {
      let tensor = try shape.tensor(part, of: flat)
      let expected = try golden.tensor("param.\(part.name)")
      #expect(tensor.shape == expected.shape && tensor.elements == expected.elements)
    }
    let again = try shape.flatWeights { try golden.tensor("param.\($0.name)") }
    #expect(again.elements == flat.elements)
  }

  private func trajectory(
    rates: [Double], _ check: (Int, [Tensor], Optimizer, Float) throws -> Void
  ) throws {
    let golden = try Golden("adamw_3x5")
    let shape = try Self.nets[1].shape()
    var parameters = [try golden.tensor("parameters_initial")]
    let inputs = try golden.tensor("inputs").elements
    let labels = try golden.integers("labels")
    var optimizer = Optimizer(
      shapes: [[shape.parameterCount]], settings: OptimizerSettings(decay: 1e-4))
    for step in 0..<20 {
      let tape = Tape()
      let weights = tape.variable(parameters[0])
      let input = Tensor(shape: [2, 7, 4], Array(inputs[(step * 56)..<(step * 56 + 56)]))
      let outputs = try RecurrentNetwork.run(weights: weights, shape, input: Variable(input))
        .outputs
      let loss = crossEntropy(outputs, Array(labels[(step * 14)..<(step * 14 + 14)]))
      let gradients = try tape.gradients(of: loss, for: [weights])
      try optimizer.update(&parameters, gradients: gradients, rate: rates[step])
      try check(step, parameters, optimizer, loss.value.elements[0])
    }
  }

  @Test func adamW() throws {
    let golden = try Golden("adamw_3x5")
    let losses = try golden.tensor("losses").elements
    let names = [0: "after_step1", 1: "after_step2", 9: "after_step10", 19: "final"]
    try trajectory(rates: Array(repeating: 0.01, count: 20)) {
      (step, parameters, optimizer, loss) throws in
      #expect(abs(loss - losses[step]) < 1e-5)
      if let name = names[step] {
        #expect(difference(parameters[0], try golden.tensor("parameters_\(name)")) < 1e-5)
      }
      if step == 19 {
        let (first, second) = (optimizer.firstMoments[0], optimizer.secondMoments[0])
        #expect(difference(first, try golden.tensor("exp_avg_final")) < 1e-5)
        #expect(difference(second, try golden.tensor("exp_avg_sq_final")) < 1e-5)
      }
    }
  }

  @Test func schedule() throws {
    let golden = try Golden("adamw_3x5")
    let schedule = try Schedule([(0, 0.01), (10_000, 0.003), (20_000, 0.0003)])
    let values = try golden.doubles("schedule_values")
    for (step, value) in zip(try golden.integers("schedule_steps"), values) {
      #expect(abs(schedule.rate(at: step) - value) < 1e-12)
    }
  }

  /// The official order of events: the rate of a step is set after the step before it.
  @Test func scheduledRun() throws {
    let golden = try Golden("adamw_3x5")
    let schedule = try Schedule([(0, 0.01), (10, 0.003), (20, 0.0003)])
    let rates = (0..<20).map { schedule.rate(at: max($0 - 1, 0)) }
    for (rate, expected) in zip(rates, try golden.doubles("scheduled_lr_used")) {
      #expect(abs(rate - expected) < 1e-12)
    }
    let losses = try golden.tensor("scheduled_losses").elements
    try trajectory(rates: rates) { (step, parameters, _, loss) throws in
      #expect(abs(loss - losses[step]) < 1e-5)
      if step == 19 {
        let expected = try golden.tensor("scheduled_parameters_final")
        #expect(difference(parameters[0], expected) < 1e-5)
      }
    }
  }

  @Test func permutation() throws {
    let golden = try Golden("permutation")
    let shape = try NetworkShape(inputs: 5, outputs: 5, hidden: 6, layers: 2)
    let weights = try golden.tensor("parameters")
    let orders = try (0..<2).map { try golden.integers("permutation_layer\($0)") }
    let one = try Permutation.permute(weights, shape, layer: 0, order: orders[0])
    let two = try Permutation.permute(weights, shape, layer: 1, order: orders[1])
    let both = try Permutation.permute(one, shape, layer: 1, order: orders[1])
    for (permuted, name) in [(one, "layer0"), (two, "layer1"), (both, "both")] {
      let expected = try golden.tensor("parameters_permuted_\(name)")
      #expect(permuted.elements == expected.elements)
    }
    let input = Variable(try golden.tensor("input"))
    for nets in [weights, one, two, both] {
      let results = try RecurrentNetwork.runMany(weights: Variable(nets), shape, input: input)
      #expect(difference(results.outputs.value, try golden.tensor("logits")) < 1e-5)
    }
  }
}
