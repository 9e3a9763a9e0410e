import Execution
import Tensors

extension Variable {
  /// x W^T + b in one step, the weight stored as PyTorch does: x [..., D], W [H, D], b [H] give
  /// [..., H]; with `rectified` the positive part of that.
  ///
  /// - Throws: `Failure` that shows the shapes if they do not fit.
  public func linear(
    weight: Variable, bias: Variable, rectified: Bool = false
  ) throws -> Variable {
    let inputs = weight.shape.last ?? 0
    guard weight.shape.count == 2, shape.last == inputs, bias.shape == [weight.shape[0]] else {
      throw Failure(
        "a linear layer of weight \(Tensor.text(of: weight.shape)) and bias "
          + "\(Tensor.text(of: bias.shape)) does not fit x \(Tensor.text(of: shape))",
        labels: [
          Failure.Label(.position(0), Tensor.text(of: shape)),
          Failure.Label(.position(1), Tensor.text(of: weight.shape)),
        ], hint: "x is [..., D], the weight [H, D], the bias [H]")
    }
    let rows = try value.reshaped([shape.dropLast().reduce(1, *), inputs])
    let (kernel, outer) = (weight.value, shape)
    let result = try rows.linear(weight: kernel, bias: bias.value, rectified: rectified)
    let wants = (isTraced, weight.isTraced, bias.isTraced)
    return Tape.record(
      try result.reshaped(outer.dropLast() + [kernel.shape[0]]), parents: [self, weight, bias]
    ) { gradient in
      var flow = try gradient.reshaped(result.shape)
      if rectified { flow = try flow.combined(.reluGradient, result) }
      return [
        wants.0 ? try flow.matrixMultiplied(by: kernel).reshaped(outer) : nil,
        wants.1 ? try flow.product(rows, transposed: true) : nil,
        wants.2 ? try flow.sum(axis: 0) : nil,
      ]
    }
  }

  /// The same for parts of x that stand side by side, [..., Dj], D being the sum of their last axes:
  /// they are not joined, and their gradients not taken apart.
  ///
  /// - Throws: `Failure` that shows the shapes if they do not fit.
  public static func linear(
    _ parts: [Variable], weight: Variable, bias: Variable, rectified: Bool = false
  ) throws -> Variable {
    let outer = Array((parts.first?.shape ?? []).dropLast())
    let inputs = parts.reduce(0) { $0 + ($1.shape.last ?? 0) }
    guard let first = parts.first, parts.allSatisfy({ $0.shape.dropLast() == outer[...] }),
      !first.shape.isEmpty, weight.shape.count == 2, weight.shape[1] == inputs,
      bias.shape == [weight.shape[0]]
    else {
      let shapes = parts.map { Tensor.text(of: $0.shape) }.joined(separator: ", ")
      throw Failure(
        "a linear layer of weight \(Tensor.text(of: weight.shape)) and bias "
          + "\(Tensor.text(of: bias.shape)) does not fit the parts \(shapes)",
        labels: [Failure.Label(.position(1), Tensor.text(of: weight.shape))],
        hint: "parts are [..., D1], [..., D2], ..., the weight [H, D1 + D2 + ...], the bias [H]")
    }
    let rows = try parts.map {
      try $0.value.reshaped([outer.reduce(1, *), $0.shape[$0.shape.count - 1]])
    }
    let kernel = weight.value
    let result = try Tensor.linear(rows, weight: kernel, bias: bias.value, rectified: rectified)
    let wanted = parts.map(\.isTraced)
    let wants = (weight.isTraced, bias.isTraced)
    let shapes = parts.map(\.shape)
    return Tape.record(
      try result.reshaped(outer + [kernel.shape[0]]), parents: parts + [weight, bias]
    ) { gradient in
      var flow = try gradient.reshaped(result.shape)
      if rectified { flow = try flow.combined(.reluGradient, result) }
      let flows = try flow.linearGradients(of: rows, weight: kernel, wanted: wanted)
      return try zip(flows, shapes).map { try $0?.reshaped($1) } + [
        wants.0 ? try flow.linearWeightGradient(of: rows) : nil,
        wants.1 ? try flow.sum(axis: 0) : nil,
      ]
    }
  }
}
