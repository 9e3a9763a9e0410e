import Execution
import Testing

@testable import Zoos

@Suite struct ZooSplitTests {
  private let golden: GoldenSplit

  init() throws { golden = try Golden.decode(GoldenSplit.self, "split.json") }

  /// Languages in three parts, by the paper's order of their tasks.
  private func split(
    _ tasks: [[Int]], validation: Double = 0.15, ood: Double = 0.15, seed: UInt64 = 0
  ) throws -> ZooSplit {
    try ZooSplit(
      keys: tasks.map { $0.map(Double.init) }, novelty: Languages.entropy, validation: validation,
      ood: ood, seed: seed)
  }

  @Test func criterionIsTheOriginals() {
    for (task, criterion) in zip(golden.tasks, golden.criterion) {
      #expect(abs(Languages.entropy(task.map(Double.init)) - criterion) < 1e-12)
    }
  }

  @Test func partsKeepTheOriginalsBorder() throws {
    let split = try split(golden.tasks)
    #expect(split.train.count == golden.counts.train)
    #expect(split.validation.count == golden.counts.eval)
    #expect(split.ood.count == golden.counts.ood)
    let ood = Set(split.ood)
    for (row, criterion) in golden.criterion.enumerated() {
      if criterion > golden.border + 1e-9 { #expect(ood.contains(row)) }
      if criterion < golden.border - 1e-9 { #expect(!ood.contains(row)) }
    }
  }

  @Test func noTaskIsInTwoPartsWhateverTheOrderOfRows() throws {
    var stream = RandomStream(seed: 3, purpose: "test")
    let order = stream.permutation(432)
    let tasks = order.map { golden.tasks[$0 % 216] }
    let mixed = try split(tasks, seed: 5)
    let plain = try split(golden.tasks, seed: 5)
    let parts = [mixed.train, mixed.validation, mixed.ood]
    #expect(parts.joined().sorted() == Array(0..<432))
    let whole = [plain.train, plain.validation, plain.ood]
    for (rows, expected) in zip(parts, whole) {
      #expect(Set(rows.map { tasks[$0] }) == Set(expected.map { golden.tasks[$0] }))
      #expect(rows == rows.sorted())
    }
  }

  @Test func seedChoosesValidationOnly() throws {
    let first = try split(golden.tasks, seed: 1)
    let second = try split(golden.tasks, seed: 2)
    #expect(first.ood == second.ood)
    #expect(first.validation != second.validation)
  }

  @Test func fewTasksStillMakeThreeParts() throws {
    let three = try split([[0, 1], [0, 2], [0, -3]])
    #expect([three.train.count, three.validation.count, three.ood.count] == [1, 1, 1])
    let failure = #expect(throws: Failure.self) {
      try split([[0, 1], [0, 2], [0, 2]])
    }
    #expect(
      failure?.message
        == "a split into three parts needs at least 3 different tasks, but there are 2")
    #expect(throws: Failure.self) { try split(golden.tasks, validation: 0.6, ood: 0.5) }
    #expect(throws: Failure.self) { try split([]) }
  }
}
