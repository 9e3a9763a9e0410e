import Execution
import Kernels
import Language
import Tensors

/// Examples as a family of the language gives them, read into the form that training takes.
///
/// A record of `inputs`, `targets`, `chances` and `weights`, or a tuple that begins with the first
/// two. Inputs are tokens [S,T] or numbers [S,T,D]. Targets are missing where the next token is one;
/// classes [S] of the last step or [S,T]; or numbers [S,T,O], [S,T] of one output, [S] of one output
/// at the last step. `weights` [S,T] or [T] say what each step counts.
struct WrittenExamples {
  private static let fields: Set<String> = ["inputs", "targets", "chances", "weights"]

  let batch: ExampleBatch
  let steps: Int
  let chances: [Double]?

  init(
    _ value: Value, title: String, inputs: Int, outputs: Int, loss: Value, _ call: Arguments
  ) throws {
    func wrong(_ name: String, _ expected: String, _ found: String) -> Failure {
      Failure("`\(name)` of the examples of \(title) should be \(expected), but they are \(found)")
    }
    func tensor(_ name: String, _ place: String?) throws -> Tensor? {
      guard let held = value.held(name) ?? place.flatMap({ value.held($0) }), !held.isNone
      else { return nil }
      do { return try Arguments.tensor(held) } catch {
        throw wrong(name, "numbers", held.described)
      }
    }
    if case .record(let record) = value, !record.isTuple,
      let name = record.names.map(\.name).first(where: { !WrittenExamples.fields.contains($0) })
    {
      throw Failure(
        "the examples of \(title) have a field `\(name)`, but are made of inputs, targets, chances and "
          + "weights")
    }
    guard let given = try tensor("inputs", "0"), given.rank == 2 || given.rank == 3,
      given.shape[0] > 0
    else {
      throw Failure(
        "`examples` of \(title) should give (inputs=..., targets=...), inputs being tokens [S, T] or "
          + "numbers [S, T, \(inputs)], but it gives \(call.session.text(value))")
    }
    let count = given.shape[0]
    let targets = try tensor("targets", "1")
    let steps = targets == nil ? given.shape[1] - 1 : given.shape[1]
    self.steps = steps
    guard steps >= 1 else { throw wrong("inputs", "at least one step long", "shorter") }
    let read: ExampleBatch.Inputs
    if given.rank == 3 {
      guard given.shape[2] == inputs else {
        throw wrong(
          "inputs", "[S, T, \(inputs)] by its `sizes`", Tensor.text(of: given.shape))
      }
      guard targets != nil else {
        throw wrong("targets", "there, as inputs are no tokens", "missing")
      }
      read = .numbers(given.elements)
    } else {
      read = .tokens(
        try WrittenExamples.tokens(
          given.elements, below: targets == nil ? min(inputs, outputs) : inputs, title))
    }
    let own = try WrittenExamples.targets(
      targets, count, steps, outputs, loss, wrong)
    let stepWeights = try tensor("weights", nil).map { weights in
      switch weights.shape {
      case [count, steps]: return weights.elements
      case [steps]: return (0..<count).flatMap { _ in weights.elements }
      default:
        throw wrong(
          "weights", "[\(count), \(steps)] or [\(steps)], what each step counts",
          Tensor.text(of: weights.shape))
      }
    }
    if let stepWeights, !stepWeights.contains(where: { $0 > 0 }) {
      throw wrong("weights", "above 0 somewhere", "0 everywhere")
    }
    if let bad = stepWeights?.first(where: { !($0 >= 0 && $0.isFinite) }) {
      throw wrong("weights", "0 or above", "\(bad) at one place")
    }
    batch = ExampleBatch(
      inputs: read, targets: own.targets, counts: [Int](repeating: 1, count: count),
      stepWeights: WrittenExamples.product(own.stepWeights, stepWeights))
    chances = try tensor("chances", nil).map { $0.elements.map(Double.init) }
  }

  private static func product(_ a: [Float]?, _ b: [Float]?) -> [Float]? {
    guard let a, let b else { return a ?? b }
    return zip(a, b).map { $0 * $1 }
  }

  private static func targets(
    _ targets: Tensor?, _ count: Int, _ steps: Int, _ outputs: Int, _ loss: Value,
    _ wrong: (String, String, String) -> Failure
  ) throws -> (targets: ExampleBatch.Targets, stepWeights: [Float]?) {
    guard let targets else { return (.next, nil) }
    var isOfNumbers = targets.rank == 3
    if case .string(let name) = loss { isOfNumbers = name.text == "numbers" }
    // What is told of the last step alone counts there alone.
    let atEnd = (0..<count).flatMap { _ in (0..<steps).map { $0 == steps - 1 ? Float(1) : 0 } }
    func spread(_ numbers: [Float]) -> [Float] {
      numbers.flatMap { [Float](repeating: $0, count: steps) }
    }
    let expected =
      isOfNumbers
      ? "[\(count), \(steps), \(outputs)]"
      : "classes [\(count), \(steps)], or [\(count)] of the last step"
    switch targets.shape {
    case [count, steps, outputs] where isOfNumbers: return (.numbers(targets.elements), nil)
    case [count, steps] where isOfNumbers && outputs == 1: return (.numbers(targets.elements), nil)
    case [count] where isOfNumbers && outputs == 1:
      return (.numbers(spread(targets.elements)), atEnd)
    case [count, steps] where !isOfNumbers:
      return (.classes(try classes(targets.elements, outputs, wrong)), nil)
    case [count] where !isOfNumbers:
      return (.classes(try classes(spread(targets.elements), outputs, wrong)), atEnd)
    default: throw wrong("targets", expected, Tensor.text(of: targets.shape))
    }
  }

  private static func classes(
    _ numbers: [Float], _ outputs: Int, _ wrong: (String, String, String) -> Failure
  ) throws -> [UInt16] {
    try numbers.map { number in
      guard let class_ = UInt16(exactly: number), Int(class_) < outputs else {
        throw wrong(
          "targets",
          "whole numbers from 0 to below \(outputs) (or, of `loss` \"numbers\", any)",
          "\(number) at one place")
      }
      return class_
    }
  }

  /// Tokens that a net knows.
  static func tokens(_ numbers: [Float], below limit: Int, _ title: String) throws -> [UInt8] {
    try numbers.map { number in
      guard let token = UInt8(exactly: number), Int(token) < limit else {
        throw Failure(
          "a token of \(title) should be a whole number from 0 to below \(min(limit, 256)), but one is "
            + "\(number)",
          hint: "numbers have a last axis: [S, T, 1]")
      }
      return token
    }
  }
}
