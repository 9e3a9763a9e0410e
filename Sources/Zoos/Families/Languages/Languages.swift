import Execution
import Networks
import Tensors

/// Formal languages of counting, the first zoo of the paper, whose settings are the defaults.
public struct Languages: TaskFamily, Equatable {
  /// How the runs come by their tasks.
  public enum Choice: String, Sendable, CaseIterable {
    /// m = (0, m_b, m_c, ...), each number uniform between the lowest and the highest.
    case random
    /// Every task in turn, the last letter's number changing fastest: run r gets task r mod count.
    case all
  }

  /// Letters of the languages, K.
  public var letters = 4
  /// Tokens of a sequence, T.
  public var length = 42
  /// The lowest difference of a task.
  public var lowest = -3
  /// The highest difference of a task.
  public var highest = 2
  /// Training strings have n below this number.
  public var maximumN = 10
  /// How the runs come by their tasks.
  public var tasks = Choice.random

  /// The paper's languages.
  public init() {}

  /// The name of its kind.
  public static let kind = "language"

  /// Its settings.
  public static let table: [Setting<Languages>] = [
    .integer("letters", \.letters, 1...FormalLanguage.maximumLetters),
    .integer("length", \.length, 2...FormalLanguage.maximumLength),
    .integer("lowest", \.lowest, -maximumDifference...maximumDifference),
    .integer("highest", \.highest, -maximumDifference...maximumDifference),
    .integer("maximum_n", \.maximumN, 1...FormalLanguage.maximumLength),
    .choice("tasks", \.tasks),
  ]

  private static let maximumDifference = 4096

  /// What its nets read and give.
  public var sizes: (inputs: Int, outputs: Int) { (letters + 2, letters + 2) }
  /// Of what kind that is.
  public var form: TaskForm { TaskForm(readsTokens: true, givesClasses: true) }
  /// The measure that progress shows.
  public var score: String { "accuracy" }

  /// The official columns, so that other programs can read them, and the measures.
  public func files(rollouts: Int) -> [ZooFile] {
    [
      ZooFile("sequences.npy", .int16, [rollouts, length], column: "inputs"),
      ZooFile(
        "logits.npy", .float16, [rollouts, length - 1, letters + 2], column: "outputs"),
      ZooFile("tasks.npy", .int64, [letters], column: "tasks"),
      ZooFile("num_step_correct.npy", .int64, [3], columns: ["run", "step", ""]),
      ZooFile("measures.npy", .float32, [3], columns: ["accuracy", "count_accuracy", "loss"]),
    ]
  }

  // MARK: - Tasks

  /// How many tasks there are, or nil if they are too many to count.
  public var taskCount: Int? {
    let (values, tooWide) = highest.subtractingReportingOverflow(lowest)
    guard !tooWide, values >= 0, values < Int.max else { return nil }
    var count = 1
    for _ in 1..<max(letters, 1) {
      let (product, overflow) = count.multipliedReportingOverflow(by: values + 1)
      if overflow { return nil }
      count = product
    }
    return count
  }

  /// The numbers that name the task of a run.
  public func task(run: Int, seed: UInt64) -> [Double] {
    differences(run: run, seed: seed).map(Double.init)
  }

  /// The differences m of a run, the first of which is 0.
  func differences(run: Int, seed: UInt64) -> [Int] {
    let values = highest - lowest + 1
    var task = [Int](repeating: 0, count: letters)
    switch tasks {
    case .random:
      var stream = stream("task", seed: seed, run: run)
      for letter in 1..<max(letters, 1) { task[letter] = lowest + stream.integer(below: values) }
    case .all:
      var number = run % (taskCount ?? Int.max)
      for letter in stride(from: letters - 1, to: 0, by: -1) {
        task[letter] = lowest + number % values
        number /= values
      }
    }
    return task
  }

  /// The language of a task.
  ///
  /// - Throws: `Failure` for numbers that name none.
  public func language(_ task: [Double]) throws -> FormalLanguage {
    try FormalLanguage(
      task.map { number in
        guard let whole = Int(whole: number) else {
          throw Failure("the differences of a language are whole numbers, but one is \(number)")
        }
        return whole
      }, length: length, maximumN: maximumN)
  }

  /// How far a task is out of the others.
  public func novelty(of task: [Double]) -> Double? { Languages.entropy(task) }

  /// How alike the exponents of a task are: the entropy of 1 + m - min m, made a distribution.
  ///
  /// The 1e-6 in the logarithm is the original implementation's. The numbers are added in rising
  /// order, so that tasks that differ in the order of their letters only are equal to the last bit.
  public static func entropy(_ task: [Double]) -> Double {
    let least = task.min() ?? 0
    let values = task.sorted().map { 1 + $0 - least }
    let total = values.reduce(0, +)
    return -values.reduce(0) { $0 + $1 / total * logarithm($1 / total + 1e-6) }
  }

  /// What the released code's loader reads beside the arrays.
  public func officialArguments(_ settings: ZooSettings) -> (file: String, text: String)? {
    (
      OfficialArguments.file,
      OfficialArguments.text(
        seed: settings.seed, letters: letters, length: length, maximumN: maximumN,
        runs: settings.runs, hidden: settings.hidden, layers: settings.layers)
    )
  }

  // MARK: - What can be trained

  /// Throws if there is nothing that can be trained on.
  public func validate(_ settings: ZooSettings) throws {
    guard lowest <= highest else {
      throw Failure(
        "lowest must not be above highest, but they are \(lowest) and \(highest)",
        at: .keyword("lowest"))
    }
    if tasks == .all, taskCount ?? Int.max > ZooSettings.limit {
      throw Failure(
        "there are too many tasks to take all: \(highest - lowest + 1) numbers for each of "
          + "\(letters - 1) letters", at: .keyword("tasks"), hint: "use random tasks")
    }
    for task in hardestTasks {
      let language = try FormalLanguage(task, length: length, maximumN: maximumN)
      guard !language.trainingRange.isEmpty else {
        throw Failure(
          language.missingStrings.message, at: .keyword("maximum_n"),
          hint: "raise maximum_n or lowest")
      }
      guard language.hasStringThatFits else {
        let count = language.letterCount(n: language.minimumN)
        throw Failure(
          "no string of the task \(language.name) fits: its shortest has "
            + "\(Text.count(count, "letter")), which with beginning and end make \(count + 2) "
            + "tokens, but length is \(length)", at: .keyword("length"),
          hint: "raise length, or narrow lowest and highest")
      }
    }
    try Tensor.checkSize([settings.samples, length])
  }

  /// For each least number the task whose shortest string is the longest.
  private var hardestTasks: [[Int]] {
    guard letters > 1 else { return [[0]] }
    return (lowest...highest).map { least in
      [0, least] + [Int](repeating: highest, count: letters - 2)
    }
  }
}
