import Execution
import Glibc

/// A text that is looked for in another one, in time that grows with the sum of their lengths.
public struct Needle {
  @usableFromInline let wanted: UnsafeBufferPointer<UInt8>
  /// For each number of letters that fit, how many fit still if the next one does not.
  @usableFromInline var shorter: [Int32] = []

  /// Up to so many bytes a comparison at each place costs less than keeping what fits.
  private static let short = 32

  /// The bytes must outlive the needle.
  public init(_ wanted: UnsafeBufferPointer<UInt8>) throws {
    self.wanted = wanted
    guard wanted.count > Needle.short else { return }
    try Memory.reserve(wanted.count, of: 4, for: "a search")
    shorter = [Int32](repeating: 0, count: wanted.count)
    // The failure function of Knuth, Morris and Pratt.
    var (fitting, polling) = (0, Polling())
    for place in 1..<wanted.count {
      try polling.check()
      while fitting > 0, wanted[place] != wanted[fitting] { fitting = Int(shorter[fitting - 1]) }
      if wanted[place] == wanted[fitting] { fitting += 1 }
      shorter[place] = Int32(fitting)
    }
  }

  /// Where the text begins first from a place on; nil if it does not occur.
  @inlinable
  @inline(__always)
  public func place(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) throws -> Int? {
    guard let base = bytes.baseAddress, let sought = wanted.baseAddress else { return nil }
    if !shorter.isEmpty { return try longPlace(in: bytes, base, from: start) }
    var (place, polling) = (start, Polling())
    let last = bytes.count - wanted.count
    // Occurrences often lie close together: a few bytes are looked at before `memchr` is called.
    while place <= last {
      let near = min(place + 16, last)
      while place <= near, base[place] != wanted[0] { place += 1 }
      if place > near {
        guard place <= last, let found = Needle.find(wanted[0], base, place, last + 1) else {
          return nil
        }
        place = found
      }
      if wanted.count == 1 || memcmp(base + place, sought, wanted.count) == 0 { return place }
      try polling.check()
      place += 1
    }
    return nil
  }

  @usableFromInline
  func longPlace(
    in bytes: UnsafeBufferPointer<UInt8>, _ base: UnsafePointer<UInt8>, from start: Int
  ) throws -> Int? {
    var (place, fitting, polling) = (start, 0, Polling())
    while place < bytes.count {
      try polling.check()
      if fitting == 0 {
        guard let found = Needle.find(wanted[0], base, place, bytes.count) else { return nil }
        place = found
      }
      while fitting > 0, base[place] != wanted[fitting] { fitting = Int(shorter[fitting - 1]) }
      if base[place] == wanted[fitting] { fitting += 1 }
      place += 1
      if fitting == wanted.count { return place - fitting }
    }
    return nil
  }

  @usableFromInline
  static func find(
    _ byte: UInt8, _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
  ) -> Int? {
    memchr(base + start, Int32(byte), end - start).map {
      UnsafeRawPointer($0) - UnsafeRawPointer(base)
    }
  }
}
