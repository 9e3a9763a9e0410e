import Execution
import Language
import Networks
import Tensors

/// An optimiser as a value.
struct OptimizerValue: NativeObject {
  let optimizer: AdamW

  var typeName: String { "optimizer" }
  var fieldNames: [String] { ["rate", "decay", "step"] }

  func card(_ style: ConsoleStyle) -> String {
    let count = optimizer.firstMoments.reduce(0) { $0 + $1.count }
    return "AdamW: rate \(Text.significant(optimizer.rate)), decay "
      + "\(Text.significant(optimizer.weightDecay)), \(count) parameters, step \(optimizer.step)"
  }

  var memory: Int {
    4 * (optimizer.firstMoments + optimizer.secondMoments).reduce(0) { $0 + $1.count }
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "rate": .number(optimizer.rate)
    case "decay": .number(optimizer.weightDecay)
    case "step": .integer(optimizer.step)
    default: nil
    }
  }

  var fileForm: Value? {
    let numbers = [
      optimizer.rate, optimizer.weightDecay, optimizer.beta1, optimizer.beta2, optimizer.epsilon,
      Double(optimizer.step),
    ]
    return .tuple([
      .items(numbers.map { .number($0) }), .items(optimizer.firstMoments.map { .tensor($0) }),
      .items(optimizer.secondMoments.map { .tensor($0) }),
    ])
  }
}

extension NativeTable {
  static let optimisers: [NativeFunction] = [
    NativeFunction("adamw") { call in
      let shapes = call[0].tensors.map(\.shape)
      guard !shapes.isEmpty else { throw call.wrong(0, expected: "a tensor, or hold tensors") }
      return .object(
        OptimizerValue(
          optimizer: AdamW(
            shapes: shapes, rate: try call.number(1), weightDecay: try call.number(2),
            beta1: try call.number(3), beta2: try call.number(4), epsilon: try call.number(5))))
    },
    NativeFunction("update") { call in
      _ = try call.object(0, OptimizerValue.self, noun: "optimizer")
      let rate = call.isNone(4) ? nil : try call.number(4)
      let clip = call.isNone(3) ? nil : Float(try call.number(3))
      let gradients = call[2].tensors.map(\.value)
      guard let held = call.take(0).taken(OptimizerValue.self) else { return .none }
      var optimizer = held.optimizer
      _ = consume held
      var updated = call.take(1)
      // Out of the value while they change, so that nobody else holds them.
      var parameters = updated.takeTensors()
      try optimizer.update(&parameters, gradients: gradients, rate: rate, clip: clip)
      updated.put(parameters)
      return .tuple([updated, .object(OptimizerValue(optimizer: optimizer))])
    },
  ]
}
