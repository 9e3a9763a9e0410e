import Execution

extension FunctionSet {
  /// The cheapest fixed list of queries that decides on some terms.
  ///
  /// - Returns: nil where no list does, however long: only without repeated queries.
  public func noninteractive(
    on terms: Terms, within seconds: Double = 10
  ) throws -> ListSolution? {
    let checked = try CheckedTerms(terms, self)
    if terms.isPlain {
      let plain = try noninteractive(within: seconds)
      return ListSolution(bound: plain.bound.map { Fraction($0) }, queries: plain.queries)
    }
    // Functions of one label need no question at all.
    if checked.labelCount == 1 {
      return ListSolution(
        bound: Bound(lower: Fraction(0), upper: Fraction(0), reason: .trivial), queries: [])
    }
    let deadline = Deadline(within: seconds)
    let isOfLabels = terms.costs == nil && !terms.isInexact
    let share = isOfLabels ? min(1, seconds / 4) : seconds
    if hasManyPairs, checked.intervals == nil, terms.repeats || terms.lies == 0 {
      let found = try repeated(checked, within: share)
      return try raised(found, checked, isOfLabels, within: deadline.remaining)
    }
    let found = try cover(
      pairs(checked), checked, rows(checked), known: plainList(checked, share / 4), within: share)
    guard let found else { return nil }
    return try raised(found, checked, isOfLabels, within: deadline.remaining)
  }

  /// All pairs of functions of different labels.
  private func pairs(_ terms: CheckedTerms) throws -> [(Int, Int)] {
    if hasManyPairs { throw tooManyPairs }
    var pairs: [(Int, Int)] = []
    for first in 0..<functionCount {
      for second in (first + 1)..<max(first + 1, functionCount)
      where terms.labels[first] != terms.labels[second] {
        pairs.append((first, second))
      }
    }
    return pairs
  }

  /// The list that is built by taking, again and again, what serves most for its cost.
  ///
  /// - Returns: nil where no list decides, however long: only without repeated queries.
  /// - Throws: `Failure` for terms that do not fit the set.
  public func greedyNoninteractive(
    on terms: Terms, within seconds: Double = 10
  ) throws -> ListSolution? {
    let checked = try CheckedTerms(terms, self)
    if terms.isPlain {
      let list = greedyNoninteractive(within: seconds)
      return ListSolution(
        bound: Bound(
          lower: Fraction(informationBound), upper: Fraction(list.count), reason: .information),
        queries: list)
    }
    if hasManyPairs, checked.intervals == nil, terms.repeats || terms.lies == 0 {
      return try repeated(checked, within: seconds)
    }
    return try cover(
      pairs(checked), checked, rows(checked), known: plainList(checked, seconds),
      isGreedy: true, within: seconds)
  }

  /// The greedy list of the plain game, each query so often as lies ask for: enough on all terms
  /// with exact answers, and sometimes better than what knows the terms.
  private func plainList(_ terms: CheckedTerms, _ seconds: Double) -> [Int]? {
    guard terms.intervals == nil, terms.repeats || terms.lies == 0 else { return nil }
    var asked = [Int](repeating: 0, count: queryCount)
    for query in greedyNoninteractive(within: seconds) { asked[query] = terms.demand }
    return asked
  }

  /// A list that tells all functions apart, so often as lies ask for.
  private func repeated(
    _ terms: CheckedTerms, within seconds: Double
  ) throws -> ListSolution {
    let list = greedyNoninteractive(within: seconds)
    try verify(list: list)
    let queries = list.flatMap { [Int](repeating: $0, count: terms.demand) }.sorted()
    let cost = try terms.cost(terms.cost(of: queries))
    return ListSolution(
      bound: Bound(lower: Fraction(0), upper: cost, reason: .trivial), queries: queries)
  }

  /// What a list must cost at least because answers must be told apart; with labels alone also by a
  /// search that knows it.
  private func raised(
    _ found: ListSolution, _ terms: CheckedTerms, _ isOfLabels: Bool, within seconds: Double
  ) throws -> ListSolution {
    guard !found.bound.isProved else { return found }
    let least =
      terms.isInexact
      ? ErringGame(columns, terms).worstBound(ErringGame(columns, terms).start)
      : PartitionGame(try searchTable(terms), terms).startBound
    var bound = found.bound
    let lower = try terms.cost(Int128(least))
    if lower > bound.lower {
      bound = Bound(lower: min(lower, bound.upper), upper: bound.upper, reason: .information)
    }
    let raised = ListSolution(bound: bound, queries: found.queries)
    guard isOfLabels, !bound.isProved else { return raised }
    let best = noninteractive(
      labels: terms.labels, from: raised, atLeast: Int(bound.lower.numerator), bound.reason,
      within: seconds)
    var partition = Partition(functionCount)
    for query in best.queries { partition.refine(columns[query]) }
    let labels = LabelCounts(terms.labels)
    if partition.classes.contains(where: { labels.measure($0).pairs > 0 }) {
      throw Failure("the list does not tell all labels apart")
    }
    return best
  }

