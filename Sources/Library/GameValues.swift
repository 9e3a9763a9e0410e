import Execution
import Interrogation
import Language

/// What answers in the game.
struct OracleValue: NativeObject, @unchecked Sendable {
  enum Kind {
    /// A function of the language, which is asked the queries themselves.
    case function(Value)
    case honest(Int)
    case adversary(AdversaryOracle.Skill)
    case liar(Int, lies: Int, seed: UInt64)
    case noisy(Int, rate: Double, tolerance: Fraction, seed: UInt64)
    /// A machine that is given one input after the other.
    case machine(MealyMachine)
  }

  /// The set that it belongs to; nil for a function of the language alone, or among machines.
  let set: FunctionSetValue?
  /// The machines without reset that it belongs to, if it does.
  var machines: MachineSetValue?
  let kind: Kind

  init(set: FunctionSetValue? = nil, machines: MachineSetValue? = nil, kind: Kind) {
    self.set = set
    self.machines = machines
    self.kind = kind
  }

  var typeName: String { "oracle" }
  var fieldNames: [String] { ["set", "truth"] }

  /// The function of the set that it is, if it is one.
  var truth: Int? {
    switch kind {
    case .function, .adversary, .machine: nil
    case .honest(let function), .liar(let function, _, _), .noisy(let function, _, _, _): function
    }
  }

  private var truthName: String? {
    truth.flatMap { machines?.machines.names[$0] ?? set?.functions.functionNames[$0] }
  }

  /// Whether its answers may be wrong.
  var mayErr: Bool {
    switch kind {
    case .function, .honest, .adversary, .machine: false
    case .liar(_, let lies, _): lies > 0
    case .noisy(_, let rate, let tolerance, _): rate > 0 || tolerance > Fraction(0)
    }
  }

  func card(_ style: ConsoleStyle) -> String {
    let name = truthName ?? ""
    switch kind {
    case .machine: return "oracle: a machine"
    case .function: return "oracle: a function of the language"
    case .honest: return "oracle: \(name)"
    case .adversary: return "oracle: an adversary that commits to no function"
    case .liar(_, let lies, _): return "oracle: \(name), with up to \(lies) wrong answers"
    case .noisy(_, let rate, let tolerance, _):
      let off = tolerance > Fraction(0) ? "off by up to \(tolerance)" : nil
      let wrong =
        rate > 0 || off == nil ? "wrong with probability \(Text.significant(rate))" : nil
      return "oracle: \(name), whose answers are "
        + [off, wrong].compactMap { $0 }.joined(separator: ", or ")
    }
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "set":
      return machines.map { .object($0) } ?? set.map { .object($0) } ?? Value.none
    case "truth": return truthName.map { .text($0) } ?? Value.none
    default: return nil
    }
  }
}

/// An interrogation, finished or not.
struct TranscriptValue: NativeObject {
  /// What was interrogated.
  enum Whole {
    case functions(FunctionSetValue)
    case machines(MachineSetValue)
  }

  let transcript: Transcript
  let whole: Whole

  init(_ transcript: Transcript, _ set: FunctionSetValue) {
    self.transcript = transcript
    whole = .functions(set)
  }

  init(_ transcript: Transcript, _ machines: MachineSetValue) {
    self.transcript = transcript
    whole = .machines(machines)
  }

  private func query(_ place: Int) -> Value {
    switch whole {
    case .functions(let set): set.query(place)
    case .machines(let set): set.input(place)
    }
  }

  var typeName: String { "transcript" }
  var elementCount: Int? { transcript.exchanges.count }
  var fieldNames: [String] {
    ["questions", "cost", "verdict", "correct", "candidates", "answers", "set"]
  }

  func card(_ style: ConsoleStyle) -> String { transcript.description }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "questions": return .integer(transcript.exchanges.count)
    case "cost": return .number(transcript.cost.value)
    case "candidates": return .items(transcript.candidateNames.map { .text($0) })
    case "verdict": return transcript.verdictName.map { .text($0) } ?? Value.none
    case "correct": return transcript.isCorrect.map { .boolean($0) } ?? Value.none
    case "answers":
      return .items(
        transcript.exchanges.map { .tuple([query($0.query), .text($0.answerText)]) })
    case "set":
      switch whole {
      case .functions(let set): return .object(set)
      case .machines(let set): return .object(set)
      }
    default: return nil
    }
  }

  func element(at index: Value) throws -> Value? {
    let count = transcript.exchanges.count
    guard case .number(let number) = index,
      let place = Int(whole: number, below: count)
    else { throw Failure("there are questions 0 to \(count - 1)") }
    let exchange = transcript.exchanges[place]
    return .fields([
      ("query", query(exchange.query)), ("answer", .text(exchange.answerText)),
      ("remaining", .integer(exchange.remaining)), ("wrong", .boolean(exchange.isWrong)),
    ])
  }
}
