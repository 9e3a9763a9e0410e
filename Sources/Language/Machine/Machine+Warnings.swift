import Autodiff
import Execution
import Tensors

/// Thrown where a step has its result, but something must be said about it: the warning is given,
/// and the program goes on with the value.
struct Remark: Error, @unchecked Sendable {
  var failure: Failure
  var value: Value
}

extension Machine {
  // MARK: - Numbers that are none

  /// The result of an operator, whose operands had only finite numbers if the result has.
  func checked(_ result: Variable, _ operation: Operation, _ operands: Variable...) throws -> Value
  {
    guard !result.value.isFinite, operands.allSatisfy(\.value.isFinite) else {
      return .variable(result)
    }
    throw try remark(Machine.appeared(in: result.value, from: operation.symbol), .variable(result))
  }

  /// The result of a built-in function that computes.
  func checked(_ result: Value, of name: String, _ arguments: Arguments) throws -> Value {
    guard let (found, tensor) = Machine.notFinite(result) else { return result }
    for place in 0..<arguments.count where Machine.notFinite(arguments[place]) != nil {
      return result
    }
    let text =
      tensor.map { Machine.appeared(in: $0, from: name) }
      ?? "\(Value.text(of: found)) came out of `\(name)`"
    throw try remark(text, result)
  }

  /// The first number of a value that is none, and the tensor in which it stands.
  private static func notFinite(_ value: Value) -> (Double, Tensor?)? {
    switch value {
    case .number(let number): return number.isFinite ? nil : (number, nil)
    case .tensor(let object):
      let tensor = object.variable.value
      return tensor.isFinite ? nil : (.nan, tensor)
    case .record(let record): return notFinite(record.values)
    case .list(let list): return notFinite(list.items)
    case .instance(let instance): return notFinite(instance.values)
    default: return nil
    }
  }

  private static func notFinite(_ values: some Collection<Value>) -> (Double, Tensor?)? {
    for value in values { if let found = notFinite(value) { return found } }
    return nil
  }

  private static func appeared(in tensor: Tensor, from name: String) -> String {
    let nans = tensor.elements.count(where: \.isNaN)
    let infinities = tensor.elements.count(where: \.isInfinite)
    let parts = [(nans, "NaN"), (infinities, "infinity")].filter { $0.0 > 0 }.map {
      $0.0 == 1 ? $0.1 : "\($0.0) times \($0.1)"
    }
    let place = tensor.rank == 0 ? "" : " in a tensor of shape \(Tensor.text(of: tensor.shape))"
    return "\(parts.joined(separator: " and ")) came out of `\(name)`\(place)"
  }

  /// What to throw for a number that is none: a remark, or under `--strict` an error.
  func remark(_ text: String, _ value: Value) throws -> Remark {
    let failure = Failure(text, hint: "all that went in was finite: the first such number is here")
    if session.isStrict { throw failure }
    return Remark(failure: failure, value: value)
  }

  /// Whether a built-in function computes numbers, which then are looked at.
  static let computing: Set<String> = [
    "exp", "log", "sqrt", "softmax", "log_softmax", "linear", "norm", "mean", "std", "variance",
    "run", "step", "lstm_cell", "solve", "update", "sum",
  ]

  // MARK: - Warnings

  /// Gives a warning at the step that `code` is at.
  func warn(_ failure: Failure, _ code: Code, _ place: Int) {
    var diagnostic = located(failure, code, place)
    diagnostic.severity = .warning
    if let traced = traced(diagnostic, failure, callsUnderWay, code) as? Diagnostic {
      diagnostic = traced
    }
    session.warn(diagnostic)
  }

  /// Gives a warning at the innermost call that does not stand in the library.
  ///
  /// - Throws: `Failure` under `--strict`.
  func warn(_ failure: Failure) throws {
    if session.isStrict { throw failure }
    let calls = callsUnderWay
    guard let frame = calls.last(where: { !$0.code.module.isLibrary }) ?? calls.last else {
      return session.warn(Diagnostic(.warning, stage: .run, failure.message, labels: []))
    }
    let span = Machine.place(before: frame.next, frame.code).span
    session.warn(
      Diagnostic(
        .warning, stage: .run, failure.message,
        labels: [Diagnostic.Label(frame.code.source, span)], hint: failure.hint))
  }
}
