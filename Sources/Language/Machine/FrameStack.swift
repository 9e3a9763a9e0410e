/// The calls under way, the innermost one last.
struct FrameStack {
  private var base = UnsafeMutablePointer<Machine.Frame>.allocate(capacity: 256)
  private var capacity = 256
  /// How many calls are under way.
  private(set) var count = 0

  /// The innermost call.
  var last: Machine.Frame? { count > 0 ? base[count - 1] : nil }

  subscript(_ place: Int) -> Machine.Frame {
    precondition(place >= 0 && place < count, "place outside the calls under way")
    return base[place]
  }

  /// The calls from a depth on, the outermost first.
  func frames(from depth: Int) -> UnsafeBufferPointer<Machine.Frame> {
    UnsafeBufferPointer(start: base + depth, count: max(0, count - depth))
  }

  @inline(__always)
  mutating func append(_ frame: Machine.Frame) {
    if count == capacity { grow() }
    (base + count).initialize(to: frame)
    count += 1
  }

  @inline(__always)
  mutating func removeLast() -> Machine.Frame {
    count -= 1
    return base[count]
  }

  /// Ends all calls from a depth on.
  mutating func removeAll(from depth: Int) { count = min(count, depth) }

  @inline(never)
  private mutating func grow() {
    let larger = UnsafeMutablePointer<Machine.Frame>.allocate(capacity: 2 * capacity)
    larger.moveInitialize(from: base, count: count)
    base.deallocate()
    base = larger
    capacity *= 2
  }

  /// Gives the memory back; nothing may be done with it afterwards.
  func deallocate() { base.deallocate() }
}
