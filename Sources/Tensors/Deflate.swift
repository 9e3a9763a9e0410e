import CZlib
import Execution

/// zlib's compression of bytes.
public enum Deflate {
  /// What surrounds the compressed bytes.
  public enum Form: Sendable {
    /// Nothing: members of a zip archive.
    case raw
    /// The head and tail of a `.gz` file.
    case gzip

    fileprivate var windowBits: Int32 { self == .raw ? -15 : 31 }
  }

  /// More bytes than anything unfolds to.
  public static let unlimited = 1 << 36

  /// Undoes compression.
  ///
  /// - Parameter name: the file, for messages.
  /// - Throws: `Failure` if the bytes are damaged, cut short, or give more than `limit` bytes.
  public static func expand(
    _ bytes: ArraySlice<UInt8>, _ form: Form, limit: Int = Deflate.unlimited, name: String
  ) throws -> [UInt8] {
    var stream = z_stream()
    guard
      inflateInit2_(&stream, form.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        == Z_OK
    else { throw Failure("cannot expand \(name): zlib does not start") }
    defer { inflateEnd(&stream) }
    var input = Array(bytes)
    var result: [UInt8] = []
    // Where the size is known no room is made twice over.
    if limit < unlimited { result.reserveCapacity(limit) }
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var fed = 0
    while true {
      let feed = min(input.count - fed, 1 << 30)
      let (status, used, made) = input.withUnsafeMutableBufferPointer { input in
        chunk.withUnsafeMutableBufferPointer { chunk in
          step(&stream, input, fed, feed, chunk)
        }
      }
      fed += used
      try Cancellation.current.check()
      if result.count + made > result.capacity {
        try Memory.reserve(2 * result.capacity, for: "what \(name) expands to")
      }
      result.append(contentsOf: chunk[0..<made])
      guard result.count <= limit else {
        throw Failure("\(name) expands to more than the \(limit) bytes that it should hold")
      }
      if status == Z_STREAM_END {
        // A .gz file may hold several streams, one after the other.
        guard form == .gzip, fed < input.count, input[fed] == 0x1f else { return result }
        inflateReset(&stream)
        continue
      }
      guard status == Z_OK, used > 0 || made > 0 else {
        throw Failure(
          "\(name) is damaged: its compressed bytes "
            + (fed == input.count ? "end too early" : "cannot be read"))
      }
    }
  }

  private static func step(
    _ stream: inout z_stream, _ input: UnsafeMutableBufferPointer<UInt8>, _ fed: Int, _ feed: Int,
    _ chunk: UnsafeMutableBufferPointer<UInt8>
  ) -> (status: Int32, used: Int, made: Int) {
    stream.next_in = input.baseAddress.map { $0 + fed }
    stream.avail_in = UInt32(feed)
    stream.next_out = chunk.baseAddress
    stream.avail_out = UInt32(chunk.count)
    let status = inflate(&stream, Z_NO_FLUSH)
    return (status, feed - Int(stream.avail_in), chunk.count - Int(stream.avail_out))
  }

  /// Compresses bytes, at most 4 GB.
  public static func compress(_ bytes: [UInt8], _ form: Form) throws -> [UInt8] {
    guard bytes.count < 1 << 32 else { throw Failure("more than 4 GB cannot be compressed") }
    var stream = z_stream()
    guard
      deflateInit2_(
        &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, form.windowBits, 8, Z_DEFAULT_STRATEGY,
        ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw Failure("zlib does not start") }
    defer { deflateEnd(&stream) }
    var input = bytes
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var fed = 0
    var status = Z_OK
    while status == Z_OK {
      try Cancellation.current.check()
      let feed = min(input.count - fed, 1 << 20)
      stream.avail_in = UInt32(feed)
      let made = input.withUnsafeMutableBufferPointer { input in
        chunk.withUnsafeMutableBufferPointer { chunk in
          stream.next_in = input.baseAddress.map { $0 + fed }
          stream.next_out = chunk.baseAddress
          stream.avail_out = UInt32(chunk.count)
          status = deflate(&stream, fed + feed == input.count ? Z_FINISH : Z_NO_FLUSH)
          return chunk.count - Int(stream.avail_out)
        }
      }
      fed += feed - Int(stream.avail_in)
      result.append(contentsOf: chunk[..<made])
    }
    guard status == Z_STREAM_END else { throw Failure("zlib cannot compress \(bytes.count) bytes") }
    return result
  }

  /// The check sum of zip and gzip.
  ///
  /// - Throws: what was thrown to stop work, if the bytes are many.
  static func checksum(_ bytes: UnsafeRawBufferPointer) throws -> UInt32 {
    var sum: UInt32 = 0
    try Stretches.forEach(bytes.count) {
      sum = Checksum.crc32(UnsafeRawBufferPointer(rebasing: bytes[$0]), after: sum)
    }
    return sum
  }

  /// The bytes of a file, expanded if it is a gzip file.
  public static func read(_ path: String) throws -> [UInt8] {
    let bytes = try File.read(path)
    guard bytes.starts(with: [0x1f, 0x8b]) else { return bytes }
    return try expand(bytes[...], .gzip, name: "\"\(path)\"")
  }
}
