import Execution
import Tensors
import Testing

@testable import Zoos

@Suite struct OfficialTests {
  private let console = RecordingConsole()

  @Test func officialZooIsRead() throws {
    let zoo = try Zoo.load(Golden.path("tiny_formal"), console: console)
    #expect(zoo.count == 16 && zoo.rolloutCount == 20 && zoo.letters == 4 && zoo.length == 42)
    #expect(zoo.shape.hidden == 32 && zoo.shape.layers == 2 && zoo.shape.inputs == 6)
    #expect(try zoo.weights.shape == [16, 13_766])
    #expect(zoo.step.elements.prefix(4) == [0, 20, 50, 400])
    #expect(zoo.run.elements == (0..<16).map { Float($0 / 4) })
    #expect(zoo.countAccuracy.elements[3] == 0.733 && zoo.countAccuracy.elements[15] == 0.544)
    #expect(try zoo.taskList[0] == [0, 0, 1, -2] && zoo.uniqueTasks.count == 4)
    #expect(zoo.loss.elements.allSatisfy { $0.isNaN })
    #expect(try zoo.split().ood.count == 4)
  }

  @Test func lostBeginningsAreMended() throws {
    let path = Golden.path("tiny_formal")
    let zoo = try Zoo.load(path, console: console)
    #expect(console.notes.contains("2 rollouts began with the end in place of the beginning"))
    let stored = try MappedColumn(path + "/sequences.npy").rows(0..<16).elements
    let read = try zoo.rollouts.elements
    let changed = read.indices.filter { read[$0] != stored[$0] }
    #expect(changed == [(11 * 20 + 19) * 42, (15 * 20 + 19) * 42])
    #expect(changed.allSatisfy { stored[$0] == 5 && read[$0] == 4 })
    #expect(try zoo[rows: [11]].examples([19]).inputs.elements[0] == 4)
  }

  @Test func accuracyIsMeasuredOnTheRollouts() throws {
    let zoo = try Zoo.load(Golden.path("tiny_formal"), console: console)
    let tokens = try zoo.rollouts.elements
    for row in [0, 3, 11, 15] {
      let language = try zoo.language(row: row)
      let members = (0..<20).filter { rollout in
        let start = (row * 20 + rollout) * 42
        let letters = tokens[start..<(start + 42)].dropFirst().prefix { $0 != 5 }.map { UInt8($0) }
        return letters.count < 41 && language.accepts(letters)
      }
      #expect(zoo.accuracy.elements[row] == Float(members.count) / 20)
    }
    #expect(zoo.accuracy.elements[3] > 0.3)
  }

  @Test func formIsInferredWithoutArguments() throws {
    let folder = try TemporaryFolder()
    for name in try File.list(Golden.path("tiny_formal")) where name.hasSuffix(".npy") {
      try File.write(
        try File.read(Golden.path("tiny_formal/" + name)), to: folder.path + "/" + name)
    }
    let zoo = try Zoo.load(folder.path, console: console)
    #expect(zoo.shape.hidden == 32 && zoo.shape.layers == 2)
    try File.writeText("{\"rnn_hidden_size\": 31}", to: folder.path + "/args.json")
    let failure = #expect(throws: Failure.self) {
      try Zoo.load(folder.path, console: console)
    }
    #expect(failure?.message.contains("13766 parameters a row, which fits no LSTM") == true)
    try File.writeText("{\"rnn_hidden", to: folder.path + "/args.json")
    #expect(throws: Failure.self) { try Zoo.load(folder.path, console: console) }
  }

  @Test func foreignFoldersAreRefused() throws {
    let folder = try TemporaryFolder()
    let empty = #expect(throws: Failure.self) {
      try Zoo.load(folder.path, console: console)
    }
    #expect(
      empty?.message == "\"\(folder.path)\" is no zoo: it lacks zoo.json, and parameters.npy")
    #expect(throws: Failure.self) { try Zoo.load(folder.path + "/none", console: console) }
    for name in try File.list(Golden.path("tiny_formal")) {
      try File.write(
        try File.read(Golden.path("tiny_formal/" + name)), to: folder.path + "/" + name)
    }
    try File.write(
      try File.read(folder.path + "/tasks.npy"), to: folder.path + "/num_step_correct.npy")
    let shape = #expect(throws: Failure.self) {
      try Zoo.load(folder.path, console: console)
    }
    #expect(
      shape?.message == "\"\(folder.path)/num_step_correct.npy\" holds int64 [16, 4], "
        + "expected int64 [16, 3]")
  }
}
