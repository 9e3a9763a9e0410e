import Execution

/// What an oracle says to a query.
public enum Answer: Sendable, Equatable {
  /// An answer that some function of the set gives, by its code.
  case code(Int32)
  /// A number, which no function need give where answers may be off by a tolerance.
  case number(Double)
  /// What no function of the set answers: a lie.
  case other(String)

  /// A number in full.
  static func text(of number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
  }
}

extension FunctionSet {
  /// The text of an answer.
  public func text(of answer: Answer) -> String {
    switch answer {
    case .code(let code): answerText(code)
    case .number(let number): Answer.text(of: number)
    case .other(let text): text
    }
  }
}
