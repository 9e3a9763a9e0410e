import Execution
import Figures
import Tensors
import Testing

@Suite struct FailureTests {
  private func message(_ body: () throws -> Figure) -> String? {
    do {
      _ = try body()
      return nil
    } catch {
      return (error as? Failure)?.message
    }
  }

  @Test func lengthsThatDiffer() {
    #expect(
      message { try .scatter(x: [1.0, 2], y: [1.0]) }
        == "found 1 entry in y, expected 2, as many as in x")
    #expect(
      message { try .scatter(x: [1.0], y: [1.0], colour: .categories(["a", "b"])) }
        == "found 2 entries in colour, expected 1, as many as in x")
    #expect(
      message { try .line([.init(name: "a", x: [1.0], y: [1.0, 2])]) }
        == "found 1 entry in x of series \"a\", expected 2, as many as in its y")
    #expect(
      message { try .bars(labels: ["a"], values: [1.0, 2]) }
        == "found 2 entries in values, expected 1, as many as in labels")
    #expect(
      message { try .heatmap(rows: [[1, 2], [1]]) }
        == "found 1 entry in row 1 of the matrix, expected 2, as many as in row 0")
    #expect(
      message { try .heatmap(rows: [[1, 2]], rowLabels: ["a", "b"]) }
        == "found 2 entries in row labels, expected 1, as many as in rows")
  }

  @Test func nothingToDraw() {
    let none: [Double] = []
    #expect(
      message { try .scatter(x: none, y: none) }
        == "found no points for a scatter, expected at least one")
    #expect(message { try .line([]) } == "found no series for a line figure, expected at least one")
    #expect(message { try .bars(labels: [], values: none) }?.hasPrefix("found no labels") == true)
    #expect(message { try .heatmap(rows: []) }?.hasPrefix("found no cells") == true)
    #expect(message { try .row([]) }?.hasPrefix("found no figure") == true)
    let empty = Tensor(shape: [0, 28, 28], [])
    #expect(message { try .tiles(empty) }?.hasPrefix("found no pixels") == true)
  }

  @Test func whatIsNoTree() {
    #expect(message { try .tree([]) } == "found no nodes for tree, expected at least one")
    #expect(
      message { try .tree([.init(label: "a")], depth: 0) }
        == "found a depth of 0, expected 1 to 64")
    #expect(
      message { try .tree([.init(label: "a", children: [0])]) }
        == "node 0 of the tree leads to 0, expected a new node after it")
    #expect(
      message { try .tree([.init(label: "a"), .init(label: "b")]) }
        == "node 1 of the tree is below no other")
  }

  @Test func shapesIntervalsAndSizes() {
    let three = Tensor(shape: [2, 3], [1, 2, 3, 4, 5, 6])
    #expect(
      message { try .scatter(points: three) }
        == "found points of shape [2, 3], expected [N, 2]: rows of x and y")
    #expect(
      message { try .tiles(Tensor([1, 2])) }
        == "found images of shape [2], expected [N, h, w] or [h, w]")
    #expect(
      message { try .bars(labels: ["a"], values: [1.0], low: [2.0], high: [0.0]) }
        == "found an interval from 2 to 0 at place 0 of values, expected low <= high")
    #expect(
      message { try .bars(labels: ["a"], values: [1.0], low: [0.5]) }
        == "found only low of values, expected low and high")
    #expect(
      message { try .bars(labels: ["a"], values: [1.0], baseline: .init(value: .nan, name: "")) }
        == "found a baseline at nan, expected a finite number")
    #expect(
      message { try .scatter(x: [1.0], y: [1.0], frame: .init(width: 5)) }
        == "found a figure width of 5 pixels, expected 100 to 4000")
  }

  @Test func unknownKinds() throws {
    let error = #expect(throws: Failure.self) { try Figure.Kind(named: "scater") }
    #expect(
      error?.message == "found the figure kind \"scater\", "
        + "expected one of scatter, line, bars, heatmap, tiles, tree, row")
    #expect(error?.hint == "did you mean \"scatter\"?")
    #expect(try Figure.Kind(named: "tiles") == .tiles)
  }
}
