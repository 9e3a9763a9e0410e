import Execution

/// One or more curves over common axes.
public struct Line: Sendable, Equatable {
  /// A named curve, perhaps with a shaded interval.
  public struct Series: Sendable, Equatable {
    /// The name in the legend, or empty.
    public let name: String
    /// Horizontal places in drawing order.
    public let x: [Double]
    /// Vertical places.
    public let y: [Double]
    /// Lower ends of the interval, or nil.
    public let low: [Double]?
    /// Upper ends of the interval, or nil.
    public let high: [Double]?

    /// A curve; without `x` the places are 0, 1, 2, ....
    public init(
      name: String = "", x: (any Numbers)? = nil, y: any Numbers, low: (any Numbers)? = nil,
      high: (any Numbers)? = nil
    ) {
      self.name = singleLine(name)
      self.y = y.numbers
      self.x = x?.numbers ?? (0..<self.y.count).map { Double($0) }
      self.low = low?.numbers
      self.high = high?.numbers
    }
  }

  /// The curves.
  public let series: [Series]
  /// Whether the horizontal axis is logarithmic.
  public let logX: Bool
  /// Whether the vertical axis is logarithmic.
  public let logY: Bool

  func isDrawn(x: Double, y: Double) -> Bool {
    x.isDrawable && y.isDrawable && (!logX || x > 1e-300) && (!logY || y > 1e-300)
  }

  /// The drawable stretches of a curve, as places; a point that cannot be drawn parts two of them.
  func stretches(of series: Series) -> [[Int]] {
    let hidden = { (place: Int) in !isDrawn(x: series.x[place], y: series.y[place]) }
    return series.x.indices.split(whereSeparator: hidden).map {
      thinned($0, of: series, keys: [series.y])
    }
  }

  /// The stretches along which a curve has an interval that can be drawn.
  func intervals(of series: Series) -> [[Int]] {
    guard let low = series.low, let high = series.high else { return [] }
    let hidden = { (place: Int) in
      let x = series.x[place]
      return ![series.y, low, high].allSatisfy { isDrawn(x: x, y: $0[place]) }
    }
    return series.x.indices.split(whereSeparator: hidden).map {
      thinned($0, of: series, keys: [low, high])
    }
  }

  /// Long curves are drawn by the ends, the least and the greatest of this many parts.
  private static let parts = 2500

  /// Places of a stretch that give the same picture: all, or few of a long one that runs
  /// rightwards.
  ///
  /// A picture has fewer columns than `parts`, so within each only the extremes of `keys` are seen.
  func thinned(_ stretch: Range<Int>, of series: Series, keys: [[Double]]) -> [Int] {
    let length = stretch.count / Line.parts
    let isRightwards = zip(stretch, stretch.dropFirst()).allSatisfy { series.x[$0] <= series.x[$1] }
    guard length >= 2 * keys.count + 2, isRightwards else { return Array(stretch) }
    var kept: [Int] = []
    for start in stride(from: stretch.lowerBound, to: stretch.upperBound, by: length) {
      let part = start..<min(start + length, stretch.upperBound)
      var places = [part.first, part.last]
      for key in keys {
        places.append(part.min { key[$0] < key[$1] })
        places.append(part.max { key[$0] < key[$1] })
      }
      kept += Set(places.compactMap { $0 }).sorted()
    }
    return kept
  }

  var leftOut: Int {
    series.reduce(0) { sum, series in
      sum + series.x.indices.filter { !isDrawn(x: series.x[$0], y: series.y[$0]) }.count
    }
  }
}

extension Figure {
  /// One or more curves, on linear or logarithmic axes.
  ///
  /// - Throws: a `Failure` if there is no curve, a curve has no points, or lengths differ.
  public static func line(
    _ series: [Line.Series], logX: Bool = false, logY: Bool = false, frame: Frame = Frame()
  ) throws -> Figure {
    try Check.notEmpty(series.count, "series", kind: "a line figure")
    for (place, one) in series.enumerated() {
      let what = one.name.isEmpty ? "series \(place)" : "series \"\(one.name)\""
      try Check.notEmpty(one.y.count, "points in \(what)", kind: "a line figure")
      try Check.equal(one.x.count, "x of \(what)", one.y.count, as: "its y")
      try Check.interval(one.low, one.high, count: one.y.count, of: what)
    }
    return try Figure(.line(Line(series: series, logX: logX, logY: logY)), frame)
  }

  /// One curve.
  ///
  /// - Throws: a `Failure` if it has no points or lengths differ.
  public static func line(
    x: some Numbers, y: some Numbers, name: String = "", frame: Frame = Frame()
  ) throws -> Figure {
    try line([Line.Series(name: name, x: x, y: y)], frame: frame)
  }
}