  /// The cheapest list whose answers show that a function, or its label, is the one.
  ///
  /// - Returns: nil where no list does: only without repeated queries.
  public func teaching(
    of function: Int, on terms: Terms, within seconds: Double = 10
  ) throws -> ListSolution? {
    try checkFunction(function)
    if terms.isPlain {
      let plain = try teaching(of: function, within: seconds)
      return ListSolution(bound: plain.bound.map { Fraction($0) }, queries: plain.queries)
    }
    let checked = try CheckedTerms(terms, self)
    return try cover(pairs(of: function, checked), checked, rows(checked), within: seconds)
  }

  /// The largest cost of teaching any function on some terms.
  ///
  /// - Returns: nil where some function cannot be taught: only without repeated queries.
  public func teachingDimension(
    on terms: Terms, within seconds: Double = 10
  ) throws -> Bound<Fraction>? {
    if terms.isPlain { return try teachingDimension(within: seconds).map { Fraction($0) } }
    let checked = try CheckedTerms(terms, self)
    let deadline = Deadline(within: seconds)
    let rows = rows(checked)
    var worst = Bound(lower: Fraction(0), upper: Fraction(0), reason: Reason.trivial)
    for function in 0..<functionCount {
      if deadline.remaining <= 0, function > 0, checked.repeats || checked.lies == 0 {
        // One query for each other function is enough.
        let queries = Int128(checked.demand * (functionCount - 1))
        let most = queries * Int128(checked.costs.max() ?? 1)
        let upper = max(worst.upper, try checked.cost(most))
        return Bound(lower: worst.lower, upper: upper, reason: worst.reason)
      }
      let share = deadline.remaining / Double(functionCount - function)
      guard
        let one = try cover(
          pairs(of: function, checked), checked, rows, within: share)?.bound
      else { return nil }
      worst = Bound(
        lower: max(worst.lower, one.lower), upper: max(worst.upper, one.upper),
        reason: one.lower >= worst.lower ? one.reason : worst.reason)
    }
    return worst
  }

  private func pairs(of function: Int, _ terms: CheckedTerms) -> [(Int, Int)] {
    (0..<functionCount).compactMap { other in
      terms.labels[other] == terms.labels[function] ? nil : (function, other)
    }
  }

  /// The most words of pairs of functions that a cover is made for.
  static let pairLimit = 4_000_000

  /// Whether all pairs of functions are more than a cover is made for.
  private var hasManyPairs: Bool {
    let words = max(1, (queryCount + 63) / 64)
    return functionCount * (functionCount - 1) / 2 * words > FunctionSet.pairLimit
  }

  private var tooManyPairs: Failure {
    let words = max(1, (queryCount + 63) / 64)
    return Failure(
      "\(functionCount * (functionCount - 1) / 2) pairs of functions are too many for a list on "
        + "these terms: for \(queryCount) queries at most \(FunctionSet.pairLimit / words) are "
        + "possible",
      hint: "fewer functions, or the plain game")
  }

  private func cover(
    _ pairs: [(Int, Int)], _ terms: CheckedTerms, _ rows: Rows?, known: [Int]? = nil,
    isGreedy: Bool = false, within seconds: Double
  ) throws -> ListSolution? {
    let words = max(1, (queryCount + 63) / 64)
    if pairs.count * words > FunctionSet.pairLimit { throw tooManyPairs }
    let requirements = pairs.map { separators($0.0, $0.1, words, terms, rows) }
    var search = CoverSearch(
      requirements, costs: terms.costs, demand: terms.demand, repeats: terms.repeats,
      deadline: Deadline(within: seconds))
    guard search.isPossible else { return nil }
    if let known { search.offer(known) }
    let lower = isGreedy ? search.choose() : search.solve()
    let queries = search.best.indices.flatMap {
      [Int](repeating: $0, count: search.best[$0])
    }
    try check(queries, pairs, terms)
    let reason: Reason =
      pairs.isEmpty ? .trivial : search.nodes > 0 ? .search(nodes: search.nodes) : .forced
    return ListSolution(
      bound: Bound(
        lower: try terms.cost(lower), upper: try terms.cost(search.bestCost), reason: reason),
      queries: queries)
  }

  /// The answers of each function in bits, where they are exact and the table is not too large.
  private func rows(_ terms: CheckedTerms) -> Rows? {
    guard terms.intervals == nil, functionCount * queryCount <= SearchTable.cellLimit else {
      return nil
    }
    return Rows(
      SearchTable(
        columns: columns, queryNumbers: Array(0..<queryCount), functionCount: functionCount))
  }

