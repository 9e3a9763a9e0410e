/// Builds a separating list by always adding the query that separates most pairs still together.
enum GreedyList {
  /// The columns chosen, in order; ties go to the lowest number.
  ///
  /// After the deadline any query that separates some pair is taken.
  static func list(_ columns: [Column], from start: Partition, deadline: Deadline) -> [Int] {
    var deadline = deadline
    var counts = [Int32](repeating: 0, count: max(2, columns.map(\.classCount).max() ?? 2))
    var classes = start.classes.filter { $0.count > 1 }
    var left = Array(columns.indices)
    var list: [Int] = []
    while !classes.isEmpty {
      var best = (query: -1, separated: 0)
      var useless: Set<Int> = []
      for query in left {
        var separated = 0
        for members in classes {
          let split = columns[query].split(members, counts: &counts)
          separated += (members.count * members.count - split.squares) / 2
        }
        if separated == 0 { useless.insert(query) }
        if separated > best.separated { best = (query, separated) }
        if best.query >= 0 && deadline.tick(classes.count &* 8) { break }
      }
      guard best.query >= 0 else { break }
      list.append(best.query)
      useless.insert(best.query)
      left.removeAll { useless.contains($0) }
      classes = classes.flatMap { members in
        columns[best.query].classes(of: members).map(\.members).filter { $0.count > 1 }
      }
    }
    return list
  }
}
