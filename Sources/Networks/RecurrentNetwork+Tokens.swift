import Autodiff
import Execution
import Kernels
import Tensors

extension RecurrentNetwork {
  /// Runs one net over sequences whose inputs are rows of a table: `run` of the rows that the
  /// tokens choose, with each row multiplied once.
  ///
  /// - Parameters:
  ///   - weights: [P].
  ///   - table: [V,D].
  ///   - tokens: [B,T], whole numbers below V.
  ///   - first: [B,D], added to the first input of each sequence.
  ///   - each: [B,D], added to every input of each sequence, in place of `first`.
  /// - Returns: outputs [B,T,O].
  /// - Throws: `Failure` if shapes do not fit, `Interrupted`.
  public static func run(
    weights: Variable, _ shape: NetworkShape, table: Variable, tokens: Tensor,
    first: Variable? = nil, each: Variable? = nil
  ) throws -> Variable {
    try shape.check(weights.shape)
    if first != nil, each != nil {
      throw Failure("either `first` or `each` is added, not both", at: .keyword("each"))
    }
    let rows = try TokenRows(shape, table: table, tokens: tokens, first: first, each: each)
    let added = first ?? each
    let parents = [weights, table] + (added.map { [$0] } ?? [])
    let isTraced = parents.contains { $0.isTraced }
    let packed = PackedCache.shared.packed(
      [weights.value.buffer], extents: shape.extents, turned: isTraced
    ) {
      PackedNets(weights.value.buffer, nets: 1, extents: shape.extents, turned: isTraced)
    }
    let rollout = RecurrentRollout(
      packed,
      inputs: .rows(
        RecurrentRollout.TableRows(
          table: table.value.buffer, tokens: rows.places, first: added?.value.buffer,
          addsToAll: each != nil)),
      sequences: rows.sequences, steps: rows.steps, start: nil, keepsHistory: isTraced)
    let outputs = Tensor(
      shape: [rows.sequences, rows.steps, shape.outputs],
      buffer: try rollout.forward(wantsSequence: false).outputs)
    let wanted = RecurrentRollout.Wanted(
      weights: weights.isTraced, inputs: table.isTraced || added?.isTraced == true, state: false)
    let shapes = parents.map(\.shape)
    return Tape.record(outputs, parents: parents) { incoming in
      let gradients = try rollout.backward(
        RecurrentRollout.Incoming(
          outputs: incoming.buffer, hidden: nil, cell: nil, sequence: nil), wanted: wanted)
      let buffers = [gradients.weights, gradients.inputs, gradients.first]
      return zip(shapes, buffers).map { shape, buffer in
        buffer.map { Tensor(shape: shape, buffer: $0) }
      }
    }
  }

  /// Tokens that have been checked against their table.
  private struct TokenRows {
    var places: [Int32]
    var sequences: Int
    var steps: Int

    init(
      _ shape: NetworkShape, table: Variable, tokens: Tensor, first: Variable?, each: Variable?
    ) throws {
      guard table.shape.count == 2, table.shape[1] == shape.inputs, table.shape[0] > 0 else {
        throw Failure(
          "the table of a net with \(shape.inputs) inputs has the shape [V, \(shape.inputs)], "
            + "but this one has \(Tensor.text(of: table.shape))", at: .keyword("table"))
      }
      guard tokens.rank == 2, tokens.count > 0 else {
        throw Failure(
          "tokens have the shape [B, T], but these have \(Tensor.text(of: tokens.shape))",
          at: .keyword("tokens"))
      }
      sequences = tokens.shape[0]
      steps = tokens.shape[1]
      if let first, first.shape != [sequences, shape.inputs] {
        throw Failure(
          "what is added to the first inputs has the shape [\(sequences), \(shape.inputs)], "
            + "but this has \(Tensor.text(of: first.shape))", at: .keyword("first"))
      }
      if let each, each.shape != [sequences, shape.inputs] {
        throw Failure(
          "what is added to all inputs has the shape [\(sequences), \(shape.inputs)], "
            + "but this has \(Tensor.text(of: each.shape))", at: .keyword("each"))
      }
      let limit = Float(table.shape[0])
      places = try tokens.elements.map { number in
        guard number >= 0, number < limit, number == number.rounded() else {
          throw Failure(
            "a token is a whole number below \(table.shape[0]), but one is "
              + Text.significant(Double(number)), at: .keyword("tokens"))
        }
        return Int32(number)
      }
    }
  }
}
