/// Which cell the layers of a net are made of.
public enum RecurrentCell: String, CaseIterable, Hashable, Sendable {
  /// i, f, o = sigmoid, g = tanh of W_ih x + b_ih + W_hh h + b_hh; c = f c' + i g; h = o tanh c
  /// (Hochreiter and Schmidhuber 1997 with the forget gate of Gers et al. 2000).
  case lstm
  /// r, z = sigmoid of W_ih x + b_ih + W_hh h + b_hh;
  /// n = tanh(W_in x + b_in + r (W_hn h + b_hn)); h = (1 - z) n + z h' (Cho et al. 2014, with the
  /// reset inside the product's bracket as PyTorch and cuDNN have it).
  case gru
  /// h = tanh(W_ih x + b_ih + W_hh h + b_hh) (Elman 1990).
  case rnn

  /// Blocks of rows in the weights of a layer: gates and the candidate.
  public var gates: Int {
    switch self {
    case .lstm: 4
    case .gru: 3
    case .rnn: 1
    }
  }

  /// Whether there is a cell state beside the hidden one.
  public var hasCellState: Bool { self == .lstm }

  // MARK: Packed order

  /// Vectors of pre-activations for each vector of units.
  ///
  /// The candidate of a gated unit has two: what the input and what the hidden state gives it.
  @inline(always) var slots: Int { self == .rnn ? 1 : 4 }

  /// Units that are packed together: with their slots they fill whole panels.
  @inline(always) var unitStep: Int { self == .rnn ? 2 &* Lanes.width : Lanes.width }

  /// The slot where a gate of the input weights, or of the hidden weights, belongs.
  @inline(always) func slot(_ gate: Int, ofHidden: Bool) -> Int {
    self == .gru && gate == 2 && ofHidden ? 3 : gate
  }

  /// The slot that the input weights, or the hidden weights, leave empty.
  @inline(always) func emptySlot(ofHidden: Bool) -> Int? {
    self == .gru ? (ofHidden ? 2 : 3) : nil
  }
}
