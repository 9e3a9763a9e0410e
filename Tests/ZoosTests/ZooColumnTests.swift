import Execution
import Networks
import Tensors
import Testing

@testable import Zoos

@Suite struct ZooColumnTests {
  private let shape: NetworkShape
  private let folder: TemporaryFolder

  init() throws {
    shape = try NetworkShape(inputs: 2, outputs: 1, hidden: 3, layers: 1)
    folder = try TemporaryFolder()
  }

  private var numbers: TaskForm { TaskForm(readsTokens: false, givesClasses: false) }

  /// A zoo of three nets, the weights of net i being i.
  private func zoo(from first: Int = 0) throws -> Zoo {
    let count = shape.parameterCount
    let weights = (0..<3).flatMap { [Float](repeating: Float(first + $0), count: count) }
    return try Zoo(
      shape: shape,
      columns: [
        ("weights", Tensor(shape: [3, count], weights)),
        ("score", Tensor((0..<3).map { Float(10 * (first + $0)) })),
      ], form: numbers)
  }

  @Test func columnsAreAddedAndReplacedOnSelectedRows() throws {
    let part = try zoo()[rows: [2, 0]]
    let wider = try part.setting("score", Tensor([7, 8])).setting(
      "good", Tensor([1, 0]), isMask: true)
    #expect(try wider.numbers("score") == [7, 8] && part.numbers("score") == [20, 0])
    #expect(try wider.tensor("weights").elements.first == 2 && wider.column("good")?.type == .bool)
    #expect(try wider[rows: [1]].numbers("score") == [8])
    #expect(wider.measures == ["score", "good"])
  }

  @Test func zoosAreJoinedPieceByPiece() throws {
    let all = try Zoo.joined([zoo(), zoo(from: 3)[rows: []], zoo(from: 3)[rows: [2, 1]], zoo()])
    #expect(try all.numbers("score") == [0, 10, 20, 50, 40, 0, 10, 20])
    #expect(try all[rows: [7, 3, 0, -1]].numbers("score") == [20, 50, 0, 20])
    let weights = try all.tensor("weights")
    #expect(
      weights.shape == [8, shape.parameterCount] && weights.elements[3 * shape.parameterCount] == 5)
    let path = folder.path + "/joined"
    try all.save(path, console: RecordingConsole())
    let read = try Zoo.load(path, console: RecordingConsole())
    #expect(try read.numbers("score") == all.numbers("score"))
    #expect(try read.tensor("weights").elements == weights.elements && read.form == numbers)
  }

  /// Joined columns of different types lose nothing, in memory and in files.
  @Test func joinedNumbersOfOtherTypesAreKept() throws {
    let masks = try zoo().setting("score", Tensor([1, 0, 1]), isMask: true)
    let all = try Zoo.joined([masks, try zoo().setting("score", Tensor([0.5, 0.25, 7]))])
    let path = folder.path + "/types"
    try all.save(path, console: RecordingConsole())
    let read = try Zoo.load(path, console: RecordingConsole())
    #expect(try read.numbers("score") == [1, 0, 1, 0.5, 0.25, 7])
  }

  @Test func columnsWhoseFilesWouldBeOneStayApart() throws {
    let names = ["parameters", "parameters_column"]
    var wider = try zoo()
    for (place, name) in names.enumerated() {
      wider = try wider.setting(name, Tensor([Float(place), 2, 3]))
    }
    let path = folder.path + "/names"
    try wider.save(path, console: RecordingConsole())
    let read = try Zoo.load(path, console: RecordingConsole())
    #expect(try names.map { try read.numbers($0)[0] } == [0, 1])
  }

  @Test func answersBelongToWhatWasAsked() throws {
    func filled(_ shape: [Int]) -> Tensor {
      Tensor(shape: shape, [Float](repeating: 0, count: Tensor.count(of: shape)))
    }
    var asked = try zoo().setting("inputs", filled([3, 2, 4, 2])).setting(
      "outputs", filled([3, 2, 4, 1]))
    #expect(try asked.examples([0, 1, 1]).outputs.shape == [3, 4, 1])
    asked = try asked.setting("inputs", filled([3, 5, 4, 2]))
    let failure = #expect(throws: Failure.self) { try asked.examples([4, 0, 0]) }
    #expect(
      failure?.message.hasPrefix("outputs of shape [3, 2, 4, 1] do not belong to inputs") == true)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    func message(_ body: () throws -> Zoo) -> String {
      do {
        _ = try body()
        return "no failure"
      } catch let failure as Failure { return failure.message } catch { return "\(error)" }
    }
    let zoo = try zoo()
    let other = try Zoo(
      shape: try NetworkShape(inputs: 2, outputs: 1, hidden: 4, layers: 1),
      columns: [("weights", Tensor(shape: [1, 133], [Float](repeating: 0, count: 133)))],
      form: numbers)
    #expect(
      message { try Zoo.joined([zoo, other]) }
        == "zoos of one form can be joined, but the nets of zoo 1 are LSTM 1 x 4, 2 inputs, 1 output, "
        + "of zoo 0 LSTM 1 x 3, 2 inputs, 1 output")
    #expect(
      message { try Zoo.joined([zoo, try zoo.setting("loss", Tensor([1, 2, 3]))]) }
        == "zoos of the same columns can be joined, but only zoo 1 has `loss`")
    #expect(
      message { try zoo.setting("loss", Tensor([1, 2])) }
        == "the column `loss` needs one row for each of 3 nets, but its shape is [2]")
    #expect(
      message {
        try zoo.setting("inputs", Tensor(shape: [3, 1, 4], [Float](repeating: 0, count: 12)))
      }
        == "the column `inputs` should be numbers [N, R, T, 2], what each net was given, but its shape "
        + "is [3, 1, 4]")
    #expect(
      message {
        try zoo.setting("outputs", Tensor(shape: [3, 1, 4, 2], [Float](repeating: 0, count: 24)))
      }
        == "the column `outputs` should be [N, R, T, 1], what each net answered, but its shape is "
        + "[3, 1, 4, 2]")
    #expect(
      message { try zoo.setting("weights", Tensor(shape: [3, 2], [0, 0, 0, 0, 0, 0])) }
        .hasPrefix("the column `weights` should be [N, \(shape.parameterCount)]"))
  }
}
