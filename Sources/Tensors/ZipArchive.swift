import Execution

/// The members of a zip archive, stored or deflated.
///
/// Source: PKWARE's APPNOTE.TXT, sections 4.3 (file headers) and 4.5.3 (64-bit sizes).
struct ZipArchive {
  struct Member {
    var name: String
    var method: Int
    var checksum: UInt32
    var compressedSize: Int
    var size: Int
    var headerOffset: Int
  }

  private let bytes: [UInt8]
  private let name: String
  private(set) var members: [Member] = []

  /// Reads the directory at the end of an archive.
  init(_ bytes: [UInt8], name: String) throws {
    self.bytes = bytes
    self.name = name
    guard bytes.starts(with: [0x50, 0x4b]) else {
      throw Failure(
        "\(name) is no zip archive: it should begin with PK, but it begins with "
          + bytes.withUnsafeBytes(FileText.beginning))
    }
    let directory = try findDirectory()
    var place = directory.start
    for _ in 0..<directory.count {
      let (member, next) = try readMember(place)
      members.append(member)
      place = next
    }
    // A small archive whose members share their bytes unfolds to any size.
    var packed = 0
    for member in members {
      guard member.compressedSize <= bytes.count - packed else {
        throw Failure("\(name) is damaged: its members share bytes or go beyond its end")
      }
      packed += member.compressedSize
    }
  }

  private func word(_ place: Int, _ size: Int) throws -> Int {
    guard place >= 0, place <= bytes.count - size else { throw cutShort }
    var value: UInt64 = 0
    for i in (0..<size).reversed() { value = value << 8 | UInt64(bytes[place + i]) }
    return Int(clamping: value)
  }

  private var cutShort: Failure {
    Failure("\(name) is cut short or damaged: its zip directory cannot be read")
  }

  private func findDirectory() throws -> (start: Int, count: Int) {
    let last = bytes.count - 22
    let lowest = max(0, last - 65_535)
    var place = last
    while place >= lowest {
      if bytes[place...].starts(with: [0x50, 0x4b, 5, 6]) {
        let count = try word(place + 10, 2)
        let start = try word(place + 16, 4)
        if start != 0xffff_ffff && count != 0xffff { return (start, count) }
        let long = try word(place - 20 + 8, 8)
        guard long <= bytes.count else { throw cutShort }
        return (try word(long + 48, 8), try word(long + 32, 8))
      }
      place -= 1
    }
    throw cutShort
  }

  private func readMember(_ place: Int) throws -> (Member, Int) {
    guard try word(place, 4) == 0x0201_4b50 else { throw cutShort }
    let nameLength = try word(place + 28, 2)
    let extraLength = try word(place + 30, 2)
    let commentLength = try word(place + 32, 2)
    let end = place + 46 + nameLength
    guard end + extraLength <= bytes.count else { throw cutShort }
    var member = Member(
      name: String(decoding: bytes[(place + 46)..<end], as: UTF8.self),
      method: try word(place + 10, 2), checksum: UInt32(try word(place + 16, 4)),
      compressedSize: try word(place + 20, 4), size: try word(place + 24, 4),
      headerOffset: try word(place + 42, 4))
    try readLongSizes(&member, end..<(end + extraLength))
    return (member, end + extraLength + commentLength)
  }

  /// Sizes that do not fit 32 bits stand in an extra field, in this order, only those that need it.
  private func readLongSizes(_ member: inout Member, _ extra: Range<Int>) throws {
    var place = extra.lowerBound
    while place + 4 <= extra.upperBound {
      let kind = try word(place, 2)
      let length = try word(place + 2, 2)
      var field = place + 4
      if kind == 1 {
        for size in [\Member.size, \.compressedSize, \.headerOffset]
        where member[keyPath: size] == 0xffff_ffff {
          member[keyPath: size] = try word(field, 8)
          field += 8
        }
      }
      place += 4 + length
    }
  }

  /// The bytes of a member, with the check sum verified.
  func content(_ member: Member) throws -> [UInt8] {
    let name = "\(member.name) in \(self.name)"
    let header = member.headerOffset
    guard try word(header, 4) == 0x0403_4b50 else { throw cutShort }
    let start = header + 30 + (try word(header + 26, 2)) + (try word(header + 28, 2))
    guard start <= bytes.count, member.compressedSize <= bytes.count - start else { throw cutShort }
    let packed = bytes[start..<(start + member.compressedSize)]
    try Memory.reserve(member.size, for: name)
    let content: [UInt8]
    switch member.method {
    case 0: content = Array(packed)
    case 8: content = try Deflate.expand(packed, .raw, limit: member.size, name: name)
    default:
      throw Failure(
        "\(name) is packed by method \(member.method), expected 0 (stored) or 8 (deflated)")
    }
    guard content.count == member.size,
      try content.withUnsafeBytes(Deflate.checksum) == member.checksum
    else {
      throw Failure("\(name) is damaged: its check sum does not fit")
    }
    return content
  }
}
