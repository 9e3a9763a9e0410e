import Execution
import Tensors

/// A call of a function of the library, by the names of its parameters.
struct BoundCall {
  var arguments: [String: (value: Knowledge, element: Expression.Element)]
  var span: Span

  /// What is known of an argument.
  func value(_ name: String) -> Knowledge { arguments[name]?.value ?? .unknown }

  /// The shape of an argument that is a tensor.
  func shape(_ name: String) -> [Int]? {
    if case .tensor(let shape) = value(name) { shape } else { nil }
  }
}

/// Shapes that are known before anything runs.
extension Checker {
  /// Functions that work on each element.
  private static let elementwise: Set<String> = [
    "relu", "sigmoid", "tanh", "exp", "log", "sqrt", "abs", "softmax", "log_softmax", "sin", "cos",
  ]

  /// What a function of the library gives; reports shapes that cannot go together.
  func result(of name: String, _ call: BoundCall) -> Knowledge {
    switch name {
    case "zeros", "ones", "normal", "uniform": return made(call)
    case "tensor": return call.value("numbers").shapeAsTensor.map(Knowledge.tensor) ?? .unknown
    case "reshape": return reshaped(call)
    case "concat": return joined(call, Tensor.concatShape)
    case "stack": return joined(call, Tensor.stackShape)
    case "lstm": return lstm(call)
    case "run": return run(call)
    case "sum", "mean", "norm":
      guard case .tensor = call.value("x"), call.arguments.count == 1 else { return .unknown }
      return .tensor([])
    default:
      guard Checker.elementwise.contains(name), let shape = call.shape("x") else { return .unknown }
      return .tensor(shape)
    }
  }

  private func made(_ call: BoundCall) -> Knowledge {
    guard let shape = call.value("shape").extents, shape.allSatisfy({ $0 >= 0 }) else {
      return .unknown
    }
    return .tensor(shape)
  }

  private func lstm(_ call: BoundCall) -> Knowledge {
    guard let inputs = call.value("inputs").integer, let outputs = call.value("outputs").integer
    else { return .unknown }
    return .net(inputs: inputs, outputs: outputs)
  }

  private func reshaped(_ call: BoundCall) -> Knowledge {
    guard let old = call.shape("x"), let new = call.value("shape").extents else { return .unknown }
    do {
      return .tensor(try Tensor.reshapedShape(old, to: new))
    } catch {
      var failure = Machine.failure(error)
      failure.labels = [
        Failure.Label(.position(0), Tensor.text(of: old)), Failure.Label(.position(1), ""),
      ]
      let operands = ["x", "shape"].map { call.arguments[$0]?.element.span ?? call.span }
      report(failure, operands, call.span)
      return .unknown
    }
  }

  /// What `concat` and `stack` give for a list whose shapes are known.
  private func joined(
    _ call: BoundCall, _ shape: ([[Int]], _ axis: Int) throws -> [Int]
  ) -> Knowledge {
    guard case .list(let items) = call.value("tensors"), !items.isEmpty else { return .unknown }
    let shapes = items.compactMap(\.shapeAsTensor)
    let axis = call.arguments["axis"] == nil ? 0 : call.value("axis").integer
    guard shapes.count == items.count, let axis else { return .unknown }
    do {
      return .tensor(try shape(shapes, axis))
    } catch {
      var failure = Machine.failure(error)
      var places = [call.arguments["tensors"]?.element.span ?? call.span]
      let other = shapes.indices.first { (try? shape([shapes[0], shapes[$0]], axis)) == nil }
      if case .list(let elements)? = call.arguments["tensors"]?.element.value.kind,
        let other, other > 0
      {
        places = [elements[0].span, elements[other].span]
        failure.labels = [0, other].enumerated().map { place, item in
          Failure.Label(.position(place), Tensor.text(of: shapes[item]))
        }
      }
      report(failure, places, call.span)
      return .unknown
    }
  }

  /// What an index gives; reports one that cannot be in the shape.
  ///
  /// - Parameter keys: what is known of the expressions in the brackets, in order.
  func selected(
    _ shape: [Int], _ items: [Expression.IndexItem], _ keys: [Knowledge], _ base: Span,
    at span: Span
  ) -> Knowledge {
    var rest = keys[...]
    var index: [TensorIndex] = []
    for item in items {
      let known = rest.prefix(item.expressions.count).map(\.integer)
      rest = rest.dropFirst(item.expressions.count)
      guard let entry = item.entry(known) else { return .unknown }
      index.append(entry)
    }
    do {
      return .tensor(try TensorSelection(index, in: shape).shape)
    } catch {
      if branches == 0 { report(error, [base] + items.map(\.span), span) }
      return .unknown
    }
  }

