import Autodiff
import Execution
import Kernels
import Networks
import Tensors

/// Steps of many small nets and of one wide net.
enum Nets {
  private static func random(_ shape: [Int], _ stream: inout RandomStream) -> Tensor {
    Tensor(shape: shape) { out in
      for place in out.indices { out[place] = 0.4 * stream.uniformFloat() - 0.2 }
    }
  }

  static func run() throws {
    var stream = RandomStream(seed: 1, purpose: "measure")
    let small = try NetworkShape(inputs: 6, outputs: 6)
    let weights = Variable(random([64, small.parameterCount], &stream))
    let x = Variable(random([64, 6], &stream))
    var state: RecurrentNetwork.State?
    Measure.report(
      "64 nets",
      try Measure.time {
        state = try RecurrentNetwork.stepMany(weights: weights, small, input: x, state: state).state
      })
    Measure.report(
      "64 nets read", 1000 * ReadingPeak.measure(count: 64 * small.parameterCount))
    for cell in NetworkShape.Cell.allCases {
      let wide = try NetworkShape(cell: cell, inputs: 256, outputs: 6, hidden: 256, layers: 2)
      let wideWeights = Variable(random([wide.parameterCount], &stream))
      let wideInput = Variable(random([64, 1, 256], &stream))
      state = nil
      let name = cell == .lstm ? "wide step" : "wide step \(cell)"
      Measure.report(
        name,
        try Measure.time {
          state = try RecurrentNetwork.run(
            weights: wideWeights, wide, input: wideInput, state: state
          ).state
        })
    }
  }
}
