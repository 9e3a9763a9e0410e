import Execution
import Tensors

/// One named column of a zoo: a row for each net, read when it is asked for.
public struct ZooColumn: Sendable {
  /// Where rows stand.
  indirect enum Source: Sendable {
    /// In memory, one after the other.
    case memory([UInt8])
    /// In a file.
    case mapped(MappedColumn)
    /// Rows of other columns, one piece after the other.
    case pieces([Piece])
  }

  /// Some rows of a column.
  struct Piece: Sendable {
    var column: ZooColumn
    var rows: [Int]
  }

  /// What it is called.
  public let name: String
  /// How its numbers stand.
  public let type: NumberType
  /// The extents of a row; none for single numbers.
  public let rowShape: [Int]
  /// The file that is read, without its folder; nil for none.
  let file: String?
  /// The extents of a row where it stands, which is wider where several columns share a file.
  private let storedShape: [Int]
  /// Which number of a stored row it is, where it is not all of it.
  private let entry: Int?
  private let source: Source
  /// What each sequence begins with, if its file is known to hold something else there.
  private var beginning: Float?

  /// A column of a file's rows, which are in memory or in the file.
  init(_ name: String, of file: ZooFile, _ source: Source) {
    self.name = name
    type = file.type
    self.file = file.name
    storedShape = file.rowShape
    entry = file.columns.count > 1 ? file.columns.firstIndex(of: name) : nil
    rowShape = entry == nil ? file.rowShape : []
    self.source = source
  }

  /// A column of numbers in memory, [N, ...], or of truth values.
  init(_ name: String, _ tensor: Tensor, isMask: Bool = false) {
    var bytes: [UInt8] = []
    tensor.buffer.read { numbers in
      if isMask {
        bytes = numbers.map { $0 == 0 ? 0 : 1 }
      } else {
        bytes.append(contentsOf: UnsafeRawBufferPointer(numbers))
      }
    }
    self.init(
      name, type: isMask ? .bool : .float32, rowShape: Array(tensor.shape.dropFirst()),
      .memory(bytes))
  }

  /// Rows of other columns of one form, one piece after the other.
  init(_ name: String, pieces: [Piece]) {
    let types = Set(pieces.map(\.column.type))
    let first = pieces[0].column
    // What one form would lose of another's numbers is kept as it is read.
    self.init(
      name, type: types.count == 1 ? first.type : .float32, rowShape: first.rowShape,
      .pieces(pieces), file: pieces.count == 1 ? first.file : nil)
  }

  private init(
    _ name: String, type: NumberType, rowShape: [Int], _ source: Source, file: String? = nil
  ) {
    self.name = name
    self.type = type
    self.rowShape = rowShape
    self.file = file
    storedShape = rowShape
    entry = nil
    self.source = source
  }

  /// The same column, whose sequences are read with this beginning.
  func beginning(with number: Float) -> ZooColumn {
    var column = self
    column.beginning = number
    return column
  }

  /// Numbers in a row.
  public var count: Int { Tensor.count(of: rowShape) }

  /// Rows that stand in its source.
  var storedRows: Int {
    switch source {
    case .memory(let bytes): bytes.count / max(1, Tensor.count(of: storedShape) * type.size)
    case .mapped(let column): column.count
    case .pieces(let pieces): pieces.reduce(0) { $0 + $1.rows.count }
    }
  }

  // MARK: - As it is stored

  /// Whether its rows stand, to the byte, as a file of this form has them.
  func isStored(in form: ZooFile) -> Bool {
    if case .pieces(let pieces) = source {
      return pieces.allSatisfy { $0.column.isStored(in: form) }
    }
    return beginning == nil && file == form.name && type == form.type
      && storedShape == form.rowShape
  }

