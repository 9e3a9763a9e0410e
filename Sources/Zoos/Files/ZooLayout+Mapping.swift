import Execution
import Tensors

extension ZooLayout.Column {
  /// Maps the column's file in a folder, which must have this type and shape.
  ///
  /// - Throws: `Failure` that names the file, what it holds, and what was expected.
  func map(in folder: String, rows: Int) throws -> MappedColumn {
    let path = folder + "/" + file
    let column = try MappedColumn(path)
    let expected = [rows] + rowShape
    guard column.type == type, column.shape == expected else {
      throw Failure(
        "\"\(path)\" holds \(column.type.rawValue) \(Tensor.text(of: column.shape)), "
          + "expected \(type.rawValue) \(Tensor.text(of: expected))")
    }
    return column
  }
}

extension ZooColumns {
  /// The rows in the files of a folder; the small columns are read, the large ones mapped.
  init(
    _ folder: String, layout: ZooLayout, accuracy: [Float], countAccuracy: [Float], loss: [Float]
  ) throws {
    let rows = layout.rows
    self.layout = layout
    weights = .mapped(try layout.weights.map(in: folder, rows: rows))
    sequences = .mapped(try layout.sequences.map(in: folder, rows: rows))
    logProbabilities = .mapped(try layout.logProbabilities.map(in: folder, rows: rows))
    let tasks = try layout.tasks.map(in: folder, rows: rows).rows(0..<rows).elements
    let counts = try layout.counts.map(in: folder, rows: rows).rows(0..<rows).elements
    let bound = 1 << 24
    let wholes = try (tasks + counts).map { number in
      guard let whole = Int(whole: Double(number), in: -bound...bound) else {
        throw Failure(
          "\"\(folder)\" has a task, run or step that is no whole number up to 2^24; it is no zoo"
            + " of rnr's form")
      }
      return whole
    }
    let numbersOfRuns = wholes[tasks.count...]
    let first = numbersOfRuns.startIndex
    let letters = layout.tasks.count
    self.tasks = (0..<rows).map { row in
      Array(wholes[(row * letters)..<((row + 1) * letters)])
    }
    runs = (0..<rows).map { numbersOfRuns[first + 3 * $0] }
    steps = (0..<rows).map { numbersOfRuns[first + 3 * $0 + 1] }
    self.accuracy = accuracy
    self.countAccuracy = countAccuracy
    self.loss = loss
  }
}
