import Autodiff
import Execution
import Language
import Tensors

extension NativeTable {
  static let creation: [NativeFunction] = [
    NativeFunction("tensor") { call in
      if case .tensor = call[0] { return call[0] }
      do {
        if holdsOnlyTruth(call[0]) { return .mask(try Arguments.tensor(call[0])) }
        return .variable(try Arguments.variable(of: call[0]))
      } catch let failure as Failure {
        throw Failure(failure.message, at: .position(0), hint: failure.hint)
      }
    },
    NativeFunction("zeros") { call in .tensor(try Tensor.zeros(try shape(call))) },
    NativeFunction("ones") { call in .tensor(try Tensor.ones(try shape(call))) },
    NativeFunction("arange") { call in
      let first = try call.number(0)
      if call.isNone(1) { return .tensor(try Tensor.arange(0, first, step: try call.number(2))) }
      return .tensor(try Tensor.arange(first, try call.number(1), step: try call.number(2)))
    },
    NativeFunction("linspace") { call in
      .tensor(
        try Tensor.linspace(
          try call.number(0), try call.number(1), count: try call.integer(2, 1...Int.max)))
    },
    NativeFunction("normal") { call in
      var stream = try call.stream(3)
      return .tensor(
        try Tensor.normal(
          try shape(call), mean: try call.number(1), std: try call.number(2), using: &stream))
    },
    NativeFunction("uniform") { call in
      var stream = try call.stream(3)
      return .tensor(
        try Tensor.uniform(
          try shape(call), low: Float(try call.number(1)), high: Float(try call.number(2)),
          using: &stream))
    },
    NativeFunction("integers") { call in
      var stream = try call.stream(3)
      let low = try call.integer(1)
      let high = try call.integer(2)
      guard high > low else { throw call.wrongValue(2, expected: "above the lower bound \(low)") }
      let shape = try shape(call)
      try Tensor.checkSize(shape)
      let numbers = (0..<Tensor.count(of: shape)).map { _ in
        Float(low + stream.integer(below: high - low))
      }
      return .tensor(Tensor(shape: shape, numbers))
    },
    NativeFunction("permutation") { call in
      var stream = try call.stream(1)
      return .tensor(
        Tensor(stream.permutation(try call.integer(0, 0...1_000_000_000)).map(Float.init)))
    },
    NativeFunction("one_hot") { call in
      .tensor(try Tensor.oneHot(try call.tensor(0), classes: try call.integer(1, 1...1_000_000)))
    },
  ]

  /// A shape: a number for rank 1, or a list.
  static func shape(_ call: Arguments, _ place: Int = 0) throws -> [Int] {
    if case .number = call[place] { return [try call.integer(place, 0...Tensor.maximumCount)] }
    return try call.integers(place)
  }

  static let arithmetic: [NativeFunction] = [
    numeric("exp", { $0.exp() }), numeric("log", { $0.log() }), numeric("sqrt", { $0.sqrt() }),
    numeric("abs", { $0.abs() }), numeric("sigmoid", { $0.sigmoid() }),
    numeric("sin", { $0.sin() }), numeric("cos", { $0.cos() }),
    numeric("tanh", { $0.tanh() }), numeric("relu", { $0.relu() }),
    NativeFunction("softmax") { call in
      .variable(try call.variable(0).softmax(axis: try call.integer(1)))
    },
    NativeFunction("log_softmax") { call in
      .variable(try call.variable(0).logSoftmax(axis: try call.integer(1)))
    },
    NativeFunction("where") { call in
      .variable(
        try Variable.where(try call.variable(0), try call.variable(1), try call.variable(2)))
    },
    NativeFunction("maximum") { call in
      .variable(try call.variable(0).maximum(try call.variable(1)))
    },
    NativeFunction("minimum") { call in
      .variable(try call.variable(0).minimum(try call.variable(1)))
    },
    NativeFunction("detach") { call in .variable(try call.variable(0).detached) },
  ]

