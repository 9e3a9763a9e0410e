import Execution

/// Bars from zero to a value, one per label and group.
public struct Bars: Sendable, Equatable {
  /// One bar per label, drawn alike.
  public struct Group: Sendable, Equatable {
    /// The name in the legend, or empty.
    public let name: String
    /// One value per label.
    public let values: [Double]
    /// Lower ends of the error intervals, or nil.
    public let low: [Double]?
    /// Upper ends of the error intervals, or nil.
    public let high: [Double]?

    /// A group of bars.
    public init(
      name: String = "", values: any Numbers, low: (any Numbers)? = nil,
      high: (any Numbers)? = nil
    ) {
      self.name = singleLine(name)
      self.values = values.numbers
      self.low = low?.numbers
      self.high = high?.numbers
    }

    /// The interval of one bar, if both ends can be drawn.
    func interval(_ place: Int) -> (low: Double, high: Double)? {
      guard let low = low?[place], let high = high?[place] else { return nil }
      return low.isDrawable && high.isDrawable ? (low, high) : nil
    }
  }

  /// A reference line with its name.
  public struct Baseline: Sendable, Equatable {
    /// Where it stands on the axis of values.
    public let value: Double
    /// What it is, such as "chance".
    public let name: String

    /// A reference line.
    public init(value: Double, name: String) {
      self.value = value
      self.name = singleLine(name)
    }
  }

  /// The name of each bar, or of each bundle of bars.
  public let labels: [String]
  /// The groups; each has one bar per label.
  public let groups: [Group]
  /// The reference line, or nil.
  public let baseline: Baseline?

  var leftOut: Int {
    groups.reduce(0) { $0 + $1.values.filter { !$0.isDrawable }.count }
  }

  /// The axis of values: zero, the reference line, all bars and intervals.
  var axis: Axis {
    var numbers = [0.0]
    if let baseline { numbers.append(baseline.value) }
    for group in groups {
      numbers += group.values
      for place in group.values.indices {
        if let (low, high) = group.interval(place) { numbers += [low, high] }
      }
    }
    let (low, high) = extent(of: numbers) ?? (0, 1)
    let margin = 0.04 * (high - low)
    return Axis(low: low < 0 ? low - margin : low, high: high > 0 ? high + margin : high)
  }
}

extension Figure {
  /// Groups of bars, each group with one bar per label.
  ///
  /// - Throws: a `Failure` if there are no bars, lengths differ, or the baseline is not finite.
  public static func bars(
    labels: [String], groups: [Bars.Group], baseline: Bars.Baseline? = nil,
    frame: Frame = Frame()
  ) throws -> Figure {
    try Check.notEmpty(labels.count, "labels", kind: "bars")
    try Check.notEmpty(groups.count, "groups", kind: "bars")
    for (place, group) in groups.enumerated() {
      let name = group.name.isEmpty ? "group \(place)" : "group \"\(group.name)\""
      let what = groups.count == 1 && group.name.isEmpty ? "values" : name
      try Check.equal(group.values.count, what, labels.count, as: "labels")
      try Check.interval(group.low, group.high, count: labels.count, of: what)
    }
    if let baseline, !baseline.value.isDrawable {
      throw Failure(
        "found a baseline at \(Text.significant(baseline.value)), expected a finite number")
    }
    let bars = Bars(labels: labels.map(singleLine), groups: groups, baseline: baseline)
    return try Figure(.bars(bars), frame)
  }

  /// One bar per label.
  ///
  /// - Throws: a `Failure` if there are no bars, lengths differ, or the baseline is not finite.
  public static func bars(
    labels: [String], values: some Numbers, low: (any Numbers)? = nil,
    high: (any Numbers)? = nil, baseline: Bars.Baseline? = nil, frame: Frame = Frame()
  ) throws -> Figure {
    try bars(
      labels: labels, groups: [Bars.Group(values: values, low: low, high: high)],
      baseline: baseline, frame: frame)
  }
}
