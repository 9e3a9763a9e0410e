import Execution
import Glibc
import Language
import Tensors

extension NativeTable {
  static let basics: [NativeFunction] = [
    NativeFunction("print") { call in
      let texts = try call.items(of: call[0]).mappedInStretches(call.session.text)
      call.console.write(texts.joined(separator: try call.string(1)) + (try call.string(2)))
      return .none
    },
    NativeFunction("show") { call in .text(call.session.display(call[0])) },
    NativeFunction("note") { call in
      let texts = try call.items(of: call[0]).map(call.session.text)
      call.console.note(texts.joined(separator: " "))
      return .none
    },
    NativeFunction("warn") { call in
      try call.warn(call.session.text(call[0]), hint: call.isNone(1) ? nil : try call.string(1))
      return .none
    },
    NativeFunction("fail") { call in throw Failure(call.session.text(call[0])) },
    NativeFunction("type_of") { call in .text(call[0].typeName) },
    NativeFunction("parameter_names") { call in
      switch call[0] {
      case .function(let function): .items(function.parameterNames.map(Value.text))
      case .type(let type): .items(type.parameterNames.map(Value.text))
      default: throw call.wrong(0, expected: "a function")
      }
    },
    NativeFunction("length") { call in
      switch call[0] {
      case .list(let list): .integer(list.items.count)
      case .range(let range): .number(range.length)
      case let value: .integer(try length(value, call))
      }
    },
    NativeFunction("floor") { call in try rounded(call, .down) },
    NativeFunction("ceil") { call in try rounded(call, .up) },
    NativeFunction("round") { call in
      let decimals = try call.integer(1, -15...15)
      let scale = pow(10, Double(abs(decimals)))
      if case .number(let number) = call[0] { return .number(rounded(number, decimals, scale)) }
      return .tensor(
        try call.tensor(0).mapped { Float(rounded(Double($0), decimals, scale)) })
    },
    NativeFunction("is_finite") { call in
      if case .number(let number) = call[0] { return .boolean(number.isFinite) }
      return .mask(try call.tensor(0).mapped { $0.isFinite ? 1 : 0 })
    },
  ]

  private static func length(_ value: Value, _ call: Arguments) throws -> Int {
    switch value {
    case .record(let record): return record.values.count
    case .string(let text): return try text.checkedCount()
    case .tensor(let object) where object.variable.value.rank > 0: return object.variable.shape[0]
    case .native(let box):
      if let count = box.object.elementCount { return count }
    default: break
    }
    throw call.wrong(0, expected: "a collection")
  }

  /// A number rounded to decimals, `scale` being 10 to the power of their magnitude: a power of 0.1
  /// would not be exact.
  private static func rounded(_ number: Double, _ decimals: Int, _ scale: Double) -> Double {
    if decimals < 0 { return (number / scale).rounded(.toNearestOrEven) * scale }
    // A number so large has no decimals, and might leave what 64 bits hold.
    if abs(number) >= 0x1p53 { return number }
    return (number * scale).rounded(.toNearestOrEven) / scale
  }

  private static func rounded(_ call: Arguments, _ rule: FloatingPointRoundingRule) throws -> Value
  {
    if case .number(let number) = call[0] { return .number(number.rounded(rule)) }
    return .tensor(try call.tensor(0).mapped { $0.rounded(rule) })
  }
}

extension Tensor {
  /// A tensor of the same shape, each element by a function: for what has no kernel of its own.
  ///
  /// - Throws: what was thrown to stop work.
  func mapped(_ function: (Float) -> Float) throws -> Tensor {
    try Tensor(shape: shape) { out in
      try buffer.read { numbers in
        try Stretches.forEach(numbers.count) {
          for place in $0 { out[place] = function(numbers[place]) }
        }
      }
    }
  }
}
