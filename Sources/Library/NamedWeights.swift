import Autodiff
import Execution
import Networks
import Tensors

/// The tensors of a model from elsewhere, in which the parts of a net are found by PyTorch's names.
///
/// What stands before a name's last part is the name that a module has in its model: `rnn.lstm`. It
/// may be any, if there is but one such part. Every tensor has its place in the net, as what is left
/// out would make another net of it.
struct NamedWeights {
  private typealias Entry = (name: String, tensor: Variable)
  private let tensors: [Entry]

  init(_ tensors: [(String, Variable)]) {
    self.tensors = tensors.map { (name: $0.0, tensor: $0.1) }
  }

  /// The flat weights of a net.
  ///
  /// - Throws: `Failure` that lists what there is, where a part is missing or of another shape, where
  ///   several tensors could be meant, or where one has no place in the net.
  func flat(_ shape: NetworkShape) throws -> Variable {
    try check(shape)
    let entries = try shape.parts.map { part in
      let entry = try found(part)
      guard entry.tensor.shape == part.shape else {
        throw Failure(
          "\"\(part.name)\" has the shape \(Tensor.text(of: entry.tensor.shape)), expected "
            + Tensor.text(of: part.shape), at: .position(0))
      }
      return entry
    }
    try checkRest(shape, used: Set(entries.map(\.name)))
    return try Variable.concat(
      entries.map { try $0.tensor.reshaped([$0.tensor.shape.reduce(1, *)]) })
  }

  /// Throws if the model has more layers than the net, or reads backwards too.
  private func check(_ shape: NetworkShape) throws {
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

  /// Throws if a tensor has no place in the net.
  private func checkRest(_ shape: NetworkShape, used: Set<String>) throws {
    let rest = tensors.filter {
      !used.contains($0.name) && !$0.tensor.shape.isEmpty && !isEmbedding($0, shape)
    }
    guard let first = rest.first else { return }
    // `weight_hh_l0_raw` is what is trained, `weight_hh_l0` a copy with some weights dropped.
    for raw in rest.map(\.name) where raw.hasSuffix("_raw") {
      guard let copy = used.first(where: { Self.last($0) == Self.last(raw).dropLast(4) }) else {
        continue
      }
      throw Failure(
        "the record of weights has both `\(copy)` and `\(raw)`", at: .position(0),
        hint: "the raw one is without dropout: w[\"\(copy)\"] = w[\"\(raw)\"]; "
          + "w = remove(w, \"\(raw)\")")
    }
    throw Failure(
      "the record of weights has \(list(rest)), for which \(shape.cell.withArticle) with one "
        + "linear read-out has no place", at: .position(0),
      hint: "layers behind the read-out can be applied to its outputs; "
        + "w = remove(w, \"\(first.name)\") leaves one out")
  }

  /// Whether it is a table of embeddings: its rows are the inputs that the net is given.
  private func isEmbedding(_ entry: Entry, _ shape: NetworkShape) -> Bool {
    let stem = entry.name.dropLast(Self.last(entry.name).count)
    return Self.last(entry.name) == "weight" && stem.lowercased().contains("emb")
      && entry.tensor.shape.count == 2 && entry.tensor.shape[1] == shape.inputs
      && !tensors.contains { $0.name == stem + "bias" }
  }

  private func found(_ part: NetworkShape.Part) throws -> Entry {
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

  private func severalHint(_ part: NetworkShape.Part, _ meant: [Entry]) -> String {
    "choose among \(list(meant)): w[\"\(part.name)\"] = w[\"\(meant[0].name)\"]"
  }

  private func list(_ entries: [Entry]) -> String {
    let shown = entries.prefix(12).map(\.name).joined(separator: ", ")
    return shown + (entries.count > 12 ? ", ..." : "")
  }

  /// What stands behind the last dot.
  private static func last(_ name: String) -> Substring {
    name.split(separator: ".").last ?? Substring(name)
  }
}
