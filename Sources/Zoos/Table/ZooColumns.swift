import Execution
import Kernels
import Networks
import Tensors

/// A column of large rows: in memory as it was made, or mapped from a file.
enum ZooColumn: Sendable {
  case floats([Float])
  case halves([Float16])
  case shorts([Int16])
  case mapped(MappedColumn)
}

/// All rows of a zoo, column by column; zoos that select rows share it.
struct ZooColumns: Sendable {
  /// The sizes of the columns.
  var layout: ZooLayout
  var weights: ZooColumn
  var sequences: ZooColumn
  var logProbabilities: ZooColumn
  var tasks: [[Int]]
  var runs: [Int]
  var steps: [Int]
  var accuracy: [Float]
  var countAccuracy: [Float]
  var loss: [Float]
  /// Whether sequences are read with a beginning in the place of whatever they begin with.
  var mendsBeginning = false

  /// The rows of a training in memory.
  init(_ rows: RunRows, layout: ZooLayout) {
    self.layout = layout
    weights = .floats(rows.weights)
    sequences = .shorts(rows.sequences)
    logProbabilities = .halves(rows.logProbabilities)
    let letters = layout.tasks.count
    tasks = (0..<layout.rows).map { row in
      rows.tasks[(row * letters)..<((row + 1) * letters)].map { Int($0) }
    }
    runs = (0..<layout.rows).map { Int(rows.counts[3 * $0]) }
    steps = (0..<layout.rows).map { Int(rows.counts[3 * $0 + 1]) }
    accuracy = (0..<layout.rows).map { rows.measures[3 * $0] }
    countAccuracy = (0..<layout.rows).map { rows.measures[3 * $0 + 1] }
    loss = (0..<layout.rows).map { rows.measures[3 * $0 + 2] }
  }
}
