import Glibc

protocol BinaryOperation {
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector
}

extension Elementwise {
  /// A function of two numbers.
  ///
  /// Comparisons give 0 or 1, and 0 (but 1 for `notEqual`) with NaN.
  public enum Binary: Sendable {
    case add
    case subtract
    case multiply
    case divide
    case power
    case maximum
    case minimum
    case equal
    case notEqual
    case less
    case lessOrEqual
    case greater
    case greaterOrEqual
    /// g y (1 - y): how a gradient g passes y = sigmoid(x).
    case sigmoidGradient
    /// g (1 - y^2): how a gradient g passes y = tanh(x).
    case tanhGradient
    /// g where y > 0, else 0: how a gradient g passes y = relu(x).
    case reluGradient
  }

  /// How an operand is walked along an axis of the result: once for every number, or repeated.
  public struct Walk: Sendable {
    /// Places from one number to the next along each axis; 0 repeats, and the last is 0 or 1.
    public var strides: [Int]
    /// The operand's numbers.
    public var buffer: FloatBuffer

    /// An operand and its strides.
    public init(_ buffer: FloatBuffer, strides: [Int]) {
      self.buffer = buffer
      self.strides = strides
    }
  }

  /// Applies a function to operands of equal count, or to one operand and a single number.
  public static func apply(
    _ function: Binary, _ a: FloatBuffer, _ b: FloatBuffer, into result: FloatBuffer
  ) {
    precondition(a.count == result.count || a.count == 1, "counts differ")
    precondition(b.count == result.count || b.count == 1, "counts differ")
    let rows = Rows(
      extents: [1], count: result.count, aStrides: [0], bStrides: [0],
      aStep: a.count == result.count ? 1 : 0, bStep: b.count == result.count ? 1 : 0)
    dispatch(function, a, b, result, rows)
  }

  /// Applies a function to operands that are repeated along some axes.
  ///
  /// `extents` are the axes of the result; both walks have one stride for each.
  public static func apply(
    _ function: Binary, _ a: Walk, _ b: Walk, extents: [Int], into result: FloatBuffer
  ) {
    precondition(extents.reduce(1, *) == result.count, "counts differ")
    check(a, extents)
    check(b, extents)
    guard let count = extents.last, let aStep = a.strides.last, let bStep = b.strides.last else {
      return apply(function, a.buffer, b.buffer, into: result)
    }
    let rows = Rows(
      extents: Array(extents.dropLast()), count: count, aStrides: Array(a.strides.dropLast()),
      bStrides: Array(b.strides.dropLast()), aStep: aStep, bStep: bStep)
    dispatch(function, a.buffer, b.buffer, result, rows)
  }

  private static func check(_ walk: Walk, _ extents: [Int]) {
    precondition(walk.strides.count == extents.count, "one stride for each axis")
    var last = 0
    for (extent, stride) in zip(extents, walk.strides) {
      precondition(stride >= 0, "strides must not be negative")
      if extent == 0 { return }
      last += (extent - 1) * stride
    }
    precondition(last < max(walk.buffer.count, 1), "walk beyond the buffer")
    precondition((walk.strides.last ?? 0) <= 1, "the last stride is 0 or 1")
  }

  private static func dispatch(
    _ function: Binary, _ a: FloatBuffer, _ b: FloatBuffer, _ result: FloatBuffer, _ rows: Rows
  ) {
    switch function {
    case .add: run(Add.self, a, b, result, rows)
    case .subtract: run(Subtract.self, a, b, result, rows)
    case .multiply: run(Multiply.self, a, b, result, rows)
    case .divide: run(Divide.self, a, b, result, rows)
    case .power: run(Power.self, a, b, result, rows)
    case .maximum: run(Maximum.self, a, b, result, rows)
    case .minimum: run(Minimum.self, a, b, result, rows)
    case .equal: run(Equal.self, a, b, result, rows)
    case .notEqual: run(NotEqual.self, a, b, result, rows)
    case .less: run(Less.self, a, b, result, rows)
    case .lessOrEqual: run(LessOrEqual.self, a, b, result, rows)
    case .greater: run(Less.self, b, a, result, rows.swapped)
    case .greaterOrEqual: run(LessOrEqual.self, b, a, result, rows.swapped)
    case .sigmoidGradient: run(SigmoidGradient.self, a, b, result, rows)
    case .tanhGradient: run(TanhGradient.self, a, b, result, rows)
    case .reluGradient: run(ReluGradient.self, a, b, result, rows)
    }
  }
}

