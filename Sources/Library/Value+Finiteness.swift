import Autodiff
import Language
import Tensors

/// What the numbers of tensors are at worst.
enum Finiteness: Int, Comparable {
  case finite
  case infinite
  case notANumber

  init(_ tensor: Tensor) {
    if tensor.isFinite {
      self = .finite
    } else {
      self = tensor.buffer.read { $0.contains(where: \.isNaN) } ? .notANumber : .infinite
    }
  }

  static func < (a: Finiteness, b: Finiteness) -> Bool { a.rawValue < b.rawValue }
}

extension Value {
  /// What the tensors of a nest of records, lists, types, nets and optimisers are at worst; plain
  /// numbers do not count.
  var finiteness: Finiteness {
    switch self {
    case .tensor(let object): Finiteness(object.variable.value)
    case .list(let list): Value.worst(list.items)
    case .record(let record): Value.worst(record.values)
    case .instance(let instance): Value.worst(instance.values)
    case .native(let box): Value.finiteness(of: box.object)
    default: .finite
    }
  }

  private static func worst(_ values: some Collection<Value>) -> Finiteness {
    var worst = Finiteness.finite
    for value in values {
      // Most items of long lists are plain numbers.
      if case .number = value { continue }
      worst = max(worst, value.finiteness)
    }
    return worst
  }

  private static func finiteness(of object: any NativeObject) -> Finiteness {
    if let net = object as? any LearnedObject { return Finiteness(net.learned.value) }
    if let held = object as? OptimizerValue {
      return held.optimizer.isFinite ? .finite : .notANumber
    }
    return .finite
  }

  /// The way to the first tensor that is worse than `allowed`: `parameters.w`, `layers[0].bias`.
  func placeBeyond(_ allowed: Finiteness) -> String {
    let parts: [(name: String, value: Value)]
    switch self {
    case .list(let list): parts = list.items.enumerated().map { ("[\($0)]", $1) }
    case .record(let record): parts = zip(record.names, record.values).map { (".\($0.name)", $1) }
    case .instance(let instance):
      parts = zip(instance.type.fields, instance.values).map { (".\($0.name)", $1) }
    default: parts = []
    }
    guard let (name, value) = parts.first(where: { $0.value.finiteness > allowed }) else {
      return ""
    }
    return name + value.placeBeyond(allowed)
  }
}
