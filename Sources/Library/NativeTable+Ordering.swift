import Execution
import Language
import Tensors

/// What an item is sorted by.
enum SortKey {
  case number(Double)
  case text(String)
  case several([SortKey])

  /// The key that a value is, or nil for values without an order.
  init?(_ value: Value, _ call: Arguments) {
    switch value {
    case .string(let text): self = .text(text.text)
    case .boolean(let truth): self = .number(truth ? 1 : 0)
    case .list(let list): self.init(list.items, call)
    case .record(let record) where record.isPlaces: self.init(record.values, call)
    default:
      guard let number = call.plainNumber(value) else { return nil }
      self = .number(number)
    }
  }

  /// Whether the key is a number that is none: it counts as the largest and as the smallest.
  var isNaN: Bool { if case .number(let number) = self { number.isNaN } else { false } }

  private init?(_ values: some Collection<Value>, _ call: Arguments) {
    let keys = values.compactMap { SortKey($0, call) }
    guard keys.count == values.count else { return nil }
    self = .several(keys)
  }

  /// Below, equal or above: -1, 0, 1; nil where keys of different kinds meet.
  ///
  /// NaN is above all numbers.
  func compared(to other: SortKey) -> Int? {
    switch (self, other) {
    case (.text(let a), .text(let b)): return a < b ? -1 : a == b ? 0 : 1
    case (.number(let a), .number(let b)):
      if a.isNaN || b.isNaN { return (a.isNaN ? 1 : 0) - (b.isNaN ? 1 : 0) }
      return a == b ? 0 : a < b ? -1 : 1
    case (.several(let a), .several(let b)):
      for (x, y) in zip(a, b) {
        guard let order = x.compared(to: y) else { return nil }
        if order != 0 { return order }
      }
      return a.count == b.count ? 0 : a.count < b.count ? -1 : 1
    default: return nil
    }
  }
}

/// Strings of ASCII characters alone, which are nearly always ordered by their first eight bytes.
private struct OrderedTexts {
  /// The first eight bytes of a text as a number, and its place.
  struct Head {
    var head: UInt64
    var place: Int
  }

  private(set) var heads: [Head] = []
  private var texts: [String] = []

  /// Nil if a value is no such string.
  init?(_ values: ListItems) throws {
    var polling = Polling()
    heads.reserveCapacity(values.count)
    texts.reserveCapacity(values.count)
    for value in values {
      try polling.check()
      guard case .string(let string) = value, let head = OrderedTexts.head(of: string.text) else {
        return nil
      }
      heads.append(Head(head: head, place: heads.count))
      texts.append(string.text)
    }
  }

  private static func head(of text: String) -> UInt64? {
    text.utf8.withContiguousStorageIfAvailable { bytes -> UInt64? in
      var head: UInt64 = 0
      var others: UInt8 = 0
      for byte in bytes { others |= byte }
      for place in 0..<min(8, bytes.count) {
        head |= UInt64(bytes[place]) << UInt64(56 - 8 * place)
      }
      return others < 128 ? head : nil
    } ?? nil
  }

  func isBefore(_ a: Head, _ b: Head) -> Bool {
    a.head != b.head ? a.head < b.head : texts[a.place] < texts[b.place]
  }
}

extension NativeTable {
  static let ordering: [NativeFunction] = [
    NativeFunction("sort") { call in
      let descending = try call.boolean(3)
      if case .tensor = call[0], call.isNone(1) {
        return .variable(
          try call.variable(0).sorted(axis: try call.integer(2), descending: descending))
      }
      let items = try items(call, 0)
      let order = try sorted(
        try keyValues(items, by: 1, call), descending: descending, call)
      return .items(try ListItems(polling: order.lazy.map { items[$0] }))
    },
    NativeFunction("unique") { call in
      try call.requireConstant(0)
      if case .tensor = call[0] { return .tensor(try call.tensor(0).unique()) }
      var seen = ItemSet()
      return .items(
        try items(call, 0).filter { item in
          try Cancellation.current.check()
          return seen.insert(item)
        })
    },
    set("union") { first, second, _ in [first, second] },
    set("intersection") { first, second, isWanted in
      var other = try itemSet(second)
      isWanted = { other.contains($0) }
      return [first]
    },
    set("difference") { first, second, isWanted in
      var other = try itemSet(second)
      isWanted = { !other.contains($0) }
      return [first]
    },
  ]

