import Execution

/// The weights of N nets of the same sizes, packed for the kernels.
public final class PackedLSTM: Sendable {
  /// The sizes of each net.
  public let extents: LSTMExtents
  /// How many nets, N.
  public let nets: Int
  let forward: FloatBuffer
  /// The matrices as gradients need them; nil if no gradient is wanted.
  let turned: FloatBuffer?

  /// Packs flat weights [N,P]; with `turned` gradients can flow back as well.
  public init(_ weights: FloatBuffer, nets: Int, extents: LSTMExtents, turned: Bool) {
    precondition(weights.count == nets * extents.parameterCount, "weights of another count")
    self.extents = extents
    self.nets = nets
    let (stride, turnedStride) = (extents.packedCount, extents.turnedCount)
    let packed = PackedLSTM.memory(nets * stride, extents)
    let flipped = turned ? FloatBuffer(repeating: 0, count: nets * turnedStride) : nil
    try? Parallel.forEach(nets * stride > 1 << 18 ? nets : 1) { part in
      for net in nets * stride > 1 << 18 ? part..<(part + 1) : 0..<nets {
        let flat = Floats(weights.base) + net * extents.parameterCount
        extents.pack(flat, into: packed.base + net * stride)
        if let flipped { extents.packTurned(flat, into: flipped.base + net * turnedStride) }
      }
    }
    forward = packed
    self.turned = flipped
  }

  /// Packs a single layer without read-out from its four parts.
  public init(
    inputWeights: FloatBuffer, hiddenWeights: FloatBuffer, inputBias: FloatBuffer,
    hiddenBias: FloatBuffer, inputs: Int, hidden: Int, turned: Bool
  ) {
    precondition(inputWeights.count == 4 * hidden * inputs, "weights of another count")
    precondition(hiddenWeights.count == 4 * hidden * hidden, "weights of another count")
    precondition(
      inputBias.count == 4 * hidden && hiddenBias.count == 4 * hidden, "biases of another count")
    let extents = LSTMExtents(inputs: inputs, hidden: hidden, outputs: 0, layers: 1)
    let packed = PackedLSTM.memory(extents.packedCount, extents)
    extents.packGates(inputWeights.base, inputs, into: packed.base)
    extents.packGates(hiddenWeights.base, hidden, into: packed.base + extents.hiddenOffset(0))
    extents.packBias(inputBias.base, into: packed.base + extents.biasOffset(0))
    extents.packBias(hiddenBias.base, into: packed.base + extents.biasOffset(0) + extents.gates)
    if turned {
      let flipped = FloatBuffer(repeating: 0, count: extents.turnedCount)
      extents.copyTurned(inputWeights.base, inputs, into: flipped.base)
      extents.copyTurned(
        hiddenWeights.base, hidden, into: flipped.base + extents.turnedHiddenOffset(0))
      self.turned = flipped
    } else {
      self.turned = nil
    }
    self.extents = extents
    nets = 1
    forward = packed
  }

  /// Zero where packing leaves gaps.
  private static func memory(_ count: Int, _ extents: LSTMExtents) -> FloatBuffer {
    extents.units == extents.hidden && extents.readOutPanels == extents.outputs
      ? FloatBuffer(uninitialized: count) : FloatBuffer(repeating: 0, count: count)
  }

  /// Numbers held: what a cache counts.
  public var count: Int { forward.count + (turned?.count ?? 0) }
  /// Whether gradients can flow back.
  public var isTurned: Bool { turned != nil }
}
