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
        let result = Value.variable(try Arguments.variable(of: call[0]))
        try call.tell(of: try Arguments.loss(of: call[0]))
        return result
      } catch let failure as Failure {
        throw Failure(failure.message, at: .position(0), hint: failure.hint)
      }
    },
    NativeFunction("zeros") { call in .tensor(try Tensor.zeros(try shape(call))) },
    NativeFunction("ones") { call in .tensor(try Tensor.ones(try shape(call))) },
    NativeFunction("arange") { call in
      let (first, step) = (try call.number(0), try call.number(2))
      let (start, stop) = call.isNone(1) ? (0, first) : (first, try call.number(1))
      let result = try Tensor.arange(start, stop, step: step)
      if max(abs(start), abs(stop)) > Double(Places.limit) {
        var loss = NumberLoss()
        try Stretches.forEach(result.count) {
          for place in $0 {
            let number = start + Double(place) * step
            loss.count(number, Float(number))
          }
        }
        try call.tell(of: loss)
      }
      return .tensor(result)
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
      for (place, bound) in [(1, low), (2, high)] where abs(bound) > Places.limit {
        throw call.wrongValue(
          place, expected: "within +-2^24, up to which a tensor tells whole numbers apart",
          hint: "choice(low..high, count=n, repeats=true) draws larger ones, as a list")
      }
      let shape = try shape(call)
      try Tensor.checkSize(shape)
      return .tensor(
        try Tensor(shape: shape) { out in
          var polling = Polling()
          for place in out.indices {
            try polling.check()
            out[place] = Float(low + stream.integer(below: high - low))
          }
        })
    },
    NativeFunction("permutation") { call in
      var stream = try call.stream(1)
      let order = try stream.checkedPermutation(try permutationCount(call))
      return .tensor(Tensor(shape: [order.count], try order.mappedInStretches { Float($0) }))
    },
    NativeFunction("one_hot") { call in
      .tensor(try Tensor.oneHot(try call.tensor(0), classes: try call.integer(1, 1...1_000_000)))
    },
  ]

  /// How many numbers are to be put in order, as many as a tensor tells apart.
  private static func permutationCount(_ call: Arguments) throws -> Int {
    let count = try call.integer(0, 0...Int.max)
    guard count <= Places.limit else {
      throw call.wrongValue(
        0, expected: "at most 2^24, up to which a tensor tells whole numbers apart",
        hint: "shuffle(0..n) gives longer orders, as a list")
    }
    return count
  }

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
      if let number = try plainExtreme(call, isMax: true) { return number }
      return .variable(try call.variable(0).maximum(try call.variable(1)))
    },
    NativeFunction("minimum") { call in
      if let number = try plainExtreme(call, isMax: false) { return number }
      return .variable(try call.variable(0).minimum(try call.variable(1)))
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
    reduction(
      "sum", list: { try PlainNumbers.sum($0) }, range: { $0.sum },
      tensor: { try $0.sum(axes: $1, keepDimensions: $2) }),
    reduction(
      "mean", list: { try PlainNumbers.mean($0) }, range: { $0.mean },
      tensor: { try $0.mean(axes: $1, keepDimensions: $2) }),
    reduction(
      "variance", list: { try PlainNumbers.variance($0) }, range: { $0.variance },
      tensor: { try $0.variance(axes: $1, keepDimensions: $2) }),
    reduction(
      "std", list: { try PlainNumbers.std($0) }, range: { $0.variance.squareRoot() },
      tensor: { try $0.std(axes: $1, keepDimensions: $2) }),
    reduction(
      "norm", list: { try PlainNumbers.norm($0) }, range: { $0.norm },
      tensor: { try $0.norm(axes: $1, keepDimensions: $2) }),
    extreme("max", isMax: true), extreme("min", isMax: false),
    NativeFunction("quantile") { call in
      if let result = try plainQuantile(call) { return result }
      let (x, axes, keep) = (try call.variable(0), try axes(call, 2), try call.boolean(3))
      if let share = call.plainNumber(call[1]) {
        return .variable(try x.quantile(share, axes: axes, keepDimensions: keep))
      }
      let shares = try shares(call)
      guard x.isTraced else {
        return .tensor(try x.value.quantiles(shares, axes: axes, keepDimensions: keep))
      }
      return .variable(
        try Variable.stack(
          try shares.map { try x.quantile($0, axes: axes, keepDimensions: keep) }, axis: -1))
    },
    argument("argmax", isMax: true), argument("argmin", isMax: false),
    NativeFunction("argsort") { call in
      let descending = try call.boolean(2)
      if let numbers = try plainNumbers(call, axis: 1) {
        return try places(Places(try PlainNumbers.order(numbers, descending: descending)))
      }
      let x = try call.tensor(0)
      if x.rank == 1, try x.axis(try call.integer(1)) == 0 {
        return try places(try x.sortingPlaces(descending: descending))
      }
      return .tensor(try x.argsort(axis: try call.integer(1), descending: descending))
    },
    NativeFunction("cumsum") { call in
      if case .tensor = call[0] {
        return .variable(try call.variable(0).cumsum(axis: try call.integer(1)))
      }
      if let list = try ListNumbers(call[0]), list.rank == 1,
        try isOnlyAxis(try call.integer(1))
      {
        let sums = try PlainNumbers.runningSums(list.numbers)
        return .items(try ListItems(polling: sums.lazy.map { .number($0) }))
      }
      return .variable(try call.variable(0).cumsum(axis: try call.integer(1)))
    },
  ]

  /// Whether an axis is that of a list.
  private static func isOnlyAxis(_ axis: Int) throws -> Bool { axis == 0 || axis == -1 }

  private static func shares(_ call: Arguments) throws -> [Double] {
    try call.items(of: call[1]).map { call.plainNumber($0) ?? .nan }
  }

  /// Quantiles of a list or range, in 64 bits: a number, or a list of them for several shares.
  private static func plainQuantile(_ call: Arguments) throws -> Value? {
    let share = call.plainNumber(call[1])
    if let range = try countedRange(call, axis: 2, keep: 3) {
      if let share { return .number(try range.quantile(share)) }
      return .items(try shares(call).map { .number(try range.quantile($0)) })
    }
    guard let numbers = try plainNumbers(call, axis: 2, keep: 3) else { return nil }
    let found = try PlainNumbers.quantiles(numbers, try share.map { [$0] } ?? shares(call))
    return share == nil ? .items(found.map { .number($0) }) : .number(found[0])
  }

  /// Places as a tensor; as a list of plain numbers where a tensor could not tell them apart.
  private static func places(_ places: Places) throws -> Value {
    if places.fitTensor { return .tensor(try places.tensor()) }
    return .items(try ListItems(polling: places.numbers.lazy.map(Value.integer)))
  }

  /// `argmax` and `argmin`: a single place is a plain number, exact however large.
  private static func argument(_ name: String, isMax: Bool) -> NativeFunction {
    NativeFunction(name) { call in
      if let range = try countedRange(call, axis: 1) {
        return .number(isMax ? range.count - 1 : 0)
      }
      if let numbers = try plainNumbers(call, axis: 1),
        let place = try PlainNumbers.argument(numbers, isMax: isMax)
      {
        return .integer(place)
      }
      let (x, axis) = (try call.tensor(0), try axis(call, 1))
      let found = isMax ? try x.argmax(axis: axis) : try x.argmin(axis: axis)
      return found.shape.isEmpty ? .integer(found.numbers[0]) : .tensor(try found.tensor())
    }
  }

  /// An axis, or nil for all of them.
  private static func axis(_ call: Arguments, _ place: Int) throws -> Int? {
    call.isNone(place) ? nil : try call.integer(place)
  }

  /// A mask of what holds along axes, from which elements are true.
  static func truths(
    _ call: Arguments, _ reduce: (Tensor, [Int]?) throws -> Tensor
  ) throws -> Value {
    .mask(try reduce(try call.tensor(0), try axes(call, 1)))
  }

  static func axes(_ call: Arguments, _ place: Int) throws -> [Int]? {
    if call.isNone(place) { return nil }
    if case .number = call[place] { return [try call.integer(place)] }
    return try call.integers(place)
  }

  /// A reduction of a tensor; of a list of plain numbers it is taken in 64 bits.
  private static func reduction(
    _ name: String, list: @escaping @Sendable ([Double]) throws -> Double,
    range: @escaping @Sendable (CountedRange) -> Double,
    tensor body: @escaping @Sendable (Variable, [Int]?, Bool) throws -> Variable
  ) -> NativeFunction {
    NativeFunction(name) { call in
      if let counted = try countedRange(call, axis: 1, keep: 2) { return .number(range(counted)) }
      if let numbers = try plainNumbers(call, axis: 1, keep: 2) {
        return .number(try list(numbers))
      }
      return .variable(try body(try call.variable(0), try axes(call, 1), try call.boolean(2)))
    }
  }

  /// The larger or smaller of two plain numbers, NaN if one is.
  private static func plainExtreme(_ call: Arguments, isMax: Bool) throws -> Value? {
    guard case .number(let a) = call[0], case .number(let b) = call[1] else { return nil }
    return .number(try PlainNumbers.extreme([a, b], isMax: isMax))
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
        if let number = try plainExtreme(call, isMax: isMax) { return number }
        let (a, b) = (try call.variable(0), try call.variable(1))
        guard a.value.rank == 0, b.value.rank == 0 else { throw ambiguous(name, call) }
        return .variable(isMax ? try a.maximum(b) : try a.minimum(b))
      }
      if let range = try countedRange(call, axis: 2, keep: 3) {
        return .number(isMax ? range.last : range.first)
      }
      if let numbers = try plainNumbers(call, axis: 2, keep: 3) {
        return .number(try PlainNumbers.extreme(numbers, isMax: isMax))
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

  /// `sum(x, 0)` goes along axis 0, so that `max(x, 0)` reads as the same, and as comparing with 0.
  private static func ambiguous(_ name: String, _ call: Arguments) -> Failure {
    let place = if case .number = call[0] { 1 } else { 0 }
    return Failure(
      "`\(name)` compares two single numbers, but this is \(call[place].described)",
      at: .position(place), call[place].described,
      hint: "element by element: \(name)imum(x, y); along an axis: \(name)(x, axis=0)")
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
      if let zoo = try joinedZoos(call) { return zoo }
      let (parts, axis) = (try variables(call), try call.integer(1))
      return try joined(call, try remarking([(0, "")]) { try Variable.concat(parts, axis: axis) })
    },
    NativeFunction("stack") { call in
      let (parts, axis) = (try variables(call), try call.integer(1))
      return try joined(call, try remarking([(0, "")]) { try Variable.stack(parts, axis: axis) })
    },
    NativeFunction("gather") { call in
      let table = try call.variable(0)
      if let places = try listedPlaces(call, 1) {
        return .variable(try Variable.gather(table, places), like: call[0])
      }
      return .variable(try Variable.gather(table, try call.tensor(1)), like: call[0])
    },
    NativeFunction("broadcast") { call in
      let (x, wanted) = (try call.variable(0), try shape(call, 1))
      let result = try remarking([(0, Tensor.text(of: x.shape)), (1, "")]) {
        try x.broadcast(to: wanted)
      }
      return .variable(result, like: call[0])
    },
  ]

  /// The places that a number, range or flat list names, exact where a tensor of them is not.
  private static func listedPlaces(_ call: Arguments, _ place: Int) throws -> Places? {
    guard let list = try ListNumbers(call[place]), list.rank <= 1 else { return nil }
    let places = try list.numbers.mappedInStretches { number in
      guard let whole = Int(exactly: number) else {
        throw Failure(
          "an index must be a whole number, but there is \(number)", at: .position(place))
      }
      return whole
    }
    return Places(shape: list.rank == 0 ? [] : [places.count], places)
  }

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
    let kinds = try call.items(of: call[0]).map(\.tensorKind)
    if kinds.allSatisfy({ $0 == .mask }) { return .mask(result.value) }
    return kinds.allSatisfy { $0 == .numbers } ? .variable(result) : .formerMask(result)
  }

  /// The tensors of a list, the first argument.
  static func variables(_ call: Arguments) throws -> [Variable] {
    let items = try call.items(of: call[0])
    guard !items.isEmpty else {
      throw call.wrongValue(0, expected: "a list of at least one tensor")
    }
    return try items.enumerated().map { place, item in
      if let variable = try call.plainVariable(item) { return variable }
      throw Failure(
        "a list of tensors is expected, but item \(place) is \(item.described)", at: .position(0))
    }
  }
}
