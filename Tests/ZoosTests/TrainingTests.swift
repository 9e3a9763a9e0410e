import Execution
import Tensors
import Testing

@testable import Zoos

@Suite struct TrainingTests {
  private let console = RecordingConsole()

  @Test func tableHasARowForEachKeptStep() throws {
    let settings = smallSettings()
    let zoo = try trained(settings)
    #expect(zoo.isComplete && zoo.count == 15)
    #expect(zoo.step.elements == [0, 10, 30, 0, 10, 30, 0, 10, 30, 0, 10, 30, 0, 10, 30])
    #expect(zoo.run.elements == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4])
    #expect(try zoo.weights.shape == [15, zoo.shape.parameterCount])
    #expect(try zoo.rollouts.shape == [15, 6, 20])
    #expect(try zoo.logProbabilities.shape == [15, 6, 19, 5])
    #expect(zoo.tasks.shape == [15, 3])
    for (row, task) in try zoo.taskList.enumerated() {
      #expect(task[0] == 0 && task.allSatisfy { (-1...1).contains($0) })
      #expect(task == settings.task(run: row / 3).map(Double.init))
    }
    let starts = try zoo.rollouts.elements.enumerated().filter { $0.offset % 20 == 0 }.map(
      \.element)
    #expect(starts.allSatisfy { $0 == 3 })
    #expect(zip(zoo.accuracy.elements, zoo.countAccuracy.elements).allSatisfy { $0 <= $1 })
  }

  @Test func runsDependOnTheirNumberOnly() throws {
    let settings = smallSettings()
    let zoo = try trained(settings)
    let store = try MemoryStore(settings)
    for run in (0..<5).reversed() {
      try store.store(try TaskRun(settings, run: run).train { _ in }, run: run)
    }
    let alone = Zoo(
      shape: zoo.shape, columns: try settings.layout().columns(ofFiles: store.take().files),
      rows: Array(0..<15), family: settings.family)
    #expect(try numbers(alone) == numbers(zoo))
    var other = settings
    other.seed = 8
    let changed = try trained(other)
    #expect(try changed.weights.elements != zoo.weights.elements)
  }

  @Test func allTasksComeInTurn() throws {
    var settings = smallSettings()
    settings.tasks = .all
    settings.runs = 11
    #expect(settings.languages.taskCount == 9)
    let tasks = (0..<11).map { settings.task(run: $0) }
    #expect(tasks.prefix(4) == [[0, -1, -1], [0, -1, 0], [0, -1, 1], [0, 0, -1]])
    #expect(Set(tasks).count == 9 && tasks[9] == tasks[0])
    #expect(Languages().taskCount == 216)
  }

  @Test func rowsAreSelected() throws {
    let zoo = try trained(smallSettings())
    let weights = try zoo.weights.elements
    let size = zoo.shape.parameterCount
    let last = try zoo[mask: zoo.step.elements.map { $0 == 30 }]
    #expect(last.run.elements == [0, 1, 2, 3, 4])
    let picked = try last[rows: [-1, 0, 0]]
    #expect(picked.run.elements == [4, 0, 0])
    #expect(try picked.weights.elements.prefix(size) == weights[(14 * size)...])
    #expect(try picked.rollouts.shape == [3, 6, 20])
    #expect(try zoo[range: 3..<5].step.elements == [0, 10])
    let (tokens, logits) = try picked.examples([5, 0, 2])
    #expect(tokens.shape == [3, 20] && logits.shape == [3, 19, 5])
    #expect(try tokens.elements.prefix(20) == picked.rollouts.elements[100..<120])
    #expect(try zoo.language(row: 14).differences.map(Double.init) == zoo.taskList[14])
    #expect(throws: Failure.self) { try zoo[rows: [15]] }
    #expect(throws: Failure.self) { try zoo[rows: [-16]] }
    #expect(throws: Failure.self) { try zoo[mask: [true]] }
    #expect(throws: Failure.self) { try zoo[range: 3..<16] }
    #expect(throws: Failure.self) { try picked.examples([0, 6, 0]) }
    #expect(try zoo[rows: []].weights.shape == [0, size])
  }

  @Test func stoppingKeepsFinishedRuns() throws {
    let token = Cancellation()
    token.request()
    #expect(throws: Interrupted.self) {
      try Zoo.train(smallSettings(), console: console, cancellation: token)
    }
  }
}
