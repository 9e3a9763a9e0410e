import Execution

/// A Mealy machine: in each state an input leads to a next state and gives an output.
public struct MealyMachine: Sendable, Equatable {
  /// Per state and input the next state.
  public let next: [[Int]]
  /// Per state and input the output.
  public let output: [[AnswerValue]]
  /// The state at the start.
  public let initial: Int

  /// More states times inputs than this are refused.
  public static let sizeLimit = 20_000_000

  /// The number of states.
  public var stateCount: Int { next.count }
  /// The number of inputs.
  public var inputCount: Int { next.first?.count ?? 0 }

  /// - Throws: `Failure` for tables of unequal shape, or a state that does not exist.
  public init(next: [[Int]], output: [[String]], initial: Int = 0) throws {
    try self.init(
      next: next, output: output.map { $0.map { AnswerValue($0) } }, initial: initial)
  }

  /// The same with outputs that are values.
  ///
  /// - Throws: `Failure` for tables of unequal shape, or a state that does not exist.
  public init(next: [[Int]], output: [[AnswerValue]], initial: Int = 0) throws {
    guard let width = next.first?.count else {
      throw Failure("a machine needs at least one state, found none")
    }
    guard output.count == next.count else {
      throw Failure(
        "the table of next states has \(Text.count(next.count, "row")), "
          + "the table of outputs \(output.count)")
    }
    for state in next.indices {
      guard next[state].count == width, output[state].count == width else {
        throw Failure(
          "state \(state) has \(Text.count(next[state].count, "next state")) and "
            + "\(Text.count(output[state].count, "output")) for \(Text.count(width, "input"))")
      }
      if let wrong = next[state].first(where: { !next.indices.contains($0) }) {
        throw Failure("state \(state) leads to state \(wrong) of \(next.count)")
      }
    }
    guard next.indices.contains(initial) else {
      throw Failure("the initial state is \(initial), there are \(next.count) states")
    }
    self.next = next
    self.output = output
    self.initial = initial
  }

  /// The outputs along a word of inputs, from the initial state.
  ///
  /// - Throws: `Failure` for an input that does not exist.
  public func run(_ word: [Int]) throws -> [AnswerValue] {
    var state = initial
    return try word.map { input in
      guard (0..<inputCount).contains(input) else {
        throw Failure("there is no input \(input) among \(inputCount)")
      }
      defer { state = next[state][input] }
      return output[state][input]
    }
  }
}
