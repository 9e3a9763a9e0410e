import Execution
import Tensors
import Testing

@testable import Figures

@Suite struct TextTests {
  @Test func everyKindMatchesItsSnapshot() throws {
    for (name, figure) in try Samples.all() {
      for columns in [40, 80] {
        try Snapshot.check(figure.text(columns: columns, colours: false), "\(name)-\(columns).txt")
      }
      try Snapshot.check(figure.text(columns: 80, colours: true), "\(name)-colours.txt")
    }
  }

  @Test(arguments: [1, 20, 33, 40, 57, 80, 120, 200])
  func linesFitTheTerminal(columns: Int) throws {
    for (name, figure) in try Samples.all() {
      let lines = figure.text(columns: columns, colours: false).split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= max(columns, 20) }, "\(name)")
      let isStacked = figure.kind == .row && columns < 71
      #expect(isStacked || lines.count <= 23, "\(name) takes \(lines.count) lines")
    }
  }

  @Test func coloursAreOnlyUsedIfWanted() throws {
    for (name, figure) in try Samples.all() {
      let plain = figure.text(columns: 80, colours: false)
      #expect(!plain.contains("\u{1B}"), "\(name)")
    }
    #expect(try Samples.categories().text(columns: 80, colours: true).contains("\u{1B}[38;5;"))
  }

  @Test func blanksOfACanvasAreBraille() throws {
    let text = try Samples.plainScatter().text(columns: 40, colours: false)
    for line in text.split(separator: "\n") {
      guard let axis = line.firstIndex(where: { $0 == "│" || $0 == "┤" }) else { continue }
      let canvas = line[line.index(after: axis)...]
      #expect(canvas.unicodeScalars.allSatisfy { (0x2800...0x28FF).contains($0.value) })
    }
  }

  @Test func distinctInitialsAreTheirOwnSigns() throws {
    let figure = try Figure.scatter(
      x: [0.0, 1, 2], y: [0.0, 1, 2], colour: .categories(["7", "10", "2"]))
    let text = figure.text(columns: 40, colours: false)
    #expect(text.contains("7 7") && text.contains("1 10") && text.contains("2 2"))
    let digits = try Figure.scatter(
      x: [0.0, 1], y: [0.0, 1], colour: .categories(["7", "2"]))
    #expect(digits.text(columns: 40, colours: false).split(separator: "\n").count == 16)
  }

  @Test func manyCategoriesAreCutShort() throws {
    let names = (0..<200).map { "category \($0)" }
    let numbers = (0..<200).map { Double($0) }
    let figure = try Figure.scatter(x: numbers, y: numbers, colour: .categories(names))
    let lines = figure.text(columns: 80, colours: false).split(separator: "\n")
    #expect(lines.count == 19)
    #expect(lines.last?.hasSuffix("more") == true)
  }

  @Test func manyImagesAreSmallerOrCutShort() throws {
    let text = try Samples.tiles(400).text(columns: 80, colours: false)
    #expect(text.contains("… and "))
    #expect(text.split(separator: "\n").count <= 21)
  }

  @Test func controlCharactersAndWideOnesKeepTheLayout() throws {
    let figure = try Figure.bars(
      labels: ["a\u{1B}[31m\n", "数字の名前"], values: [1.0, 2],
      frame: .init(title: "one\ntwo"))
    let lines = figure.text(columns: 40, colours: false).split(separator: "\n")
    #expect(lines[0].contains("one two"))
    #expect(lines[1].hasPrefix("a [31m "))
    #expect(lines[2].hasPrefix("数字の名前 │"))
  }

  @Test func rowsFlattenAndCount() throws {
    let inner = try Figure.row([Samples.plainScatter(), Samples.line()])
    let outer = try Figure.row([inner, Samples.bars()])
    guard case .row(let panels) = outer.content else {
      Issue.record("no row")
      return
    }
    #expect(panels.map(\.kind) == [.scatter, .line, .bars])
    #expect(outer.leftOut == 3)
  }

  @Test func nonPositiveNumbersAreLeftOutOfLogarithmicAxes() throws {
    let figure = try Figure.line(
      [.init(x: [0.0, 1, 10], y: [1.0, -1, 3])], logX: true, logY: true)
    #expect(figure.leftOut == 2)
    #expect(
      figure.text(columns: 60, colours: false).hasSuffix(
        "left out: 2 points not finite or not positive"))
  }

  @Test func longCurvesAreThinnedButKeepTheirExtremes() throws {
    var y = (0..<100_000).map { Double($0 % 7) }
    (y[777], y[54_321], y[60_000]) = (-50, 90, .nan)
    let figure = try Figure.line([.init(y: y)])
    guard case .line(let line) = figure.content else { return }
    let stretches = line.stretches(of: line.series[0])
    #expect(stretches.count == 2)
    // Two stretches of at most 2501 parts with four places each.
    #expect(stretches.joined().count <= 2 * 2501 * 4)
    #expect([0, 777, 54_321, 59_999, 60_001, 99_999].allSatisfy(stretches.joined().contains))
    #expect(figure.leftOut == 1)
    let backwards = Line.Series(x: y, y: y)
    #expect(line.stretches(of: backwards).joined().count == 99_999)
  }
}
