import Execution
import Figures
import Language
import Tensors

/// A figure as a value: the terminal shows it, `save` writes it.
struct FigureValue: NativeObject {
  let figure: Figure

  var typeName: String { "figure" }

  func card(_ style: ConsoleStyle) -> String {
    figure.text(columns: style.columns, colours: style.colours)
  }

  func isEqual(to other: any NativeObject) -> Bool { (other as? FigureValue)?.figure == figure }
}

extension NativeTable {
  static let figures: [NativeFunction] = [
    NativeFunction("scatter") { call in
      .object(
        FigureValue(
          figure: try Figure.scatter(
            x: try numbers(call, 0), y: try numbers(call, 1), colour: try colour(call),
            frame: try frame(call))))
    },
    NativeFunction("line") { call in try line(call) },
    NativeFunction("bars") { call in
      let level = try call.at("baseline")
      let baseline =
        call.isNone(level)
        ? nil
        : Bars.Baseline(
          value: try call.number(level), name: try call.string(call.at("baseline_label")))
      return .object(
        FigureValue(
          figure: try Figure.bars(
            labels: try texts(call, 0), values: try numbers(call, 1),
            low: try given(call, "low").map { try numbers(call, $0) },
            high: try given(call, "high").map { try numbers(call, $0) }, baseline: baseline,
            // Lying bars have their values along x, and a picture of them stands them up.
            frame: Figure.Frame(
              title: try call.string(call.at("title")),
              xLabel: try call.string(call.at("ylabel")), yLabel: ""))))
    },
    NativeFunction("heatmap") { call in
      .object(
        FigureValue(
          figure: try Figure.heatmap(
            try call.tensor(0),
            rowLabels: try given(call, "rows").map { try texts(call, $0) } ?? [],
            columnLabels: try given(call, "columns").map { try texts(call, $0) } ?? [],
            frame: try frame(call))))
    },
    NativeFunction("tiles") { call in
      .object(
        FigureValue(
          figure: try Figure.tiles(
            try call.tensor(0), frame: Figure.Frame(title: try call.string(1)))))
    },
    NativeFunction("tree") { call in
      .object(
        FigureValue(
          figure: try Figure.tree(
            try TreeForm.nodes(call),
            depth: call.isNone(1)
              ? nil : try call.integer(1, Tree.depths.lowerBound...Tree.depths.upperBound),
            frame: Figure.Frame(title: try call.string(2)))))
    },
    NativeFunction("row") { call in
      let figures = try call.items(of: call[0]).map { item -> Figure in
        guard case .native(let box) = item, let value = box.object as? FigureValue else {
          throw call.wrong(0, expected: "a list of figures")
        }
        return value.figure
      }
      return .object(FigureValue(figure: try Figure.row(figures, title: try call.string(1))))
    },
  ]

  private static func numbers(_ call: Arguments, _ place: Int) throws -> [Double] {
    if case .tensor(let object) = call[place] {
      return object.variable.value.elements.map { Double($0) }
    }
    return try call.items(of: call[place]).map { item in
      guard let number = call.plainNumber(item) else {
        throw call.wrong(place, expected: "a list of numbers")
      }
      return number
    }
  }

  private static func texts(_ call: Arguments, _ place: Int) throws -> [String] {
    try call.items(of: call[place]).map(call.session.text)
  }

  /// The place of an argument, nil if it is none.
  private static func given(_ call: Arguments, _ name: String) throws -> Int? {
    let place = try call.at(name)
    return call.isNone(place) ? nil : place
  }

  private static func frame(_ call: Arguments) throws -> Figure.Frame {
    Figure.Frame(
      title: try call.string(call.at("title")), xLabel: try call.string(call.at("xlabel")),
      yLabel: try call.string(call.at("ylabel")))
  }

  /// Numbers on a scale, or categories.
  private static func colour(_ call: Arguments) throws -> Scatter.Colour {
    guard let place = try given(call, "colour") else { return .none }
    let items =
      if case .tensor = call[place] { ListItems([]) } else { try call.items(of: call[place]) }
    if case .string? = items.first { return .categories(items.map(call.session.text)) }
    return .numbers(
      try numbers(call, place), name: try call.string(call.at("colour_label")))
  }

  /// One series, several named ones, each a list of y, or of (x, y) pairs.
  private static func line(_ call: Arguments) throws -> Value {
    var x: [Double]?
    var y = call[0]
    if !call.isNone(1) {
      x = try numbers(call, 0)
      y = call[1]
    }
    var series: [Line.Series] = []
    if case .record(let record) = y {
      for (name, value) in zip(record.names, record.values) {
        series.append(try one(name.name, x, value, call))
      }
    } else {
      series.append(try one("", x, y, call))
    }
    return .object(
      FigureValue(
        figure: try Figure.line(
          series, logX: try call.boolean(call.at("xlog")),
          logY: try call.boolean(call.at("ylog")), frame: try frame(call))))
  }

  private static func one(
    _ name: String, _ x: [Double]?, _ value: Value, _ call: Arguments
  ) throws -> Line.Series {
    let items = try call.items(of: value)
    if x == nil, case .record? = items.first {
      let pairs = try items.map { try Arguments.tensor($0).elements.map { Double($0) } }
      guard pairs.allSatisfy({ $0.count == 2 }) else {
        throw Failure("a series is a list of numbers or of (x, y) pairs", at: .position(0))
      }
      return Line.Series(name: name, x: pairs.map { $0[0] }, y: pairs.map { $0[1] })
    }
    let y = try items.map { item -> Double in
      guard let number = call.plainNumber(item) else {
        throw Failure("a series is a list of numbers, not of \(item.described)")
      }
      return number
    }
    return Line.Series(name: name, x: x, y: y)
  }

  /// Saves a figure, if the value is one; says whether it was.
  static func saveObject(_ value: Value, _ path: String, _ call: Arguments) throws -> Bool {
    guard case .native(let box) = value, let figure = (box.object as? FigureValue)?.figure else {
      return false
    }
    do {
      try figure.save(to: path, console: call.console)
    } catch let missing as GnuplotMissing {
      call.console.note("note: \"\(path)\" is not written: \(missing)")
    }
    return true
  }
}
