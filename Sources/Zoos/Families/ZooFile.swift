import Tensors

/// One file of a zoo's folder: a row for each net, which may hold several columns.
public struct ZooFile: Sendable, Equatable {
  /// Its name in the folder.
  public var name: String
  /// How its numbers stand in it.
  public var type: NumberType
  /// The extents of a row.
  public var rowShape: [Int]
  /// The column that it is, or the columns of single numbers that stand in a row; an empty name is
  /// passed over.
  public var columns: [String]

  /// A file.
  public init(_ name: String, _ type: NumberType, _ rowShape: [Int], columns: [String]) {
    self.name = name
    self.type = type
    self.rowShape = rowShape
    self.columns = columns
  }

  /// A file of one column.
  public init(_ name: String, _ type: NumberType, _ rowShape: [Int], column: String) {
    self.init(name, type, rowShape, columns: [column])
  }

  /// Numbers in a row.
  public var count: Int { Tensor.count(of: rowShape) }
  /// Bytes of a row.
  var rowSize: Int { count * type.size }
}
