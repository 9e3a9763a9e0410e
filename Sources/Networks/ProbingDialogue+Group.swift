import Autodiff
import Execution
import Kernels
import Tensors

extension ProbingDialogue {
  /// The dialogue with the nets of one group, n of them.
  struct Group {
    private let settings: Settings
    private let parameters: Parameters
    private let subject: Subject
    private let cells: [RecurrentNetwork.Layer]
    private let probeUp: RepeatedLinear
    private let probePerceptron: [RepeatedLinear]
    private let answer: RepeatedLinear
    private var nets: Int { subject.nets }

    init(
      _ settings: Settings, _ parameters: Parameters, packed: [PackedNets], subject: Subject
    ) throws {
      self.settings = settings
      self.parameters = parameters
      self.subject = subject
      cells = zip(parameters.cells, packed).map { RecurrentNetwork.Layer($0, packed: $1) }
      func repeated(_ layer: Linear) throws -> RepeatedLinear {
        try RepeatedLinear(weight: layer.weight, bias: layer.bias)
      }
      probeUp = try repeated(parameters.probeUp)
      probePerceptron = try parameters.probePerceptron.map(repeated)
      answer = try repeated(parameters.answer)
    }

    /// [n,E].
    func embeddings() throws -> Variable {
      let outputs = try settings.isInteractive ? askStepByStep() : askAtOnce()
      var x = outputs.last
      if let mean = outputs.mean { x = try x.adding(mean) }
      for (number, layer) in parameters.embedding.enumerated() {
        x = try x.linear(
          weight: layer.weight, bias: layer.bias,
          rectified: number < parameters.embedding.count - 1)
      }
      return x
    }

    /// The core's last output and, if it is wanted, the mean of all of them, [n,C] each.
    private struct Outputs {
      var last: Variable
      var mean: Variable?
    }

    // MARK: Probes that depend on the answers

    /// What the core knows: its last output [n,C], the states of its cells, the sum of its outputs so far.
    private struct Core {
      var output: Variable
      var memories: [RecurrentNetwork.State]
      var sum: Variable?
    }

    private func askStepByStep() throws -> Outputs {
      var core = try advance(nil, parameters.bos.broadcast(to: [nets, settings.core]))
      var echo = settings.echoes ? parameters.echo?.first : nil
      let learned = try learnedRows()
      var memory: RecurrentNetwork.State?
      for step in 0..<settings.length {
        try Cancellation.current.check()
        let choice = try learned.map { try core.output.adding($0[step]) } ?? core.output
        let (answer, next) = try subject.step(try probes(choice, echo: echo), memory)
        memory = next
        let (heard, said) = try hear(answer)
        echo = try settings.echoes ? parameters.echo.map { try said.multiplied(by: $0.gain) } : nil
        core = try advance(core, heard)
      }
      core = try advance(core, parameters.eos.broadcast(to: [nets, settings.core]))
      let count = Float(settings.length + 2)
      return Outputs(last: core.output, mean: core.sum?.divided(by: count))
    }

    /// For each step what is added to the core's output, [C]; nil if nothing is.
    private func learnedRows() throws -> [Variable]? {
      guard settings.staticWeight != 0, let probes = parameters.probes else { return nil }
      let rows = probes.multiplied(by: settings.staticWeight)
      return try (0..<settings.length).map { try rows.selecting([.at($0)]) }
    }

    /// The core after it has read x [n,C]; from its beginning for nil.
    private func advance(_ core: Core?, _ x: Variable) throws -> Core {
      var x = x
      var memories: [RecurrentNetwork.State] = []
      for (place, cell) in cells.enumerated() {
        let memory = try cell.step(x, state: core?.memories[place])
        x = try settings.isResidual ? x.adding(memory.hidden) : memory.hidden
        memories.append(memory)
      }
      let sum = settings.isPooled ? try core?.sum?.adding(x) ?? x : nil
      return Core(output: x, memories: memories, sum: sum)
    }

    // MARK: Probes that are the same for every net

