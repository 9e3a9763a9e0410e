import Execution
import Networks
import Tensors

/// What `args.json` says of an official zoo; without it, what the sizes of its arrays imply.
struct OfficialArguments {
  /// The name of the file.
  static let file = "args.json"

  var hidden: Int?
  var layers: Int?
  var maximumN = 10

  /// Reads what the file of a folder says, if there is one.
  init(folder: String) throws {
    let path = folder + "/" + Self.file
    guard File.exists(path) else { return }
    let json = try JSON.read(path)
    func count(_ name: String) -> Int? { json[name]?.number.flatMap { Int(exactly: $0) } }
    hidden = count("rnn_hidden_size")
    layers = count("rnn_num_layers")
    if let number = count("max_n"), number >= 1, number <= 4096 { maximumN = number }
  }

  /// The file's text for a language zoo of these sizes, under the original implementation's names;
  /// the seed is left out if it is not known.
  static func text(
    seed: UInt64?, letters: Int, length: Int, maximumN: Int, runs: Int, hidden: Int, layers: Int
  ) -> String {
    func count(_ name: String, _ value: Int) -> (key: String, value: JSON) {
      (name, .number(Double(value)))
    }
    // A seed may have more than the 53 bits of a JSON number.
    let seed = seed.map { $0 >= 1 << 53 ? JSON.string("\($0)") : .number(Double($0)) }
    return JSON.object(
      (seed.map { [("seed", $0)] } ?? []) + [
        count("num_tokens", letters), count("sequence_length", length), count("max_n", maximumN),
        count("num_training_runs", runs), count("one_hot_input", 1),
        count("rnn_hidden_size", hidden), count("rnn_num_layers", layers),
      ]
    ).text(indent: 2) + "\n"
  }

  /// The file's text for a zoo of digits.
  static func text(seed: UInt64, runs: Int, hidden: Int, layers: Int) -> String {
    func count(_ name: String, _ value: Int) -> (key: String, value: JSON) {
      (name, .number(Double(value)))
    }
    return JSON.object([
      ("seed", seed >= 1 << 53 ? .string("\(seed)") : .number(Double(seed))),
      count("num_training_runs", runs), count("rnn_hidden_size", hidden),
      count("rnn_num_layers", layers),
    ]).text(indent: 2) + "\n"
  }

  /// The only form of net that has this many parameters.
  func shape(inputs: Int, outputs: Int, parameters: Int, _ path: String) throws -> NetworkShape {
    var fitting: [NetworkShape] = []
    for layers in self.layers.map({ [$0] }) ?? Array(1...8) where (1...64).contains(layers) {
      for hidden in self.hidden.map({ [$0] }) ?? Array(1...512) where (1...4096).contains(hidden) {
        let shape = try NetworkShape(
          inputs: inputs, outputs: outputs, hidden: hidden, layers: layers)
        if shape.parameterCount == parameters { fitting.append(shape) }
      }
    }
    guard fitting.count == 1 else {
      throw Failure(
        "\"\(path)/parameters.npy\" has \(parameters) parameters a row, which "
          + (fitting.isEmpty ? "fits no LSTM" : "fits several LSTMs")
          + " of \(Text.count(inputs, "input")) and \(Text.count(outputs, "output"))"
          + (hidden == nil && layers == nil
            ? "" : " with the hidden size and layers of args.json"),
        hint: fitting.count > 1 ? "args.json should tell rnn_hidden_size and rnn_num_layers" : nil)
    }
    return fitting[0]
  }
}
