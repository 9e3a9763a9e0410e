import Kernels
import Synchronization
import Tensors

/// Packed weights of the last few nets, found again by the identity of the numbers that they came
/// from.
///
/// An entry does not hold its sources: an optimiser can then write new weights in the place of the
/// old ones, which are no longer found. A loop that calls a cell step by step packs its weights once.
final class PackedCache: Sendable {
  static let shared = PackedCache()

  /// How many entries are kept.
  private static let capacity = 8
  /// The most numbers in one entry: 64 MiB.
  private static let largest = 1 << 24

  /// Numbers that may be gone, or others by now.
  private struct Source: @unchecked Sendable {
    weak var identity: FloatBuffer.Identity?
  }

  private struct Entry: Sendable {
    var sources: [Source]
    /// The nets among those of the sources; nil for all.
    var part: Range<Int>?
    var packed: PackedNets

    /// Whether the numbers are still there.
    var isAlive: Bool { sources.allSatisfy { $0.identity != nil } }

    func isMade(
      of identities: [FloatBuffer.Identity], _ part: Range<Int>?, _ extents: RecurrentExtents
    ) -> Bool {
      packed.extents == extents && self.part == part && sources.count == identities.count
        && zip(sources, identities).allSatisfy { $0.identity === $1 }
    }
  }

  private let entries = Mutex<[Entry]>([])

  /// The packed form of `sources`, or of a part of their nets, made by `make` if it is not there or
  /// cannot carry gradients.
  func packed(
    _ sources: [FloatBuffer], part: Range<Int>? = nil, extents: RecurrentExtents, turned: Bool,
    make: () -> PackedNets
  ) -> PackedNets {
    if let found = find(sources, part, extents, turned) { return found }
    let packed = make()
    guard packed.count <= PackedCache.largest else { return packed }
    entries.withLock { entries in
      let identities = sources.map { $0.identify() }
      entries.removeAll { $0.isMade(of: identities, part, extents) }
      if entries.count == PackedCache.capacity { entries.removeLast() }
      let sources = identities.map { Source(identity: $0) }
      entries.insert(Entry(sources: sources, part: part, packed: packed), at: 0)
    }
    return packed
  }

  /// What there is; forgets what was made of numbers that are gone, so that its memory serves again.
  private func find(
    _ sources: [FloatBuffer], _ part: Range<Int>?, _ extents: RecurrentExtents, _ turned: Bool
  ) -> PackedNets? {
    entries.withLock { entries in
      let identities = sources.map { $0.identify() }
      let place = entries.firstIndex {
        $0.isMade(of: identities, part, extents) && ($0.packed.isTurned || !turned)
      }
      guard let place else {
        entries.removeAll { !$0.isAlive }
        return nil
      }
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
