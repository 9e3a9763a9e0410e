import Execution

/// A learning rate that changes linearly between points and is constant outside.
public struct Schedule: Sendable, Equatable {
  /// A step and its rate.
  public struct Point: Sendable, Equatable {
    /// Steps taken before.
    public var step: Int
    /// The learning rate there.
    public var rate: Double

    /// A step and its rate.
    public init(step: Int, rate: Double) {
      self.step = step
      self.rate = rate
    }
  }

  /// The points by growing step.
  public let points: [Point]

  /// A schedule through points.
  ///
  /// - Throws: `Failure` if there is none, or steps do not grow.
  public init(_ points: [(step: Int, rate: Double)]) throws {
    guard !points.isEmpty else { throw Failure("a schedule needs at least one point") }
    for (earlier, later) in zip(points, points.dropFirst()) where later.step <= earlier.step {
      throw Failure(
        "the steps of a schedule must grow, but \(later.step) follows \(earlier.step)")
    }
    self.points = points.map { Point(step: $0.step, rate: $0.rate) }
  }

  /// The rate at a step.
  public func rate(at step: Int) -> Double {
    guard let next = points.firstIndex(where: { $0.step > step }) else {
      return points[points.count - 1].rate
    }
    guard next > 0 else { return points[0].rate }
    let (a, b) = (points[next - 1], points[next])
    let share = Double(step - a.step) / Double(b.step - a.step)
    return a.rate + share * (b.rate - a.rate)
  }
}
