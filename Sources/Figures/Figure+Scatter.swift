import Execution
import Tensors

/// Points in a plane, perhaps coloured.
public struct Scatter: Sendable, Equatable {
  /// What colours the points.
  public enum Colour: Sendable, Equatable {
    case none
    /// A number per point on a continuous scale, and what it measures.
    case numbers([Double], name: String)
    /// A category per point.
    case categories([String])
  }

  /// Horizontal places, one per point.
  public let x: [Double]
  /// Vertical places, one per point.
  public let y: [Double]
  /// What colours the points.
  public let colour: Colour

  /// The points that can be drawn.
  var drawn: [Int] {
    x.indices.filter { place in
      guard x[place].isDrawable, y[place].isDrawable else { return false }
      if case .numbers(let numbers, _) = colour { return numbers[place].isDrawable }
      return true
    }
  }

  var leftOut: Int { x.count - drawn.count }

  /// The different categories in the order of a person: by number if all are numbers, else by name
  /// as they first come.
  var categories: [String] {
    guard case .categories(let labels) = colour else { return [] }
    var seen: Set<String> = []
    let names = labels.filter { seen.insert($0).inserted }
    let numbered = names.compactMap { name in Double(name).map { ($0, name) } }
    guard numbered.count == names.count else { return names }
    return numbered.sorted { $0.0 < $1.0 }.map(\.1)
  }
}

extension Figure {
  /// Points (x, y), perhaps coloured by a number or a category.
  ///
  /// - Throws: a `Failure` if there are no points or the lengths differ.
  public static func scatter(
    x: some Numbers, y: some Numbers, colour: Scatter.Colour = .none, frame: Frame = Frame()
  ) throws -> Figure {
    let (x, y) = (x.numbers, y.numbers)
    try Check.notEmpty(x.count, "points", kind: "a scatter")
    try Check.equal(y.count, "y", x.count, as: "x")
    switch colour {
    case .none:
      return try Figure(.scatter(Scatter(x: x, y: y, colour: .none)), frame)
    case .numbers(let numbers, let name):
      try Check.equal(numbers.count, "colour", x.count, as: "x")
      let colour = Scatter.Colour.numbers(numbers, name: singleLine(name))
      return try Figure(.scatter(Scatter(x: x, y: y, colour: colour)), frame)
    case .categories(let labels):
      try Check.equal(labels.count, "colour", x.count, as: "x")
      let colour = Scatter.Colour.categories(labels.map(singleLine))
      return try Figure(.scatter(Scatter(x: x, y: y, colour: colour)), frame)
    }
  }

  /// Points given as a tensor [N, 2] of rows (x, y).
  ///
  /// - Throws: a `Failure` for another shape, no points, or lengths that differ.
  public static func scatter(
    points: Tensor, colour: Scatter.Colour = .none, frame: Frame = Frame()
  ) throws -> Figure {
    guard points.rank == 2, points.shape[1] == 2 else {
      throw Failure(
        "found points of shape \(Tensor.text(of: points.shape)), expected [N, 2]: rows of x and y")
    }
    let numbers = points.numbers
    let count = points.shape[0]
    return try scatter(
      x: (0..<count).map { numbers[2 * $0] }, y: (0..<count).map { numbers[2 * $0 + 1] },
      colour: colour, frame: frame)
  }
}
