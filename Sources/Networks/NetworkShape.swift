import Execution
import Kernels
import Tensors

/// The sizes of a net of recurrent layers with a linear read-out, and the layout of its flat
/// weights.
///
/// As in PyTorch: for each layer `weight_ih` [GH,D], `weight_hh` [GH,H], `bias_ih` [GH], `bias_hh`
/// [GH]; then `linear.weight` [O,H] and `linear.bias` [O]. The G gates of an LSTM are i, f, g, o,
/// those of a GRU r, z, n; a vanilla cell has one.
public struct NetworkShape: Hashable, Sendable {
  /// The most units in a layer, inputs or outputs that a net may have.
  public static let maximumExtent = 1 << 16
  /// The most layers that a net may have.
  public static let maximumLayers = 64

  /// What the layers are made of.
  public typealias Cell = RecurrentCell

  /// The cell of every layer.
  public let cell: Cell
  /// Numbers in one input, D.
  public let inputs: Int
  /// Numbers in one output, O.
  public let outputs: Int
  /// Units in a layer, H.
  public let hidden: Int
  /// Layers, L.
  public let layers: Int

  /// The sizes of a net.
  ///
  /// - Throws: `Failure` if one is not between 1 and its limit.
  public init(
    cell: Cell = .lstm, inputs: Int, outputs: Int, hidden: Int = 32, layers: Int = 2
  ) throws {
    try NetworkShape.check("inputs", inputs, NetworkShape.maximumExtent)
    try NetworkShape.check("outputs", outputs, NetworkShape.maximumExtent)
    try NetworkShape.check("hidden", hidden, NetworkShape.maximumExtent)
    try NetworkShape.check("layers", layers, NetworkShape.maximumLayers)
    self.cell = cell
    self.inputs = inputs
    self.outputs = outputs
    self.hidden = hidden
    self.layers = layers
    guard parameterCount <= Tensor.maximumCount else {
      throw Failure(
        "a net of \(layers) x \(hidden) units has \(parameterCount) weights, but a tensor holds at"
          + " most 2^33 numbers")
    }
  }

  private static func check(_ name: String, _ value: Int, _ limit: Int) throws {
    guard value >= 1, value <= limit else {
      throw Failure(
        "\(name) must be between 1 and \(limit), but it is \(value)", at: .keyword(name))
    }
  }

  var extents: RecurrentExtents {
    RecurrentExtents(
      cell: cell, inputs: inputs, hidden: hidden, outputs: outputs, layers: layers)
  }

  /// How many numbers the net has, P.
  public var parameterCount: Int { extents.parameterCount }

  /// One named tensor among the flat weights.
  public struct Part: Hashable, Sendable {
    /// PyTorch's name: `lstm.weight_ih_l0`, or with `gru` or `rnn` before the point.
    public let name: String
    /// Its extents.
    public let shape: [Int]
    /// Where its numbers start.
    public let offset: Int
    /// Blocks of rows that it consists of: one for each gate, 1 in the read-out.
    public let gates: Int

    /// How many numbers it has.
    public var count: Int { shape.reduce(1, *) }
  }

  /// The named tensors in their order.
  public var parts: [Part] {
    var parts: [Part] = []
    var offset = 0
    func add(_ name: String, _ shape: [Int], gates: Int = 1) {
      let part = Part(name: name, shape: shape, offset: offset, gates: gates)
      parts.append(part)
      offset += part.count
    }
    let rows = cell.gates * hidden
    for layer in 0..<layers {
      add("\(cell).weight_ih_l\(layer)", [rows, layer == 0 ? inputs : hidden], gates: cell.gates)
      add("\(cell).weight_hh_l\(layer)", [rows, hidden], gates: cell.gates)
      add("\(cell).bias_ih_l\(layer)", [rows], gates: cell.gates)
      add("\(cell).bias_hh_l\(layer)", [rows], gates: cell.gates)
    }
    add("linear.weight", [outputs, hidden])
    add("linear.bias", [outputs])
    return parts
  }

  /// Throws unless the weights are [P], or [N,P] for many nets.
  public func check(_ weights: [Int], nets: Bool = false) throws {
    let rank = nets ? 2 : 1
    guard weights.count == rank, weights.last == parameterCount else {
      let expected = nets ? "[N, \(parameterCount)]" : "[\(parameterCount)]"
      throw Failure(
        "weights of \(cell.withArticle) with \(inputs) inputs, \(layers) x \(hidden) units and "
          + "\(outputs) outputs have the shape \(expected), but these have "
          + Tensor.text(of: weights))
    }
  }
}

extension NetworkShape {
  /// PyTorch's initial weights [P]: every number uniform within +-1/sqrt(H).
  ///
  /// - Throws: `Failure` if there is no memory for so many; what was thrown to stop work.
  public func initialWeights(_ stream: inout RandomStream) throws -> Tensor {
    let bound = 1 / Float(hidden).squareRoot()
    try Tensor.checkSize([parameterCount])
    return try Tensor(shape: [parameterCount]) { out in
      var polling = Polling()
      for place in out.indices {
        try polling.check()
        out[place] = (2 * stream.uniformFloat() - 1) * bound
      }
    }
  }

  /// The flat weights of named tensors.
  ///
  /// - Throws: `Failure` if one is missing or has another shape.
  public func flatWeights(_ named: (Part) throws -> Tensor) throws -> Tensor {
    let tensors = try parts.map { part in
      let tensor = try named(part)
      guard tensor.shape == part.shape else {
        throw Failure(
          "\"\(part.name)\" has the shape \(Tensor.text(of: tensor.shape)), "
            + "expected \(Tensor.text(of: part.shape))")
      }
      return tensor
    }
    return Tensor(shape: [parameterCount]) { out in
      for (part, tensor) in zip(parts, tensors) {
        tensor.buffer.read { numbers in
          for place in numbers.indices { out[part.offset + place] = numbers[place] }
        }
      }
    }
  }

  /// One named tensor out of flat weights [P].
  public func tensor(_ part: Part, of weights: Tensor) throws -> Tensor {
    try check(weights.shape)
    return Tensor(shape: part.shape) { out in
      weights.buffer.read { numbers in
        for place in out.indices { out[place] = numbers[part.offset + place] }
      }
    }
  }
}

extension RecurrentCell {
  /// As it is written: LSTM, GRU, RNN.
  public var name: String { rawValue.uppercased() }

  /// With its article, for messages.
  public var withArticle: String { self == .gru ? "a GRU" : "an \(name)" }
}