  /// Whether nested lists hold truth values and nothing else, so that they select as an index.
  private static func holdsOnlyTruth(_ value: Value) -> Bool {
    switch value {
    case .boolean: true
    case .list(let list): !list.items.isEmpty && list.items.allSatisfy(holdsOnlyTruth)
    default: value.isMask
    }
  }

  /// A function of single numbers: of a plain number it gives a plain number.
  private static func numeric(
    _ name: String, _ function: @escaping @Sendable (Variable) -> Variable
  ) -> NativeFunction {
    let exact = exactFunctions[name]
    return NativeFunction(name) { call in
      if case .number(let number) = call[0], let exact { return .number(exact(number)) }
      return .variable(function(try call.variable(0)))
    }
  }

  static let reductions: [NativeFunction] = [
    reduction("sum", exact: PlainNumbers.sum) { try $0.sum(axes: $1, keepDimensions: $2) },
    reduction("mean", exact: PlainNumbers.mean) { try $0.mean(axes: $1, keepDimensions: $2) },
    reduction("variance", exact: PlainNumbers.variance) {
      try $0.variance(axes: $1, keepDimensions: $2)
    },
    reduction("std", exact: PlainNumbers.std) { try $0.std(axes: $1, keepDimensions: $2) },
    reduction("norm", exact: PlainNumbers.norm) { try $0.norm(axes: $1, keepDimensions: $2) },
    extreme("max", isMax: true), extreme("min", isMax: false),
    NativeFunction("quantile") { call in
      let (x, axes, keep) = (try call.variable(0), try axes(call, 2), try call.boolean(3))
      if let share = call.plainNumber(call[1]) {
        return .variable(try x.quantile(share, axes: axes, keepDimensions: keep))
      }
      let shares = try call.items(of: call[1]).map { call.plainNumber($0) ?? .nan }
      guard x.isTraced else {
        return .tensor(try x.value.quantiles(shares, axes: axes, keepDimensions: keep))
      }
      return .variable(
        try Variable.stack(
          try shares.map { try x.quantile($0, axes: axes, keepDimensions: keep) }, axis: -1))
    },
    NativeFunction("argmax") { call in
      .tensor(try call.tensor(0).argmax(axis: try axis(call, 1)))
    },
    NativeFunction("argmin") { call in
      .tensor(try call.tensor(0).argmin(axis: try axis(call, 1)))
    },
    NativeFunction("argsort") { call in
      .tensor(
        try call.tensor(0).argsort(axis: try call.integer(1), descending: try call.boolean(2)))
    },
    NativeFunction("cumsum") { call in
      .variable(try call.variable(0).cumsum(axis: try call.integer(1)))
    },
  ]

  /// An axis, or nil for all of them.
  private static func axis(_ call: Arguments, _ place: Int) throws -> Int? {
    call.isNone(place) ? nil : try call.integer(place)
  }

  /// A mask of what holds along axes, from which elements are true.
  static func truths(
    _ call: Arguments, _ reduce: (Variable, [Int]?) throws -> Variable
  ) throws -> Value {
    let elements = Variable(try call.tensor(0).mapped { $0 == 0 ? 0 : 1 })
    return .mask(try reduce(elements, try axes(call, 1)).value)
  }

  private static func axes(_ call: Arguments, _ place: Int) throws -> [Int]? {
    if call.isNone(place) { return nil }
    if case .number = call[place] { return [try call.integer(place)] }
    return try call.integers(place)
  }

  /// A reduction of a tensor; of a list of plain numbers it is taken in 64 bits.
  private static func reduction(
    _ name: String, exact: @escaping @Sendable ([Double]) -> Double,
    _ body: @escaping @Sendable (Variable, [Int]?, Bool) throws -> Variable
  ) -> NativeFunction {
    NativeFunction(name) { call in
      if call.isNone(1), let numbers = plainNumbers(call) { return .number(exact(numbers)) }
      return .variable(try body(try call.variable(0), try axes(call, 1), try call.boolean(2)))
    }
  }

