import Execution
import Kernels
import Tensors

extension Variable {
  /// Rows, the last axis, brought to mean 0 and variance 1, then times a gain and plus an offset: x
  /// [..., S], gain [S] and offset [S] give [..., S].
  ///
  /// The variance divides by S, and 1e-5 is added to it.
  /// - Throws: `Failure` that shows the shapes if they do not fit, `Interrupted`.
  public func layerNormalized(gain: Variable, offset: Variable) throws -> Variable {
    let columns = shape.last ?? 0
    guard columns > 0, gain.shape == [columns], offset.shape == [columns] else {
      throw Failure(
        "gain \(Tensor.text(of: gain.shape)) and offset \(Tensor.text(of: offset.shape)) do not "
          + "fit x \(Tensor.text(of: shape))",
        labels: [self, gain, offset].enumerated().map {
          Failure.Label(.position($0.offset), Tensor.text(of: $0.element.shape))
        }, hint: "x is [..., S], gain and offset [S]")
    }
    let norm = LayerNormalization(rows: value.count / columns, columns: columns)
    let (x, g) = (value, gain.value)
    let (numbers, moments) = try norm.forward(
      x.buffer, gain: g.buffer, offset: offset.value.buffer)
    let wants = (isTraced, gain.isTraced, offset.isTraced)
    return Tape.record(
      Tensor(shape: shape, buffer: numbers), parents: [self, gain, offset]
    ) { gradient in
      let flow = try norm.backward(gradient.buffer, x.buffer, gain: g.buffer, moments: moments)
      return [
        wants.0 ? Tensor(shape: x.shape, buffer: flow.source) : nil,
        wants.1 ? Tensor(shape: g.shape, buffer: flow.gain) : nil,
        wants.2 ? Tensor(shape: g.shape, buffer: flow.offset) : nil,
      ]
    }
  }
}
