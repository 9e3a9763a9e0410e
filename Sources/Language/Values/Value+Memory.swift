/// Values side by side in memory: numbers and the like are told apart, as they need no counting of
/// references.
extension UnsafeMutablePointer<Value> {
  /// Whether nothing needs to be released to write over the value.
  @inline(__always)
  var isTrivial: Bool {
    switch pointee {
    case .number, .boolean, .unset, .none: true
    default: false
    }
  }

  /// Whether the value is none that may hold others.
  @inline(__always)
  var hasNoParts: Bool {
    switch pointee {
    case .number, .boolean, .unset, .none, .string: true
    default: false
    }
  }

  /// The object of a value that holds one, without counting a reference to it.
  ///
  /// A value's payload lies at its beginning; where it is an object, it is the reference alone.
  @inline(__always)
  func object<Object: AnyObject>(_ type: Object.Type) -> Unmanaged<Object> {
    Unmanaged.fromOpaque(UnsafeRawPointer(self).load(as: UnsafeRawPointer.self))
  }

  /// Writes a copy of a constant; the holders of a string that is written in a source are not
  /// counted.
  @inline(__always)
  func set(constant: Self) {
    guard constant.hasNoParts else {
      pointee = constant.pointee
      return
    }
    if !isTrivial { object(StringObject.self).release() }
    // The payload and, behind it, which case it is.
    let (source, target) = (UnsafeRawPointer(constant), UnsafeMutableRawPointer(self))
    let size = MemoryLayout<UInt64>.size
    target.storeBytes(of: source.load(as: UInt64.self), as: UInt64.self)
    let tag = source.load(fromByteOffset: size, as: UInt8.self)
    target.storeBytes(of: tag, toByteOffset: size, as: UInt8.self)
  }

  /// Copies values to memory that is not initialised.
  static func copy(_ source: Self, to target: Self, _ count: Int) {
    for place in 0..<count where !(source + place).isTrivial {
      _ = (source + place).object(StringObject.self).retain()
    }
    UnsafeMutableRawPointer(target).copyMemory(
      from: source, byteCount: count * MemoryLayout<Value>.stride)
  }

  /// Releases what values hold; the memory is not initialised afterwards.
  static func destroy(_ base: Self, _ count: Int) {
    for place in 0..<count where !(base + place).isTrivial {
      (base + place).object(StringObject.self).release()
    }
  }
}