  /// The bytes of the rows as they stand in its file.
  func storedBytes(_ rows: [Int]) throws -> [UInt8] {
    switch source {
    case .memory(let bytes):
      let size = Tensor.count(of: storedShape) * type.size
      return rows.flatMap { bytes[($0 * size)..<(($0 + 1) * size)] }
    case .mapped(let column):
      return try rows.flatMap { row in try column.withBytes(ofRow: row) { Array($0) } }
    case .pieces(let pieces):
      return try rows.flatMap { row in
        var left = row
        for piece in pieces {
          if left < piece.rows.count { return try piece.column.storedBytes([piece.rows[left]]) }
          left -= piece.rows.count
        }
        throw Failure("there is no row \(row)")
      }
    }
  }

  // MARK: - Reading

  /// The rows of these numbers as one tensor; with `picks`, one entry of the rows' first axis from
  /// each.
  func tensor(_ rows: [Int], picks: [Int]? = nil) throws -> Tensor {
    let read: Tensor
    switch source {
    case .memory(let bytes): read = try decode(bytes, rows, picks: picks)
    case .mapped(let column):
      if let entry {
        read = try column.entries(at: rows, rows.map { _ in entry })
      } else if let picks {
        read = try column.entries(at: rows, picks)
      } else {
        read = try column.rows(at: rows)
      }
    case .pieces(let pieces): read = try gather(pieces, rows, picks: picks)
    }
    guard let beginning, let length = rowShape.last, length > 0 else { return read }
    return Tensor(shape: read.shape) { out in
      read.buffer.read { source in
        for number in 0..<source.count {
          out[number] = number % length == 0 ? beginning : source[number]
        }
      }
    }
  }

  private func decode(_ bytes: [UInt8], _ rows: [Int], picks: [Int]?) throws -> Tensor {
    let inner = picks == nil ? rowShape : Array(rowShape.dropFirst())
    let size = Tensor.count(of: inner)
    let stored = Tensor.count(of: storedShape)
    try Tensor.checkSize([rows.count] + inner)
    return try Tensor(shape: [rows.count] + inner) { out in
      try bytes.withUnsafeBytes { bytes in
        for (place, row) in rows.enumerated() where size > 0 {
          let start = row * stored + (entry ?? 0) + (picks.map { $0[place] * size } ?? 0)
          try type.decode(
            UnsafeRawBufferPointer(rebasing: bytes[(start * type.size)...]),
            into: UnsafeMutableBufferPointer(rebasing: out[(place * size)..<((place + 1) * size)]))
        }
      }
    }
  }

  /// Reads neighbours that are of one piece together.
  private func gather(_ pieces: [Piece], _ rows: [Int], picks: [Int]?) throws -> Tensor {
    if pieces.count == 1 {
      return try pieces[0].column.tensor(rows.map { pieces[0].rows[$0] }, picks: picks)
    }
    var starts: [Int] = []
    var total = 0
    for piece in pieces {
      starts.append(total)
      total += piece.rows.count
    }
    func piece(of row: Int) -> Int { (starts.firstIndex { $0 > row } ?? starts.count) - 1 }
    var parts: [Tensor] = []
    var place = 0
    while place < rows.count {
      // Empty pieces share a start with the one behind them, which is the one that is found.
      let number = piece(of: rows[place])
      let end = (place..<rows.count).first { piece(of: rows[$0]) != number } ?? rows.count
      parts.append(
        try pieces[number].column.tensor(
          (place..<end).map { pieces[number].rows[rows[$0] - starts[number]] },
          picks: picks.map { Array($0[place..<end]) }))
      place = end
    }
    if parts.isEmpty { return try pieces[0].column.tensor([], picks: picks.map { _ in [] }) }
    return parts.count == 1 ? parts[0] : try Tensor.concat(parts, axis: 0)
  }
}

extension ZooLayout {
  /// The columns of files whose rows are in memory.
  func columns(ofFiles bytes: [[UInt8]]) -> [ZooColumn] {
    zip(files, bytes).flatMap { file, bytes in columns(of: file, .memory(bytes)) }
  }

  /// The columns of a file.
  func columns(of file: ZooFile, _ source: ZooColumn.Source) -> [ZooColumn] {
    file.columns.filter { !$0.isEmpty }.map { ZooColumn($0, of: file, source) }
  }
}
