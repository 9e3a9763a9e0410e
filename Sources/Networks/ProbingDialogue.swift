import Autodiff
import Execution
import Kernels
import Tensors

/// The dialogue of a probing encoder with nets as one operation, which gives their embeddings.
///
/// What is asked and heard, `stdlib/probing.rnr` tells step by step. Here nets go in groups side by
/// side, and what steps have in common is done once; up to rounding the numbers are the same.
///
/// Letters: N nets, M sequences of probes for each, T probes, D inputs and O outputs of the nets, C units
/// of the encoder's core, E numbers of an embedding.
public struct ProbingDialogue: Sendable {
  /// What a probe is made to be.
  public enum Probe: String, Sendable {
    /// A distribution over tokens.
    case softmax
    /// The likeliest of them.
    case token
    /// Numbers between 0 and 1.
    case sigmoid
    /// Numbers between -1 and 1.
    case tanh
    /// Any numbers.
    case linear
  }

  /// What an encoder is set to.
  public struct Settings: Sendable {
    /// The sizes of the nets.
    public var subject: NetworkShape
    /// Whether a probe depends on the answers so far.
    public var isInteractive: Bool
    /// The cells of the core.
    public var coreCell: RecurrentCell
    /// C.
    public var core: Int
    /// T.
    public var length: Int
    /// M.
    public var sequences: Int
    /// What a probe is made to be.
    public var probe: Probe
    /// The factor of the logits of softmax probes.
    public var sharpness: Float
    /// How much of learned vectors is added to what interactive probes are made of.
    public var staticWeight: Float
    /// Whether a cell's output is added to its input.
    public var isResidual: Bool
    /// Whether a probe begins as the last answer.
    public var echoes: Bool
    /// Whether the mean of the core's outputs is added to the last one.
    public var isPooled: Bool
    /// Whether answers are heard as log-probabilities.
    public var hearsLogarithms: Bool

    /// The settings of an encoder.
    public init(
      subject: NetworkShape, isInteractive: Bool, coreCell: RecurrentCell, core: Int, length: Int,
      sequences: Int, probe: Probe, sharpness: Float, staticWeight: Float, isResidual: Bool,
      echoes: Bool, isPooled: Bool, hearsLogarithms: Bool
    ) {
      self.subject = subject
      self.isInteractive = isInteractive
      self.coreCell = coreCell
      self.core = core
      self.length = length
      self.sequences = sequences
      self.probe = probe
      self.sharpness = sharpness
      self.staticWeight = staticWeight
      self.isResidual = isResidual
      self.echoes = echoes
      self.isPooled = isPooled
      self.hearsLogarithms = hearsLogarithms
    }
  }

  let settings: Settings
  let parameters: Parameters

  /// The dialogue of an encoder; nil if its parameters do not have the shapes that its settings say.
  public init?(_ settings: Settings, _ parameters: Parameters) {
    guard parameters.fit(settings) else { return nil }
    self.settings = settings
    self.parameters = parameters
  }

  /// How many weights a net has, P.
  public var weightCount: Int { settings.subject.parameterCount }

  /// The embeddings of nets [N,P] before they are scaled, [N,E].
  ///
  /// - Throws: `Failure` if the weights have another shape, `Interrupted`.
  public func embeddings(of weights: Variable) throws -> Variable {
    try settings.subject.check(weights.shape, nets: true)
    let isTraced = weights.isTraced || parameters.isTraced
    let packed = parameters.cells.map {
      RecurrentNetwork.packed(settings.coreCell, $0, turned: isTraced)
    }
    let groups =
      isTraced
      ? ProbingDialogue.groups(of: weights.shape[0], settings)
      : ProbingDialogue.groups(of: weights.shape[0], settings, threads: Parallel.threadsHere)
    let all = weights.value.buffer
    let embeddings = try Tape.inPieces(groups.count) { number in
      let part = groups[number]
      let weights =
        groups.count == 1
        ? weights
        : try weights.selecting(
          [.slice(start: part.lowerBound, stop: part.upperBound, step: 1)])
      let nets = PackedCache.shared.packed(
        [all], part: part, extents: settings.subject.extents, turned: isTraced
      ) {
        PackedNets(
          weights.value.buffer, nets: weights.shape[0], extents: settings.subject.extents,
          turned: isTraced)
      }
      let subject = Subject(shape: settings.subject, weights: weights, packed: nets)
      return [try Group(settings, parameters, packed: packed, subject: subject).embeddings()]
    }
    return groups.count == 1 ? embeddings[0][0] : try .concat(embeddings.flatMap { $0 }, axis: 0)
  }

  /// Nets that are asked side by side, at least and at most: enough that a group's products are worth
  /// reading the core's weights.
  private static func together(_ settings: Settings) -> ClosedRange<Int> {
    settings.core > 96 ? 16...64 : 8...32
  }

  /// The groups of nets where gradients are wanted: two or more where there are nets for them.
  ///
  /// Number and sizes alone say how nets are divided: sums of gradients, and with them what is learned,
  /// would else differ from one number of threads to another.
  static func groups(of nets: Int, _ settings: Settings) -> [Range<Int>] {
    let (least, most) = (together(settings).lowerBound, together(settings).upperBound)
    let half = ((nets + 1) / 2 + 7) / 8 * 8
    let together = max(least, min(most, half))
    return stride(from: 0, to: max(nets, 1), by: together).map {
      $0..<min(nets, $0 + together)
    }
  }

  /// The groups of nets that are only encoded, as few as keep so many threads at work.
  ///
  /// A net's numbers do not depend on its group, as long as that is none of one or two: the products of
  /// so few rows are summed in another order.
  static func groups(of nets: Int, _ settings: Settings, threads: Int) -> [Range<Int>] {
    let (least, most) = (together(settings).lowerBound, together(settings).upperBound)
    let count = max(1, (nets + most - 1) / most, min(threads, nets / least))
    return (0..<count).map { nets * $0 / count..<nets * ($0 + 1) / count }
  }
}
