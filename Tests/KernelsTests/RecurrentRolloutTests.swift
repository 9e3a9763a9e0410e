import Execution
import Testing

@testable import Kernels

@Suite struct RecurrentRolloutTests {
  private static func random(_ count: Int, _ stream: inout RandomStream) -> FloatBuffer {
    FloatBuffer((0..<count).map { _ in stream.uniformFloat() - 0.5 })
  }

  private static func numbers(_ buffer: FloatBuffer?) -> [Float] {
    buffer?.read { Array($0) } ?? []
  }

  /// Work that several threads share gives the bits of one thread.
  @Test(arguments: [1, 40], RecurrentCell.allCases)
  func threadsDoNotMatter(nets: Int, cell: RecurrentCell) throws {
    let extents = RecurrentExtents(cell: cell, inputs: 5, hidden: 37, outputs: 3, layers: 2)
    let (sequences, steps) = (nets == 1 ? 150 : 4, 12)
    var stream = RandomStream(seed: 1, purpose: "threads")
    let weights = Self.random(nets * extents.parameterCount, &stream)
    let inputs = Self.random(nets * sequences * steps * 5, &stream)
    let incoming = Self.random(nets * sequences * steps * 3, &stream)
    let packed = PackedNets(weights, nets: nets, extents: extents, turned: true)
    var results: [[Float]] = []
    for isSerial in [true, false] {
      let rollout = RecurrentRollout(
        packed, inputs: .sequences(inputs), sequences: sequences, steps: steps, start: nil,
        keepsHistory: true)
      rollout.isSerial = isSerial
      let forward = try rollout.forward(wantsSequence: true)
      let arrived = RecurrentRollout.Incoming(
        outputs: incoming, hidden: nil, cell: nil, sequence: nil)
      let wanted = RecurrentRollout.Wanted(weights: true, inputs: true, state: true)
      let gradients = try rollout.backward(arrived, wanted: wanted)
      // Going back a second time starts from a forward pass of its own.
      let again = try rollout.backward(arrived, wanted: wanted)
      #expect(Self.numbers(again.weights) == Self.numbers(gradients.weights))
      results.append(
        Self.numbers(forward.outputs) + Self.numbers(forward.sequence)
          + Self.numbers(gradients.weights) + Self.numbers(gradients.inputs)
          + Self.numbers(gradients.state?.hidden) + Self.numbers(gradients.state?.cell))
    }
    #expect(results[0] == results[1])
    let forgetful = RecurrentRollout(
      packed, inputs: .sequences(inputs), sequences: sequences, steps: steps, start: nil,
      keepsHistory: false)
    let outputs = Self.numbers(try forgetful.forward(wantsSequence: false).outputs)
    #expect(outputs[...] == results[0].prefix(outputs.count))
  }

  /// Packing and unpacking give the weights back, whatever does not fill a vector.
  @Test(arguments: [1, 3, 16, 17, 32, 33, 50], RecurrentCell.allCases)
  func packingIsReversible(hidden: Int, cell: RecurrentCell) {
    for (inputs, outputs) in [(1, 1), (6, 6), (33, 40)] {
      let extents = RecurrentExtents(
        cell: cell, inputs: inputs, hidden: hidden, outputs: outputs, layers: 2)
      let flat = FloatBuffer((0..<extents.parameterCount).map { Float($0 + 1) })
      let packed = PackedNets(flat, nets: 1, extents: extents, turned: true)
      let back = FloatBuffer(repeating: 0, count: flat.count)
      extents.unpack(packed.forward.base, into: back.base)
      #expect(Self.numbers(back) == Self.numbers(flat))
      // The turned form, made from the flat and from the packed one.
      let turned = FloatBuffer(repeating: 0, count: extents.turnedCount)
      extents.turnPacked(packed.forward.base, into: turned.base)
      let start = extents.turnedHiddenOffset(0)
      #expect(Self.numbers(turned)[start...] == Self.numbers(packed.turned)[start...])
    }
  }
}
