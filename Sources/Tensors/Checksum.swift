import CZlib

/// The 32-bit check sum of zip, gzip and PNG (CRC-32).
public enum Checksum {
  /// The sum of bytes that follow those whose sum is `start`.
  public static func crc32(_ bytes: UnsafeRawBufferPointer, after start: UInt32 = 0) -> UInt32 {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return start }
    return UInt32(
      truncatingIfNeeded: crc32_z(
        UInt(start), base.assumingMemoryBound(to: UInt8.self), bytes.count))
  }

  /// The sum of the bytes of a text.
  public static func crc32(_ text: String) -> UInt32 {
    Array(text.utf8).withUnsafeBytes { crc32($0) }
  }

  /// A sum as eight hexadecimal digits.
  public static func text(_ sum: UInt32) -> String {
    let digits = String(sum, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
