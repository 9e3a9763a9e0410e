import Autodiff
import Execution
import Language
import Tensors

extension NativeTable {
  static let gradients: [NativeFunction] = [
    NativeFunction("gradient") { call in try differentiate(call).gradient },
    NativeFunction("value_and_gradient") { call in
      let (value, gradient) = try differentiate(call)
      return .tuple([value, gradient])
    },
    NativeFunction("iterate") { call in
      var iteration = try Iteration(call)
      return try iteration.run()
    },
  ]

  /// Calls a function with its tensors traced, and lets the gradient flow back to them.
  private static func differentiate(_ call: Arguments) throws -> (value: Value, gradient: Value) {
    let function = try call.function(0)
    let session = call.session
    guard !session.isTracing else {
      throw Failure(
        "a gradient inside a gradient cannot be taken yet", at: .position(0),
        hint: "take the inner one outside of the function that is differentiated")
    }
    let tape = Tape()
    var variables: [Variable] = []
    let traced = call[1].mappingTensors { tensor in
      variables.append(tape.variable(tensor.value))
      return .variable(variables[variables.count - 1])
    }
    guard !variables.isEmpty else { throw call.wrong(1, expected: "a tensor, or hold tensors") }
    session.isTracing = true
    defer { session.isTracing = false }
    let result = try call.call(function, traced)
    guard let value = try call.plainVariable(result) else {
      throw Failure(
        "the function must return a number, but it returned \(result.described)", at: .position(0))
    }
    var gradients = try tape.gradients(of: value, for: variables)[...]
    let gradient = call[1].mappingTensors { _ in
      gradients.popFirst().map { .tensor($0) } ?? .none
    }
    return (.number(Double(value.value.item ?? .nan)), gradient)
  }
}
