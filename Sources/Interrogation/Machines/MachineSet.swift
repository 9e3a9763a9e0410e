import Execution

/// A finite set of machines over the same inputs, to be told apart without reset.
///
/// One input is given at a time and the state is carried over. All states of all machines are
/// numbered through.
public struct MachineSet: Sendable {
  /// The names of the machines.
  public let names: [String]
  /// The names of the inputs.
  public let inputNames: [String]
  /// The texts of the outputs.
  public let outputTexts: [String]
  private let book: AnswerBook
  /// Inputs are given up to this length only, if not nil: machines cut off at a horizon.
  public let horizon: Int?
  /// Per state and input the next state; -1 beyond the horizon.
  let next: [Int32]
  /// Per state and input the output.
  let output: [Int32]
  /// Per machine its state at the start.
  let initial: [Int32]
  /// Per state its class: equal for states of equal behaviour.
  let classes: [Int32]

  /// The number of machines.
  public var count: Int { names.count }
  /// The number of inputs.
  public var inputCount: Int { inputNames.count }

  /// The set of these machines.
  ///
  /// - Throws: `Failure` for an empty set, different inputs, or machines of equal behaviour.
  public init(
    _ machines: [MealyMachine], names: [String]? = nil, inputNames: [String]? = nil
  ) throws {
    let joined = try MachineSet.joined(machines)
    try self.init(
      joined, names: names ?? machines.indices.map { "m\($0)" },
      inputNames: inputNames ?? (0..<machines[0].inputCount).map { String($0) }, horizon: nil)
  }

  /// Machines known by their outputs to every word up to a length, such as trained nets.
  ///
  /// - Parameters:
  ///   - outputs: per machine and word the output at the end of the word; words of length 1 first,
  ///     each length in lexicographic order.
  public init(
    outputs: [[AnswerValue]], inputNames: [String], horizon: Int, names: [String]
  ) throws {
    let inputs = inputNames.count
    let inner = try MachineSet.wordCount(inputs: inputs, shorterThan: horizon)
    guard inner * inputs <= MealyMachine.sizeLimit / max(1, outputs.count) else {
      throw Failure(
        "\(outputs.count) machines with \(inner * inputs) words each are too many: at most "
          + "\(MealyMachine.sizeLimit) outputs are possible")
    }
    guard outputs.allSatisfy({ $0.count == inner * inputs }) else {
      throw Failure("every machine needs an output to each of \(inner * inputs) words")
    }
    var table = Joined()
    for row in outputs {
      let base = Int32(table.initial.count * inner)
      table.initial.append(base)
      for state in 0..<inner {
        for input in 0..<inputs {
          // Words are numbered like the nodes of a complete tree.
          let word = state * inputs + input
          table.next.append(word + 1 < inner ? base + Int32(word + 1) : -1)
          table.output.append(table.book.code(of: row[word]))
        }
      }
    }
    try self.init(table, names: names, inputNames: inputNames, horizon: horizon)
  }

  struct Joined {
    var next: [Int32] = []
    var output: [Int32] = []
    var initial: [Int32] = []
    var book = AnswerBook()
  }

  /// How many words there are that are shorter than a length, the empty one among them.
  ///
  /// - Throws: `Failure` for more than a table may hold.
  private static func wordCount(inputs: Int, shorterThan horizon: Int) throws -> Int {
    var (count, width) = (0, 1)
    for _ in 0..<horizon {
      count += width
      width *= inputs
      guard count <= MealyMachine.sizeLimit, width <= MealyMachine.sizeLimit else {
        throw Failure(
          "\(Text.count(inputs, "input")) make more than \(MealyMachine.sizeLimit) words of up to "
            + "\(horizon) inputs", hint: "choose a shorter horizon")
      }
    }
    return count
  }

  private init(
    _ joined: Joined, names: [String], inputNames: [String], horizon: Int?
  ) throws {
    guard !joined.initial.isEmpty else {
      throw Failure("a set of machines needs at least one machine, found none")
    }
    guard names.count == joined.initial.count else {
      throw Failure("found \(Text.count(names.count, "name")) for \(joined.initial.count) machines")
    }
    if let twice = MachineSet.repeated(names) {
      throw Failure("two machines are called \"\(twice)\", names must differ")
    }
    self.names = names
    self.inputNames = inputNames
    outputTexts = joined.book.texts
    book = joined.book
    self.horizon = horizon
    next = joined.next
    output = joined.output
    initial = joined.initial
    classes = MachineSet.classes(joined, inputs: inputNames.count)
    let pairs = MachineSet.equivalent(initial.map { classes[Int($0)] })
    if !pairs.isEmpty {
      throw Indistinguishable(pairs: pairs, functionNames: names).failure
    }
  }

  private static func repeated(_ names: [String]) -> String? {
    var seen: Set<String> = []
    return names.first { !seen.insert($0).inserted }
  }

  /// The code of an output among some; nil if it is none of them.
  func code(of answer: AnswerValue, among codes: some Sequence<Int32>) -> Int32? {
    book.code(of: answer, among: codes) { outputTexts[Int($0)] }
  }

