import Autodiff
import Execution
import Kernels
import Language
import Networks
import Tensors
import Zoos

extension NativeTable {
  static let networks: [NativeFunction] =
    RecurrentCell.allCases.flatMap { cellFunctions($0) } + netFunctions

  /// What each kind of cell has under its own name: a new net, a net from weights, a step.
  private static func cellFunctions(_ kind: RecurrentCell) -> [NativeFunction] {
    [
      NativeFunction(kind.rawValue) { call in
        try checkCell(call, kind)
        let shape = try netShape(call, kind)
        var stream = try call.stream(call.at("seed"))
        return .object(NetValue(shape: shape, constant: try shape.initialWeights(&stream)))
      },
      NativeFunction("\(kind)_from") { call in try netFromWeights(call, kind) },
      NativeFunction("\(kind)_cell") { call in
        let state = RecurrentNetwork.State(
          hidden: try call.variable(1), cell: kind.hasCellState ? try call.variable(2) : nil)
        let first = kind.hasCellState ? 3 : 2
        let weights = RecurrentNetwork.CellWeights(
          weightInput: try call.variable(first), weightHidden: try call.variable(first + 1),
          biasInput: try call.variable(first + 2), biasHidden: try call.variable(first + 3))
        let next = try RecurrentNetwork.step(
          kind, try call.variable(0), state: state, weights: weights)
        guard let cell = next.cell else { return .variable(next.hidden) }
        return .tuple([.variable(next.hidden), .variable(cell)])
      },
    ]
  }

  private static let netFunctions: [NativeFunction] = [
    NativeFunction("nets") { call in
      let shape = try netShape(call, try kind(call))
      let weights = try call.variable(0)
      try shape.check(weights.shape, nets: true)
      return .object(NetValue(shape: shape, weights: weights))
    },
    NativeFunction("run") { call in
      let net = try net(call)
      if case .string = call[1] {
        throw call.wrong(
          1, expected: "a number or a tensor",
          hint: "letters are fed as rows: one_hot(tokens, \(net.shape.inputs))")
      }
      let x = try call.variable(1)
      let results = try about(1, x) {
        net.isMany
          ? try RecurrentNetwork.runMany(weights: net.weights, net.shape, input: x)
          : try RecurrentNetwork.run(weights: net.weights, net.shape, input: x)
      }
      guard try call.boolean(2) else { return .variable(results.outputs) }
      return .tuple([.variable(results.outputs), StateValue.value(results.state)])
    },
    NativeFunction("run_tokens") { call in
      let net = try net(call)
      guard !net.isMany else {
        throw Failure("`run_tokens` takes one net, not many", at: .position(0))
      }
      return .variable(
        try RecurrentNetwork.run(
          weights: net.weights, net.shape, table: try call.variable(1),
          tokens: try call.tensor(2), first: call.isNone(3) ? nil : try call.variable(3),
          each: call.isNone(4) ? nil : try call.variable(4)))
    },
    NativeFunction("step") { call in try step(call) },
    NativeFunction("weights") { call in .variable(try net(call).weights) },
    NativeFunction("permute") { call in
      let net = try net(call)
      let weights = try Permutation.permute(
        net.weights, net.shape, layer: try call.integer(1), order: try call.integers(2))
      return .object(NetValue(shape: net.shape, weights: weights))
    },
    NativeFunction("weight_layout") { call in
      .items(
        try netShape(call, try kind(call)).parts.map { part in
          .fields([
            ("name", .text(part.name)), ("shape", .items(part.shape.map(Value.integer))),
            ("offset", .integer(part.offset)), ("count", .integer(part.count)),
            ("gates", .integer(part.gates)),
          ])
        })
    },
    NativeFunction("linear") { call in
      .variable(
        try call.variable(0).linear(weight: try call.variable(1), bias: try call.variable(2)))
    },
    NativeFunction("linear_relu") { call in
      .variable(
        try call.variable(0).linear(
          weight: try call.variable(1), bias: try call.variable(2), rectified: true))
    },
    NativeFunction("linear_of") { call in
      .variable(
        try Variable.linear(
          try variables(call), weight: try call.variable(1), bias: try call.variable(2),
          rectified: try call.boolean(3)))
    },
    NativeFunction("layer_norm") { call in
      .variable(
        try call.variable(0).layerNormalized(
          gain: try call.variable(1), offset: try call.variable(2)))
    },
    NativeFunction("attention") { call in
      .variable(
        try call.variable(0).attention(
          key: try call.variable(1), value: try call.variable(2),
          heads: try call.integer(3, 1...1_000_000)))
    },
    NativeFunction("self_attention") { call in
      .variable(
        try call.variable(0).selfAttention(heads: try call.integer(1, 1...1_000_000)))
    },
    NativeFunction("place_linear") { call in
      let results = try call.variable(0).placeLinear(
        weight: try call.variable(1), atRow: try call.variable(2), atColumn: try call.variable(3),
        rectified: try call.boolean(4), wantsPlaces: try call.boolean(5))
      let means = [
        ("over_rows", Value.variable(results.overRows)),
        ("over_columns", .variable(results.overColumns)),
      ]
      return .fields((results.places.map { [("places", .variable($0))] } ?? []) + means)
    },
    NativeFunction("train_on_language") { call in try trainOnLanguage(call) },
  ]

