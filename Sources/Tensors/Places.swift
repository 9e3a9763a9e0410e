import Execution

/// Places along an axis, or in row order: whole numbers of a shape.
///
/// They are no tensor, as a float32 holds whole numbers one by one only up to 2^24.
public struct Places: Sendable {
  /// From here on a float32 may stand for a neighbour of the number it shows.
  public static let limit = 1 << 24

  /// The extent of each axis.
  public let shape: [Int]
  /// The places, row by row.
  public let numbers: [Int]

  /// Places of a shape, as many as it has elements.
  public init(shape: [Int], _ numbers: [Int]) {
    precondition(Tensor.count(of: shape) == numbers.count, "shape and count differ")
    self.shape = shape
    self.numbers = numbers
  }

  /// Places one after the other.
  public init(_ numbers: [Int]) { self.init(shape: [numbers.count], numbers) }

  /// Whether a tensor can hold them all.
  public var fitTensor: Bool { numbers.allSatisfy { $0 < Places.limit } }

  /// The same as a tensor.
  ///
  /// - Throws: `Failure` if one of them is too large to be exact there.
  public func tensor() throws -> Tensor {
    guard let large = numbers.first(where: { $0 >= Places.limit }) else {
      return Tensor(shape: shape, try numbers.mappedInStretches { Float($0) })
    }
    throw Failure(
      "the place \(large) does not fit into a tensor, whose numbers are exact up to 2^24",
      hint: "go through the rows one by one: of one row, places come as plain numbers")
  }

  /// The places along an axis of some extent; negative ones count from the end.
  func positions(extent: Int, axis: Int) throws -> [Int] {
    try numbers.mappedInStretches { try Tensor.position($0, extent: extent, axis: axis) }
  }
}

extension Tensor {
  /// The numbers as places along an axis of some extent; negative ones count from the end.
  func positions(extent: Int, axis: Int) throws -> [Int] {
    try buffer.read { numbers in
      try numbers.mappedInStretches { number in
        try Tensor.position(try Tensor.whole(number, extent: extent), extent: extent, axis: axis)
      }
    }
  }

  /// The place that an element stands for.
  ///
  /// - Throws: `Failure` if it is not whole, or one of several that share a float32.
  private static func whole(_ number: Float, extent: Int) throws -> Int {
    guard let whole = Int(exactly: number) else {
      throw Failure("an index must be a whole number, but there is \(number)")
    }
    guard extent <= Places.limit || Swift.abs(whole) < Places.limit else {
      throw Failure(
        "the index \(whole) in a tensor may stand for its neighbours: 32-bit floats are exact up "
          + "to 2^24", hint: "name such places by plain numbers, or by lists of them")
    }
    return whole
  }

  static func position(_ index: Int, extent: Int, axis: Int) throws -> Int {
    let place = index < 0 ? index + extent : index
    guard place >= 0, place < extent else {
      throw Failure("index \(index) is outside axis \(axis), which has \(extent)")
    }
    return place
  }

  /// For each place of a shape the place of the element of `own`, which broadcasts to it.
  ///
  /// - Throws: what was thrown to stop work.
  static func repeatedPlaces(of own: [Int], in shape: [Int]) throws -> [Int] {
    var places = [0]
    let strides = strides(of: own)
    for (axis, extent) in shape.enumerated() {
      let place = axis - (shape.count - own.count)
      let step = place < 0 || own[place] == 1 ? 0 : strides[place]
      places = try TensorSelection.places(from: places, extent, step)
    }
    return places
  }
}