  /// The code of an output, or nil if no machine has it.
  public func code(of answer: AnswerValue) -> Int32? {
    code(of: answer, among: outputTexts.indices.lazy.map { Int32($0) })
  }

  static func joined(_ machines: [MealyMachine]) throws -> Joined {
    guard let first = machines.first else {
      throw Failure("a set of machines needs at least one machine, found none")
    }
    if let other = machines.firstIndex(where: { $0.inputCount != first.inputCount }) {
      throw Failure(
        "machine 0 has \(Text.count(first.inputCount, "input")), machine \(other) has "
          + "\(machines[other].inputCount)")
    }
    let states = machines.reduce(0) { $0 + $1.stateCount }
    guard states * max(1, first.inputCount) <= MealyMachine.sizeLimit else {
      throw Failure(
        "\(states) states with \(first.inputCount) inputs are too many: their product is at most "
          + "\(MealyMachine.sizeLimit)")
    }
    var joined = Joined()
    var base = 0
    for machine in machines {
      joined.initial.append(Int32(base + machine.initial))
      for state in 0..<machine.stateCount {
        joined.next += machine.next[state].map { Int32(base + $0) }
        for answer in machine.output[state] { joined.output.append(joined.book.code(of: answer)) }
      }
      base += machine.stateCount
    }
    return joined
  }

  /// Refines a partition of the states until equal classes behave alike (Moore 1956).
  static func classes(_ joined: Joined, inputs: Int) -> [Int32] {
    let states = inputs == 0 ? joined.initial.count : joined.next.count / inputs
    var classes = [Int32](repeating: 0, count: states)
    var count = states == 0 ? 0 : 1
    while true {
      var places: [[Int32]: Int32] = [:]
      var refined = classes
      for state in 0..<states {
        var key = [classes[state]]
        for place in state * inputs..<(state + 1) * inputs {
          key.append(joined.output[place])
          key.append(joined.next[place] < 0 ? -1 : classes[Int(joined.next[place])])
        }
        let place = places[key] ?? Int32(places.count)
        places[key] = place
        refined[state] = place
      }
      classes = refined
      if places.count == count { return classes }
      count = places.count
    }
  }

  private static func equivalent(_ classes: [Int32]) -> [Indistinguishable.Pair] {
    var firsts: [Int32: Int] = [:]
    var pairs: [Indistinguishable.Pair] = []
    for (machine, own) in classes.enumerated() {
      if let first = firsts[own] {
        pairs.append(Indistinguishable.Pair(first: first, second: machine))
      } else {
        firsts[own] = machine
      }
    }
    return pairs
  }

  /// Machines of equal behaviour, or nil if all differ.
  public static func duplicates(
    in machines: [MealyMachine], names: [String]? = nil
  ) throws -> Indistinguishable? {
    let joined = try joined(machines)
    let classes = classes(joined, inputs: machines[0].inputCount)
    let pairs = equivalent(joined.initial.map { classes[Int($0)] })
    return pairs.isEmpty
      ? nil
      : Indistinguishable(
        pairs: pairs, functionNames: names ?? machines.indices.map { "m\($0)" })
  }

  /// The place of a machine given by name, or by number where no name matches.
  public func machine(named name: String) -> Int? {
    if let place = names.firstIndex(of: name) { return place }
    guard let number = Int(name), names.indices.contains(number) else { return nil }
    return number
  }
}

extension FunctionSet {
  /// Machines that are reset before every query: a query is a word, its answer the outputs.
  ///
  /// - Throws: `Failure` for an input that does not exist, or machines that no word tells apart.
  public init(
    _ machines: [MealyMachine], words: [[Int]], names: [String]? = nil
  ) throws {
    guard !machines.isEmpty else {
      throw Failure("a set of machines needs at least one machine, found none")
    }
    var book = AnswerBook()
    let table = try machines.map { machine in
      try words.map { book.code(of: AnswerValue(word: try machine.run($0))) }
    }
    try self.init(
      table, answers: book, functionNames: names ?? machines.indices.map { "m\($0)" },
      queryNames: words.map(MachineSet.name))
  }
}

extension MachineSet {
  /// What a word is called.
  public static func name(_ word: [Int]) -> String {
    word.isEmpty
      ? "(empty)"
      : word.map { String($0) }.joined(separator: word.contains { $0 > 9 } ? "." : "")
  }

  /// All words of a length over so many inputs, in lexicographic order.
  ///
  /// - Throws: `Failure` for more than a million.
  public static func words(inputs: Int, length: Int) throws -> [[Int]] {
    guard length >= 0, Counting.power(inputs, length, limit: 1_000_001) <= 1_000_000 else {
      throw Failure(
        "\(inputs) inputs make more than a million words of length \(length)",
        hint: "choose shorter words")
    }
    var words: [[Int]] = [[]]
    for _ in 0..<length { words = words.flatMap { word in (0..<inputs).map { word + [$0] } } }
    return words
  }
}
