import Glibc

/// Memory of the calling thread that kernels use again from call to call.
///
/// It grows to the largest request and is given back when the thread ends. A slot belongs to one
/// kernel, so that kernels calling each other do not tread on it.
enum Scratch {
  enum Slot: Int, CaseIterable {
    case right
    case left
    case result
    case gradient
    case row
    case attention
    case places
  }

  private struct Block {
    var base: UnsafeMutableRawPointer?
    var capacity = 0
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { raw in
      guard let raw else { return }
      let blocks = raw.assumingMemoryBound(to: Block.self)
      for slot in 0..<Slot.allCases.count { blocks[slot].base?.deallocate() }
      blocks.deallocate()
    }
    return key
  }()

  /// At least `count` numbers of no particular value, aligned to 64 bytes.
  static func floats(_ slot: Slot, _ count: Int) -> MutableFloats {
    let blocks: UnsafeMutablePointer<Block>
    if let raw = pthread_getspecific(key) {
      blocks = raw.assumingMemoryBound(to: Block.self)
    } else {
      blocks = UnsafeMutablePointer.allocate(capacity: Slot.allCases.count)
      blocks.initialize(repeating: Block(), count: Slot.allCases.count)
      pthread_setspecific(key, blocks)
    }
    let place = blocks + slot.rawValue
    if let base = place.pointee.base, place.pointee.capacity >= count {
      return base.assumingMemoryBound(to: Float.self)
    }
    place.pointee.base?.deallocate()
    let capacity = max(4096, count)
    let base = UnsafeMutableRawPointer.allocate(byteCount: capacity * 4, alignment: 64)
    place.pointee = Block(base: base, capacity: capacity)
    return base.bindMemory(to: Float.self, capacity: capacity)
  }
}
