extension StringObject {
  /// A string that is written in a source, and stays as long as the process.
  ///
  /// Copies of such a string are frequent, and its holders need no counting: where an object's count
  /// says that it is never freed, the runtime leaves the count alone, which spares an atomic step
  /// for each copy and each release. Nobody is its sole holder, so it is never changed in place.
  static func written(_ text: String) -> StringObject {
    let string = StringObject(text)
    let object = Unmanaged.passRetained(string).toOpaque()
    object.storeBytes(of: StringObject.countOfNeverFreed, toByteOffset: countOffset, as: UInt.self)
    return string
  }

  /// The count lies behind the pointer to the class, at the beginning of every object.
  private static let countOffset = MemoryLayout<UnsafeRawPointer>.size

  /// What the runtime itself has for the storage of empty arrays, which lives in no allocated memory.
  private static let countOfNeverFreed = unsafeBitCast([Int](), to: UnsafeRawPointer.self)
    .load(fromByteOffset: countOffset, as: UInt.self)
}