  /// `max` and `min`: over axes of a tensor, or the larger of two things.
  private static func extreme(_ name: String, isMax: Bool) -> NativeFunction {
    NativeFunction(name) { call in
      if !call.isNone(4) { return try extremeItem(call, by: 4, isMax: isMax) }
      if !call.isNone(1) {
        guard call.isNone(2) else {
          throw Failure(
            "`\(name)` compares two values here, and has no axis to go along", at: .position(2),
            hint: "of several values: \(name)([1, 2, 3]); along an axis: \(name)(x, axis=0)")
        }
        if case .number(let a) = call[0], case .number(let b) = call[1] {
          if a.isNaN || b.isNaN { return .number(.nan) }
          return .number(isMax ? Swift.max(a, b) : Swift.min(a, b))
        }
        let (a, b) = (try call.variable(0), try call.variable(1))
        return .variable(isMax ? try a.maximum(b) : try a.minimum(b))
      }
      if call.isNone(2), let numbers = plainNumbers(call) {
        return .number(PlainNumbers.extreme(numbers, isMax: isMax))
      }
      if case .list(let list) = call[0], case .string? = list.items.first {
        return try extremeItem(call, by: 4, isMax: isMax)
      }
      let (x, axes, keep) = (try call.variable(0), try axes(call, 2), try call.boolean(3))
      return .variable(
        isMax
          ? try x.max(axes: axes, keepDimensions: keep)
          : try x.min(axes: axes, keepDimensions: keep))
    }
  }

  static let shapes: [NativeFunction] = [
    NativeFunction("shape") { call in
      let shape = try call[0].storedTensor?.shape ?? call.variable(0).shape
      return .items(shape.map(Value.integer))
    },
    NativeFunction("reshape") { call in
      let (x, wanted) = (try call.variable(0), try shape(call, 1))
      let result = try remarking([(0, Tensor.text(of: x.shape)), (1, "")]) {
        try x.reshaped(wanted)
      }
      return .variable(result, like: call[0])
    },
    NativeFunction("transpose") { call in
      let x = try call.variable(0)
      let result = call.isNone(1) ? try x.transposed() : try x.permuted(try call.integers(1))
      return .variable(result, like: call[0])
    },
    NativeFunction("concat") { call in
      let (parts, axis) = (try variables(call), try call.integer(1))
      return try joined(call, try remarking([(0, "")]) { try Variable.concat(parts, axis: axis) })
    },
    NativeFunction("stack") { call in
      let (parts, axis) = (try variables(call), try call.integer(1))
      return try joined(call, try remarking([(0, "")]) { try Variable.stack(parts, axis: axis) })
    },
    NativeFunction("gather") { call in
      .variable(try Variable.gather(try call.variable(0), try call.tensor(1)), like: call[0])
    },
    NativeFunction("broadcast") { call in
      let (x, wanted) = (try call.variable(0), try shape(call, 1))
      let result = try remarking([(0, Tensor.text(of: x.shape)), (1, "")]) {
        try x.broadcast(to: wanted)
      }
      return .variable(result, like: call[0])
    },
  ]

  /// Ties a failure about shapes to the arguments from which it comes.
  private static func remarking(
    _ remarks: [(place: Int, text: String)], _ body: () throws -> Variable
  ) throws -> Variable {
    do {
      return try body()
    } catch var failure as Failure {
      failure.labels = remarks.map { Failure.Label(.position($0.place), $0.text) }
      throw failure
    }
  }

  /// Tensors that were joined: masks give a mask.
  private static func joined(_ call: Arguments, _ result: Variable) throws -> Value {
    let areMasks = try call.items(of: call[0]).allSatisfy(\.isMask)
    return areMasks ? .mask(result.value) : .variable(result)
  }

  private static func variables(_ call: Arguments) throws -> [Variable] {
    let items = try call.items(of: call[0])
    guard !items.isEmpty else {
      throw call.wrongValue(0, expected: "a list of at least one tensor")
    }
    return try items.map { item in
      guard let variable = try call.plainVariable(item) else {
        throw call.wrong(0, expected: "a list of tensors")
      }
      return variable
    }
  }
}
