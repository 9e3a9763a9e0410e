import Execution
import Glibc
import Tensors

extension LanguageZoo {
  /// The zoo in a folder of selected rows.
  static func selectedRows(_ path: String) throws -> LanguageZoo {
    let selected = try SelectedRows(folder: path)
    let layout = selected.layout
    let measures = try layout.measures.map(in: path, rows: layout.rows).rows(0..<layout.rows)
      .elements
    let columns = try ZooColumns(
      path, layout: layout,
      accuracy: (0..<layout.rows).map { measures[3 * $0] },
      countAccuracy: (0..<layout.rows).map { measures[3 * $0 + 1] },
      loss: (0..<layout.rows).map { measures[3 * $0 + 2] })
    return LanguageZoo(
      columns: columns, rows: Array(0..<layout.rows), shape: selected.shape,
      maximumN: selected.maximumN, settings: selected.settings, path: path)
  }

  /// Writes the rows of this zoo to a new folder, which is there whole or not at all.
  func saveSelectedRows(_ path: String, cancellation: Cancellation = .current) throws {
    try File.writeFolder(path) { try writeSelectedRows($0, cancellation) }
  }

  private func writeSelectedRows(_ folder: String, _ cancellation: Cancellation) throws {
    let selected = SelectedRows(self)
    let files = try selected.layout.columns.map {
      try RowFile(folder, $0, rows: count, isNew: true)
    }
    for (place, row) in rows.enumerated() {
      try cancellation.check()
      try files.write(try runRows([row]), run: place)
    }
    for file in files { try file.sync() }
    try File.writeText(
      OfficialArguments.text(
        seed: settings?.seed, letters: letters, length: length, maximumN: maximumN,
        runs: Set(rows.map { columns.runs[$0] }).count, hidden: shape.hidden, layers: shape.layers),
      to: folder + "/" + OfficialArguments.file)
    try File.writeText(selected.text, to: folder + "/" + SelectedRows.file)
    try PlainFile.syncFolder(folder)
  }

  /// Rows of the columns as a training leaves them.
  func runRows(_ rows: [Int]) throws -> RunRows {
    let zoo = LanguageZoo(
      columns: columns, rows: rows, shape: shape, maximumN: maximumN, settings: settings)
    var result = RunRows()
    result.weights = try zoo.weights.elements
    result.sequences = try zoo.rollouts.elements.map { Int16($0) }
    result.logProbabilities = try zoo.logProbabilities.elements.map { Float16($0) }
    result.tasks = zoo.taskList.flatMap { $0.map(Int64.init) }
    let samples = Float(settings?.samples ?? LanguageZoo.officialSamples)
    for row in rows {
      let counted = (columns.countAccuracy[row] * samples).rounded()
      result.counts += [Int64(columns.runs[row]), Int64(columns.steps[row]), Int64(counted)]
      result.measures += [columns.accuracy[row], columns.countAccuracy[row], columns.loss[row]]
    }
    return result
  }
}
