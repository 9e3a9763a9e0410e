import Execution
import Glibc

protocol BinaryOperation: Sendable {
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
    /// What is left of a division; see `Division`.
    case remainder
    /// The whole quotient that belongs to it.
    case floorQuotient
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
    dispatch(
      function, a, b, result,
      Rows(
        count: result.count, aStep: a.count == result.count ? 1 : 0,
        bStep: b.count == result.count ? 1 : 0))
  }

  /// How the second operand goes along with a first of [rows, columns].
  public enum Repetition: Sendable {
    /// [columns], the same in every row.
    case everyRow
    /// [rows], one number for a whole row.
    case everyColumn
  }

  /// Applies a function to a matrix [rows, columns] and a row or column that is repeated.
  ///
  /// - Parameter swapped: whether the repeated operand comes first.
  public static func apply(
    _ function: Binary, _ a: FloatBuffer, repeated b: FloatBuffer, _ repetition: Repetition,
    swapped: Bool, into result: FloatBuffer
  ) {
    precondition(a.count == result.count, "counts differ")
    guard result.count > 0 else { return }
    let columns = repetition == .everyRow ? b.count : result.count / b.count
    precondition(result.count % b.count == 0, "counts differ")
    var rows = Rows(count: columns, aStep: 1, bStep: repetition == .everyRow ? 1 : 0)
    rows.rows = result.count / columns
    rows.aStride = columns
    rows.bStride = repetition == .everyRow ? 0 : 1
    swapped
      ? dispatch(function, b, a, result, rows.swapped) : dispatch(function, a, b, result, rows)
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
    var rows = Rows(count: count, aStep: aStep, bStep: bStep)
    let axes = extents.count
    if axes > 1 {
      rows.rows = extents[axes - 2]
      rows.aStride = a.strides[axes - 2]
      rows.bStride = b.strides[axes - 2]
    }
    if axes > 2 {
      rows.outer = Array(extents[..<(axes - 2)])
      rows.aOuter = Array(a.strides[..<(axes - 2)])
      rows.bOuter = Array(b.strides[..<(axes - 2)])
    }
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
    Turns.apart(numbers: result.count) { run(function, a, b, result, rows) }
  }

  private static func run(
    _ function: Binary, _ a: FloatBuffer, _ b: FloatBuffer, _ result: FloatBuffer, _ rows: Rows
  ) {
    switch function {
    case .add: run(Add.self, a, b, result, rows)
    case .subtract: run(Subtract.self, a, b, result, rows)
    case .multiply: run(Multiply.self, a, b, result, rows)
    case .divide: run(Divide.self, a, b, result, rows)
    case .power: run(Power.self, a, b, result, rows)
    case .remainder: run(Remainder.self, a, b, result, rows)
    case .floorQuotient: run(FloorQuotient.self, a, b, result, rows)
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
  /// Numbers in a row.
  var count: Int
  /// 0 or 1 along the row.
  var aStep: Int
  var bStep: Int
  /// The axis of rows.
  var rows = 1
  var aStride = 0
  var bStride = 0
  /// The axes above, outermost first.
  var outer: [Int] = []
  var aOuter: [Int] = []
  var bOuter: [Int] = []

  init(count: Int, aStep: Int, bStep: Int) {
    self.count = count
    self.aStep = aStep
    self.bStep = bStep
  }

  var swapped: Rows {
    var other = self
    (other.aStep, other.bStep) = (bStep, aStep)
    (other.aStride, other.bStride) = (bStride, aStride)
    (other.aOuter, other.bOuter) = (bOuter, aOuter)
    return other
  }
}

extension Elementwise {
  /// Applies the operation row by row; an odometer over the outer axes finds where rows begin.
  @inline(__always)
  private static func run<Operation: BinaryOperation>(
    _ operation: Operation.Type, _ a: FloatBuffer, _ b: FloatBuffer, _ result: FloatBuffer,
    _ rows: Rows
  ) {
    guard result.count > 0 else { return }
    let row = Row<Operation>(
      count: rows.count, aStep: rows.aStep, bStep: rows.bStep, aLimit: limit(a), bLimit: limit(b),
      limit: limit(result))
    if rows.outer.isEmpty {
      runFlat(row, rows, Address(a), Address(b), Address(result))
      clearPadding(result)
      withExtendedLifetime((a, b)) {}
      return
    }
    var counters = rows.outer.isEmpty ? [] : [Int](repeating: 0, count: rows.outer.count)
    var from = UnsafePointer(a.base)
    var with = UnsafePointer(b.base)
    var to = result.base
    var look = to + betweenLooks
    while true {
      for number in 0..<rows.rows {
        row.apply(from + number &* rows.aStride, with + number &* rows.bStride, to)
        to += rows.count
        if to > look {
          if isGivenUp { return }
          look = to + betweenLooks
        }
      }
      var axis = counters.count &- 1
      while axis >= 0 {
        counters[axis] &+= 1
        from += rows.aOuter[axis]
        with += rows.bOuter[axis]
        if counters[axis] < rows.outer[axis] { break }
        from -= rows.aOuter[axis] &* rows.outer[axis]
        with -= rows.bOuter[axis] &* rows.outer[axis]
        counters[axis] = 0
        axis &-= 1
      }
      if axis < 0 { break }
    }
    clearPadding(result)
    withExtendedLifetime((a, b)) {}
  }
}

extension Elementwise {
  /// Rows without outer axes, in parts that threads may share.
  @inline(__always)
  private static func runFlat<Operation: BinaryOperation>(
    _ row: Row<Operation>, _ rows: Rows, _ a: Address, _ b: Address, _ result: Address
  ) {
    if rows.rows == 1 {
      inParts(rows.count) { part in
        var piece = row
        piece.count = part.count
        let start = part.lowerBound
        piece.apply(
          a.base + start &* row.aStep, b.base + start &* row.bStep, result.base + start)
      }
      return
    }
    let together = max(1, (1 << 16) / rows.count)
    let parts = (rows.rows &+ together &- 1) / together
    let apply: @Sendable (Int) -> Void = { part in
      if part > 0, isGivenUp { return }
      let stop = min(rows.rows, (part &+ 1) &* together)
      var piece = row
      // What a last vector would write beyond its row another thread may have written by then.
      piece.limit = min(row.limit, result.base + stop &* rows.count)
      for number in part &* together..<stop {
        piece.apply(
          a.base + number &* rows.aStride, b.base + number &* rows.bStride,
          result.base + number &* rows.count)
      }
    }
    if rows.rows &* rows.count >= 1 << 18 {
      // The body throws nothing.
      try? Parallel.forEach(parts, apply)
    } else {
      for part in 0..<parts { apply(part) }
    }
  }
}

/// One row of a binary operation.
private struct Row<Operation: BinaryOperation>: @unchecked Sendable {
  var count: Int
  let aStep: Int
  let bStep: Int
  let aLimit: UnsafeMutablePointer<Float>
  let bLimit: UnsafeMutablePointer<Float>
  /// How far vectors may be written.
  var limit: UnsafeMutablePointer<Float>

  @inline(__always)
  func apply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>
  ) {
    let whole = count & ~(Elementwise.width &- 1)
    var done = 0
    while done < whole {
      let part = min(whole &- done, Elementwise.betweenLooks)
      applyWhole(a + done &* aStep, b + done &* bStep, result + done, part)
      done &+= part
      if done < whole, Elementwise.isGivenUp { return }
    }
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
