import Execution

/// How much memory a search may take: as its time, it is a budget, at whose end the best interval so
/// far is given.
struct SearchMemory {
  /// Bytes that the process held when the search began.
  private let base: Int
  /// Bytes that the search may take.
  private let share: Int

  /// The budget of a search that begins now.
  init(share: Int = SearchMemory.share) {
    base = Memory.held
    self.share = share
  }

  /// Whether the search has taken its share, or the process nearly all of its budget: a search ends
  /// with what it has found before all work is stopped.
  var isUsedUp: Bool {
    let held = Memory.held
    return held - base > share || held > SearchMemory.most
  }

  /// A quarter of the budget: two searches may go on at a time.
  static let share = Memory.budget / 4
  private static let most = Memory.budget / 10 * 9
}
