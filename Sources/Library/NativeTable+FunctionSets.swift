import Execution
import Interrogation
import Language
import Tensors

extension NativeTable {
  static let functionSets: [NativeFunction] = [
    NativeFunction("function_set") { call in
      if let machines = try machines(call) {
        guard !call.isNone(1) else {
          return .object(MachineSetValue(machines: try MachineSet(machines, names: names(call))))
        }
        return .object(try wordGame(machines, call))
      }
      return .object(try functionSet(call, isCollapsed: false))
    },
    NativeFunction("collapse") { call in
      if case .native(let box) = call[0], box.object is FunctionSetValue { return call[0] }
      return .object(try functionSet(call, isCollapsed: true))
    },
    NativeFunction("duplicates") { call in .items(try duplicates(call).map(pair)) },
    NativeFunction("family") { call in
      let (name, sizes) = (try call.string(0), try call.integers(1))
      let title = ([name] + sizes.map { "\($0)" }).joined(separator: " ")
      return .object(
        FunctionSetValue(functions: try Family.make(name, sizes), queries: nil, title: title))
    },
    NativeFunction("mealy") { call in
      let next = try call.items(of: call[0]).map { row in
        try call.items(of: row).map { item -> Int in
          guard let number = call.plainNumber(item),
            let state = Int(whole: number, in: -1_000_000_000...1_000_000_000)
          else { throw call.wrong(0, expected: "a table of states") }
          return state
        }
      }
      let output = try call.items(of: call[1]).map { try call.items(of: $0).map(call.answer) }
      return .object(
        MealyValue(
          machine: try MealyMachine(next: next, output: output, initial: try call.integer(2))))
    },
    NativeFunction("machines_by_outputs") { call in
      let outputs = try call.items(of: call[0]).map { try call.items(of: $0).map(call.answer) }
      let inputs = try call.items(of: call[1]).map(call.session.text)
      let names = try call.items(of: call[3]).map(call.session.text)
      return .object(
        MachineSetValue(
          machines: try MachineSet(
            outputs: outputs, inputNames: inputs, horizon: try call.integer(2, 1...1000),
            names: names)))
    },
  ]

  private static func pair(_ pair: Indistinguishable.Pair) -> Value {
    .tuple([.integer(pair.first), .integer(pair.second)])
  }

  /// The set that an argument is.
  static func setValue(_ call: Arguments, _ place: Int) throws -> FunctionSetValue {
    if case .native(let box) = call[place], box.object is MachineSetValue {
      throw call.wrong(
        place, expected: "a function set",
        hint: "machines without reset have none of this; with words as queries they have: "
          + "function_set(machines, words)")
    }
    return try call.object(place, FunctionSetValue.self, noun: "function set")
  }

  static func functionSet(of call: Arguments) throws -> FunctionSet {
    try setValue(call, 0).functions
  }

  /// One of several names, by place or name.
  static func place(_ call: Arguments, _ argument: Int, among names: [String]) throws -> Int {
    guard case .string(let name) = call[argument] else {
      return try call.integer(argument, 0...(names.count - 1))
    }
    if let place = names.firstIndex(of: name.text) { return place }
    let near = Text.nearest(name.text, in: names).first
    throw call.wrongValue(
      argument, expected: "a function of the set", hint: near.map { "did you mean \"\($0)\"?" })
  }

  // MARK: - Machines

  /// The machines that the first argument lists, or nil if its first item is none.
  private static func machines(_ call: Arguments) throws -> [MealyMachine]? {
    guard case .list(let list) = call[0], case .native(let box)? = list.items.first,
      box.object is MealyValue
    else { return nil }
    return try list.items.enumerated().map { place, item in
      guard case .native(let box) = item, let value = box.object as? MealyValue else {
        throw Failure(
          "item \(place) is \(item.described), the others are machines", at: .position(0))
      }
      return value.machine
    }
  }

  private static func names(_ call: Arguments, _ place: Int = 2) throws -> [String]? {
    call.isNone(place) ? nil : try call.items(of: call[place]).map(call.session.text)
  }