    /// As no probe depends on an answer, all steps of all nets, and then of the core, go at once.
    private func askAtOnce() throws -> Outputs {
      let (steps, core) = (settings.length, settings.core)
      guard let learned = parameters.probes else { throw Failure("there are no probes") }
      let probes = try probes(learned, echo: nil).permuted([1, 0, 2])
      let answers = try subject.run(
        try probes.broadcast(to: [nets] + probes.shape), steps: steps)
      let (heard, _) = try hear(try answers.permuted([0, 2, 1, 3]))
      var x = try Variable.concat(
        [
          try parameters.bos.broadcast(to: [nets, 1, core]),
          try heard.reshaped([nets, steps, core]),
          try parameters.eos.broadcast(to: [nets, 1, core]),
        ], axis: 1)
      for cell in cells {
        let hidden = try cell.run(x)
        x = try settings.isResidual ? x.adding(hidden) : hidden
      }
      return Outputs(
        last: try x.selecting([.all, .at(steps + 1)]),
        mean: settings.isPooled ? try x.mean(axis: 1) : nil)
    }

    // MARK: Probes and answers

    /// The probes that rows [R,C] stand for, [R,M,D]; they begin as `echo` if that is given.
    private func probes(_ rows: Variable, echo: Variable?) throws -> Variable {
      let count = rows.shape[0]
      var x = try probeUp.apply(rows, rectified: true).reshaped([count * settings.sequences, -1])
      for layer in probePerceptron.dropLast() { x = try layer.apply(x, rectified: true) }
      if let last = probePerceptron.last { x = try last.apply(x) }
      x = try x.reshaped([count, settings.sequences, settings.subject.inputs])
      if let echo { x = try x.adding(echo) }
      switch settings.probe {
      case .softmax:
        return try (settings.sharpness == 1 ? x : x.multiplied(by: settings.sharpness)).softmax()
      case .token: return try likeliest(try x.softmax())
      case .sigmoid: return x.sigmoid()
      case .tanh: return x.tanh()
      case .linear: return x
      }
    }

    /// The likeliest token of each distribution, one-hot, with the distribution's gradient.
    private func likeliest(_ distribution: Variable) throws -> Variable {
      let numbers = distribution.value
      let classes = settings.subject.inputs
      let token = try Tensor.oneHot(try numbers.argmax(axis: -1).tensor(), classes: classes)
      return try Variable(token).adding(try distribution.subtracting(distribution.detached))
    }

    /// What the core reads of answers [..., M, O], one row [C] for each, and what they say: the
    /// answers or the logarithms of their probabilities.
    private func hear(_ answers: Variable) throws -> (heard: Variable, said: Variable) {
      let said =
        settings.echoes || settings.hearsLogarithms ? try answers.logSoftmax() : answers
      let rows = answers.shape.dropLast(2).reduce(1, *)
      let read = try (settings.hearsLogarithms ? said : answers).reshaped([rows, -1])
      let x = try answer.apply(read)
      return (settings.hearsLogarithms ? x.tanh() : x.sigmoid(), said)
    }
  }

  /// The nets of a group, their weights packed once for all steps.
  struct Subject {
    let shape: NetworkShape
    let weights: Variable
    let packed: PackedNets
    var nets: Int { weights.shape[0] }

    /// One step: probes [n,M,D] and a state, nil for zero, give answers [n,M,O] and the next state.
    func step(
      _ probes: Variable, _ state: RecurrentNetwork.State?
    ) throws -> (answers: Variable, state: RecurrentNetwork.State) {
      let results = try RecurrentNetwork.Rollout(
        weights: weights, shape: shape, nets: nets, batch: Array(probes.shape.dropLast()),
        steps: [], input: probes, state: state, wantsStates: false, packed: packed
      ).record()
      return (results.outputs, results.state)
    }

    /// All steps from the zero state: probes [n,M,T,D] give answers [n,M,T,O].
    func run(_ probes: Variable, steps: Int) throws -> Variable {
      try RecurrentNetwork.Rollout(
        weights: weights, shape: shape, nets: nets, batch: Array(probes.shape.dropLast(2)),
        steps: [steps], input: probes, state: nil, wantsStates: false, packed: packed
      ).record().outputs
    }
  }
}
