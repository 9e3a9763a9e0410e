import Execution
import Glibc
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
      let exact = FloatBuffer(repeating: 0, count: extents.packedCount)
      extents.pack(flat.base, into: exact.base)
      let back = FloatBuffer(repeating: 0, count: flat.count)
      extents.unpack(exact.base, into: back.base)
      #expect(Self.numbers(back) == Self.numbers(flat))
      // Nets that are only read keep the sum of two biases; all else is the same.
      for layer in 0..<2 { extents.sumBiases(exact.base + extents.biasOffset(layer)) }
      #expect(Self.numbers(packed.forward) == Self.numbers(exact))
      // The turned form, made from the flat and from the packed one.
      let turned = FloatBuffer(repeating: 0, count: extents.turnedCount)
      extents.turnPacked(packed.forward.base, into: turned.base)
      let start = extents.turnedHiddenOffset(0)
      #expect(Self.numbers(turned)[start...] == Self.numbers(packed.turned)[start...])
    }
  }

  /// One step of one sequence for each net gives the bits of the same step among other sequences,
  /// whichever net is read first and however many threads there are.
  @Test(arguments: [(3, 16), (9, 32), (24, 128)], RecurrentCell.allCases)
  func stepsOfRowsAgree(_ size: (nets: Int, hidden: Int), cell: RecurrentCell) throws {
    let nets = size.nets
    for (outputs, starts) in [(6, true), (40, false), (0, true)] {
      let extents = RecurrentExtents(
        cell: cell, inputs: 5, hidden: size.hidden, outputs: outputs, layers: 2)
      var stream = RandomStream(seed: 1, purpose: "rows")
      let weights = Self.random(nets * extents.parameterCount, &stream)
      let packed = PackedNets(weights, nets: nets, extents: extents, turned: false)
      let inputs = Self.random(nets * 5, &stream)
      let states = 2 * nets * size.hidden
      let hidden = Self.random(states, &stream)
      let carried = cell.hasCellState ? Self.random(states, &stream) : nil
      func run(_ copies: Int, isSerial: Bool) throws -> [[Float]] {
        let rollout = RecurrentRollout(
          packed, inputs: .sequences(Self.copied(inputs, 5, copies)), sequences: copies, steps: 1,
          start: starts
            ? RecurrentRollout.State(
              hidden: Self.copied(hidden, size.hidden, copies),
              cell: carried.map { Self.copied($0, size.hidden, copies) }) : nil,
          keepsHistory: false)
        rollout.isSerial = isSerial
        let results = try rollout.forward(wantsSequence: true)
        return [
          Self.first(results.outputs, outputs, copies),
          Self.first(results.state.hidden, size.hidden, copies),
          Self.first(results.state.cell, size.hidden, copies),
          Self.first(results.sequence, size.hidden, copies),
        ]
      }
      let expected = try run(3, isSerial: true)
      for isSerial in [true, true, false, false] {
        #expect(try run(1, isSerial: isSerial) == expected)
      }
    }
  }

  /// A step of many sequences through a wide net, whose columns threads share, gives the bits of each
  /// sequence alone, forward and back.
  @Test(arguments: RecurrentCell.allCases)
  func wideStepsAgreeWithSingleSequences(cell: RecurrentCell) throws {
    let (hidden, width, sequences) = (176, 40, 70)
    let extents = RecurrentExtents(cell: cell, inputs: width, hidden: hidden, outputs: 0, layers: 1)
    var stream = RandomStream(seed: 1, purpose: "wide")
    let packed = PackedNets(
      Self.random(extents.parameterCount, &stream), nets: 1, extents: extents, turned: true)
    let inputs = Self.random(sequences * width, &stream)
    let states = (0..<4).map { _ in Self.random(sequences * hidden, &stream) }
    func run(_ first: Int, _ count: Int) throws -> [[Float]] {
      func part(_ buffer: FloatBuffer, _ width: Int) -> FloatBuffer {
        FloatBuffer(buffer, from: first * width, count: count * width)
      }
      let rollout = RecurrentRollout(
        packed, inputs: .sequences(part(inputs, width)), sequences: count, steps: 1,
        start: RecurrentRollout.State(
          hidden: part(states[0], hidden), cell: cell.hasCellState ? part(states[1], hidden) : nil),
        keepsHistory: true)
      let results = try rollout.forward(wantsSequence: false)
      let gradients = try rollout.backward(
        RecurrentRollout.Incoming(
          outputs: nil, hidden: part(states[2], hidden),
          cell: cell.hasCellState ? part(states[3], hidden) : nil, sequence: nil),
        wanted: RecurrentRollout.Wanted(weights: false, inputs: true, state: true))
      return [
        results.state.hidden, results.state.cell, gradients.inputs, gradients.state?.hidden,
        gradients.state?.cell,
      ].map { Self.numbers($0) }
    }
    let together = try run(0, sequences)
    let alone = try (0..<sequences).map { try run($0, 1) }
    for place in together.indices {
      #expect(together[place] == alone.flatMap { $0[place] })
    }
  }

  /// Gradients of a layer's weights are sums over all rows of its steps, also where these lie in
  /// several stretches that do not end with a block of rows.
  @Test(arguments: [(19, 7), (112, 40), (150, 33)], RecurrentCell.allCases)
  func weightGradientsAreSumsOverRows(_ size: (hidden: Int, width: Int), cell: RecurrentCell) {
    let extents = RecurrentExtents(
      cell: cell, inputs: size.width, hidden: size.hidden, outputs: 0, layers: 1)
    var stream = RandomStream(seed: 1, purpose: "stretches")
    let counts = [70, 3, 600, 1, 521]
    let memory = counts.map { rows in
      Self.random(RecurrentGroup.size(extents, rows: rows, steps: 1), &stream)
    }
    let weights = FloatBuffer(repeating: 0, count: extents.packedCount)
    let groups = zip(counts, memory).map { rows, memory in
      RecurrentGroup(
        extents: extents, rows: rows, steps: 1, weights: Floats(weights.base), memory: memory.base)
    }
    let stretches = groups.map { group in
      LayerWeightGradient.Stretch(
        count: group.rows, gates: Floats(group.gates(0)), hidden: Floats(group.hidden(0)),
        inputs: Floats(group.inputs))
    }
    let found = FloatBuffer(repeating: .nan, count: extents.packedCount)
    for sharing in [false, true] {
      LayerWeightGradient(
        extents: extents, layer: 0, stretches: stretches, inputRow: size.width, target: found.base
      ).run(sharing: sharing)
      let wrong = Self.places(of: extents).filter { place in
        let exact = groups.reduce(0) { $0 + Self.sum(over: $1, place) }
        return abs(Double(found[place.packed]) - exact) > 2e-4
      }
      #expect(wrong.isEmpty)
    }
    withExtendedLifetime(memory) {}
  }

  /// One number of a layer's gradient: nil for a bias.
  private struct GradientPlace {
    var packed: Int
    var unit: Int?
    var isHidden: Bool
    var column: Int
  }

  /// Some numbers of all kinds, the first and last of each among them.
  private static func places(of extents: RecurrentExtents) -> [GradientPlace] {
    let panel = 2 * Lanes.width
    let columns = [0, 1, panel - 1, extents.gates / 2, extents.gates - 1]
    func matrix(_ units: Int, _ offset: Int, isHidden: Bool) -> [GradientPlace] {
      columns.flatMap { column in
        [0, units / 2, units - 1].map { unit in
          GradientPlace(
            packed: offset + (column / panel * units + unit) * panel + column % panel, unit: unit,
            isHidden: isHidden, column: column)
        }
      }
    }
    let biases = columns.flatMap { column in
      [0, extents.gates].map { second in
        GradientPlace(
          packed: extents.biasOffset(0) + second + column, unit: nil, isHidden: false,
          column: column)
      }
    }
    return matrix(extents.hidden, extents.hiddenOffset(0), isHidden: true)
      + matrix(extents.inputs, extents.packedOffset(0), isHidden: false) + biases
  }

  /// A group's share of it, in double precision.
  private static func sum(over group: RecurrentGroup, _ place: GradientPlace) -> Double {
    (0..<group.rows).reduce(0) { sum, row in
      let slope = Double(group.gates(0)[row * group.extents.gates + place.column])
      guard let unit = place.unit else { return sum + slope }
      let x =
        place.isHidden
        ? group.hidden(0)[row * group.extents.units + unit]
        : group.inputs[row * group.extents.inputs + unit]
      return sum + Double(x) * slope
    }
  }

  /// Rows of `width` numbers, each as often as there are copies.
  private static func copied(_ buffer: FloatBuffer, _ width: Int, _ copies: Int) -> FloatBuffer {
    let rows = stride(from: 0, to: buffer.count, by: width).map { start in
      (start..<(start + width)).map { buffer[$0] }
    }
    return FloatBuffer(rows.flatMap { row in (0..<copies).flatMap { _ in row } })
  }

  /// The first of so many copies of each row.
  private static func first(_ buffer: FloatBuffer?, _ width: Int, _ copies: Int) -> [Float] {
    let all = numbers(buffer)
    guard width > 0 else { return all }
    return stride(from: 0, to: all.count, by: width * copies).flatMap { all[$0..<($0 + width)] }
  }

  /// An LSTM's activations share divisions: they hold for any size, and NaN goes where it must.
  @Test func activationsShareDivisions() {
    let sizes: [Float] = [-.infinity, -1e30, -29, -0.25, 0, 3, 100, .infinity, .nan]
    func sigmoid(_ x: Float) -> Double { 1 / (1 + exp(-Double(x))) }
    let width = Lanes.width
    let gates = FloatBuffer(uninitialized: 4 * width)
    let earlier = FloatBuffer(repeating: 0.5, count: width)
    let states = (0..<3).map { _ in FloatBuffer(uninitialized: width) }
    for (i, f) in sizes.flatMap({ i in sizes.map { (i, $0) } }) {
      for (g, o) in sizes.flatMap({ g in sizes.map { (g, $0) } }) {
        for (gate, x) in [i, f, g, o].enumerated() {
          (gates.base + gate * width).update(repeating: x, count: width)
        }
        LSTMCell.forward(
          LSTMCell.Places(
            gates: gates.base, earlierCell: earlier.base, cell: states[0].base,
            squashed: states[1].base, hidden: states[2].base), rows: 1, units: width)
        let c = sigmoid(f) * 0.5 + sigmoid(i) * tanh(Double(g))
        let h = sigmoid(o) * tanh(c)
        for (found, expected) in [(states[0][0], c), (states[2][width - 1], h)]
        where found.isNaN != expected.isNaN || abs(Double(found) - expected) > 5e-7 {
          Issue.record("\(i) \(f) \(g) \(o): \(found), not \(expected)")
        }
      }
    }
  }
}
