import Execution
import Tensors

/// One column of a zoo with the rows that the zoo shows: numbers that are read when rows of them are
/// asked for.
///
/// In a folder they are a map of a file; opening it costs neither time nor memory.
public struct StoredColumn: Sendable {
  private let zoo: Zoo
  private let column: ZooColumn

  init(_ zoo: Zoo, _ column: ZooColumn) {
    self.zoo = zoo
    self.column = column
  }

  /// How the numbers are stored.
  public var type: NumberType { column.type }
  /// The extents of the axes, [rows, ...].
  public var shape: [Int] { [zoo.count] + column.rowShape }
  /// The file that is read; nil for a zoo in memory.
  public var path: String? {
    zoo.path.flatMap { folder in column.file.map { folder + "/" + $0 } }
  }
  /// Bytes of the rows as they are stored.
  public var size: Int { zoo.count * column.count * column.type.size }

  /// All numbers.
  ///
  /// - Throws: `Failure` if they do not fit into memory.
  public func tensor() throws -> Tensor { try column.tensor(zoo.rows) }

  /// The numbers that an index names; only the rows that its first entry names are read.
  public func selecting(_ index: [TensorIndex]) throws -> Tensor {
    guard let first = index.first else { return try tensor() }
    let rest = Array(index.dropFirst())
    switch first {
    case .ellipsis, .newAxis: return try tensor().selecting(index)
    case .mask(let mask) where mask.rank != 1: return try tensor().selecting(index)
    case .at, .slice:
      let rows = try rows(first)
      let read = try column.tensor(rows.numbers.map { zoo.rows[$0] })
      return try read.selecting((rows.shape.isEmpty ? [.at(0)] : [.all]) + rest)
    case .mask, .positions, .places:
      let rows = try rows(first)
      let read = try column.tensor(rows.numbers.map { zoo.rows[$0] })
      let places = Places(shape: rows.shape, Array(rows.numbers.indices))
      return try read.selecting([.places(places)] + rest)
    }
  }

  /// The numbers of the rows that an entry names.
  private func rows(_ entry: TensorIndex) throws -> Places {
    try TensorSelection([entry], in: [zoo.count]).places()
  }
}

extension Zoo {
  /// A column as it is stored; nil if there is none of this name.
  public func storedColumn(_ name: String) -> StoredColumn? {
    column(name).map { StoredColumn(self, $0) }
  }
}
