import Execution
import Tensors

/// The files of a zoo's folder, each with a row for each net.
struct ZooLayout {
  /// Rows of the finished zoo.
  let rows: Int
  /// The files, that of the weights first.
  let files: [ZooFile]

  /// The file in which a column stands.
  func file(of column: String) -> ZooFile? { files.first { $0.columns.contains(column) } }

  /// The columns in the files of a folder.
  ///
  /// - Throws: `Failure` that names the file that is missing, or of another type or shape.
  func columns(in folder: String) throws -> [ZooColumn] {
    try files.flatMap { columns(of: $0, .mapped(try $0.map(in: folder, rows: rows))) }
  }
}

extension ZooFile {
  /// Maps the file in a folder, which must have this type and shape.
  ///
  /// - Throws: `Failure` that names the file, what it holds, and what was expected.
  func map(in folder: String, rows: Int) throws -> MappedColumn {
    let path = folder + "/" + name
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
