/// The sizes of a net of recurrent layers with a linear read-out, and where its numbers lie.
///
/// Flat order, as in PyTorch: for each layer the input weights [GH,D], hidden weights [GH,H] and
/// two biases [GH], the G gates in the order i, f, g, o of an LSTM and r, z, n of a GRU; then the
/// read-out [O,H] and its bias [O].
///
/// Packed order: units are rounded up to whole vectors of W and the gates' columns lie as
/// [H/W][S slots][W], so that a vector of units has its gates side by side; matrices are turned and
/// cut into panels [columns/2W][rows][2W]. A GRU has four slots, r, z and the two parts of n. What
/// fills the gaps is zero and stays zero: such a unit has the state 0 for ever.
public struct RecurrentExtents: Hashable, Sendable {
  /// What the layers are made of.
  public let cell: RecurrentCell
  /// Numbers in one input, D.
  public let inputs: Int
  /// Units in a layer, H.
  public let hidden: Int
  /// Numbers in one output, O; 0 for no read-out.
  public let outputs: Int
  /// Layers, L.
  public let layers: Int

  /// The sizes of a net; all positive but for `outputs`, which may be 0.
  public init(cell: RecurrentCell = .lstm, inputs: Int, hidden: Int, outputs: Int, layers: Int) {
    precondition(inputs > 0 && hidden > 0 && outputs >= 0 && layers > 0, "extents not positive")
    self.cell = cell
    self.inputs = inputs
    self.hidden = hidden
    self.outputs = outputs
    self.layers = layers
  }

  /// How many numbers the net has.
  public var parameterCount: Int { flatOffset(layers) + outputs * (hidden + 1) }

  /// Where a layer starts in the flat order; with `layer == layers` the read-out.
  public func flatOffset(_ layer: Int) -> Int {
    let rows = cell.gates * hidden
    let first = rows * (inputs + hidden + 2)
    return layer == 0 ? 0 : first + (layer - 1) * rows * (2 * hidden + 2)
  }

  @inline(always) func inputs(of layer: Int) -> Int { layer == 0 ? inputs : hidden }

  // MARK: Packed order

  /// Units rounded up to whole vectors.
  @inline(always) var units: Int { rounded(hidden, to: cell.unitStep) }
  /// Columns of all gates, whole panels.
  @inline(always) var gates: Int { cell.slots &* units }
  /// Outputs rounded up to whole vectors.
  @inline(always) var readOut: Int { rounded(outputs, to: Lanes.width) }
  /// Columns in a panel of the read-out: a single vector if that holds all outputs.
  @inline(always) var readOutPanel: Int {
    outputs <= Lanes.width ? Lanes.width : 2 &* Lanes.width
  }
  /// Outputs rounded up to whole panels.
  @inline(always) var readOutPanels: Int { rounded(outputs, to: readOutPanel) }
  /// Units rounded up to whole panels.
  @inline(always) var unitPanels: Int { rounded(hidden, to: 2 &* Lanes.width) }

  private func packedSize(_ inputs: Int) -> Int { gates * (inputs + hidden + 2) }

  /// Where a layer's input weights start; its hidden weights and two biases follow.
  func packedOffset(_ layer: Int) -> Int {
    layer == 0 ? 0 : packedSize(inputs) + (layer - 1) * packedSize(hidden)
  }

  func hiddenOffset(_ layer: Int) -> Int { packedOffset(layer) + inputs(of: layer) * gates }
  func biasOffset(_ layer: Int) -> Int { hiddenOffset(layer) + hidden * gates }
  var readOutOffset: Int { packedOffset(layers) }
  var readOutBiasOffset: Int { readOutOffset + hidden * readOutPanels }
  var packedCount: Int { readOutBiasOffset + readOutPanels }

  // MARK: Turned order: the matrices as gradients flow back through them

  private func turnedSize(_ inputs: Int) -> Int {
    gates * (rounded(inputs, to: 2 * Lanes.width) + unitPanels)
  }

  /// Where the turned input weights [D/2W][gates][2W] of a layer start; the hidden weights follow.
  func turnedOffset(_ layer: Int) -> Int {
    layer == 0 ? 0 : turnedSize(inputs) + (layer - 1) * turnedSize(hidden)
  }

  func turnedHiddenOffset(_ layer: Int) -> Int {
    turnedOffset(layer) + gates * rounded(inputs(of: layer), to: 2 * Lanes.width)
  }

  var turnedReadOutOffset: Int { turnedOffset(layers) }
  var turnedCount: Int { turnedReadOutOffset + outputs * unitPanels }
}
