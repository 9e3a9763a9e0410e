import Execution
import Figures
import Tensors

/// Figures of every kind, the same in each run.
enum Samples {
  static func all() throws -> [(name: String, figure: Figure)] {
    [
      ("scatter-plain", try plainScatter()), ("scatter-categories", try categories()),
      ("scatter-numbers", try numbers()), ("line", try line()), ("line-log", try logLine()),
      ("bars", try bars()), ("bars-groups", try groupedBars()), ("heatmap", try heatmap()),
      ("heatmap-large", try largeHeatmap()), ("tiles", try tiles()), ("tree", try tree()),
      ("tree-cut", try cutTree()), ("row", try row()),
    ]
  }

  /// A cloud of normal numbers around a place.
  static func cloud(_ index: UInt64, x: Double, y: Double, count: Int) -> ([Double], [Double]) {
    var stream = RandomStream(seed: 7, purpose: "samples", index: index)
    var xs: [Double] = []
    var ys: [Double] = []
    for _ in 0..<count {
      xs.append(x + stream.normal())
      ys.append(y + 0.6 * stream.normal())
    }
    return (xs, ys)
  }

  static func plainScatter() throws -> Figure {
    var (x, y) = cloud(0, x: 0, y: 0, count: 300)
    (x[3], y[9]) = (.nan, .infinity)
    return try .scatter(
      x: x, y: y,
      frame: .init(
        title: "It's 100 % \"plain_text\" {β} `date` \\n", xLabel: "first component",
        yLabel: "second component"))
  }

  static func categories() throws -> Figure {
    let names = ["a^n b^n", "a^n b^m", "Dyck_1"]
    var x: [Double] = []
    var y: [Double] = []
    var labels: [String] = []
    for (place, name) in names.enumerated() {
      let (xs, ys) = cloud(
        UInt64(place + 1), x: 4 * Double(place), y: place == 1 ? 3 : 0, count: 60)
      x += xs
      y += ys
      labels += Array(repeating: name, count: 60)
    }
    return try .scatter(
      x: x, y: y, colour: .categories(labels),
      frame: .init(title: "Embeddings by language", xLabel: "PC 1", yLabel: "PC 2"))
  }

  static func numbers() throws -> Figure {
    let (x, y) = cloud(5, x: 1000, y: -3, count: 200)
    return try .scatter(
      x: x, y: y, colour: .numbers(x.map { 0.5 + 0.2 * ($0 - 1000) }, name: "accuracy"),
      frame: .init(title: "Embeddings by accuracy", xLabel: "PC 1", yLabel: "PC 2"))
  }

  static func line() throws -> Figure {
    let x = (0..<40).map { Double($0) * 250 }
    func curve(_ rate: Double, _ end: Double) -> [Double] {
      x.map { end + 2 / (1 + rate * $0 / 1000) }
    }
    let first = curve(2, 0.1)
    var second = curve(0.6, 0.3)
    second[20] = .nan
    return try .line(
      [
        .init(
          name: "interactive probing", x: x, y: first, low: first.map { 0.8 * $0 },
          high: first.map { 1.3 * $0 }),
        .init(name: "flat weights", x: x, y: second),
      ], frame: .init(title: "Loss", xLabel: "step", yLabel: "loss"))
  }

  static func logLine() throws -> Figure {
    let x: [Float] = (0..<30).map { Float(1 << ($0 / 2)) * ($0 % 2 == 0 ? 1 : 1.5) }
    return try .line(
      [.init(name: "", x: x, y: x.map { 3 / $0 })], logX: true, logY: true,
      frame: .init(title: "Power law", xLabel: "nets", yLabel: "error"))
  }

  static func bars() throws -> Figure {
    try .bars(
      labels: ["layer statistics", "flat weights", "DWSNet", "interactive probing"],
      values: [0.31, 0.222, 0.504, 0.912], low: [0.28, 0.2, 0.45, 0.9],
      high: [0.34, 0.25, 0.56, 0.925], baseline: .init(value: 0.1, name: "chance"),
      frame: .init(title: "Task from weights", xLabel: "accuracy"))
  }

  static func groupedBars() throws -> Figure {
    try .bars(
      labels: ["validation", "out of distribution"],
      groups: [
        .init(name: "probing", values: [0.9, 0.62], low: [0.85, 0.5], high: [0.95, 0.7]),
        .init(name: "statistics", values: [0.55, -0.21]),
        .init(name: "DWSNet", values: [0.7, Double.nan]),
      ], frame: .init(title: "R² by encoder", xLabel: "R²"))
  }

  static func heatmap() throws -> Figure {
    let values = (0..<20).map { Float($0 * $0) / 100 - 1 } + [Float.nan]
    return try .heatmap(
      Tensor(shape: [3, 7], values), rowLabels: ["input", "forget", "output"],
      columnLabels: (0..<7).map { "unit \($0)" }, name: "activation",
      frame: .init(title: "Gates"))
  }

  static func largeHeatmap() throws -> Figure {
    let matrix = Tensor(
      shape: [40, 60],
      (0..<2400).map { place in
        let (row, column) = (Float(place / 60) - 20, Float(place % 60) - 30)
        return 1 / (1 + (row * row + column * column) / 100)
      })
    return try .heatmap(matrix, name: "weight", frame: .init(title: "Hidden to hidden"))
  }

  static func tiles(_ count: Int = 10) throws -> Figure {
    var pixels: [Float] = []
    for image in 0..<count {
      for place in 0..<784 {
        let (x, y) = (Float(place % 28) - 13.5, Float(place / 28) - 13.5)
        let radius = (x * x + y * y).squareRoot()
        let bow = abs(radius - Float(3 + image % 10)) < 1.5
        pixels.append(bow ? 1 : max(0, 0.4 - radius / 40))
      }
    }
    return try .tiles(
      Tensor(shape: [count, 28, 28], pixels), captions: (0..<count).map { "ring \($0)" },
      frame: .init(title: "Samples"))
  }

  /// A search among eight, and one function that is found at once.
  static func tree() throws -> Figure {
    try .tree(
      [
        .init(label: "length?", children: [1, 2, 3]),
        .init(label: "a^n b^n", branch: "short"),
        .init(label: "x3?", branch: "50 %", children: [4, 5]),
        .init(label: "it's?", branch: "long", children: [6, 7]), .init(label: "t0", branch: "0"),
        .init(label: "x4?", branch: "1", children: [8]), .init(label: "t1", branch: "-0.5..0.25"),
        .init(label: "t2", branch: "3"), .init(label: "t3", branch: "0"),
      ], frame: .init(title: "Which function?"))
  }

  /// A complete tree with 128 leaves.
  static func cutTree() throws -> Figure {
    let inner = (0..<127).map { place in
      Tree.Node(
        label: "q\(place)?", branch: place == 0 ? "" : "\((place + 1) % 2)",
        children: [2 * place + 1, 2 * place + 2])
    }
    return try .tree(
      inner + (127..<255).map { Tree.Node(label: "f\($0 - 127)", branch: "\(($0 + 1) % 2)") })
  }

  static func row() throws -> Figure {
    try .row([categories(), line()], title: "Two panels")
  }
}
