import Execution
import Synchronization

/// The weights of N nets of the same sizes, packed for the kernels.
public final class PackedNets: Sendable {
  /// The sizes of each net.
  public let extents: RecurrentExtents
  /// How many nets, N.
  public let nets: Int
  let forward: FloatBuffer
  /// The matrices as gradients need them; nil if no gradient is wanted.
  let turned: FloatBuffer?
  private let passes = Atomic<Int>(0)

  /// Packs flat weights [N,P]; with `turned` gradients can flow back as well.
  public init(_ weights: FloatBuffer, nets: Int, extents: RecurrentExtents, turned: Bool) {
    precondition(weights.count == nets * extents.parameterCount, "weights of another count")
    self.extents = extents
    self.nets = nets
    let (stride, turnedStride) = (extents.packedCount, extents.turnedCount)
    let packed = PackedNets.memory(nets * stride, extents)
    let flipped = turned ? PackedNets.turnedMemory(nets * turnedStride, extents) : nil
    try? Parallel.forEach(nets * stride > 1 << 18 ? nets : 1) { part in
      for net in nets * stride > 1 << 18 ? part..<(part + 1) : 0..<nets {
        let flat = Floats(weights.base) + net * extents.parameterCount
        extents.pack(flat, into: packed.base + net * stride, sumsBiases: true)
        if let flipped { extents.packTurned(flat, into: flipped.base + net * turnedStride) }
      }
    }
    forward = packed
    self.turned = flipped
  }

  /// Packs a single layer without read-out from its four parts.
  public init(
    inputWeights: FloatBuffer, hiddenWeights: FloatBuffer, inputBias: FloatBuffer,
    hiddenBias: FloatBuffer, cell: RecurrentCell, inputs: Int, hidden: Int, turned: Bool
  ) {
    let rows = cell.gates * hidden
    precondition(inputWeights.count == rows * inputs, "weights of another count")
    precondition(hiddenWeights.count == rows * hidden, "weights of another count")
    precondition(inputBias.count == rows && hiddenBias.count == rows, "biases of another count")
    let extents = RecurrentExtents(
      cell: cell, inputs: inputs, hidden: hidden, outputs: 0, layers: 1)
    let packed = PackedNets.memory(extents.packedCount, extents)
    let flipped = turned ? PackedNets.turnedMemory(extents.turnedCount, extents) : nil
    let matrices = [
      (Address(inputWeights), inputs, false, 0, 0),
      (
        Address(hiddenWeights), hidden, true, extents.hiddenOffset(0),
        extents.turnedHiddenOffset(0)
      ),
    ]
    let (forward, back) = (Address(packed), flipped.map { Address($0) })
    @Sendable func pack(_ number: Int) {
      let (from, depth, ofHidden, place, turnedPlace) = matrices[number / 2]
      if number % 2 == 0 {
        extents.packGates(from.base, depth, ofHidden: ofHidden, into: forward.base + place)
      } else if let back {
        extents.copyTurned(from.base, depth, ofHidden: ofHidden, into: back.base + turnedPlace)
      }
    }
    if extents.parameterCount < RecurrentExtents.parallelCount {
      for number in 0..<4 { pack(number) }
    } else {
      // The body throws nothing.
      try? Parallel.forEach(4) { pack($0) }
    }
    withExtendedLifetime((inputWeights, hiddenWeights)) {}
    let bias = packed.base + extents.biasOffset(0)
    extents.packBias(inputBias.base, ofHidden: false, into: bias)
    extents.packBias(hiddenBias.base, ofHidden: true, into: bias + extents.gates)
    extents.sumBiases(bias)
    self.turned = flipped
    self.extents = extents
    nets = 1
    self.forward = packed
  }

  /// Zero where packing leaves gaps.
  private static func memory(_ count: Int, _ extents: RecurrentExtents) -> FloatBuffer {
    extents.units == extents.hidden && extents.readOutPanels == extents.outputs
      && extents.cell.emptySlot(ofHidden: false) == nil
      ? FloatBuffer(uninitialized: count) : FloatBuffer(repeating: 0, count: count)
  }

  /// The same for the matrices as gradients need them.
  private static func turnedMemory(_ count: Int, _ extents: RecurrentExtents) -> FloatBuffer {
    let panel = 2 * Lanes.width
    let isFull =
      extents.units == extents.hidden && extents.hidden % panel == 0
      && extents.cell.emptySlot(ofHidden: false) == nil
      && extents.inputs % panel == 0
    return isFull ? FloatBuffer(uninitialized: count) : FloatBuffer(repeating: 0, count: count)
  }

  /// Whether the next pass over all nets goes from the last to the first: every other one does.
  func turnsAround() -> Bool {
    passes.wrappingAdd(1, ordering: .relaxed).newValue & 1 == 0
  }

  /// Numbers held: what a cache counts.
  public var count: Int { forward.count + (turned?.count ?? 0) }
  /// Whether gradients can flow back.
  public var isTurned: Bool { turned != nil }
}
