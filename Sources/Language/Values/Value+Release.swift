extension Value {
  /// Lets go of the values of an object that ends.
  ///
  /// A chain of a million records would need as many calls within calls if each ended the next one.
  /// So what nobody else holds is taken apart here, in a loop.
  static func letGo(_ values: inout [Value]) {
    guard values.contains(where: { $0.holder != nil }) else { return }
    var pending: [Value] = []
    swap(&pending, &values)
    while !pending.isEmpty {
      let inner = pending.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.map { takeApart($0 + buffer.count - 1) } ?? []
      }
      pending.removeLast()
      pending += inner
    }
  }

  /// The kinds of values that hold others, which may hold others in turn.
  private enum Holder {
    case list
    case record
    case instance
    case function
  }

  private var holder: Holder? {
    switch self {
    case .list: .list
    case .record: .record
    case .instance: .instance
    case .function: .function
    default: nil
    }
  }

  @inline(never)
  private static func holder(_ place: UnsafeMutablePointer<Value>) -> Holder? {
    place.pointee.holder
  }

  /// Takes the values out of the one at a place, if nobody else holds it.
  private static func takeApart(_ place: UnsafeMutablePointer<Value>) -> [Value] {
    // The kind is asked for first: a switch over the value would hold it a second time.
    guard let kind = holder(place) else { return [] }
    defer { place.initialize(to: .unset) }
    switch kind {
    case .list:
      guard case .list(var object) = place.move() else { return [] }
      return isKnownUniquelyReferenced(&object) ? taken(&object.items) : []
    case .record:
      guard case .record(var object) = place.move() else { return [] }
      return isKnownUniquelyReferenced(&object) ? taken(&object.values) : []
    case .instance:
      guard case .instance(var object) = place.move() else { return [] }
      return isKnownUniquelyReferenced(&object) ? taken(&object.values) : []
    case .function:
      guard case .function(var object) = place.move() else { return [] }
      return isKnownUniquelyReferenced(&object) ? object.takeCaptures() : []
    }
  }

  private static func taken(_ values: inout [Value]) -> [Value] {
    var result: [Value] = []
    swap(&result, &values)
    return result
  }
}