  /// Machines with reset: the queries are words, or all words of a length.
  private static func wordGame(
    _ machines: [MealyMachine], _ call: Arguments
  ) throws -> FunctionSetValue {
    let words: [[Int]]
    if let number = call.plainNumber(call[1]) {
      guard let length = Int(whole: number, in: 0...1000) else {
        throw call.wrongValue(1, expected: "a length of words from 0 to 1000")
      }
      words = try MachineSet.words(inputs: machines[0].inputCount, length: length)
    } else {
      words = try call.items(of: call[1]).map { word in
        try call.items(of: word).map { input in
          guard let number = call.plainNumber(input),
            let input = Int(whole: number, in: -1_000_000_000...1_000_000_000)
          else { throw call.wrong(1, expected: "a list of words of inputs") }
          return input
        }
      }
    }
    let set = try FunctionSet(machines, words: words, names: try names(call))
    return FunctionSetValue(
      functions: set, queries: nil, terms: try ownTerms(call, set.functionCount))
  }

  // MARK: - Tables

  private struct Table {
    /// Per function and query the number of the answer.
    var rows: [[Int32]]
    var answers: AnswerBook
    var queries: [Value]?
    var names: [String]?
    var horizon: Int?
  }

  /// A set from functions and queries, or from a table.
  ///
  /// - Parameter isCollapsed: whether functions that answer alike become one; else they are refused.
  private static func functionSet(
    _ call: Arguments, isCollapsed: Bool
  ) throws -> FunctionSetValue {
    let table = try table(call, horizon: 6)
    let asked = table.queries.map { call.distinctTexts($0) }
    var terms = try ownTerms(call, table.rows.count)
    let set: FunctionSet
    if isCollapsed {
      let merged = try FunctionSet.collapsed(
        table.rows, answers: table.answers, functionNames: table.names, queryNames: asked)
      set = merged.set
      terms = try collapsedTerms(terms, merged.place, call)
    } else {
      if let horizon = table.horizon, let alike = try FunctionSet.duplicates(in: table.rows) {
        var failure = alike.failure
        failure.hint = "they may differ later in the domain: horizon=\(10 * horizon)"
        throw failure
      }
      set = try FunctionSet(
        table.rows, answers: table.answers, functionNames: table.names, queryNames: asked)
    }
    try set.check(terms)
    return FunctionSetValue(
      functions: set, queries: table.queries, terms: terms, horizon: table.horizon)
  }

  private static func table(_ call: Arguments, horizon place: Int) throws -> Table {
    let rows = try call.items(of: call[0])
    guard !rows.isEmpty else {
      throw Failure(
        "a function set needs at least one function, found none", at: .position(0),
        hint: "give a list of functions, or a table with one row of answers for each")
    }
    let names = place < call.values.count ? try names(call) : nil
    guard rows.contains(where: \.isCallableValue) else {
      return try answers(rows, names, call)
    }
    guard !call.isNone(1) else {
      throw call.wrong(
        1, expected: "a list of queries", hint: "functions need queries to be asked")
    }
    let (queries, horizon) = try queries(call, horizon: place)
    var book = AnswerBook()
    let table = try rows.enumerated().map { place, function in
      guard function.isCallableValue else {
        throw Failure(
          "item \(place) is \(function.described), the others are functions", at: .position(0))
      }
      let name = names.flatMap { $0.indices.contains(place) ? $0[place] : nil } ?? "f\(place)"
      return try queries.map { book.code(of: try answer(function, $0, name, call)) }
    }
    return Table(rows: table, answers: book, queries: queries, names: names, horizon: horizon)
  }

  /// A table of answers, whose queries are only named.
  private static func answers(
    _ rows: ListItems, _ names: [String]?, _ call: Arguments
  ) throws -> Table {
    var book = AnswerBook()
    let table = try rows.map { row in
      try call.items(of: row).map { book.code(of: call.answer($0)) }
    }
    guard !call.isNone(1) else {
      return Table(rows: table, answers: book, queries: nil, names: names, horizon: nil)
    }
    let queries = try call.items(of: call[1])
    if let first = table.first, first.count != queries.count {
      throw Failure(
        "found \(Text.count(first.count, "answer")) a function for \(queries.count) queries",
        at: .position(1), hint: "for a table, queries only name its columns")
    }
    return Table(
      rows: table, answers: book, queries: Array(queries), names: names, horizon: nil)
  }

