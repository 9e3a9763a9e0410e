import Autodiff
import Execution
import Language
import Networks
import Tensors

/// One recurrent net, or many of one shape with different weights, as a value.
struct NetValue: LearnedObject {
  let shape: NetworkShape
  /// Flat weights [P], or [N, P] for many nets; traced inside a gradient.
  let weights: Variable
  var isMany: Bool { weights.shape.count == 2 }

  init(shape: NetworkShape, weights: Variable) {
    self.shape = shape
    self.weights = weights
  }

  init(shape: NetworkShape, constant weights: Tensor) {
    self.init(shape: shape, weights: Variable(weights))
  }

  var learned: Variable { weights }

  func replacing(learned: Variable) -> any NativeObject {
    NetValue(shape: shape, weights: learned)
  }

  var typeName: String { isMany ? "nets" : shape.cell.rawValue }
  var elementCount: Int? { isMany ? weights.shape[0] : nil }
  var fieldNames: [String] {
    ["cell", "inputs", "outputs", "hidden", "layers", "shape", "weights", "count"]
  }

  func hint(forField name: String) -> String? {
    let isPart = ["weight_", "bias_", "linear", "parameters", "state_dict"].contains {
      name.hasPrefix($0)
    }
    let sizes = [shape.inputs, shape.outputs, shape.hidden, shape.layers]
    let call =
      "weight_layout(\(sizes.map(String.init).joined(separator: ", "))"
      + (shape.cell == .lstm ? ")" : ", cell=\"\(shape.cell.rawValue)\")")
    return isPart
      ? "`weights` holds all parts, one behind the other; \(call) says where each lies" : nil
  }

  var brief: String {
    let net = "\(shape.cell.name) \(shape.layers) x \(shape.hidden)"
    return isMany ? "\(weights.shape[0]) nets, \(net)" : net
  }

  func card(_ style: ConsoleStyle) -> String {
    let name = shape.cell.name
    let nets = isMany ? "\(Text.count(weights.shape[0], name)) of" : name
    return "\(nets) \(shape.layers) x \(shape.hidden): \(shape.inputs) inputs, \(shape.outputs) "
      + "outputs, \(shape.parameterCount) weights\(normText)"
  }

  /// The norm of all weights, where it is quickly found.
  private var normText: String {
    guard weights.value.count <= Tensor.maximumSummarized,
      let norm = try? weights.value.norm().item
    else { return "" }
    return ", norm \(Text.significant(Double(norm)))"
  }

  var memory: Int { 4 * weights.value.count }

  func fieldSummary(_ name: String) -> String {
    switch name {
    case "cell": "the kind of its cells: lstm, gru or rnn"
    case "inputs": "how many numbers it reads at each step"
    case "outputs": "how many numbers it gives at each step"
    case "hidden": "units of each layer"
    case "layers": "layers of cells"
    case "shape": "its sizes, to be spread into a call"
    case "weights": isMany ? "flat weights [N, P]" : "flat weights [P], in PyTorch's order"
    case "count": "how many nets"
    default: ""
    }
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "cell": .text(shape.cell.rawValue)
    case "inputs": .integer(shape.inputs)
    case "outputs": .integer(shape.outputs)
    case "hidden": .integer(shape.hidden)
    case "layers": .integer(shape.layers)
    case "shape": NetValue.settings(shape)
    case "weights": .variable(weights)
    case "count": .integer(isMany ? weights.shape[0] : 1)
    default: nil
    }
  }

  func element(at index: Value) throws -> Value? {
    guard isMany else { return nil }
    let count = weights.shape[0]
    if case .number(let number) = index {
      guard let place = Int(exactly: number), place >= -count, place < count else {
        throw Failure("net \(Value.text(of: number)) is outside: there are \(count)")
      }
      return .object(NetValue(shape: shape, weights: try weights.selecting([.at(place)])))
    }
    let places = try Arguments.tensor(index)
    return .object(NetValue(shape: shape, weights: try weights.selecting([.positions(places)])))
  }

  var fileForm: Value? {
    .tuple([NetValue.settings(shape), .tensor(weights.value)])
  }

  func isEqual(to other: any NativeObject) -> Bool {
    guard let other = other as? NetValue else { return false }
    return shape == other.shape && weights.value == other.weights.value
  }

  /// The sizes of a net as a record, ready to be spread into a call.
  ///
  /// Of LSTMs, which is what all defaults mean, the cell is not named: a function that knows no
  /// other cells then refuses their nets by the keyword that it lacks.
  static func settings(_ shape: NetworkShape) -> Value {
    let sizes: [(String, Value)] = [
      ("inputs", .integer(shape.inputs)), ("outputs", .integer(shape.outputs)),
      ("hidden", .integer(shape.hidden)), ("layers", .integer(shape.layers)),
    ]
    return .fields(sizes + (shape.cell == .lstm ? [] : [("cell", .text(shape.cell.rawValue))]))
  }
}

/// The state of a net as a value: a record of hidden and, of an LSTM, cell.
enum StateValue {
  static func value(_ state: RecurrentNetwork.State) -> Value {
    .fields(
      [("hidden", .variable(state.hidden))] + (state.cell.map { [("cell", .variable($0))] } ?? []))
  }

  static func read(_ call: Arguments, _ place: Int) throws -> RecurrentNetwork.State? {
    if call.isNone(place) { return nil }
    guard let hidden = try call[place].held("hidden").flatMap(call.plainVariable) else {
      throw call.wrong(place, expected: "a state as `step` and `run` give it")
    }
    let cell = try call[place].held("cell").flatMap(call.plainVariable)
    return RecurrentNetwork.State(hidden: hidden, cell: cell)
  }
}

extension NetValue {
  /// The weights under PyTorch's names; of many nets each tensor has the nets as its first axis.
  func namedTensors() throws -> NamedTensors {
    NamedTensors(
      try shape.parts.map { part in
        let numbers = try weights.value.part(
          axis: -1, part.offset..<(part.offset + part.count))
        let nets = isMany ? [weights.shape[0]] : []
        return NamedTensors.Entry(part.name, try numbers.reshaped(nets + part.shape))
      })
  }
}
