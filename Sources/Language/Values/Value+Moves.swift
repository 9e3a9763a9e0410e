import Autodiff
import Tensors

/// Taking tensors and objects out of values that nobody else holds, to change them in place.
extension Value {
  /// The object of a kind; where this value is its only holder, nobody holds it afterwards.
  public consuming func taken<Object: NativeObject>(_ type: Object.Type) -> Object? {
    guard case .native(var box) = self else { return nil }
    self = .none
    guard isKnownUniquelyReferenced(&box) else { return box.object as? Object }
    return box.takeObject() as? Object
  }

  /// The tensors of a nest of records, lists and types, in order.
  ///
  /// What the value alone holds is taken out of it, until `put` brings other tensors back.
  public mutating func takeTensors() -> [Tensor] {
    var found: [Tensor] = []
    changeTensors { tensor in
      found.append(tensor)
      tensor = Value.placeholder
    }
    return found
  }

  /// Puts tensors back where `takeTensors` took them from, in the same order.
  public mutating func put(_ tensors: [Tensor]) {
    var rest = tensors[...]
    changeTensors { tensor in if let next = rest.popFirst() { tensor = next } }
  }

  private static let placeholder = Tensor(0)

  /// Changes each tensor; containers that have other holders are copied first.
  private mutating func changeTensors(_ change: (inout Tensor) -> Void) {
    switch self {
    case .tensor(var object):
      self = .none
      if !isKnownUniquelyReferenced(&object) { object = TensorObject(object.variable.detached) }
      object.change(change)
      self = .tensor(object)
    case .list(var list):
      self = .none
      if !isKnownUniquelyReferenced(&list) { list = list.copy() }
      for place in 0..<list.count { list.base[place].changeTensors(change) }
      self = .list(list)
    case .record(var record):
      self = .none
      if !isKnownUniquelyReferenced(&record) { record = record.copy() }
      for place in record.names.indices { record.base[place].changeTensors(change) }
      self = .record(record)
    case .instance(var instance):
      self = .none
      if !isKnownUniquelyReferenced(&instance) { instance = instance.copy() }
      for place in instance.type.fields.indices { instance.base[place].changeTensors(change) }
      self = .instance(instance)
    case .native(var box) where box.learnedObject != nil:
      self = .none
      if !isKnownUniquelyReferenced(&box) { box = NativeBox(box.object) }
      box.changeLearned(change)
      self = .native(box)
    default: break
    }
  }
}

extension NativeBox {
  /// Changes the numbers that the object learns; meanwhile nothing here holds them.
  fileprivate func changeLearned(_ change: (inout Tensor) -> Void) {
    guard var tensor = takeLearned() else { return }
    change(&tensor)
    if let object = learnedObject { hold(object.replacing(learned: Variable(tensor))) }
  }

  private func takeLearned() -> Tensor? {
    guard let object = learnedObject else { return nil }
    hold(object.replacing(learned: TensorObject.empty))
    return object.learned.value
  }
}

extension TensorObject {
  fileprivate static let empty = Variable(Tensor(0))

  /// Changes the numbers; meanwhile the object itself does not hold them.
  fileprivate func change(_ change: (inout Tensor) -> Void) {
    var tensor = variable.value
    variable = TensorObject.empty
    change(&tensor)
    variable = Variable(tensor)
  }
}
