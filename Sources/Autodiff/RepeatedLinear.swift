import Kernels
import Tensors

/// A linear layer that is applied in many steps: what each of them would do again is done once.
///
/// The weight is turned as products read it, and the gradients of weight and bias are made of all steps
/// together: one product and one sum at the end of the way back.
public struct RepeatedLinear: Sendable {
  /// [H, D].
  public let weight: Variable
  /// [H].
  public let bias: Variable
  /// [D, H].
  private let turned: Tensor
  private let padded: PaddedRow

  /// A layer of weight [H, D] and bias [H], which must fit.
  public init(weight: Variable, bias: Variable) throws {
    precondition(
      weight.shape.count == 2 && bias.shape == [weight.shape[0]], "parameters do not fit")
    self.weight = weight
    self.bias = bias
    turned = try weight.value.transposed()
    padded = PaddedRow(bias.value.buffer)
  }

  /// x W^T + b, or with `rectified` the positive part of it: x [N, D] gives [N, H].
  public func apply(_ x: Variable, rectified: Bool = false) throws -> Variable {
    let (rows, kernel) = (x.value, weight.value)
    let result = try rows.linear(turned: turned, bias: padded, rectified: rectified)
    let isLearned = weight.isTraced || bias.isTraced
    guard x.isTraced || isLearned else { return Variable(result) }
    let (shared, steps) = Tape.gathering(Kind(), parents: [weight, bias]) { Steps() }
    let wantsInput = x.isTraced
    return Tape.record(result, parents: [x, shared]) { gradient in
      let flow = rectified ? try gradient.combined(.reluGradient, result) : gradient
      if isLearned { steps.add(rows, flow) }
      return [
        wantsInput ? try flow.product(kernel) : nil, isLearned ? Tensor(0) : nil,
      ]
    }
  }

  /// What tells these steps from others with the same parameters.
  private struct Kind: Hashable {}

  /// What the steps have read, and the gradients of what they gave.
  private final class Steps: GradientGatherer {
    private var inputs: [Tensor] = []
    private var flows: [Tensor] = []

    func add(_ input: Tensor, _ flow: Tensor) {
      inputs.append(input)
      flows.append(flow)
    }

    func collect() throws -> [Tensor?] {
      defer { (inputs, flows) = ([], []) }
      let flow = try Tensor.concat(flows)
      return [
        try flow.product(try Tensor.concat(inputs), transposed: true), try flow.sum(axis: 0),
      ]
    }
  }
}
