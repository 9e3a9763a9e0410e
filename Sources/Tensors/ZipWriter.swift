import Execution

/// A zip archive that is being written, at most 4 GB: its members one by one, then their directory.
struct ZipWriter {
  private let isCompressed: Bool
  private var directory: [UInt8] = []
  private var memberCount = 0
  private var size = 0

  init(isCompressed: Bool) { self.isCompressed = isCompressed }

  /// Writes a member.
  mutating func add(_ name: String, _ content: [UInt8], to output: inout FileOutput) throws {
    let packed = isCompressed ? try Deflate.compress(content, .raw) : content
    guard size + packed.count + 4096 < 0xffff_ffff, content.count < 0xffff_ffff else {
      throw Failure("a zip archive of more than 4 GB cannot be written")
    }
    // Version needed, flags (names are UTF-8), method, time, date (1 January 1980: equal contents
    // give equal files), check sum, sizes, lengths of name and extra field.
    var common: [UInt8] = []
    append(&common, (20, 2), (0x800, 2), (isCompressed ? 8 : 0, 2), (0, 2), (33, 2))
    let checksum = try content.withUnsafeBytes(Deflate.checksum)
    append(&common, (Int(checksum), 4), (packed.count, 4))
    append(&common, (content.count, 4), (name.utf8.count, 2), (0, 2))
    directory += [0x50, 0x4b, 1, 2, 20, 0] + common
    append(&directory, (0, 2), (0, 2), (0, 2), (0, 4), (size, 4))
    directory += name.utf8
    memberCount += 1
    try write([0x50, 0x4b, 3, 4] + common + Array(name.utf8), to: &output)
    try write(packed, to: &output)
  }

  /// Writes the directory.
  mutating func finish(_ output: inout FileOutput) throws {
    var end = directory + [0x50, 0x4b, 5, 6]
    append(&end, (0, 2), (0, 2), (memberCount, 2), (memberCount, 2))
    append(&end, (directory.count, 4), (size, 4), (0, 2))
    try write(end, to: &output)
  }

  private mutating func write(_ bytes: [UInt8], to output: inout FileOutput) throws {
    try bytes.withUnsafeBytes { try output.append($0) }
    size += bytes.count
  }

  private func append(_ bytes: inout [UInt8], _ words: (value: Int, size: Int)...) {
    for (value, size) in words {
      for i in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * i))) }
    }
  }
}
