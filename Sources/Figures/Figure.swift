import Execution

/// A figure as a value: what is drawn, and the words around it.
///
/// It is shown in a terminal by `text(columns:colours:)` and written to a file by
/// `save(to:console:)`.
public struct Figure: Sendable, Equatable {
  /// The kinds of figures.
  public enum Kind: String, Sendable, CaseIterable {
    case scatter
    case line
    case bars
    case heatmap
    case tiles
    case tree
    case row

    /// The kind of a name; throws a `Failure` that lists the kinds if there is none.
    public init(named name: String) throws {
      guard let kind = Kind(rawValue: name) else {
        let names = Kind.allCases.map(\.rawValue)
        let near = Text.nearest(name, in: names).first
        throw Failure(
          "found the figure kind \"\(name)\", expected one of \(names.joined(separator: ", "))",
          hint: near.map { "did you mean \"\($0)\"?" })
      }
      self = kind
    }
  }

  /// What a figure draws.
  public enum Content: Sendable, Equatable {
    case scatter(Scatter)
    case line(Line)
    case bars(Bars)
    case heatmap(Heatmap)
    case tiles(Tiles)
    case tree(Tree)
    case row([Figure])
  }

  /// What is drawn, checked by the factory that made the figure.
  public let content: Content
  /// Title, axis labels, and size.
  public let frame: Frame

  /// A checked figure.
  init(_ content: Content, _ frame: Frame) throws {
    try frame.check()
    self.content = content
    self.frame = frame
  }

  /// The kind of this figure.
  public var kind: Kind {
    switch content {
    case .scatter: .scatter
    case .line: .line
    case .bars: .bars
    case .heatmap: .heatmap
    case .tiles: .tiles
    case .tree: .tree
    case .row: .row
    }
  }

  /// Several figures side by side; rows among them are flattened.
  ///
  /// - Throws: a `Failure` if there is no figure.
  public static func row(_ figures: [Figure], title: String = "") throws -> Figure {
    guard !figures.isEmpty else {
      throw Failure("found no figure for the row, expected at least one")
    }
    let panels = figures.flatMap { figure in
      if case .row(let inner) = figure.content { inner } else { [figure] }
    }
    return try Figure(.row(panels), Frame(title: title))
  }

  /// How many numbers cannot be drawn: not finite, or not positive on a logarithmic axis.
  public var leftOut: Int {
    switch content {
    case .scatter(let scatter): scatter.leftOut
    case .line(let line): line.leftOut
    case .bars(let bars): bars.leftOut
    case .heatmap(let heatmap): heatmap.leftOut
    case .tiles(let tiles): tiles.leftOut
    case .tree: 0
    case .row(let figures): figures.reduce(0) { $0 + $1.leftOut }
    }
  }

  /// Whether a finite number is too large to be drawn.
  private var hasHuge: Bool {
    func isHuge(_ number: Double) -> Bool { number.isFinite && !number.isDrawable }
    return switch content {
    case .scatter(let scatter): (scatter.x + scatter.y).contains(where: isHuge)
    case .line(let line): line.series.contains { ($0.x + $0.y).contains(where: isHuge) }
    case .bars(let bars): bars.groups.contains { $0.values.contains(where: isHuge) }
    case .heatmap(let heatmap): heatmap.values.contains(where: isHuge)
    case .tiles, .tree: false
    case .row(let figures): figures.contains { $0.hasHuge }
    }
  }

  /// The remark about numbers that cannot be drawn, or nil if all can.
  var leftOutNote: String? {
    guard leftOut > 0 else { return nil }
    let beyond = hasHuge ? " beyond 4e307 or" : ""
    return switch content {
    case .scatter, .row: "left out: \(Text.count(leftOut, "point"))\(beyond) not finite"
    case .line(let line) where line.logX || line.logY:
      "left out: \(Text.count(leftOut, "point"))\(beyond) not finite or not positive"
    case .line: "left out: \(Text.count(leftOut, "point"))\(beyond) not finite"
    case .bars, .heatmap, .tiles, .tree:
      "left out: \(Text.count(leftOut, "value"))\(beyond) not finite"
    }
  }
}

extension Figure {
  /// The words around a figure, and its size.
  public struct Frame: Sendable, Equatable {
    /// Sizes of a saved panel that are accepted, in pixels.
    public static let sizes = 100...4000

    /// The line above, or empty.
    public var title: String
    /// What the horizontal axis shows, or empty.
    public var xLabel: String
    /// What the vertical axis shows, or empty.
    public var yLabel: String
    /// Width of a saved figure in pixels (1/96 inch), or nil for the usual one.
    public var width: Int?
    /// Height of a saved figure in pixels (1/96 inch), or nil for the usual one.
    public var height: Int?

    /// The words around a figure; what is empty or nil is left out or chosen.
    public init(
      title: String = "", xLabel: String = "", yLabel: String = "", width: Int? = nil,
      height: Int? = nil
    ) {
      self.title = singleLine(title)
      self.xLabel = singleLine(xLabel)
      self.yLabel = singleLine(yLabel)
      self.width = width
      self.height = height
    }

    func check() throws {
      for (name, size) in [("width", width), ("height", height)] {
        guard let size, !Frame.sizes.contains(size) else { continue }
        throw Failure(
          "found a figure \(name) of \(size) pixels, "
            + "expected \(Frame.sizes.lowerBound) to \(Frame.sizes.upperBound)")
      }
    }
  }
}