  private static func itemSet(_ items: ListItems) throws -> ItemSet {
    var set = ItemSet()
    for item in items {
      try Cancellation.current.check()
      set.insert(item)
    }
    return set
  }

  /// A function of two collections whose result holds nothing twice.
  ///
  /// - Parameter body: gives the collections whose items are taken, and which of them are wanted.
  private static func set(
    _ name: String,
    _ body:
      @escaping @Sendable (ListItems, ListItems, inout (Value) -> Bool) throws -> [ListItems]
  ) -> NativeFunction {
    NativeFunction(name) { call in
      try call.requireConstant(0, 1)
      var isWanted: (Value) -> Bool = { _ in true }
      let taken = try body(try items(call, 0), try items(call, 1), &isWanted)
      var seen = ItemSet()
      return .items(
        try ListItems(capacity: 0) { append in
          for item in taken.joined() {
            try Cancellation.current.check()
            if isWanted(item), seen.insert(item) { append(item) }
          }
        })
    }
  }

  /// What items are sorted by: themselves, or what a function makes of them.
  private static func keyValues(
    _ items: ListItems, by place: Int, _ call: Arguments
  ) throws -> ListItems {
    if call.isNone(place) { return items }
    let function = try call.function(place)
    return try ListItems(capacity: items.count) { append in
      for item in items { append(try call.call(function, item)) }
    }
  }

  /// The same as keys that can be compared.
  static func keys(_ items: ListItems, by place: Int, _ call: Arguments) throws -> [SortKey] {
    try keys(try keyValues(items, by: place, call), call)
  }

  private static func keys(_ values: ListItems, _ call: Arguments) throws -> [SortKey] {
    var polling = Polling()
    return try values.map { value in
      try polling.check()
      guard let key = SortKey(value, call) else {
        throw Failure(
          "numbers and strings can be sorted, not \(value.described)", at: .position(0),
          hint: "give a function that makes a number or string of each item: by=...")
      }
      return key
    }
  }

  /// The order in which keys ascend or descend; equal ones keep theirs.
  private static func sorted(
    _ values: ListItems, descending: Bool, _ call: Arguments
  ) throws -> [Int] {
    if let order = try quickOrder(values, descending: descending) { return order }
    let keys = try keys(values, call)
    var isMixed = false
    var polling = Polling()
    let order = try keys.indices.sorted { a, b in
      try polling.check()
      guard let order = keys[a].compared(to: keys[b]) else {
        isMixed = true
        return a < b
      }
      return order == 0 ? a < b : (order < 0) != descending
    }
    if isMixed {
      throw Failure("numbers and strings cannot be sorted among each other", at: .position(0))
    }
    return order
  }

  /// The same for numbers without NaN alone, and for ASCII strings alone.
  private static func quickOrder(_ values: ListItems, descending: Bool) throws -> [Int]? {
    if var numbers = try plainNumbers(values) {
      if descending {
        try order(&numbers) { $0.number > $1.number }
      } else {
        try order(&numbers) { $0.number < $1.number }
      }
      return try numbers.mappedInStretches(\.place)
    }
    guard let texts = try OrderedTexts(values) else { return nil }
    var heads = texts.heads
    if descending {
      try order(&heads) { texts.isBefore($1, $0) }
    } else {
      try order(&heads) { texts.isBefore($0, $1) }
    }
    return try heads.mappedInStretches(\.place)
  }

  /// A number and where it stands.
  private struct PlacedNumber {
    var number: Double
    var place: Int
  }

  private static func plainNumbers(_ values: ListItems) throws -> [PlacedNumber]? {
    var polling = Polling()
    var numbers: [PlacedNumber] = []
    numbers.reserveCapacity(values.count)
    for value in values {
      try polling.check()
      guard case .number(let number) = value, !number.isNaN else { return nil }
      numbers.append(PlacedNumber(number: number, place: numbers.count))
    }
    return numbers
  }

  /// Puts keys in their order; sorting is stable.
  @inline(__always)
  private static func order<Key>(
    _ keys: inout [Key], _ areInOrder: (Key, Key) -> Bool
  ) throws {
    var polling = Polling()
    try keys.sort { a, b in
      try polling.check()
      return areInOrder(a, b)
    }
  }

