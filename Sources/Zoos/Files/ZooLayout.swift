import Execution
import Networks
import Tensors

/// The columns of a zoo: the official files, and one of our own for what those do not hold.
struct ZooLayout {
  /// One column: its file, its element type, and the shape of a row.
  struct Column {
    var file: String
    var type: NumberType
    var rowShape: [Int]

    /// Numbers in a row.
    var count: Int { rowShape.reduce(1, *) }
  }

  /// Rows of the finished zoo.
  let rows: Int
  let weights: Column
  let sequences: Column
  let logProbabilities: Column
  let tasks: Column
  let counts: Column
  let measures: Column

  /// The columns of a zoo of these settings.
  init(_ settings: LanguageZooSettings) throws {
    self.init(
      rows: settings.rowCount, parameters: try settings.networkShape().parameterCount,
      letters: settings.letters, length: settings.length, rollouts: settings.rollouts)
  }

  /// The columns of a zoo of these sizes.
  init(rows: Int, parameters: Int, letters: Int, length: Int, rollouts: Int) {
    self.rows = rows
    weights = Column(file: "parameters.npy", type: .float32, rowShape: [parameters])
    sequences = Column(file: "sequences.npy", type: .int16, rowShape: [rollouts, length])
    logProbabilities = Column(
      file: "logits.npy", type: .float16, rowShape: [rollouts, length - 1, letters + 2])
    tasks = Column(file: "tasks.npy", type: .int64, rowShape: [letters])
    counts = Column(file: "num_step_correct.npy", type: .int64, rowShape: [3])
    measures = Column(file: "measures.npy", type: .float32, rowShape: [3])
  }

  /// All columns.
  var columns: [Column] { [weights, sequences, logProbabilities, tasks, counts, measures] }
}
