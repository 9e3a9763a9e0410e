import Autodiff
import Tensors

extension Value {
  /// The same nest of records, lists and types with each tensor replaced, those of nets included.
  public func mappingTensors(_ replace: (Variable) throws -> Value) rethrows -> Value {
    switch self {
    case .tensor(let object): try replace(object.variable)
    case .list(let list): .items(try list.items.map { try $0.mappingTensors(replace) })
    case .record(let record):
      .record(record.like(try record.values.map { try $0.mappingTensors(replace) }))
    case .instance(let instance):
      .instance(
        .holding(instance.type, try instance.values.map { try $0.mappingTensors(replace) }))
    case .native(let box): try box.learnedObject.map { try $0.mappingLearned(replace) } ?? self
    default: self
    }
  }

  /// The tensors of a nest of records, lists and types, in order; of a net its weights.
  public var tensors: [Variable] {
    var found: [Variable] = []
    collectTensors(&found)
    return found
  }

  private func collectTensors(_ found: inout [Variable]) {
    switch self {
    case .tensor(let object): found.append(object.variable)
    case .list(let list): for item in list.items { item.collectTensors(&found) }
    case .record(let record): for value in record.values { value.collectTensors(&found) }
    case .instance(let instance): for value in instance.values { value.collectTensors(&found) }
    case .native(let box): if let learned = box.learnedObject?.learned { found.append(learned) }
    default: break
    }
  }

  /// The value of a record's or instance's field, if there is one.
  public func held(_ name: String) -> Value? { heldField(name) }
}

extension LearnedObject {
  fileprivate func mappingLearned(_ replace: (Variable) throws -> Value) rethrows -> Value {
    guard case .tensor(let object) = try replace(learned) else { return .object(self) }
    return .object(replacing(learned: object.variable))
  }
}
