import Autodiff
import Kernels

extension ProbingDialogue {
  /// A linear layer: weight [H,D] and bias [H].
  public struct Linear: Sendable {
    var weight: Variable
    var bias: Variable

    /// A linear layer.
    public init(weight: Variable, bias: Variable) {
      self.weight = weight
      self.bias = bias
    }

    /// The size of what it gives if it reads so many numbers, else nil.
    fileprivate func outputs(of inputs: Int) -> Int? {
      let shape = weight.shape
      return shape.count == 2 && shape[1] == inputs && bias.shape == [shape[0]] ? shape[0] : nil
    }
  }

  /// What an encoder has learned.
  public struct Parameters: Sendable {
    /// What the core reads before the first probe and after the last answer, [1,C] each.
    var bos: Variable
    var eos: Variable
    var cells: [RecurrentNetwork.CellWeights]
    var probeUp: Linear
    var probePerceptron: [Linear]
    var answer: Linear
    var embedding: [Linear]
    /// [T,C].
    var probes: Variable?
    var echo: Echo?

    /// The gain of an echo, one number, and the logits as which the first probe begins, [1,D].
    public struct Echo: Sendable {
      var gain: Variable
      var first: Variable

      /// What an echo has learned.
      public init(gain: Variable, first: Variable) {
        self.gain = gain
        self.first = first
      }
    }

    /// What an encoder has learned.
    public init(
      bos: Variable, eos: Variable, cells: [RecurrentNetwork.CellWeights], probeUp: Linear,
      probePerceptron: [Linear], answer: Linear, embedding: [Linear], probes: Variable?,
      echo: Echo?
    ) {
      self.bos = bos
      self.eos = eos
      self.cells = cells
      self.probeUp = probeUp
      self.probePerceptron = probePerceptron
      self.answer = answer
      self.embedding = embedding
      self.probes = probes
      self.echo = echo
    }
  }
}

extension ProbingDialogue.Parameters {
  /// Whether a gradient of one of them is wanted.
  var isTraced: Bool {
    let layers = [probeUp, answer] + probePerceptron + embedding
    let more = [probes, echo?.gain, echo?.first].compactMap { $0 }
    return ([bos, eos] + cells.flatMap(\.all) + layers.flatMap { [$0.weight, $0.bias] } + more)
      .contains { $0.isTraced }
  }

  /// Whether the shapes are those that the settings say.
  func fit(_ s: ProbingDialogue.Settings) -> Bool {
    let (inputs, outputs, core) = (s.subject.inputs, s.subject.outputs, s.core)
    guard s.length > 0, s.sequences > 0, core > 0, !cells.isEmpty,
      bos.shape == [1, core], eos.shape == [1, core],
      cells.allSatisfy({ fit($0, s.coreCell.gates, core) }),
      let up = probeUp.outputs(of: core), up % s.sequences == 0,
      outputsOf(probePerceptron, up / s.sequences) == inputs,
      answer.outputs(of: outputs * s.sequences) == core, outputsOf(embedding, core) != nil
    else { return false }
    if let probes, probes.shape != [s.length, core] { return false }
    if probes == nil, !s.isInteractive || s.staticWeight != 0 { return false }
    return s.echoes ? s.isInteractive && echoFits(inputs, outputs) : true
  }

  private func fit(_ cell: RecurrentNetwork.CellWeights, _ gates: Int, _ core: Int) -> Bool {
    let rows = gates * core
    return cell.all.map(\.shape) == [[rows, core], [rows, core], [rows], [rows]]
  }

  private func outputsOf(_ perceptron: [ProbingDialogue.Linear], _ inputs: Int) -> Int? {
    guard !perceptron.isEmpty else { return nil }
    return perceptron.reduce(inputs) { size, layer in size.flatMap { layer.outputs(of: $0) } }
  }

  private func echoFits(_ inputs: Int, _ outputs: Int) -> Bool {
    inputs == outputs && echo?.gain.value.count == 1 && echo?.first.shape == [1, inputs]
  }
}
