import Kernels
import Synchronization
import Tensors

/// Packed weights of the last few nets, found again by the identity of the numbers that they came
/// from.
///
/// An entry holds its source, so that nobody else can be its only holder and write to it: what is
/// found is never out of date. A loop that calls a cell step by step packs its weights once.
final class PackedCache: Sendable {
  static let shared = PackedCache()

  /// How many entries are kept.
  private static let capacity = 8
  /// The most numbers in one entry: 64 MiB.
  private static let largest = 1 << 24

  private struct Entry: Sendable {
    var sources: [FloatBuffer]
    var packed: PackedNets
  }

  private let entries = Mutex<[Entry]>([])

  /// The packed form of `sources`, made by `make` if it is not there or cannot carry gradients.
  func packed(
    _ sources: [FloatBuffer], extents: RecurrentExtents, turned: Bool, make: () -> PackedNets
  ) -> PackedNets {
    if let found = find(sources, extents, turned) { return found }
    let packed = make()
    guard packed.count <= PackedCache.largest else { return packed }
    entries.withLock { entries in
      entries.removeAll { $0.packed.extents == extents && isSame($0.sources, sources) }
      if entries.count == PackedCache.capacity { entries.removeLast() }
      entries.insert(Entry(sources: sources, packed: packed), at: 0)
    }
    return packed
  }

  private func find(
    _ sources: [FloatBuffer], _ extents: RecurrentExtents, _ turned: Bool
  ) -> PackedNets? {
    entries.withLock { entries in
      guard
        let place = entries.firstIndex(where: {
          $0.packed.extents == extents && isSame($0.sources, sources)
            && ($0.packed.isTurned || !turned)
        })
      else { return nil }
      let entry = entries.remove(at: place)
      entries.insert(entry, at: 0)
      return entry.packed
    }
  }

  /// Forgets everything.
  func clear() {
    entries.withLock { $0 = [] }
  }
}

private func isSame(_ a: [FloatBuffer], _ b: [FloatBuffer]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { $0 === $1 }
}