  private static func net(_ call: Arguments) throws -> NetValue {
    try call.object(0, NetValue.self, noun: "net")
  }

  /// Lets an error of the networks, which know no arguments, show the one that it is about.
  private static func about<Result>(
    _ place: Int, _ x: Variable, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch var failure as Failure {
      if failure.labels.isEmpty {
        failure.labels = [Failure.Label(.position(place), Tensor.text(of: x.shape))]
      }
      throw failure
    }
  }

  /// The argument `cell`.
  private static func kind(_ call: Arguments) throws -> RecurrentCell {
    let name = try call.string(call.at("cell"))
    guard let kind = RecurrentCell(rawValue: name) else {
      throw Failure(
        "the cell is one of \"lstm\", \"gru\" and \"rnn\", but it is \"\(name)\"",
        at: .keyword("cell"))
    }
    return kind
  }

  /// The arguments inputs, outputs, hidden, layers, which stand one behind the other.
  private static func netShape(
    _ call: Arguments, _ kind: RecurrentCell
  ) throws -> NetworkShape {
    let place = try call.at("inputs")
    return try NetworkShape(
      cell: kind, inputs: try call.integer(place), outputs: try call.integer(place + 1),
      hidden: try call.integer(place + 2), layers: try call.integer(place + 3))
  }

  private static func netFromWeights(_ call: Arguments, _ kind: RecurrentCell) throws -> Value {
    try checkCell(call, kind)
    let shape = try netShape(call, kind)
    guard case .record(let record) = call[0] else {
      let weights = try call.variable(0)
      try shape.check(weights.shape)
      return .object(NetValue(shape: shape, weights: weights))
    }
    let named = NamedWeights(
      try record.names.map(\.name).compactMap { name in
        try call[0].held(name).flatMap(call.plainVariable).map { (name, $0) }
      })
    return .object(NetValue(shape: shape, weights: try named.flat(shape)))
  }

  /// Throws if `cell`, which comes with a shape that is spread into the call, is of another kind.
  private static func checkCell(_ call: Arguments, _ wanted: RecurrentCell) throws {
    let given = try kind(call)
    guard given == wanted else {
      throw Failure(
        "the shape is that of \(given.withArticle), not of \(wanted.withArticle)", at: .position(0),
        hint: "`\(given)` and `\(given)_from` make such nets")
    }
  }

  private static func step(_ call: Arguments) throws -> Value {
    let net = try net(call)
    let x = try call.variable(1)
    let state = try StateValue.read(call, 2)
    if net.isMany {
      let (outputs, state) = try about(1, x) {
        try RecurrentNetwork.stepMany(weights: net.weights, net.shape, input: x, state: state)
      }
      return .tuple([.variable(outputs), StateValue.value(state)])
    }
    guard x.shape.count == 2 else { throw call.wrong(1, expected: "a tensor [B, D]") }
    let sequence = try x.reshaped([x.shape[0], 1, x.shape[1]])
    let results = try about(1, x) {
      try RecurrentNetwork.run(weights: net.weights, net.shape, input: sequence, state: state)
    }
    let outputs = try results.outputs.reshaped([x.shape[0], net.shape.outputs])
    return .tuple([.variable(outputs), StateValue.value(results.state)])
  }

  private static func trainOnLanguage(_ call: Arguments) throws -> Value {
    let net = try net(call)
    let given = try language(call, 1)
    let length = try call.integer(call.at("length"), 3...100_000)
    let language = try FormalLanguage(given.differences, length: length, maximumN: given.maximumN)
    guard net.shape.inputs == language.vocabulary, net.shape.outputs == language.vocabulary else {
      throw Failure(
        "a net for \(language.name) has \(language.vocabulary) inputs and outputs, but this has "
          + "\(net.shape.inputs) and \(net.shape.outputs)", at: .position(0))
    }
    let settings = OptimizerSettings(decay: try call.number(call.at("decay")))
    let rate = Float(try call.number(call.at("rate")))
    try settings.validate(rate: Double(rate))
    let trainer = try SequenceTrainer(
      shape: net.shape, weights: net.weights.value, length: length, optimizer: settings)
    var stream = try call.stream(call.at("seed"))
    let steps = try call.integer(call.at("steps"), 0...1_000_000_000)
    let batch = try call.integer(call.at("batch"), 1...100_000)
    var progress = Progress("training", total: steps, console: call.console)
    var (diverged, stopped): (Int?, Int?)
    do {
      defer { progress.finish() }
      for number in 0..<steps {
        if Cancellation.current.isRequested {
          stopped = number
          break
        }
        let drawn = try language.sample(batch, stream: &stream)
        let loss = try trainer.step(tokens: drawn.tokens, counts: drawn.counts, rate: rate)
        if !loss.isFinite, diverged == nil { diverged = number }
        progress.advance(to: number + 1) { [("loss", Text.significant(Double(loss)))] }
      }
    }
    if let diverged {
      try call.warn(
        "the training diverged: from step \(diverged) on its loss is no finite number",
        hint: "lower the rate")
    }
    if let stopped {
      try call.keepPartialResult(
        "interrupted at step \(stopped) of \(steps): the net as trained by then is kept")
    }
    return .object(NetValue(shape: net.shape, constant: trainer.weights))
  }
}
