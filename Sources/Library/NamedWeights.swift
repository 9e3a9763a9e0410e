import Execution
import Networks
import Tensors

/// The tensors of a model from elsewhere, in which the parts of a net are found by PyTorch's names.
///
/// What stands before a name's last part is the name that a module has in its model: `rnn.lstm`. It may
/// be any, if there is but one such part.
struct NamedWeights {
  private let tensors: [(name: String, tensor: Tensor)]

  init(_ tensors: [(String, Tensor)]) {
    self.tensors = tensors.map { (name: $0.0, tensor: $0.1) }
  }

  /// The tensor of a part: the one of its name, or the only one that can be meant.
  ///
  /// - Throws: `Failure` that lists what there is.
  func tensor(_ part: NetworkShape.Part) throws -> Tensor { try found(part).tensor }

  /// Throws if the model has more layers than the net, or reads backwards too: what is left out would
  /// make another net of it.
  func check(_ shape: NetworkShape) throws {
    guard let first = shape.parts.first else { return }
    let name = try found(first).name
    let stem = name.dropLast(Self.last(name).count) + "weight_ih_l"
    if tensors.contains(where: { $0.name == stem + "0_reverse" }) {
      throw Failure(
        "the weights are of a bidirectional net, whose outputs no forward net gives",
        at: .position(0))
    }
    var layers = 0
    while tensors.contains(where: { $0.name == stem + "\(layers)" }) { layers += 1 }
    if layers > shape.layers {
      throw Failure(
        "the record of weights has \(layers) layers, but the net has \(shape.layers)",
        at: .position(0), hint: "layers=\(layers)")
    }
  }

  private func found(_ part: NetworkShape.Part) throws -> (name: String, tensor: Tensor) {
    if let exact = tensors.first(where: { $0.name == part.name }) { return exact }
    let wanted = Self.last(part.name)
    var meant = tensors.filter { Self.last($0.name) == wanted }
    // Many modules have a `weight`; the read-out's is told by its shape.
    if part.name.hasPrefix("linear."), meant.count > 1 {
      meant = meant.filter { $0.tensor.shape == part.shape }
    }
    if meant.count == 1 { return meant[0] }
    throw Failure(
      "the record of weights has "
        + (meant.isEmpty ? "no tensor" : "several tensors that could be")
        + " `\(part.name)`, of shape \(Tensor.text(of: part.shape))",
      at: .position(0), hint: meant.isEmpty ? missingHint(part) : severalHint(part, meant))
  }

  private func missingHint(_ part: NetworkShape.Part) -> String {
    if part.name == "linear.weight" {
      return "a net has a linear read-out; for its hidden states alone set w[\"linear.weight\"] to"
        + " rows of the identity and w[\"linear.bias\"] to zeros"
    }
    return "it has \(list(tensors))"
  }

  private func severalHint(
    _ part: NetworkShape.Part, _ meant: [(name: String, tensor: Tensor)]
  ) -> String {
    "choose among \(list(meant)): w[\"\(part.name)\"] = w[\"\(meant[0].name)\"]"
  }

  private func list(_ entries: [(name: String, tensor: Tensor)]) -> String {
    let shown = entries.prefix(12).map(\.name).joined(separator: ", ")
    return shown + (entries.count > 12 ? ", ..." : "")
  }

  /// What stands behind the last dot.
  private static func last(_ name: String) -> Substring {
    name.split(separator: ".").last ?? Substring(name)
  }
}
