import Kernels
import Tensors

/// A linear layer that is applied in many steps: what each of them would do again is done once.
///
/// The weight is turned as products read it, and the gradients of weight and bias are made of all steps
/// together: one product and one sum at the end of the way back.
public struct RepeatedLinear {
  /// [H, D].
  private let weight: Tensor
  /// [D, H].
  private let turned: Tensor
  /// [H] and zeros.
  private let padded: PaddedRow
  /// What stands for weight and bias in all steps.
  private let shared: Variable
  private let steps: Steps

  /// A layer of weight [H, D] and bias [H], which must fit.
  public init(weight: Variable, bias: Variable) throws {
    precondition(
      weight.shape.count == 2 && bias.shape == [weight.shape[0]], "parameters do not fit")
    self.weight = weight.value
    turned = try weight.value.transposed()
    padded = PaddedRow(bias.value.buffer)
    (shared, steps) = Tape.gathering(Kind(), parents: [weight, bias]) { Steps() }
  }

  /// x W^T + b, or with `rectified` the positive part of it: x [N, D] gives [N, H].
  public func apply(_ x: Variable, rectified: Bool = false) throws -> Variable {
    let (rows, weight, steps) = (x.value, weight, steps)
    let result = try rows.linear(turned: turned, bias: padded, rectified: rectified)
    let (wantsInput, isLearned) = (x.isTraced, shared.isTraced)
    guard wantsInput || isLearned else { return Variable(result) }
    return Tape.record(result, parents: [x, shared]) { gradient in
      let flow = rectified ? try gradient.combined(.reluGradient, result) : gradient
      if isLearned { steps.add(rows, flow) }
      return [
        wantsInput ? try flow.product(weight) : nil, isLearned ? Tensor(0) : nil,
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

    var isShared: Bool { false }

    func absorb(_ other: any GradientGatherer) {
      guard let other = other as? Steps else { return }
      inputs += other.inputs
      flows += other.flows
      (other.inputs, other.flows) = ([], [])
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
