import Execution
import Networks
import Tensors

extension LanguageZoo {
  /// Strings by which the original implementation measures a net.
  static let officialSamples = 1000

  /// A zoo in the official form (Zenodo record 10835106): five arrays and perhaps `args.json`.
  ///
  /// Those files lack two things. The order-checked accuracy is measured on the kept rollouts; the
  /// loss is not a number. A rollout without end begins with the end there, by a known fault of the
  /// original; it is read with its beginning.
  static func official(_ path: String, console: any Console) throws -> LanguageZoo {
    let layout = try officialLayout(path)
    let arguments = try OfficialArguments(folder: path)
    let shape = try arguments.shape(layout, path)
    let counts = try layout.counts.map(in: path, rows: layout.rows).rows(0..<layout.rows).elements
    var columns = try ZooColumns(
      path, layout: layout, accuracy: [],
      countAccuracy: (0..<layout.rows).map { counts[3 * $0 + 2] / Float(officialSamples) },
      loss: [Float](repeating: .nan, count: layout.rows))
    let found = try inspect(columns, path)
    columns.accuracy = found.accuracy
    columns.mendsBeginning = found.mended > 0
    if found.mended > 0 {
      console.note(
        "\"\(path)\": \(Text.count(found.mended, "rollout")) began with the end in place of the "
          + "beginning, a known fault of the official files; mended")
    }
    console.note(
      "\"\(path)\": accuracy is measured on the \(Text.count(layout.sequences.rowShape[0], "rollout"))"
        + " kept of each net, as the official files count letters only")
    return LanguageZoo(
      columns: columns, rows: Array(0..<layout.rows), shape: shape, maximumN: arguments.maximumN,
      path: path)
  }

  /// The sizes of an official zoo, as its arrays have them.
  private static func officialLayout(_ path: String) throws -> ZooLayout {
    let names = [
      "parameters.npy", "sequences.npy", "logits.npy", "tasks.npy", "num_step_correct.npy",
    ]
    if let missing = names.first(where: { !File.exists(path + "/" + $0) }) {
      throw Failure("\"\(path)\" is no zoo: it lacks \(ZooDescription.file), and \(missing)")
    }
    func shape(_ name: String, rank: Int) throws -> [Int] {
      let found = try MappedColumn(path + "/" + name).shape
      guard found.count == rank else {
        throw Failure(
          "\"\(path)/\(name)\" has the shape \(Tensor.text(of: found)), expected "
            + "\(rank) axes")
      }
      return found
    }
    let parameters = try shape(names[0], rank: 2)
    let sequences = try shape(names[1], rank: 3)
    let tasks = try shape(names[3], rank: 2)
    guard (1...FormalLanguage.maximumLetters).contains(tasks[1]),
      (2...FormalLanguage.maximumLength).contains(sequences[2])
    else {
      throw Failure(
        "\"\(path)\" holds no formal languages: \(Text.count(tasks[1], "number")) a task, "
          + "\(Text.count(sequences[2], "token")) a sequence")
    }
    return ZooLayout(
      rows: parameters[0], parameters: parameters[1], letters: tasks[1], length: sequences[2],
      rollouts: sequences[1])
  }

  /// Looks through all rollouts: their accuracy by row, and how many begin with the end.
  private static func inspect(
    _ columns: ZooColumns, _ path: String
  ) throws -> (accuracy: [Float], mended: Int) {
    let layout = columns.layout
    guard case .mapped(let column) = columns.sequences else { return ([], 0) }
    let rollouts = layout.sequences.rowShape[0]
    let length = layout.sequences.rowShape[1]
    var accuracy: [Float] = []
    var mended = 0
    for row in 0..<layout.rows {
      let language = try FormalLanguage(columns.tasks[row], length: length)
      let numbers = try column.rows(row..<(row + 1)).elements
      guard numbers.allSatisfy({ $0 >= 0 && $0 < Float(language.vocabulary) }) else {
        throw Failure(
          "\"\(path)/\(layout.sequences.file)\" has a token outside 0 to \(language.end) in row \(row)"
        )
      }
      var members = 0
      for start in stride(from: 0, to: numbers.count, by: length) {
        var tokens = numbers[start..<(start + length)].map { UInt8($0) }
        if tokens[0] == language.end { mended += 1 }
        guard tokens[0] == language.end || tokens[0] == language.beginning else {
          throw Failure(
            "\"\(path)/\(layout.sequences.file)\" has a rollout that begins with the token "
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