  private func run(_ call: BoundCall) -> Knowledge {
    guard case .net(let inputs, let outputs) = call.value("net"), let shape = call.shape("x"),
      let last = shape.last
    else { return .unknown }
    guard last == inputs else {
      if let place = call.arguments["x"]?.element.span {
        let text = Tensor.text(of: shape)
        let nets = Text.count(inputs, "input")
        report(
          .shapes, "the net has \(nets), but the input has the shape \(text)",
          [label(place, text)])
      }
      return .unknown
    }
    guard call.arguments["states"] == nil else { return .unknown }
    return .tensor(shape.dropLast() + [outputs])
  }

  /// What an operator gives; reports operands whose shapes do not go together.
  func combine(
    _ operation: BinaryOperator, _ left: (Knowledge, Span), _ right: (Knowledge, Span),
    at sign: Span
  ) -> Knowledge {
    switch (left.0, right.0) {
    case (.number(let a), .number(let b)): return number(operation, a, b)
    case (.tensor(let a), .tensor(let b)):
      return tensors(operation, a, b, [left.1, right.1], at: sign)
    case (.tensor(let shape), .number), (.number, .tensor(let shape)):
      return operation.isElementwise ? .tensor(shape) : .unknown
    default: return .unknown
    }
  }

  private func number(_ operation: BinaryOperator, _ a: Double?, _ b: Double?) -> Knowledge {
    switch operation {
    case .add: .number(Checker.both(a, b, +))
    case .subtract: .number(Checker.both(a, b, -))
    case .multiply: .number(Checker.both(a, b, *))
    case .divide, .floorDivide, .remainder, .power: .number(nil)
    default: .unknown
    }
  }

  private static func both(
    _ a: Double?, _ b: Double?, _ body: (Double, Double) -> Double
  ) -> Double? {
    if let a, let b { body(a, b) } else { nil }
  }

  private func tensors(
    _ operation: BinaryOperator, _ a: [Int], _ b: [Int], _ operands: [Span], at sign: Span
  ) -> Knowledge {
    do {
      if operation == .matrixMultiply { return .tensor(try Tensor.productShape(a, b)) }
      guard operation.isElementwise else { return .unknown }
      return .tensor(try Tensor.broadcastShape(a, b))
    } catch {
      report(error, operands, sign)
      return .unknown
    }
  }

  /// Reports shapes that do not go together in the machine's words.
  private func report(_ error: any Error, _ operands: [Span], _ place: Span) {
    let failure = Machine.failure(error)
    let remarks = failure.labels.compactMap { remark -> Diagnostic.Label? in
      guard case .position(let number) = remark.argument, operands.indices.contains(number) else {
        return nil
      }
      return label(operands[number], remark.text)
    }
    // As the machine does it: one remark is the place.
    let labels = remarks.count == 1 ? remarks : [label(place)] + remarks
    report(.shapes, failure.message, labels, hint: failure.hint)
  }
}

extension BinaryOperator {
  /// Whether tensors are combined element by element, by broadcasting.
  fileprivate var isElementwise: Bool {
    switch self {
    case .add, .subtract, .multiply, .divide, .power, .floorDivide, .remainder, .less,
      .lessOrEqual, .greater, .greaterOrEqual:
      true
    case .matrixMultiply, .equal, .notEqual, .isIn, .isNotIn: false
    }
  }
}

extension Expression.IndexItem {
  /// The entry that it is where the numbers in it are known.
  fileprivate func entry(_ numbers: [Int?]) -> TensorIndex? {
    let known = numbers.compactMap { $0 }
    guard known.count == numbers.count else { return nil }
    switch self {
    case .at: return known.first.map(TensorIndex.at)
    case .ellipsis: return .ellipsis
    case .slice(let start, let stop, let step, _):
      var rest = known[...]
      let bounds = [start, stop, step].map { $0 == nil ? nil : rest.popFirst() }
      guard bounds[2] != 0 else { return nil }
      return .slice(start: bounds[0], stop: bounds[1], step: bounds[2] ?? 1)
    }
  }
}
