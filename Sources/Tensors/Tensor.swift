import Execution
import Kernels

/// A multi-dimensional array of float32 numbers in row-major order; a value, copied on write.
public struct Tensor: @unchecked Sendable {
  /// The largest number of elements that one tensor may hold: 2^33, that is 32 GiB.
  ///
  /// Extents of 0 are left out of the count, so that no product of some extents of a shape, such as
  /// a stride, is ever larger, whatever axes are moved, reduced or sliced.
  public static let maximumCount = 1 << 33

  /// The extent of each axis; empty for a single number.
  public internal(set) var shape: [Int]
  /// The numbers, row by row.
  public internal(set) var buffer: FloatBuffer

  /// A tensor over numbers that are there already.
  ///
  /// `buffer.count` must be the product of `shape`.
  public init(shape: [Int], buffer: FloatBuffer) {
    precondition(Tensor.count(of: shape) == buffer.count, "shape and count differ")
    self.shape = shape
    self.buffer = buffer
  }

  /// A tensor of the numbers of an array, row by row.
  public init(shape: [Int], _ numbers: [Float]) {
    self.init(shape: shape, buffer: FloatBuffer(numbers))
  }

  /// A tensor of rank 1.
  public init(_ numbers: [Float]) {
    self.init(shape: [numbers.count], numbers)
  }

  /// A single number: rank 0.
  public init(_ number: Float) {
    self.init(shape: [], buffer: FloatBuffer(repeating: number, count: 1))
  }

  /// A tensor with the same number everywhere.
  public init(repeating value: Float, shape: [Int]) {
    self.init(
      shape: shape, buffer: FloatBuffer(repeating: value, count: Tensor.count(of: shape)))
  }

  /// A tensor whose numbers are written by `fill`, which must set them all.
  public init(
    shape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    let buffer = FloatBuffer(uninitialized: Tensor.count(of: shape))
    try buffer.write(fill)
    self.init(shape: shape, buffer: buffer)
  }

  /// How many numbers there are.
  public var count: Int { buffer.count }
  /// How many axes there are.
  public var rank: Int { shape.count }
  /// The numbers as an array, row by row.
  public var elements: [Float] { buffer.read { Array($0) } }
  /// The only number, or nil if there are several.
  public var item: Float? { count == 1 ? buffer[0] : nil }

  /// The product of a shape's extents.
  public static func count(of shape: [Int]) -> Int { shape.reduce(1, *) }

  /// Throws if a shape is negative somewhere or too large to hold.
  public static func checkSize(_ shape: [Int]) throws {
    var total = 1
    for extent in shape {
      guard extent >= 0 else {
        throw Failure("an extent must not be negative, but the shape is \(text(of: shape))")
      }
      let (product, overflow) = total.multipliedReportingOverflow(by: Swift.max(1, extent))
      guard !overflow, product <= maximumCount else {
        throw Failure(
          "a tensor of shape \(text(of: shape)) is too large",
          hint: "a tensor holds at most 2^33 numbers"
            + (shape.contains(0) ? ", extents of 0 counted as 1" : ""))
      }
      total = product
    }
    if shape.contains(0) { return }
    try Memory.reserve(total, of: 4, for: "a tensor of shape \(text(of: shape))")
  }

  /// A shape as it is printed: `[2, 3]`.
  public static func text(of shape: [Int]) -> String {
    "[" + shape.map(String.init).joined(separator: ", ") + "]"
  }

  /// Makes this tensor the only holder of its numbers, copying them if need be.
  ///
  /// A copy that might not fit into memory is asked for by `reserveUnique` before.
  public mutating func makeUnique() {
    if !mayWrite() { buffer = buffer.copy() }
  }

  /// Whether this tensor is the only holder of its numbers, which are then about to change.
  mutating func mayWrite() -> Bool {
    guard isKnownUniquelyReferenced(&buffer) else { return false }
    buffer.willChange()
    return true
  }

  /// The memory of its numbers, and that to which others are to be written in their place: the same
  /// where nobody else holds them, else new memory, which is theirs from now on.
  ///
  /// It saves the copy that `makeUnique` would make of numbers that are all read and written.
  public mutating func replacing() -> (old: FloatBuffer, new: FloatBuffer) {
    if mayWrite() { return (buffer, buffer) }
    let old = buffer
    buffer = FloatBuffer(uninitialized: old.count)
    return (old, buffer)
  }

  /// Throws if there is no memory for a copy that `makeUnique` would have to make.
  public mutating func reserveUnique() throws {
    guard count >= 1 << 22, !isKnownUniquelyReferenced(&buffer) else { return }
    try Memory.reserve(count, of: 4, for: "a copy of a tensor of shape \(Tensor.text(of: shape))")
  }
}
