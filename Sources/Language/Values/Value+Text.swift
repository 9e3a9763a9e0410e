import Execution
import Tensors

extension Value {
  /// Levels of nesting that are printed; deeper values show as `...`.
  static let depthLimit = 6

  /// The longest vector that a text shows on one line.
  static let lineLimit = 12

  /// A number as the language prints it: whole numbers without a point, others to 7 digits at most.
  public static func text(of number: Double) -> String {
    if abs(number) <= 0x1p53, let whole = Int(whole: number) { return String(whole) }
    return Text.significant(number, 7)
  }

  /// The text of a value inside others and in strings: one line for all but tensors and cards.
  func text(_ shown: (Value) -> String?, depth: Int = 0) -> String {
    if depth > Value.depthLimit { return "..." }
    switch self {
    case .unset, .none: return "none"
    case .boolean(let truth): return truth ? "true" : "false"
    case .number(let number): return Value.text(of: number)
    case .string(let string): return depth == 0 ? string.text : Value.quoted(string.text)
    case .list(let list):
      return "[" + Value.joined(list.items, limit: 100) { $0.text(shown, depth: depth + 1) } + "]"
    case .record(let record): return Value.text(of: record, shown, depth)
    case .range(let range):
      return "\(Value.text(of: range.start))..\(Value.text(of: range.stop))"
    case .function(let function):
      let isNamed = function.name != "function"
      return isNamed ? "function \(function.name)" : function.codes.first?.signature ?? "function"
    case .type(let type): return "type \(type.name.name)"
    case .module(let module): return "module \(module.name)"
    case .tensor(let object):
      let tensor = object.variable.value
      if let item = tensor.item, tensor.rank == 0 { return Text.significant(Double(item), 7) }
      if depth > 0 { return Value.brief(tensor) }
      return tensor.rank == 1 && tensor.count <= Value.lineLimit
        ? Value.row(tensor) : tensor.description(columns: 80)
    case .instance(let instance):
      if let text = shown(self) { return text }
      return instance.type.name.name + "("
        + Value.fields(instance.type.fields, instance.values, shown, depth) + ")"
    case .native(let box):
      if depth == 0 { return box.object.card(ConsoleStyle()) }
      return "<\(box.object.brief)>"
    }
  }

  private static func text(
    of record: RecordObject, _ shown: (Value) -> String?, _ depth: Int
  ) -> String {
    if record.isTuple {
      let parts = joined(record.values, limit: 100) { $0.text(shown, depth: depth + 1) }
      return "(" + parts + (record.values.count == 1 ? ",)" : ")")
    }
    if record.hasOtherNames {
      let pairs = joined(Array(zip(record.names, record.values)), limit: 100) {
        "(\(quoted($0.0.name)), \($0.1.text(shown, depth: depth + 1)))"
      }
      return "record([\(pairs)])"
    }
    return "(" + fields(record.names, record.values, shown, depth) + ")"
  }

  private static func fields(
    _ names: [Symbol], _ values: some Collection<Value>, _ shown: (Value) -> String?, _ depth: Int
  ) -> String {
    joined(Array(zip(names, values)), limit: 100) {
      "\($0.0.name)=\($0.1.text(shown, depth: depth + 1))"
    }
  }

  /// A small tensor in full on one line, a larger one by its shape.
  private static func brief(_ tensor: Tensor) -> String {
    guard tensor.rank == 1, tensor.count <= 8 else {
      return "tensor of shape \(Tensor.text(of: tensor.shape))"
    }
    return "tensor " + row(tensor)
  }

  /// The numbers of a vector on one line.
  private static func row(_ tensor: Tensor) -> String {
    "[" + tensor.elements.map { Text.significant(Double($0), 4) }.joined(separator: ", ") + "]"
  }

  static func joined<Items: Collection>(
    _ items: Items, limit: Int, _ text: (Items.Element) -> String
  ) -> String {
    let shown = items.prefix(limit).map(text)
    return shown.joined(separator: ", ") + (items.count > limit ? ", ... (\(items.count))" : "")
  }

  /// A string in quotes, with escapes where they are needed.
  public static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "{": result += "\\{"
      case _ where Text.isControl(scalar): result += Text.escaped(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension RecordObject {
  /// Whether the first fields, those that may be shown, have names that cannot be written as words:
  /// with blanks, or reserved.
  var hasOtherNames: Bool { names.prefix(100).contains { !$0.name.isWord } }

  /// The fields as pairs of name and value, as `record` takes them.
  var pairs: some Collection<(String, Value)> {
    zip(names, values).lazy.map { name, value in ("", Value.tuple([.text(name.name), value])) }
  }
}

extension String {
  /// Whether it can be written as a name in a source.
  var isWord: Bool {
    guard let first = unicodeScalars.first, first == "_" || first.properties.isXIDStart else {
      return false
    }
    return unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isXIDContinue }
      && !Token.Kind.keywords.contains { $0.word == self }
  }
}
