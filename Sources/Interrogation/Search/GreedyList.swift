/// Builds a separating list by always adding the query that separates most pairs still together.
///
/// The pairs that a query separates only get fewer as the list grows. So what was counted last is a
/// bound, and a query whose new count is still before all bounds is the best, uncounted as they are.
struct GreedyList {
  private let columns: [Column]
  private var counts: [Int32]
  private var classes: [[Int32]]
  /// How many functions the classes hold.
  private var together: Int
  private var deadline: Deadline
  /// A heap of the queries that may still separate something, with a bound of how many pairs.
  private var heap: [Option] = []

  private struct Option {
    var query: Int
    var separated: Int

    /// The most pairs first; ties go to the lowest number.
    func isBefore(_ other: Option) -> Bool {
      separated == other.separated ? query < other.query : separated > other.separated
    }
  }

  /// The columns chosen, in order; ties go to the lowest number.
  ///
  /// After the deadline queries are taken by what was counted last.
  static func list(_ columns: [Column], from start: Partition, deadline: Deadline) -> [Int] {
    var list = GreedyList(columns, start, deadline)
    return list.build()
  }

  private init(_ columns: [Column], _ start: Partition, _ deadline: Deadline) {
    self.columns = columns
    self.deadline = deadline
    counts = [Int32](repeating: 0, count: max(2, columns.map(\.classCount).max() ?? 2))
    classes = start.classes.filter { $0.count > 1 }
    together = classes.reduce(0) { $0 + $1.count }
  }

  private mutating func build() -> [Int] {
    for query in columns.indices { push(Option(query: query, separated: Int.max)) }
    var list: [Int] = []
    while !classes.isEmpty, let best = next() {
      list.append(best)
      classes = classes.flatMap { members in
        columns[best].classes(of: members).map(\.members).filter { $0.count > 1 }
      }
      together = classes.reduce(0) { $0 + $1.count }
    }
    return list
  }

  /// The best query, nil if none separates anything.
  private mutating func next() -> Int? {
    while let top = pop() {
      let option = Option(query: top.query, separated: separated(top.query))
      if option.separated == 0 { continue }
      if deadline.tick(classes.count &* 8 &+ together) { return option.query }
      guard let second = heap.first, second.isBefore(option) else { return option.query }
      push(option)
    }
    return nil
  }

  /// How many pairs still together a query separates.
  private mutating func separated(_ query: Int) -> Int {
    var separated = 0
    for members in classes {
      let split = columns[query].split(members, counts: &counts)
      separated += (members.count * members.count - split.squares) / 2
    }
    return separated
  }

  private mutating func push(_ option: Option) {
    heap.append(option)
    var place = heap.count - 1
    while place > 0, heap[place].isBefore(heap[(place - 1) / 2]) {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func pop() -> Option? {
    guard let top = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return top }
    heap[0] = last
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < heap.count {
        if heap[child].isBefore(heap[least]) { least = child }
      }
      if least == place { return top }
      heap.swapAt(place, least)
      place = least
    }
  }

  /// A list without the queries that the others make superfluous, the last first; as far as time
  /// allows.
  static func shortened(_ list: [Int], _ columns: [Column], _ deadline: Deadline) -> [Int] {
    var deadline = deadline
    var kept = list
    let count = columns.first?.functionCount ?? 0
    for query in list.reversed() where !deadline.check() {
      let others = kept.filter { $0 != query }
      if Partition(count, others.map { columns[$0] }).isDiscrete { kept = others }
    }
    return kept
  }
}
