import Autodiff
import Kernels
import Language
import Networks
import Tensors

extension NativeTable {
  static let probing: [NativeFunction] = [
    NativeFunction("_dialogue") { call in
      // A `question` of the user's own is asked by the library, too.
      guard case .function(let question)? = try call.session.method("question", for: call[0]),
        question.isOfLibrary, case .tensor(let object) = call[2],
        let dialogue = ProbingEncoder(call).dialogue(),
        object.variable.shape == [object.variable.shape.first ?? 0, dialogue.weightCount],
        object.variable.value.count > 0
      else { return .none }
      let embeddings = try dialogue.embeddings(of: object.variable)
      return embeddings.value.elements.allSatisfy(\.isFinite) ? .variable(embeddings) : .none
    }
  ]
}

/// A probing encoder as `stdlib/probing.rnr` keeps it; nil where something is not as it makes it.
private struct ProbingEncoder {
  private let call: Arguments
  private let encoder: Value
  private let settings: Value

  /// The encoder and its settings, which are the first arguments.
  init(_ call: Arguments) {
    self.call = call
    encoder = call[0]
    settings = call[1]
  }

  func dialogue() -> ProbingDialogue? {
    guard let settings = readSettings(), let parameters = readParameters(settings) else {
      return nil
    }
    return ProbingDialogue(settings, parameters)
  }

  // MARK: Settings

  private func text(_ name: String) -> String? {
    if case .string(let text)? = settings.held(name) { text.text } else { nil }
  }

  private func flag(_ name: String) -> Bool? {
    if case .boolean(let flag)? = settings.held(name) { flag } else { nil }
  }

  private func number(_ name: String) -> Float? {
    if case .number(let number)? = settings.held(name) { Float(number) } else { nil }
  }

  private func count(_ name: String) -> Int? {
    if case .number(let number)? = settings.held(name) {
      Int(exactly: number).flatMap { (1...1 << 24).contains($0) ? $0 : nil }
    } else {
      nil
    }
  }

  private func subject() -> NetworkShape? {
    guard let inputs = count("inputs"), let outputs = count("outputs"),
      let hidden = count("hidden"), let layers = count("layers"),
      // Encoders of earlier versions knew no other cells.
      let cell = RecurrentCell(rawValue: text("cell") ?? "lstm")
    else { return nil }
    return try? NetworkShape(
      cell: cell, inputs: inputs, outputs: outputs, hidden: hidden, layers: layers)
  }

  private func readSettings() -> ProbingDialogue.Settings? {
    guard let subject = subject(), let core = count("core"), let length = count("length"),
      let coreCell = text("core_cell").flatMap(RecurrentCell.init(rawValue:)),
      let sequences = count("sequences"),
      let probe = text("probe").flatMap(ProbingDialogue.Probe.init(rawValue:)),
      let sharpness = number("sharpness"), let staticWeight = number("static_weight"),
      let isResidual = flag("residual"), let echoes = flag("echo"), let isPooled = flag("pool"),
      let hearsLogarithms = flag("log_probabilities")
    else { return nil }
    return ProbingDialogue.Settings(
      subject: subject, isInteractive: encoder.typeName == "InteractiveProbing",
      coreCell: coreCell, core: core, length: length, sequences: sequences, probe: probe,
      sharpness: sharpness, staticWeight: staticWeight, isResidual: isResidual, echoes: echoes,
      isPooled: isPooled, hearsLogarithms: hearsLogarithms)
  }

  // MARK: Parameters

  private func tensor(_ record: Value?, _ name: String) -> Variable? {
    if case .tensor(let object)? = record?.held(name) { object.variable } else { nil }
  }

  private func linear(_ layer: Value?) -> ProbingDialogue.Linear? {
    guard let weight = tensor(layer, "weight"), let bias = tensor(layer, "bias") else { return nil }
    return ProbingDialogue.Linear(weight: weight, bias: bias)
  }

  private func cell(_ layer: Value) -> RecurrentNetwork.CellWeights? {
    guard let weightInput = tensor(layer, "weight_input"),
      let weightHidden = tensor(layer, "weight_hidden"),
      let biasInput = tensor(layer, "bias_input"), let biasHidden = tensor(layer, "bias_hidden")
    else { return nil }
    return RecurrentNetwork.CellWeights(
      weightInput: weightInput, weightHidden: weightHidden, biasInput: biasInput,
      biasHidden: biasHidden)
  }

  /// All items of a list, nil if one is none of what is read.
  private func items<Item>(_ list: Value?, _ read: (Value) -> Item?) -> [Item]? {
    guard case .list(let list)? = list else { return nil }
    let found = list.items.compactMap(read)
    return found.count == list.count ? found : nil
  }

  private func readParameters(
    _ settings: ProbingDialogue.Settings
  ) -> ProbingDialogue.Parameters? {
    guard let record = encoder.held("parameters"), let bos = tensor(record, "bos"),
      let eos = tensor(record, "eos"), let cells = items(record.held("cells"), cell),
      let probeUp = linear(record.held("probe_up")),
      let probePerceptron = items(record.held("probe_mlp"), linear),
      let answer = linear(record.held("answer")),
      let embedding = items(record.held("embedding"), linear)
    else { return nil }
    let usesProbes = !settings.isInteractive || settings.staticWeight != 0
    return ProbingDialogue.Parameters(
      bos: bos, eos: eos, cells: cells, probeUp: probeUp, probePerceptron: probePerceptron,
      answer: answer, embedding: embedding,
      probes: usesProbes ? tensor(record, "probes") : nil,
      echo: settings.echoes ? echo(record.held("echo")) : nil)
  }

  private func echo(_ record: Value?) -> ProbingDialogue.Parameters.Echo? {
    guard let gain = tensor(record, "gain"), let first = tensor(record, "first") else {
      return nil
    }
    return ProbingDialogue.Parameters.Echo(gain: gain, first: first)
  }
}
