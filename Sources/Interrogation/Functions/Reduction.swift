import Execution

/// A table without the queries that no optimum needs.
///
/// Constant ones go, repeated partitions, and those that another query refines. I, E, N and the
/// sizes of teaching sets stay the same.
struct Reduction {
  /// The columns kept.
  let columns: [Column]
  /// The query of the full set that each column is.
  let queries: [Int]
  let functionCount: Int
  /// Largest number of answers to one query, at least 1.
  let answerCount: Int
  /// Per column the size of its largest class.
  let largest: [Int]

  init(_ set: FunctionSet) {
    let distinct = Reduction.distinctQueries(set.columns)
    let kept = Reduction.unrefined(distinct, set.columns, count: set.functionCount)
    queries = kept
    columns = kept.map { set.columns[$0] }
    functionCount = set.functionCount
    answerCount = max(1, columns.map(\.classCount).max() ?? 1)
    largest = columns.map { $0.classSizes.max() ?? 0 }
  }

  private static func distinctQueries(_ columns: [Column]) -> [Int] {
    var places: [UInt64: [Int]] = [:]
    var distinct: [Int] = []
    for (query, column) in columns.enumerated() where column.classCount > 1 {
      let hash = column.hash
      let candidates = places[hash] ?? []
      if candidates.contains(where: { columns[$0].isSamePartition(as: column) }) { continue }
      places[hash] = candidates + [query]
      distinct.append(query)
    }
    return distinct
  }

  /// Distinct partitions: only one with more classes can refine another.
  private static func unrefined(_ queries: [Int], _ columns: [Column], count: Int) -> [Int] {
    let order = queries.sorted { columns[$0].classCount > columns[$1].classCount }
    guard let first = order.first, let last = order.last else { return [] }
    let (most, least) = (columns[first].classCount, columns[last].classCount)
    guard most > least else { return queries }
    var deadline = Deadline(within: 0.5)
    var dropped: Set<Int> = []
    for coarse in queries where columns[coarse].classCount < most {
      for fine in order {
        if columns[fine].classCount <= columns[coarse].classCount { break }
        if deadline.tick() { break }
        if columns[fine].refines(columns[coarse]) {
          dropped.insert(coarse)
          break
        }
      }
    }
    return queries.filter { !dropped.contains($0) }
  }

  /// The column kept that splits at least as a query of the set does; -1 if there is none.
  func refining(_ query: Int, _ set: FunctionSet) -> Int {
    columns.firstIndex {
      $0.isSamePartition(as: set.columns[query]) || $0.refines(set.columns[query])
    } ?? -1
  }

  /// Whether every query is one function against the rest: then I = N = n - 1.
  var isSingletons: Bool {
    !columns.isEmpty && functionCount > 2
      && zip(columns, largest).allSatisfy { $0.classCount == 2 && $1 == functionCount - 1 }
  }
}
