import Execution
import Tensors

/// One large column of a zoo: numbers that are read when rows of them are asked for.
///
/// In a folder they are a map of a file; opening it costs neither time nor memory.
public struct StoredColumn: Sendable {
  private let zoo: LanguageZoo
  private let column: ZooColumn
  private let place: ZooLayout.Column

  init(_ zoo: LanguageZoo, _ column: ZooColumn, _ place: ZooLayout.Column) {
    self.zoo = zoo
    self.column = column
    self.place = place
  }

  /// How the numbers are stored.
  public var type: NumberType { place.type }
  /// The extents of the axes, [rows, ...].
  public var shape: [Int] { [zoo.count] + place.rowShape }
  /// The file that is read; nil for a zoo in memory.
  public var path: String? { zoo.path.map { $0 + "/" + place.file } }
  /// Bytes of the rows as they are stored.
  public var size: Int { zoo.count * place.count * place.type.size }

  /// All numbers.
  ///
  /// - Throws: `Failure` if they do not fit into memory.
  public func tensor() throws -> Tensor { try zoo.tensor(column, place) }

  /// The numbers that an index names; only the rows that its first entry names are read.
  public func selecting(_ index: [TensorIndex]) throws -> Tensor {
    guard let first = index.first else { return try tensor() }
    let rest = Array(index.dropFirst())
    switch first {
    case .ellipsis, .newAxis: return try tensor().selecting(index)
    case .mask(let mask) where mask.rank != 1: return try tensor().selecting(index)
    case .at, .slice:
      let rows = try rows(first)
      let read = try zoo[rows: rows.numbers].tensor(column, place)
      return try read.selecting((rows.shape.isEmpty ? [.at(0)] : [.all]) + rest)
    case .mask, .positions, .places:
      let rows = try rows(first)
      let read = try zoo[rows: rows.numbers].tensor(column, place)
      let places = Places(shape: rows.shape, Array(rows.numbers.indices))
      return try read.selecting([.places(places)] + rest)
    }
  }

  /// The numbers of the rows that an entry names.
  private func rows(_ entry: TensorIndex) throws -> Places {
    try TensorSelection([entry], in: [zoo.count]).places()
  }
}

extension LanguageZoo {
  /// Flat weights, float32 [rows, P].
  public var weightColumn: StoredColumn {
    StoredColumn(self, columns.weights, columns.layout.weights)
  }
  /// Sampled token sequences, int16 [rows, R, T].
  public var rolloutColumn: StoredColumn {
    StoredColumn(self, columns.sequences, columns.layout.sequences)
  }
  /// Log-probabilities along them, float16 [rows, R, T - 1, K + 2].
  public var logProbabilityColumn: StoredColumn {
    StoredColumn(self, columns.logProbabilities, columns.layout.logProbabilities)
  }
}
