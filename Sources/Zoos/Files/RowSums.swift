import Tensors

extension RunRows {
  /// The check sum of each row: of its bytes in all columns, in the order of the files.
  func sums(rows: Int) -> [UInt32] {
    var sums = [UInt32](repeating: 0, count: rows)
    Self.add(weights, to: &sums)
    Self.add(sequences, to: &sums)
    Self.add(logProbabilities, to: &sums)
    Self.add(tasks, to: &sums)
    Self.add(counts, to: &sums)
    Self.add(measures, to: &sums)
    return sums
  }

  /// Goes on with the sums of rows by those of one more column.
  static func add<Number: BitwiseCopyable>(_ numbers: [Number], to sums: inout [UInt32]) {
    numbers.withUnsafeBytes { bytes in
      let size = bytes.count / max(sums.count, 1)
      for row in sums.indices {
        sums[row] = Checksum.crc32(
          UnsafeRawBufferPointer(rebasing: bytes[(row * size)..<((row + 1) * size)]),
          after: sums[row])
      }
    }
  }
}

extension ZooColumns {
  /// The check sums of rows in the mapped files of a folder.
  static func sums(_ columns: [MappedColumn], rows: Range<Int>) throws -> [UInt32] {
    var sums = [UInt32](repeating: 0, count: rows.count)
    for column in columns {
      for (place, row) in rows.enumerated() {
        sums[place] = try column.withBytes(ofRow: row) { Checksum.crc32($0, after: sums[place]) }
      }
    }
    return sums
  }
}
