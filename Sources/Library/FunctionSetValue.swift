import Execution
import Interrogation
import Language
import Tensors

/// A set of functions to tell apart, as a value.
struct FunctionSetValue: NativeObject, @unchecked Sendable {
  let functions: FunctionSet
  /// The queries as values, with which functions of the language can be asked; none for a table.
  let queries: [Value]?

  var typeName: String { "function_set" }
  var elementCount: Int? { functions.functionCount }
  var fieldNames: [String] { ["functions", "queries", "table"] }

  func card(_ style: ConsoleStyle) -> String {
    let names = functions.functionNames.prefix(8).joined(separator: ", ")
    return "function set: \(Text.count(functions.functionCount, "function")), "
      + "\(functions.queryCount) \(functions.queryCount == 1 ? "query" : "queries"), up to "
      + "\(Text.count(functions.answerCount, "answer")) a query\n  \(names)"
      + (functions.functionCount > 8 ? ", ..." : "")
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "functions": return .items(functions.functionNames.map { .text($0) })
    case "queries": return .items(functions.queryNames.map { .text($0) })
    case "table":
      return .items(
        (0..<functions.functionCount).map { function in
          .items(
            (0..<functions.queryCount).map {
              .text(functions.answerText(functions.answer(of: function, to: $0)))
            })
        })
    default: return nil
    }
  }

  func element(at index: Value) throws -> Value? {
    guard case .number(let number) = index, number == number.rounded(), number >= 0,
      Int(number) < functions.functionCount
    else { throw Failure("there are functions 0 to \(functions.functionCount - 1)") }
    return .text(functions.functionNames[Int(number)])
  }
}

/// A decision tree, or a fixed list of queries, for one function functions.
struct StrategyValue: NativeObject {
  enum Form: Sendable {
    case tree(Strategy)
    case list([Int])
  }

  let functions: FunctionSet
  let form: Form
  let isProved: Bool

  var typeName: String { "strategy" }
  var fieldNames: [String] { ["depth", "queries", "proved"] }

  func card(_ style: ConsoleStyle) -> String {
    let proof = isProved ? "proved" : "best found"
    switch form {
    case .tree(let strategy):
      let text = (try? functions.text(of: strategy, lines: 10)) ?? ""
      return "interactive strategy: at most \(Text.count(strategy.depth, "question")) (\(proof))\n"
        + text
    case .list(let queries):
      let names = queries.prefix(20).map { functions.queryNames[$0] }.joined(separator: ", ")
      return "non-interactive strategy: \(Text.count(queries.count, "question")) (\(proof))\n  "
        + names + (queries.count > 20 ? ", ..." : "")
    }
  }

  func field(_ name: String) throws -> Value? {
    switch (name, form) {
    case ("depth", .tree(let strategy)): .integer(strategy.depth)
    case ("depth", .list(let queries)): .integer(queries.count)
    case ("queries", .list(let queries)): .items(queries.map { .text(functions.queryNames[$0]) })
    case ("proved", _): .boolean(isProved)
    default: nil
    }
  }
}

/// What answers in the game.
struct OracleValue: NativeObject, @unchecked Sendable {
  enum Kind {
    /// A function of the language, which is asked the queries themselves.
    case function(Value)
    case honest(Int)
    case adversary(AdversaryOracle.Skill)
    case liar(Int, lies: Int, seed: UInt64)
  }

  /// The set that it belongs to; nil for a function of the language.
  let functions: FunctionSet?
  let kind: Kind

  var typeName: String { "oracle" }

  func card(_ style: ConsoleStyle) -> String {
    func name(_ function: Int) -> String { functions?.functionNames[function] ?? "f\(function)" }
    switch kind {
    case .function: return "oracle: a function of the language"
    case .honest(let function): return "oracle: \(name(function))"
    case .adversary: return "oracle: an adversary that commits to no function"
    case .liar(let function, let lies, _):
      return "oracle: \(name(function)), with up to \(lies) wrong answers"
    }
  }
}

/// A finished interrogation.
struct TranscriptValue: NativeObject {
  let transcript: Transcript

  var typeName: String { "transcript" }
  var elementCount: Int? { transcript.exchanges.count }
  var fieldNames: [String] { ["questions", "verdict", "candidates"] }

  func card(_ style: ConsoleStyle) -> String { transcript.description }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "questions": return .integer(transcript.exchanges.count)
    case "candidates": return .items(transcript.candidateNames.map { .text($0) })
    case "verdict":
      return transcript.candidateNames.count == 1 ? .text(transcript.candidateNames[0]) : Value.none
    default: return nil
    }
  }

  func element(at index: Value) throws -> Value? {
    guard case .number(let number) = index, Int(number) >= 0,
      Int(number) < transcript.exchanges.count
    else { return nil }
    let exchange = transcript.exchanges[Int(number)]
    return .fields([
      ("query", .text(exchange.queryName)), ("answer", .text(exchange.answerText)),
      ("remaining", .integer(exchange.remaining)),
    ])
  }
}
