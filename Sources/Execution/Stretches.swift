/// Long loops in stretches, between which work can be stopped.
public enum Stretches {
  /// Turns of a short loop that take a few milliseconds at most.
  @usableFromInline static let length = 1 << 18

  /// Calls `body` for stretches of 0 ..< `count`, one after the other.
  ///
  /// A single stretch is not looked at, so that what is small is finished even where the user has
  /// asked to stop: a partial result may need it.
  ///
  /// - Throws: what was thrown to stop work.
  @inlinable
  @inline(__always)
  public static func forEach(_ count: Int, _ body: (Range<Int>) throws -> Void) throws {
    var start = 0
    while start < count {
      if start > 0 { try Cancellation.current.check() }
      let end = min(count, start &+ length)
      try body(start..<end)
      start = end
    }
  }
}

extension Collection {
  /// What `map` gives, for collections that may be long: between their items work can be stopped.
  ///
  /// - Throws: what was thrown to stop work, or by `transform`.
  @inlinable
  @inline(__always)
  public func mappedInStretches<Result>(
    _ transform: (Element) throws -> Result
  ) throws -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(count)
    var place = startIndex
    try Stretches.forEach(count) { stretch in
      for _ in stretch {
        results.append(try transform(self[place]))
        formIndex(after: &place)
      }
    }
    return results
  }

  /// Whether a condition holds for some item; the items may be many, between which work can be
  /// stopped.
  ///
  /// - Throws: what was thrown to stop work, or by `condition`.
  @inlinable
  @inline(__always)
  public func containsInStretches(
    where condition: (Element) throws -> Bool
  ) throws -> Bool {
    var place = startIndex
    var found = false
    try Stretches.forEach(count) { stretch in
      if found { return }
      for _ in stretch {
        if try condition(self[place]) {
          found = true
          return
        }
        formIndex(after: &place)
      }
    }
    return found
  }
}

extension [UInt8] {
  /// Appends bytes that may be many, between which work can be stopped.
  ///
  /// - Throws: what was thrown to stop work.
  public mutating func append(inStretches bytes: UnsafeRawBufferPointer) throws {
    let piece = 1 << 22
    // Room for a few bytes more at a time would be made over and over.
    if bytes.count > piece { reserveCapacity(count + bytes.count) }
    for start in stride(from: 0, to: bytes.count, by: piece) {
      if start > 0 { try Cancellation.current.check() }
      append(contentsOf: bytes[start..<Swift.min(start + piece, bytes.count)])
    }
  }
}