/// The rows of a result, and how the operands go along.
private struct Rows {
  /// The axes above the row, outermost first.
  var extents: [Int]
  /// Numbers in a row.
  var count: Int
  var aStrides: [Int]
  var bStrides: [Int]
  /// 0 or 1 along the row.
  var aStep: Int
  var bStep: Int

  var swapped: Rows {
    Rows(
      extents: extents, count: count, aStrides: bStrides, bStrides: aStrides, aStep: bStep,
      bStep: aStep)
  }
}

extension Elementwise {
  /// Applies the operation row by row; an odometer over the outer axes finds each row's start.
  @inline(__always)
  private static func run<Operation: BinaryOperation>(
    _ operation: Operation.Type, _ a: FloatBuffer, _ b: FloatBuffer, _ result: FloatBuffer,
    _ rows: Rows
  ) {
    guard result.count > 0 else { return }
    let row = Row<Operation>(
      count: rows.count, aStep: rows.aStep, bStep: rows.bStep, aLimit: limit(a), bLimit: limit(b),
      limit: limit(result))
    let axes = rows.extents.count
    let total = result.count / rows.count
    if total == 1 {
      row.apply(a.base, b.base, result.base)
    } else {
      var counters = [Int](repeating: 0, count: axes)
      var aPlace = 0
      var bPlace = 0
      for number in 0..<total {
        row.apply(a.base + aPlace, b.base + bPlace, result.base + number &* rows.count)
        var axis = axes - 1
        while axis >= 0 {
          counters[axis] &+= 1
          aPlace &+= rows.aStrides[axis]
          bPlace &+= rows.bStrides[axis]
          if counters[axis] < rows.extents[axis] { break }
          aPlace &-= rows.aStrides[axis] &* rows.extents[axis]
          bPlace &-= rows.bStrides[axis] &* rows.extents[axis]
          counters[axis] = 0
          axis -= 1
        }
      }
    }
    clearPadding(result)
    withExtendedLifetime((a, b)) {}
  }
}

/// One row of a binary operation.
private struct Row<Operation: BinaryOperation> {
  let count: Int
  let aStep: Int
  let bStep: Int
  let aLimit: UnsafeMutablePointer<Float>
  let bLimit: UnsafeMutablePointer<Float>
  let limit: UnsafeMutablePointer<Float>

  @inline(__always)
  func apply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>
  ) {
    let whole = count & ~(Elementwise.width &- 1)
    if whole > 0 { applyWhole(a, b, result, whole) }
    guard whole < count else { return }
    let rest = count &- whole
    let x =
      aStep == 1
      ? Elementwise.load(a + whole, first: rest, limit: aLimit)
      : Elementwise.Vector(repeating: a[0])
    let y =
      bStep == 1
      ? Elementwise.load(b + whole, first: rest, limit: bLimit)
      : Elementwise.Vector(repeating: b[0])
    // Lanes beyond the row belong to later rows, which are written afterwards.
    Elementwise.store(Operation.apply(x, y), result + whole, first: rest, limit: limit)
  }

  @inline(__always)
  private func applyWhole(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>,
    _ whole: Int
  ) {
    var place = 0
    if aStep == 1, bStep == 1 {
      while place < whole {
        let value = Operation.apply(Elementwise.load(a + place), Elementwise.load(b + place))
        Elementwise.store(value, result + place)
        place &+= Elementwise.width
      }
    } else if aStep == 1 {
      let y = Elementwise.Vector(repeating: b[0])
      while place < whole {
        Elementwise.store(Operation.apply(Elementwise.load(a + place), y), result + place)
        place &+= Elementwise.width
      }
    } else {
      let x = Elementwise.Vector(repeating: a[0])
      while place < whole {
        let y = bStep == 1 ? Elementwise.load(b + place) : Elementwise.Vector(repeating: b[0])
        Elementwise.store(Operation.apply(x, y), result + place)
        place &+= Elementwise.width
      }
    }
  }
}
