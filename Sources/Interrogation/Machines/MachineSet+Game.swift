import Execution

/// A machine that is given one input after the other and is never reset.
public struct MachineOracle: Oracle, Sendable {
  private let set: MachineSet
  private var state: Int32
  private var count = 0
  /// The machine that answers.
  public let truth: Int?

  /// A machine of the set in its initial state.
  public init(_ set: MachineSet, machine: Int) throws {
    try set.checkFunction(machine)
    self.set = set
    truth = machine
    state = set.initial[machine]
  }

  /// The output to an input; the machine goes on to its next state.
  public mutating func answer(_ query: Int) throws -> Answer {
    try set.checkQuery(query)
    guard state >= 0 else {
      throw Failure("input \(count + 1) is beyond the horizon of \(count)")
    }
    let place = Int(state) * set.inputCount + query
    state = set.next[place]
    count += 1
    return .code(set.output[place])
  }
}

extension MachineSet: Subject {
  static var noun: String { "machine" }
  static var queryNoun: (one: String, many: String) { ("input", "inputs") }
  var functionNames: [String] { names }
  var queryNames: [String] { inputNames }

  func function(named name: String) -> Int? { machine(named: name) }

  func query(named name: String) -> Int? {
    if let place = inputNames.firstIndex(of: name) { return place }
    guard let number = Int(name), inputNames.indices.contains(number) else { return nil }
    return number
  }

  /// The code of an output given as text, or nil if no machine gives it.
  public func code(of text: String) -> Int32? {
    outputTexts.firstIndex(of: text).map { Int32($0) }
  }

  func text(of answer: Answer) -> String {
    switch answer {
    case .code(let code):
      outputTexts.indices.contains(Int(code)) ? outputTexts[Int(code)] : "\(code)"
    case .number(let number): Answer.text(of: number)
    case .other(let text): text
    }
  }

  func checkFunction(_ function: Int) throws {
    guard names.indices.contains(function) else {
      throw Failure("there is no machine \(function) among \(count)")
    }
  }

  func checkQuery(_ query: Int) throws {
    guard inputNames.indices.contains(query) else {
      throw Failure("there is no input \(query) among \(inputCount)")
    }
  }

  /// Plays an interrogation without reset to its end: a tree's or a list's queries are inputs.
  ///
  /// - Throws: `Failure` where an answer contradicts those before, with the number of the question.
  public func interrogate(
    _ interrogator: Interrogator, _ oracle: inout some Oracle, isStrict: Bool = true
  ) throws -> Transcript {
    var record = MachineRecord(self, isStrict: isStrict)
    let named = try record.play(interrogator, &oracle)
    return record.transcript(named: named, truth: oracle.truth)
  }
}

extension MachineRecord {
  /// Follows a tree, which may be another set's; returns the machine at its leaf.
  mutating func follow(_ strategy: Strategy, _ oracle: inout some Oracle) throws -> Int? {
    var place = 0
    while case .ask(let input, let branches)? = strategy.nodes.indices.contains(place)
      ? strategy.nodes[place] : nil
    {
      try set.checkQuery(input)
      let answer = try oracle.answer(input)
      try add(input, answer)
      guard let branch = branches.first(where: { answer == .code($0.answer) }), branch.node > place
      else {
        throw Failure(
          "the decision tree has no branch for the output \"\(set.text(of: answer))\" "
            + "to \(set.inputNames[input])",
          hint: "the tree belongs to other machines")
      }
      place = branch.node
    }
    guard strategy.nodes.indices.contains(place),
      case .identified(let machine) = strategy.nodes[place]
    else { throw Failure("the decision tree is empty") }
    try set.checkFunction(machine)
    return machine
  }
}