  /// The queries listed; of an infinite domain the first so many.
  private static func queries(
    _ call: Arguments, horizon place: Int
  ) throws -> (queries: [Value], horizon: Int?) {
    let isGiven = place < call.values.count && !call.isNone(place)
    let limit = isGiven ? try call.integer(place, 1...1_000_000) : 100
    if call[1].isCallableValue {
      let queries = try (0..<limit).map { try call.call(call[1], .integer($0)) }
      return (queries, limit)
    }
    if case .range(let range) = call[1], !range.length.isFinite {
      return ((0..<limit).map { .number(range.start + Double($0)) }, limit)
    }
    let all = try call.items(of: call[1])
    guard isGiven, limit < all.count else { return (Array(all), nil) }
    return (Array(all.prefix(limit)), limit)
  }

  /// What a function answers; asked twice, since one that draws random numbers is no function.
  private static func answer(
    _ function: Value, _ query: Value, _ name: String, _ call: Arguments
  ) throws -> AnswerValue {
    let first: AnswerValue
    do {
      first = call.answer(try call.call(function, query))
    } catch var diagnostic as Diagnostic {
      // The place in the function's body says more than the argument's would.
      diagnostic.message =
        "function \(name) fails at the query \(call.session.text(query)): \(diagnostic.message)"
      throw diagnostic
    }
    guard call.answer(try call.call(function, query)) == first else {
      throw Failure(
        "function \(name) gives two different answers to \(call.session.text(query))",
        at: .position(0), hint: "a function must answer a question always alike")
    }
    return first
  }

  private static func duplicates(_ call: Arguments) throws -> [Indistinguishable.Pair] {
    if let machines = try machines(call), call.isNone(1) {
      return try MachineSet.duplicates(in: machines)?.pairs ?? []
    }
    if case .native(let box) = call[0], let value = box.object as? FunctionSetValue {
      return try value.functions.indistinguishable(tolerance: try Fractions.tolerance(call, 2))
    }
    let table = try table(call, horizon: Int.max)
    return try FunctionSet.duplicates(
      in: table.rows, answers: table.answers, tolerance: try Fractions.tolerance(call, 2))
  }

  // MARK: - Labels, prior and costs of a set

  /// The arguments labels, prior and costs of `function_set`.
  private static func ownTerms(_ call: Arguments, _ count: Int) throws -> Terms {
    var terms = Terms()
    if call.values.count > 3, !call.isNone(3) {
      let labels = call.distinctTexts(try call.items(of: call[3]))
      guard labels.count == count else {
        throw Failure(
          "found \(Text.count(labels.count, "label")) for \(Text.count(count, "function"))",
          at: .position(3))
      }
      terms.labels = labels
    }
    if call.values.count > 4, !call.isNone(4) { terms.prior = try Fractions.prior(call, 4) }
    if call.values.count > 5, !call.isNone(5) { terms.costs = try Fractions.list(call, 5) }
    return terms
  }

  /// Labels and prior of merged functions: labels must agree, shares add up.
  private static func collapsedTerms(
    _ terms: Terms, _ place: [Int], _ call: Arguments
  ) throws -> Terms {
    var merged = terms
    let count = (place.max() ?? -1) + 1
    if let labels = terms.labels {
      var kept = [String?](repeating: nil, count: count)
      for (function, target) in place.enumerated() {
        if let other = kept[target], other != labels[function] {
          throw Failure(
            "functions with the labels \(other) and \(labels[function]) answer alike",
            at: .position(3), hint: "no interrogation can tell these labels apart")
        }
        kept[target] = labels[function]
      }
      merged.labels = kept.compactMap { $0 }
    }
    if let prior = terms.prior {
      guard prior.count == place.count else {
        throw Failure(
          "the prior has \(prior.count) entries for \(Text.count(place.count, "function"))",
          at: .position(4))
      }
      var sums = [Fraction](repeating: Fraction(0), count: count)
      for (function, target) in place.enumerated() {
        sums[target] = try sums[target].adding(prior[function])
      }
      merged.prior = sums
    }
    return merged
  }
}
