import Execution
import Kernels
import Tensors

extension Variable {
  /// Attention with several heads: softmax(Q K^T / sqrt(D)) V for each head, of D = S / heads
  /// neighbouring numbers.
  ///
  /// Queries [..., Q, S], keys and values [..., T, S], with the same axes in front, give [..., Q, S].
  /// - Throws: `Failure` that shows the shapes if they do not fit, `Interrupted`.
  public func attention(key: Variable, value: Variable, heads: Int) throws -> Variable {
    let extents = try attentionExtents(key, value, heads)
    let (q, k, v) = (self.value, key.value, value.value)
    let result = Tensor(
      shape: shape, buffer: try extents.forward(q.buffer, k.buffer, v.buffer))
    let wants = (isTraced, key.isTraced, value.isTraced)
    return Tape.record(result, parents: [self, key, value]) { gradient in
      let flow = try extents.backward(gradient.buffer, q.buffer, k.buffer, v.buffer)
      return [
        wants.0 ? Tensor(shape: q.shape, buffer: flow.query) : nil,
        wants.1 ? Tensor(shape: k.shape, buffer: flow.key) : nil,
        wants.2 ? Tensor(shape: v.shape, buffer: flow.value) : nil,
      ]
    }
  }

  /// Attention of tokens to each other, [..., T, 3S]: S numbers each of a query, a key and a value, side
  /// by side, give [..., T, S].
  ///
  /// - Throws: `Failure` that shows the shape if it does not fit, `Interrupted`.
  public func selfAttention(heads: Int) throws -> Variable {
    let joined = shape.last ?? 0
    guard shape.count >= 2, joined % 3 == 0, joined > 0, shape[shape.count - 2] > 0 else {
      throw Failure(
        "tokens \(Tensor.text(of: shape)) are no queries, keys and values side by side",
        labels: [Failure.Label(.position(0), Tensor.text(of: shape))],
        hint: "they are [..., T, 3 S], T > 0")
    }
    let size = joined / 3
    try Variable.check(heads, share: size)
    let extents = Attention(
      batch: shape.dropLast(2).reduce(1, *), tokens: shape[shape.count - 2], size: size,
      heads: heads)
    let tokens = value
    let result = Tensor(
      shape: shape.dropLast() + [size], buffer: try extents.forward(tokens.buffer))
    return Tape.record(result, parents: [self]) { gradient in
      let flow = try extents.backward(gradient.buffer, tokens.buffer)
      return [Tensor(shape: tokens.shape, buffer: flow)]
    }
  }

  private static func check(_ heads: Int, share size: Int) throws {
    guard heads > 0, size % heads == 0 else {
      throw Failure(
        "\(Text.count(size, "number")) of a query cannot be shared by \(Text.count(heads, "head"))",
        at: .keyword("heads"))
    }
  }

  private func attentionExtents(
    _ key: Variable, _ value: Variable, _ heads: Int
  ) throws -> Attention {
    let fits =
      shape.count >= 2 && key.shape == value.shape && key.shape.count == shape.count
      && key.shape.dropLast(2) == shape.dropLast(2) && key.shape.last == shape.last
    guard fits else {
      throw Failure(
        "queries \(Tensor.text(of: shape)), keys \(Tensor.text(of: key.shape)) and values "
          + "\(Tensor.text(of: value.shape)) do not fit",
        labels: [self, key, value].enumerated().map {
          Failure.Label(.position($0.offset), Tensor.text(of: $0.element.shape))
        }, hint: "queries are [..., Q, S], keys and values [..., T, S]")
    }
    let (queries, keys) = (shape[shape.count - 2], key.shape[shape.count - 2])
    let size = shape[shape.count - 1]
    guard keys > 0, size > 0 else {
      throw Failure(
        "there is nothing to attend to: the keys have the shape \(Tensor.text(of: key.shape))",
        at: .position(1))
    }
    try Variable.check(heads, share: size)
    return Attention(
      batch: shape.dropLast(2).reduce(1, *), queries: queries, keys: keys, size: size,
      heads: heads)
  }
}
