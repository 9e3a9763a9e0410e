import Execution
import Networks
import Tensors

extension Zoo {
  /// Strings by which the original implementation measures a net.
  static let officialSamples = 1000

  /// A zoo in the official form (Zenodo record 10835106): formal languages or tiled digits.
  static func official(_ path: String, console: any Console) throws -> Zoo {
    if File.exists(path + "/accuracy_losses.npy") { return try officialDigits(path) }
    return try officialLanguages(path, console: console)
  }

  private static func missing(_ path: String, _ names: [String]) -> Failure? {
    names.first { !File.exists(path + "/" + $0) }.map {
      Failure("\"\(path)\" is no zoo: it lacks \(ZooDescription.file), and \($0)")
    }
  }

  private static func shape(_ path: String, _ name: String, rank: Int) throws -> [Int] {
    let found = try MappedColumn(path + "/" + name).shape
    guard found.count == rank else {
      throw Failure(
        "\"\(path)/\(name)\" has the shape \(Tensor.text(of: found)), expected "
          + "\(rank) axes")
    }
    return found
  }

  // MARK: - Digits

  /// Tiled digits: six arrays.
  private static func officialDigits(_ path: String) throws -> Zoo {
    let names = ["parameters.npy", "sequences.npy", "logits.npy", "tasks.npy", "num_step.npy"]
    if let missing = missing(path, names) { throw missing }
    let parameters = try shape(path, names[0], rank: 2)
    let sequences = try shape(path, names[1], rank: 4)
    let outputs = try shape(path, names[2], rank: 4)[3]
    let family = try DigitTasks(steps: sequences[2], inputs: sequences[3], path: path)
    let shape = try OfficialArguments(folder: path).shape(
      inputs: sequences[3], outputs: outputs, parameters: parameters[1], path)
    let layout = ZooLayout(
      rows: parameters[0],
      files: [ZooFile(names[0], .float32, [parameters[1]], column: "weights")]
        + family.files(rollouts: sequences[1]))
    return Zoo(
      shape: shape, columns: try layout.columns(in: path), rows: Array(0..<layout.rows),
      family: family, path: path)
  }

  // MARK: - Languages

  /// Formal languages: five arrays and perhaps `args.json`.
  ///
  /// Those files lack two things. The order-checked accuracy is measured on the kept rollouts; the
  /// loss is not a number. A rollout without end begins with the end there, by a known fault of the
  /// original; it is read with its beginning.
  private static func officialLanguages(_ path: String, console: any Console) throws -> Zoo {
    let (family, layout) = try languageLayout(path)
    let parameters = layout.files[0].count
    let arguments = try OfficialArguments(folder: path)
    var languages = family
    languages.maximumN = arguments.maximumN
    let shape = try arguments.shape(
      inputs: family.sizes.inputs, outputs: family.sizes.outputs, parameters: parameters, path)
    var columns = try layout.columns(in: path)
    let tasks = try columns.first { $0.name == "tasks" }?.tensor(Array(0..<layout.rows)).elements
    let found = try inspect(path, tasks ?? [], layout, family)
    let counts = try MappedColumn(path + "/num_step_correct.npy").all().elements
    columns.append(ZooColumn("accuracy", Tensor(found.accuracy)))
    columns.append(
      ZooColumn(
        "count_accuracy",
        Tensor((0..<layout.rows).map { counts[3 * $0 + 2] / Float(officialSamples) })))
    columns.append(ZooColumn("loss", Tensor([Float](repeating: .nan, count: layout.rows))))
    if found.mended > 0 {
      columns = columns.map {
        $0.name == "inputs" ? $0.beginning(with: Float(family.letters)) : $0
      }
      console.note(
        "\"\(path)\": \(Text.count(found.mended, "rollout")) began with the end in place of the "
          + "beginning, a known fault of the official files; mended")
    }
    console.note(
      "\"\(path)\": accuracy is measured on the \(Text.count(layout.files[1].rowShape[0], "rollout"))"
        + " kept of each net, as the official files count letters only")
    return Zoo(
      shape: shape, columns: columns, rows: Array(0..<layout.rows), family: languages, path: path)
  }

  /// The sizes of an official zoo of languages, as its arrays have them.
  private static func languageLayout(_ path: String) throws -> (Languages, ZooLayout) {
    let names = [
      "parameters.npy", "sequences.npy", "logits.npy", "tasks.npy", "num_step_correct.npy",
    ]
    if let missing = missing(path, names) { throw missing }
    let parameters = try shape(path, names[0], rank: 2)
    let sequences = try shape(path, names[1], rank: 3)
    let tasks = try shape(path, names[3], rank: 2)
    guard (1...FormalLanguage.maximumLetters).contains(tasks[1]),
      (2...FormalLanguage.maximumLength).contains(sequences[2])
    else {
      throw Failure(
        "\"\(path)\" holds no formal languages: \(Text.count(tasks[1], "number")) a task, "
          + "\(Text.count(sequences[2], "token")) a sequence")
    }
    var family = Languages()
    family.letters = tasks[1]
    family.length = sequences[2]
    let layout = ZooLayout(
      rows: parameters[0],
      files: [ZooFile(names[0], .float32, [parameters[1]], column: "weights")]
        + family.files(rollouts: sequences[1]).filter { $0.name != "measures.npy" })
    return (family, layout)
  }

  /// Looks through all rollouts: their accuracy by row, and how many begin with the end.
  private static func inspect(
    _ path: String, _ tasks: [Float], _ layout: ZooLayout, _ family: Languages
  ) throws -> (accuracy: [Float], mended: Int) {
    let file = layout.files[1]
    let column = try file.map(in: path, rows: layout.rows)
    let (rollouts, length) = (file.rowShape[0], family.length)
    var accuracy: [Float] = []
    var mended = 0
    for row in 0..<layout.rows {
      try Cancellation.current.check()
      let width = family.letters
      let language = try family.language(
        tasks[(row * width)..<((row + 1) * width)].map(Double.init))
      let numbers = try column.rows(row..<(row + 1)).elements
      guard numbers.allSatisfy({ $0 >= 0 && $0 < Float(language.vocabulary) }) else {
        throw Failure(
          "\"\(path)/\(file.name)\" has a token outside 0 to \(language.end) in row \(row)")
      }
      var members = 0
      for start in stride(from: 0, to: numbers.count, by: length) {
        var tokens = numbers[start..<(start + length)].map { UInt8($0) }
        if tokens[0] == language.end { mended += 1 }
        guard tokens[0] == language.end || tokens[0] == language.beginning else {
          throw Failure(
            "\"\(path)/\(file.name)\" has a rollout that begins with the token "
              + "\(tokens[0]), expected \(language.beginning), in row \(row)")
        }
        tokens[0] = language.beginning
        members += language.membership(of: tokens).isMember ? 1 : 0
      }
      accuracy.append(rollouts > 0 ? Float(members) / Float(rollouts) : .nan)
    }
    return (accuracy, mended)
  }
}