  /// The item whose key is the largest, or the smallest; of equals the first.
  static func extremeItem(_ call: Arguments, by place: Int, isMax: Bool) throws -> Value {
    let items = try items(call, 0)
    let keys = try keys(items, by: place, call)
    guard var best = keys.indices.first else {
      throw Failure("the collection is empty", at: .position(0))
    }
    var polling = Polling()
    for index in keys.indices {
      try polling.check()
      if keys[index].isNaN { return items[index] }
      guard let order = keys[index].compared(to: keys[best]) else {
        throw Failure("numbers and strings cannot be compared with each other", at: .position(0))
      }
      if isMax ? order > 0 : order < 0 { best = index }
    }
    return items[best]
  }
}

/// Items that were seen, found by content.
struct ItemSet {
  private var numbers: Set<Double> = []
  private var texts: Set<String> = []
  /// Whatever else there is, and from then on the numbers too, by their hashes.
  private var others: [Int: [Value]] = [:]
  private var hasNaN = false

  mutating func contains(_ item: Value) -> Bool {
    switch item {
    case .number(let number) where number.isNaN: return hasNaN
    case .number(let number) where others.isEmpty: return numbers.contains(number)
    case .string(let text): return texts.contains(text.text)
    default: break
    }
    moveNumbers()
    return others[ItemSet.hash(item)]?.contains { Value.areEqual($0, item) } ?? false
  }

  /// Whether the item was new.
  @discardableResult
  mutating func insert(_ item: Value) -> Bool {
    switch item {
    case .number(let number) where number.isNaN:
      defer { hasNaN = true }
      return !hasNaN
    case .number(let number) where others.isEmpty: return numbers.insert(number).inserted
    case .string(let text): return texts.insert(text.text).inserted
    default: break
    }
    if contains(item) { return false }
    put(item)
    return true
  }

  /// A tensor may be equal to a number that was seen before it.
  private mutating func moveNumbers() {
    for number in numbers { put(.number(number)) }
    numbers = []
  }

  private mutating func put(_ item: Value) { others[ItemSet.hash(item), default: []].append(item) }

  static func hash(_ item: Value) -> Int {
    var hasher = Hasher()
    item.hash(into: &hasher)
    return hasher.finalize()
  }
}

/// Items by keys, which are equal by content.
struct ItemGroups {
  /// The keys, in order of first appearance.
  private var keys: [Value] = []
  /// The items of each key.
  private(set) var items: [[Value]] = []
  /// The groups whose keys have the same hash.
  private var places: [Int: [Int]] = [:]

  mutating func add(_ item: Value, under key: Value) {
    let hash = ItemSet.hash(key)
    if let place = places[hash]?.first(where: { isSame(keys[$0], key) }) {
      return items[place].append(item)
    }
    places[hash, default: []].append(keys.count)
    keys.append(key)
    items.append([item])
  }

  /// All numbers that are none are one group.
  private func isSame(_ a: Value, _ b: Value) -> Bool {
    if case .number(let x) = a, case .number(let y) = b, x.isNaN, y.isNaN { return true }
    return Value.areEqual(a, b)
  }

  /// The keys as names: as they are shown, or written out where several are shown alike.
  ///
  /// - Throws: `Failure` if two keys cannot be told apart by any text.
  func names(_ shown: (Value) -> String) throws -> [String] {
    let texts = keys.map(shown)
    var names: [String] = []
    var seen: [String: Int] = [:]
    let counts = Dictionary(texts.map { ($0, 1) }, uniquingKeysWith: +)
    for (place, text) in texts.enumerated() {
      let name = counts[text] == 1 ? text : ItemGroups.written(keys[place]) ?? text
      if let other = seen[name] {
        throw Failure(
          "two different keys, of \(items[other].count) and \(items[place].count) items, are shown "
            + "alike: \(name)", at: .position(1),
          hint: "give a function whose results are told apart by their texts")
      }
      seen[name] = place
      names.append(name)
    }
    return names
  }

  /// A number to all its digits, and a text in quotes.
  private static func written(_ key: Value) -> String? {
    switch key {
    case .number(let number): number == number.rounded() ? nil : "\(number)"
    case .tensor(let object): object.variable.value.item.map { "tensor(\($0))" }
    case .string(let text): Value.quoted(text.text)
    default: nil
    }
  }
}

extension RecordObject {
  /// Whether the fields are places 0, 1 and so on.
  var isPlaces: Bool { names.isEmpty || isTuple }
}
