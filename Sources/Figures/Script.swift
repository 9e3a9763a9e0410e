import Execution

/// Where a gnuplot script draws.
enum FileFormat: String, CaseIterable {
  case svg
  case png
  case pdf
  /// The script itself.
  case script = "gp"

  /// The format that the ending of a path names.
  init(ending path: String) throws {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let ending = parts.count > 1 ? parts.last.map { $0.lowercased() } ?? "" : ""
    guard let format = FileFormat(rawValue: ending) else {
      let possible = FileFormat.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
      let found = ending.isEmpty ? "no ending" : "the ending \".\(ending)\""
      throw Failure("found \(found) in \"\(path)\", expected a figure file in \(possible)")
    }
    self = format
  }

  /// The command that chooses the terminal, for a size in pixels of 1/96 inch.
  func terminal(width: Int, height: Int) -> String {
    switch self {
    case .svg:
      "set terminal svg size \(width),\(height) font 'sans-serif,12' background 'white' noenhanced"
    case .png, .script:
      // Twice the pixels, for screens with small ones and for print.
      "set terminal pngcairo size \(2 * width),\(2 * height) font 'Sans,9' fontscale 2 "
        + "linewidth 2 pointscale 2 background 'white' noenhanced"
    case .pdf:
      "set terminal pdfcairo size \(inches(width)),\(inches(height)) font 'Sans,9' "
        + "background 'white' noenhanced"
    }
  }

  private func inches(_ pixels: Int) -> String { Text.fixed(Double(pixels) / 96, 3) + "in" }
}

/// The part of a gnuplot script that draws one panel.
struct ScriptPanel {
  /// Usual size in pixels.
  var width = 640
  var height = 420
  /// Data blocks.
  var data: [String] = []
  /// Settings and the plot command.
  var commands: [String] = []
  private let number: Int

  init(_ number: Int) { self.number = number }

  /// Adds a data block and returns its name; rows of nil part two stretches.
  mutating func block(_ rows: some Sequence<[Double]?>) -> String {
    let name = "$panel\(number)_data\(data.count)"
    var lines = ["\(name) << EOD"]
    for row in rows {
      lines.append(row.map { $0.map(Script.number).joined(separator: " ") } ?? "")
    }
    data.append((lines + ["EOD"]).joined(separator: "\n"))
    return name
  }

  /// Adds a command line.
  mutating func add(_ command: String) { commands.append(command) }

  /// Adds the command that draws the layers over each other.
  mutating func plot(_ layers: [String]) {
    add("plot \\\n  " + layers.joined(separator: ", \\\n  "))
  }
}

/// Gnuplot scripts that draw figures.
enum Script {
  /// The script of a figure; it writes to standard output, or to the file `output`.
  static func text(of figure: Figure, format: FileFormat, output: String? = nil) -> String {
    let figures = if case .row(let inner) = figure.content { inner } else { [figure] }
    let panels = figures.enumerated().map { panel($1, number: $0) }
    let widths = zip(figures, panels).map { $0.frame.width ?? $1.width }
    let heights = zip(figures, panels).map { $0.frame.height ?? $1.height }
    let isRow = figure.kind == .row
    let title = isRow && !figure.frame.title.isEmpty ? 36 : 0
    let (width, height) = (widths.reduce(0, +), (heights.max() ?? 420) + title)
    var lines = ["set encoding utf8", format.terminal(width: width, height: height)]
    if let output { lines.append("set output \(quoted(output))") }
    lines += panels.flatMap(\.data)
    if isRow {
      lines.append("set multiplot")
      if title > 0 {
        lines.append(
          "set label 1000 \(quoted(figure.frame.title)) at screen 0.5,screen "
            + "\(number(1 - 18 / Double(height))) center font ',15' front")
      }
    }
    var left = 0
    for (place, panel) in panels.enumerated() {
      if isRow {
        if place > 0 { lines.append("reset") }
        lines.append("set origin \(share(left, of: width)),0")
        lines.append(
          "set size \(share(widths[place], of: width)),\(share(height - title, of: height))")
      }
      lines += panel.commands
      left += widths[place]
    }
    if isRow { lines.append("unset multiplot") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The drawing of one figure that is no row.
  private static func panel(_ figure: Figure, number: Int) -> ScriptPanel {
    var panel = ScriptPanel(number)
    style(figure, on: &panel)
    switch figure.content {
    case .scatter(let scatter): scatter.draw(on: &panel)
    case .line(let line): line.draw(on: &panel)
    case .bars(let bars): bars.draw(figure.frame, on: &panel)
    case .heatmap(let heatmap): heatmap.draw(on: &panel)
    case .tiles(let tiles): tiles.draw(on: &panel)
    case .tree(let tree): tree.draw(figure.frame, on: &panel)
    case .row: break
    }
    return panel
  }

  /// What all kinds share: words, colours of axes, the remark about what is left out.
  private static func style(_ figure: Figure, on panel: inout ScriptPanel) {
    let frame = figure.frame
    if !frame.title.isEmpty { panel.add("set title \(quoted(frame.title)) font ',13'") }
    if !frame.xLabel.isEmpty { panel.add("set xlabel \(quoted(frame.xLabel))") }
    if !frame.yLabel.isEmpty { panel.add("set ylabel \(quoted(frame.yLabel))") }
    panel.add("set border 3 linecolor '#444444'")
    panel.add("set tics nomirror out scale 0.6 textcolor '#222222'")
    panel.add("set format '%g'")
    panel.add("set grid xtics ytics linetype 1 linecolor '#e6e6e6' linewidth 0.6")
    panel.add("set key noautotitle")
    if let note = figure.leftOutNote {
      panel.add(
        "set label 999 \(quoted(note)) at graph 1,1 right offset 0,0.6 font ',8' "
          + "textcolor '#666666'")
    }
  }

  /// Text in quotes in which gnuplot sees nothing special: control characters are gone already.
  static func quoted(_ text: String) -> String {
    var result = "'"
    for character in singleLine(text).unicodeScalars {
      if character == "'" { result.unicodeScalars.append("'") }
      result.unicodeScalars.append(character)
    }
    return result + "'"
  }

  /// Text of a tick, which gnuplot takes for a number format.
  static func quotedTick(_ text: String) -> String {
    quoted(text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%"))
  }

  /// Ticks with names.
  static func ticks(_ labels: [String], at places: [Double]) -> String {
    "(" + zip(labels, places).map { "\(quotedTick($0)) \(number($1))" }.joined(separator: ", ")
      + ")"
  }

  /// A number as gnuplot reads it.
  static func number(_ value: Double) -> String {
    value.isDrawable ? Text.significant(value, 12) : "NaN"
  }

  /// The colour map and its range.
  static func palette(_ scale: ColourScale) -> [String] {
    let colours = Palette.viridis.enumerated().map { "\($0) '\($1.text)'" }
    return [
      "set palette defined (\(colours.joined(separator: ", ")))",
      "set cbrange [\(number(scale.low)):\(number(scale.high))]",
    ]
  }

  /// The range of an axis.
  static func range(_ name: String, _ axis: Axis) -> String {
    "set \(name)range [\(number(axis.low)):\(number(axis.high))]"
  }

  private static func share(_ part: Int, of whole: Int) -> String {
    number(Double(part) / Double(max(whole, 1)))
  }
}
