import Execution
import Glibc
import Tensors
import Testing

@testable import Zoos

@Suite struct StoredColumnTests {
  private let zoo: Zoo
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    zoo = try trained(smallSettings(), path: folder.path + "/zoo")
  }

  @Test func columnsHaveTheTypesOfTheirFiles() throws {
    #expect(try zoo.weightColumn.type == .float32)
    #expect(try zoo.weightColumn.shape == zoo.weights.shape)
    #expect(try zoo.rolloutColumn.type == .int16 && zoo.rolloutColumn.shape == [15, 6, 20])
    #expect(try zoo.logProbabilityColumn.type == .float16)
    #expect(try zoo.rolloutColumn.path == folder.path + "/zoo/sequences.npy")
    #expect(try zoo.rolloutColumn.size == 15 * 6 * 20 * 2)
  }

  @Test func anyIndexGivesWhatTheTensorWould() throws {
    let mask = Tensor((0..<15).map { $0 % 4 == 1 ? 1 : 0 })
    let pairs = Tensor(shape: [2, 2], [3, -1, 0, 3])
    let indices: [[TensorIndex]] = [
      [], [.at(-2)], [.at(3), .at(5)], [.slice(start: 2, stop: 9, step: 3)], [.mask(mask)],
      [.positions(Tensor([4, 4, -1]))], [.positions(pairs)], [.all, .at(2)],
      [.mask(mask), .all, .at(1)], [.positions(pairs), .at(1)],
      [
        .positions(Tensor([1, 2])), .positions(Tensor([0, 5])),
        .slice(start: 1, stop: nil, step: 2),
      ],
      [.ellipsis, .at(0)], [.newAxis, .at(1)], [.slice(start: nil, stop: nil, step: -1)],
      [.at(0), .ellipsis, .slice(start: 1, stop: 3, step: 1)],
    ]
    for column in try [zoo.rolloutColumn, zoo.logProbabilityColumn] {
      let tensor = try column.tensor()
      for index in indices {
        let (found, wanted) = (try column.selecting(index), try tensor.selecting(index))
        #expect(found.shape == wanted.shape && found.elements == wanted.elements, "\(index)")
      }
    }
    #expect(throws: Failure.self) { try zoo.weightColumn.selecting([.at(15)]) }
    let part = try zoo[mask: zoo.step.elements.map { $0 == 30 }]
    #expect(
      try part.weightColumn.selecting([.at(1)]).elements
        == zoo.weightColumn.selecting([.at(5)]).elements)
  }

  @Test func aFileThatShrinksIsToldOf() throws {
    let path = folder.path + "/zoo/parameters.npy"
    #expect(try zoo.weightColumn.selecting([.at(14)]).count == zoo.shape.parameterCount)
    #expect(truncate(path, 5000) == 0)
    let failure = #expect(throws: Failure.self) { try zoo.weightColumn.selecting([.at(14)]) }
    #expect(
      failure?.message.contains("has become shorter since it was opened: it has 5000") == true)
  }

  @Test func statusTellsWhatIsMissingAndDamaged() throws {
    let console = RecordingConsole()
    let path = folder.path + "/zoo"
    let whole = try ZooStatus(path, console: console)
    #expect(whole.isComplete && whole.finished == [0, 1, 2, 3, 4] && whole.secondsLeft == nil)
    #expect(whole.missing.isEmpty && whole.failingRows.isEmpty && whole.missingSize == 0)
    // The last row of run 2 has another number, and the line of run 4 is blank.
    var weights = try File.read(path + "/parameters.npy")
    weights[128 + 8 * zoo.shape.parameterCount * 4] ^= 1
    try File.write(weights, to: path + "/parameters.npy")
    let form = JournalForm(smallSettings())
    var journal = try File.read(path + "/journal")
    journal.replaceSubrange(form.range(of: 4), with: Array(form.blank(run: 4).utf8))
    try File.write(journal, to: path + "/journal")
    let found = try ZooStatus(path, console: console)
    #expect(found.finished == [0, 1, 3] && found.failing == [2] && found.failingRows == [8])
    #expect(found.missing == [4] && found.running.isEmpty && !found.isComplete)
    #expect((found.secondsLeft ?? 0) > 0 && found.isContinuable)
    do {
      let store = try FolderStore(path, smallSettings(), console: console)
      #expect(try store.claim(4) == .mine)
      let claimed = try ZooStatus(path, console: console)
      #expect(claimed.running == [4] && claimed.missing.isEmpty)
    }
    _ = try trained(smallSettings(), path: path)
    #expect(try ZooStatus(path, console: console).isComplete)
    #expect(throws: Failure.self) {
      try ZooStatus(Golden.path("tiny_formal"), console: console)
    }
  }
}