  private func separators(
    _ first: Int, _ second: Int, _ words: Int, _ terms: CheckedTerms, _ rows: Rows?
  ) -> [UInt64] {
    if let rows { return (0..<words).map { rows.separators(first, second, word: $0) } }
    var set = [UInt64](repeating: 0, count: words)
    for query in 0..<queryCount where separates(query, first, second, terms) {
      set[query >> 6] |= 1 << UInt64(query & 63)
    }
    return set
  }

  private func separates(
    _ query: Int, _ first: Int, _ second: Int, _ terms: CheckedTerms
  ) -> Bool {
    if let intervals = terms.intervals { return intervals.separates(query, first, second) }
    return columns[query][first] != columns[query][second]
  }

  private func check(
    _ list: [Int], _ pairs: some Sequence<(Int, Int)>, _ terms: CheckedTerms
  ) throws {
    if let wrong = list.first(where: { !queryNames.indices.contains($0) }) {
      throw Failure("the list asks query \(wrong) of \(queryCount)")
    }
    var asked = [Int](repeating: 0, count: queryCount)
    for query in list { asked[query] += 1 }
    let distinct = asked.indices.filter { asked[$0] > 0 }
    for (first, second) in pairs {
      let count = distinct.reduce(0) {
        $0 + (separates($1, first, second, terms) ? asked[$1] : 0)
      }
      guard count < terms.demand else { continue }
      let often =
        terms.demand == 1
        ? "" : " so often as \(Text.count(terms.lies, "lie")) ask for (\(count) of \(terms.demand))"
      throw Failure(
        "the list does not separate \(functionNames[first]) from \(functionNames[second])" + often)
    }
  }

  /// Checks a fixed list of queries on some terms; gives its cost.
  ///
  /// - Throws: `Failure` that names a pair left together.
  @discardableResult
  public func verify(list: [Int], on terms: Terms) throws -> Fraction {
    let checked = try CheckedTerms(terms, self)
    if let wrong = list.first(where: { !queryNames.indices.contains($0) }) {
      throw Failure("the list asks query \(wrong) of \(queryCount)")
    }
    if terms.isPlain {
      try verify(list: list)
    } else {
      let pairs = (0..<functionCount).lazy.flatMap { first in
        (first + 1..<max(first + 1, functionCount)).lazy
          .filter { checked.labels[first] != checked.labels[$0] }.map { (first, $0) }
      }
      try check(list, pairs, checked)
    }
    return try checked.cost(checked.cost(of: list))
  }

  /// Checks a teaching set on some terms; gives its cost.
  ///
  /// - Throws: `Failure` that names a function not ruled out.
  @discardableResult
  public func verify(teaching list: [Int], of function: Int, on terms: Terms) throws -> Fraction {
    try checkFunction(function)
    let checked = try CheckedTerms(terms, self)
    if let wrong = list.first(where: { !queryNames.indices.contains($0) }) {
      throw Failure("the teaching set asks query \(wrong) of \(queryCount)")
    }
    if terms.isPlain {
      try verify(teaching: list, of: function)
    } else {
      try check(list, pairs(of: function, checked), checked)
    }
    return try checked.cost(checked.cost(of: list))
  }
}

extension FunctionSet {
  /// Pairs of functions that no query tells apart where answers may be off by a tolerance.
  public func indistinguishable(tolerance: Fraction) throws -> [Indistinguishable.Pair] {
    guard tolerance > Fraction(0) else { return [] }
    let intervals = try Intervals(self, tolerance: tolerance)
    var pairs: [Indistinguishable.Pair] = []
    for first in 0..<functionCount {
      for second in (first + 1)..<max(first + 1, functionCount)
      where !(0..<queryCount).contains(where: { intervals.separates($0, first, second) }) {
        pairs.append(Indistinguishable.Pair(first: first, second: second))
      }
    }
    return pairs
  }

  /// The functions of a table that no query tells apart, where answers may be off by a tolerance.
  public static func duplicates(
    in table: [[Int32]], answers book: AnswerBook = AnswerBook(), tolerance: Fraction
  ) throws -> [Indistinguishable.Pair] {
    guard tolerance > Fraction(0) else { return try duplicates(in: table)?.pairs ?? [] }
    let merged = try collapsed(table, answers: book)
    let groups = Dictionary(grouping: table.indices) { merged.place[$0] }
    // Being near is no equivalence, so that all pairs count, those of equal rows too.
    let equal = groups.values.flatMap { rows in
      rows.indices.flatMap { place in
        rows[(place + 1)...].map { Indistinguishable.Pair(first: rows[place], second: $0) }
      }
    }
    var pairs: [Indistinguishable.Pair] = []
    for near in try merged.set.indistinguishable(tolerance: tolerance) {
      for first in groups[near.first] ?? [] {
        for second in groups[near.second] ?? [] {
          pairs.append(
            Indistinguishable.Pair(first: min(first, second), second: max(first, second)))
        }
      }
    }
    return (pairs + equal).sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }
}
