import Execution
import Kernels
import Language
import Networks
import Tensors

/// An optimiser as a value.
struct OptimizerValue: NativeObject {
  let optimizer: Optimizer

  var typeName: String { "optimizer" }
  var fieldNames: [String] {
    rule == .sgd ? ["rate", "momentum", "decay", "step"] : ["rate", "decay", "step"]
  }

  func card(_ style: ConsoleStyle) -> String {
    let count = optimizer.firstMoments.reduce(0) { $0 + $1.count }
    let momentum =
      rule == .sgd ? "momentum \(Text.significant(optimizer.settings.beta1)), " : ""
    return "\(ruleName): rate \(Text.significant(optimizer.rate)), " + momentum
      + "decay \(Text.significant(optimizer.settings.decay)), \(Text.count(count, "parameter")), "
      + "step \(optimizer.step)"
  }

  private var rule: UpdateRule { optimizer.settings.rule }

  private var ruleName: String {
    switch rule {
    case .adamw: "AdamW"
    case .adam: "Adam"
    case .sgd: "gradient descent"
    }
  }

  var memory: Int {
    4 * (optimizer.firstMoments + optimizer.secondMoments).reduce(0) { $0 + $1.count }
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "rate": .number(optimizer.rate)
    case "momentum": rule == .sgd ? .number(optimizer.settings.beta1) : nil
    case "decay": .number(optimizer.settings.decay)
    case "step": .integer(optimizer.step)
    default: nil
    }
  }

  func isEqual(to other: any NativeObject) -> Bool {
    guard let other = (other as? OptimizerValue)?.optimizer else { return false }
    return optimizer.settings == other.settings && optimizer.rate == other.rate
      && optimizer.step == other.step && optimizer.firstMoments == other.firstMoments
      && optimizer.secondMoments == other.secondMoments
  }

  var fileForm: Value? {
    let settings = optimizer.settings
    let numbers = [
      optimizer.rate, settings.decay, settings.beta1, settings.beta2, settings.epsilon,
      Double(optimizer.step),
    ]
    return .tuple([
      .items(numbers.map { .number($0) }), .items(optimizer.firstMoments.map { .tensor($0) }),
      .items(optimizer.secondMoments.map { .tensor($0) }), .text(rule.rawValue),
    ])
  }
}

extension NativeTable {
  /// An optimiser for the tensors of the first argument, at the rate of the second.
  private static func optimizer(_ call: Arguments, _ settings: OptimizerSettings) throws -> Value {
    let shapes = call[0].tensors.map(\.shape)
    guard !shapes.isEmpty else { throw call.wrong(0, expected: "a tensor, or hold tensors") }
    let rate = try call.number(call.at("rate"))
    try settings.validate(rate: rate)
    return .object(
      OptimizerValue(optimizer: Optimizer(shapes: shapes, rate: rate, settings: settings)))
  }

  private static func number(_ call: Arguments, _ name: String) throws -> Double {
    try call.number(call.at(name))
  }

  static let optimisers: [NativeFunction] = [
    NativeFunction("adamw") { call in
      try optimizer(
        call,
        OptimizerSettings(
          decay: try number(call, "decay"), beta1: try number(call, "beta1"),
          beta2: try number(call, "beta2"), epsilon: try number(call, "epsilon")))
    },
    NativeFunction("adam") { call in
      try optimizer(
        call,
        OptimizerSettings(
          .adam, decay: try number(call, "decay"), beta1: try number(call, "beta1"),
          beta2: try number(call, "beta2"), epsilon: try number(call, "epsilon")))
    },
    NativeFunction("sgd") { call in
      try optimizer(
        call,
        OptimizerSettings(
          .sgd, decay: try number(call, "decay"), beta1: try number(call, "momentum")))
    },
    NativeFunction("update") { call in
      _ = try call.object(0, OptimizerValue.self, noun: "optimizer")
      let rate = call.isNone(4) ? nil : try call.number(4)
      let clip = call.isNone(3) ? nil : try call.number(3)
      let gradients = call[2].tensors.map(\.value)
      guard let held = call.take(0).taken(OptimizerValue.self) else { return .none }
      var optimizer = held.optimizer
      _ = consume held
      var updated = call.take(1)
      // Out of the value while they change, so that nobody else holds them.
      var parameters = updated.takeTensors()
      let wasFinite = optimizer.isFinite
      let norm = try optimizer.update(&parameters, gradients: gradients, rate: rate, clip: clip)
      updated.put(parameters)
      if norm.isFinite, wasFinite, !optimizer.isFinite {
        try call.warn(
          "gradients of norm \(Text.significant(norm)) are too large: the moments of the optimiser "
            + "overflow", hint: "update(..., clip=1) scales them down")
      }
      return .tuple([updated, .object(OptimizerValue(optimizer: optimizer))])
    },
  ]
}
