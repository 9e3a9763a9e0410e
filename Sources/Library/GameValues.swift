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
    case noisy(Int, rate: Double, seed: UInt64)
  }

  /// The set that it belongs to; nil for a function of the language alone.
  let set: FunctionSetValue?
  let kind: Kind

  var typeName: String { "oracle" }
  var fieldNames: [String] { ["set", "truth"] }

  /// The function of the set that it is, if it is one.
  var truth: Int? {
    switch kind {
    case .function, .adversary: nil
    case .honest(let function), .liar(let function, _, _), .noisy(let function, _, _): function
    }
  }

  /// Whether its answers may be wrong.
  var mayErr: Bool {
    switch kind {
    case .function, .honest, .adversary: false
    case .liar(_, let lies, _): lies > 0
    case .noisy(_, let rate, _): rate > 0
    }
  }

  func card(_ style: ConsoleStyle) -> String {
    let name = truth.flatMap { set?.functions.functionNames[$0] } ?? ""
    switch kind {
    case .function: return "oracle: a function of the language"
    case .honest: return "oracle: \(name)"
    case .adversary: return "oracle: an adversary that commits to no function"
    case .liar(_, let lies, _): return "oracle: \(name), with up to \(lies) wrong answers"
    case .noisy(_, let rate, _):
      return "oracle: \(name), whose answers are wrong with probability \(Text.significant(rate))"
    }
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "set": return set.map { .object($0) } ?? Value.none
    case "truth":
      return truth.flatMap { set?.functions.functionNames[$0] }.map { .text($0) } ?? Value.none
    default: return nil
    }
  }
}

/// An interrogation, finished or not.
struct TranscriptValue: NativeObject {
  let transcript: Transcript
  let set: FunctionSetValue

  var typeName: String { "transcript" }
  var elementCount: Int? { transcript.exchanges.count }
  var fieldNames: [String] {
    ["questions", "verdict", "correct", "candidates", "answers", "set"]
  }

  func card(_ style: ConsoleStyle) -> String { transcript.description }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "questions": return .integer(transcript.exchanges.count)
    case "candidates": return .items(transcript.candidateNames.map { .text($0) })
    case "verdict": return transcript.verdictName.map { .text($0) } ?? Value.none
    case "correct": return transcript.isCorrect.map { .boolean($0) } ?? Value.none
    case "answers":
      return .items(
        transcript.exchanges.map { .tuple([set.query($0.query), .text($0.answerText)]) })
    case "set": return .object(set)
    default: return nil
    }
  }

  func element(at index: Value) throws -> Value? {
    let count = transcript.exchanges.count
    guard case .number(let number) = index, number == number.rounded(), number >= 0,
      number < Double(count)
    else { throw Failure("there are questions 0 to \(count - 1)") }
    let exchange = transcript.exchanges[Int(number)]
    return .fields([
      ("query", set.query(exchange.query)), ("answer", .text(exchange.answerText)),
      ("remaining", .integer(exchange.remaining)), ("wrong", .boolean(exchange.isWrong)),
    ])
  }
}
