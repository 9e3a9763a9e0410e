import Execution
import Kernels
import Language
import Networks
import Tensors
import Zoos

extension NativeTable {
  /// Loads what a folder holds: a zoo.
  static func loadFolder(_ path: String, _ call: Arguments) throws -> Value {
    .object(ZooValue(zoo: try Zoo.load(path, console: call.console)))
  }
}

/// Native objects made again from the forms in which files keep them.
enum NativeForms {
  static func object(_ kind: String, _ form: Value, path: String) throws -> Value {
    guard let value = try made(kind, form) else {
      throw Failure("\"\(path)\" holds a damaged or unknown object of the kind `\(kind)`")
    }
    return value
  }

  private static func made(_ kind: String, _ form: Value) throws -> Value? {
    switch kind {
    case "lstm", "gru", "rnn", "nets":
      guard let settings = form.held("0"), let weights = form.held("1"),
        let shape = try netShape(settings)
      else { return nil }
      return .object(NetValue(shape: shape, constant: try Arguments.tensor(weights)))
    case "column": return form
    case "optimizer": return try optimizer(form)
    case "language":
      let numbers = try Arguments.tensor(form).elements.compactMap { Int(whole: Double($0)) }
      guard numbers.count == (try Arguments.tensor(form).count) else { return nil }
      return .object(LanguageValue(language: try FormalLanguage(numbers)))
    default: return nil
    }
  }

  static func netShape(_ settings: Value) throws -> NetworkShape? {
    let sizes = ["inputs", "outputs", "hidden", "layers"].compactMap { name -> Int? in
      guard case .number(let number)? = settings.held(name) else { return nil }
      return Int(whole: number)
    }
    var cell = NetworkShape.Cell.lstm
    if let named = settings.held("cell") {
      guard case .string(let name) = named, let known = NetworkShape.Cell(rawValue: name.text)
      else { return nil }
      cell = known
    }
    guard sizes.count == 4 else { return nil }
    return try NetworkShape(
      cell: cell, inputs: sizes[0], outputs: sizes[1], hidden: sizes[2], layers: sizes[3])
  }

  private static func optimizer(_ form: Value) throws -> Value? {
    guard case .list(let list)? = form.held("0"), list.items.count == 6,
      let first = form.held("1"), let second = form.held("2")
    else { return nil }
    var rule = UpdateRule.adamw
    if let named = form.held("3") {
      guard case .string(let name) = named, let known = UpdateRule(rawValue: name.text)
      else { return nil }
      rule = known
    }
    let numbers = try list.items.map { Double(try Arguments.exactNumber($0)) }
    guard let step = Int(whole: numbers[5], in: 0...1 << 53) else { return nil }
    return .object(
      OptimizerValue(
        optimizer: try Optimizer(
          rate: numbers[0],
          settings: OptimizerSettings(
            rule, decay: numbers[1], beta1: numbers[2], beta2: numbers[3], epsilon: numbers[4]),
          step: step, firstMoments: first.tensors.map(\.value),
          secondMoments: second.tensors.map(\.value))))
  }
}
