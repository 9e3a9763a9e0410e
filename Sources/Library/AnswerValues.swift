import Interrogation
import Language

extension Arguments {
  /// A value as an answer of a game: equal to another by value, as `==` has it, and shown as it is in
  /// texts.
  func answer(_ value: Value) -> AnswerValue {
    switch value {
    case .string(let string): return AnswerValue(string.text)
    case .number(let number): return AnswerValue(number, text: session.text(value))
    case .tensor(let object):
      guard !object.isMask, object.variable.value.rank == 0, let item = object.variable.value.item
      else { break }
      return AnswerValue(Double(item), text: session.text(value))
    default: break
    }
    return AnswerValue(whole: WholeText.text(of: value, self), text: session.text(value))
  }

  /// Texts of values, a different one for each different value.
  func distinctTexts(_ values: some Sequence<Value>) -> [String] {
    var book = AnswerBook()
    let codes = values.map { book.code(of: answer($0)) }
    let texts = book.texts
    return codes.map { texts[Int($0)] }
  }
}

/// Values written out in full, so that equal texts are equal values.
private enum WholeText {
  static func text(of value: Value, _ call: Arguments) -> String {
    switch value {
    case .unset, .none: return "none"
    case .boolean(let truth): return truth ? "true" : "false"
    case .number(let number):
      return AnswerValue.digits(number == 0 ? 0 : number)
    case .string(let string): return String(reflecting: string.text)
    case .list(let list):
      return "[" + list.items.map { text(of: $0, call) }.joined(separator: ", ") + "]"
    case .record(let record) where record.isTuple:
      return "(" + record.values.map { text(of: $0, call) }.joined(separator: ", ") + ",)"
    case .record(let record):
      // Records are equal whatever the order of their fields.
      return "(" + fields(record.names, record.values, call).sorted().joined(separator: ", ") + ")"
    case .range(let range):
      return "\(AnswerValue.digits(range.start))..\(AnswerValue.digits(range.stop))"
    case .tensor(let object): return tensor(object)
    case .instance(let instance):
      let parts = fields(instance.type.fields, instance.values, call)
      return instance.type.name.name + "(" + parts.joined(separator: ", ") + ")"
    case .function, .type, .module, .native: return call.session.text(value)
    }
  }

  private static func fields(
    _ names: [Symbol], _ values: some Sequence<Value>, _ call: Arguments
  ) -> [String] {
    zip(names, values).map { "\(String(reflecting: $0.name))=\(text(of: $1, call))" }
  }

  private static func tensor(_ object: TensorObject) -> String {
    let tensor = object.variable.value
    if !object.isMask, tensor.rank == 0, let item = tensor.item {
      return AnswerValue.digits(Double(item == 0 ? 0 : item))
    }
    let numbers = tensor.elements.map { AnswerValue.digits(Double($0 == 0 ? 0 : $0)) }
    let shape = tensor.shape.map { "\($0)" }.joined(separator: ", ")
    return "\(object.isMask ? "mask" : "tensor") [\(shape)] [\(numbers.joined(separator: " "))]"
  }
}
