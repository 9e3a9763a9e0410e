import Autodiff
import Execution
import Tensors

/// Indexing and fields.
extension Machine {
  /// A whole number that may stand for a place; negative ones count from the end.
  static func place(_ value: Value, count: Int, argument: Int = 1) throws -> Int {
    try checkNoTruth(value, argument)
    guard let number = number(value), let whole = Int(whole: number, in: placeRange) else {
      let found = if case .number(let number) = value { text(number) } else { value.described }
      throw Failure(
        "an index must be a whole number, but this is \(found)", at: .position(argument))
    }
    if case .tensor = value, count > Places.limit { try checkExact(number, argument) }
    let place = whole < 0 ? whole + count : whole
    guard place >= 0, place < count else {
      throw Failure(
        "index \(whole) is outside: there \(count == 1 ? "is" : "are") "
          + Text.count(count, "element"),
        at: .position(argument),
        hint: count > 0 ? "places go from 0 to \(count - 1), or from -1 back" : nil)
    }
    return place
  }

  /// Refuses a place of a tensor that may stand for its neighbours, as all float32 do from 2^24 on.
  private static func checkExact(_ number: Double, _ argument: Int) throws {
    guard abs(number) >= Double(Places.limit) else { return }
    throw Failure(
      "the index \(text(number)) in a tensor may stand for its neighbours: 32-bit floats are exact "
        + "up to 2^24", at: .position(argument), hint: "name such places by plain numbers")
  }

  /// Refuses a single truth value, which names no place: an element of a mask looks like 0 or 1.
  private static func checkNoTruth(_ value: Value, _ argument: Int) throws {
    guard value.isMask, case .tensor(let object) = value, object.variable.value.rank == 0 else {
      return
    }
    let truth = object.variable.value.item == 0 ? "false" : "true"
    throw Failure(
      "an index must be a whole number, but this is a single truth value, \(truth)",
      at: .position(argument), "an element of a mask",
      hint: "`if` tests it; m + 0 counts it as 0 or 1; a whole mask selects: x[m]")
  }

  /// A bound or step of a slice.
  private static func bound(_ value: Value, item: Int = 1) throws -> Int {
    try checkNoTruth(value, item)
    guard let number = number(value), let bound = Int(whole: number, in: placeRange) else {
      let found = if case .number(let number) = value { text(number) } else { value.described }
      throw Failure(
        "a bound of a slice must be a whole number, but this is \(found)", at: .position(item))
    }
    if case .tensor = value { try checkExact(number, item) }
    return bound
  }

  /// What may stand for a place: far more than anything holds.
  private static let placeRange = -1_000_000_000_000_000...1_000_000_000_000_000

  private static func text(_ number: Double) -> String { Value.text(of: number) }

  /// The value of `base[key]`.
  func element(_ base: Value, _ key: Value) throws -> Value {
    switch base {
    case .list(let list):
      if let places = try positions(key, count: list.items.count) {
        return .items(try ListItems(polling: places.lazy.map { list.items[$0] }))
      }
      return list.items[try Machine.place(key, count: list.items.count)]
    case .record(let record): return try entry(record, key)
    case .string(let text):
      let count = try text.checkedCount()
      if let places = try positions(key, count: count) {
        let letters = try text.letters
        return .text(try StringObject.joined(places.lazy.map { letters[$0] }))
      }
      return .text(try text.character(at: try Machine.place(key, count: count)))
    case .range(let range):
      if let places = try positions(key, count: range.count) {
        return .items(
          try ListItems(polling: places.lazy.map { .number(range.start + Double($0)) }))
      }
      return .number(range.start + Double(try Machine.place(key, count: range.count)))
    case .tensor(let object):
      let index = try tensorIndex(key, of: object.variable.shape)
      let part = try measured("x[...]") { try object.variable.selecting([index]) }
      return .variable(part, like: base)
    case .native(let box):
      if let object = base.storedTensor {
        return .tensor(try object.selecting([try tensorIndex(key, of: object.shape)]))
      }
      try Masks.checkIndex(key, extents: [box.object.elementCount ?? -1])
      if let value = try box.object.element(at: Machine.plain(key)) { return value }
      throw notIndexable(base)
    default: throw notIndexable(base)
    }
  }

  /// A tensor of rank 0 as the number that it stands for.
  private static func plain(_ key: Value) -> Value {
    guard case .tensor(let object) = key, object.variable.value.rank == 0 else { return key }
    return number(key).map { .number($0) } ?? key
  }

  private func notIndexable(_ base: Value) -> Failure {
    Failure("\(base.described) cannot be indexed", at: .position(0), "this is \(base.described)")
  }

  /// The places that a list, range or mask of a collection names; nil if the key is a single place.
  private func positions(_ key: Value, count: Int) throws -> [Int]? {
    switch key {
    case .range(let range):
      // One by one: an endless range fails where it leaves the collection, at the latest behind
      // twice as many places, as negative ones count from the end.
      if 2 * count >= Machine.listLimit { try Machine.checkListLength(range.length) }
      var places: [Int] = []
      var polling = Polling()
      for step in 0..<range.count {
        try polling.check()
        places.append(try Machine.place(.number(range.start + Double(step)), count: count))
      }
      return places
    case .list(let list):
      if let mask = try Masks.mask(of: list) { return try Machine.selected(mask, count: count) }
      return try list.items.mappedInStretches { try Machine.place($0, count: count) }
    case .tensor(let object) where object.variable.value.rank == 1:
      if object.isMask { return try Machine.selected(object.variable.value, count: count) }
      try Masks.checkIndex(key, extents: [count])
      let numbers = object.variable.value.elements
      return try numbers.mappedInStretches { number in
        if count > Places.limit { try Machine.checkExact(Double(number), 1) }
        return try Machine.place(.number(Double(number)), count: count)
      }
    default: return nil
    }
  }

  /// The places where a mask of a collection holds.
  private static func selected(_ mask: Tensor, count: Int) throws -> [Int] {
    let numbers = mask.elements
    guard numbers.count == count else {
      throw Failure(
        "a mask has an element for each of the collection's, but it has \(numbers.count) and the "
          + "collection \(count)", at: .position(1))
    }
    return numbers.indices.filter { numbers[$0] != 0 }
  }

  private func entry(_ record: RecordObject, _ key: Value) throws -> Value {
    if case .string(let name) = key {
      if let place = record.place(of: name.symbol) { return record.values[place] }
      var failure = Machine.missingField(
        name.text, of: "the record", names: record.names.map(\.name))
      failure.labels = [Failure.Label(.position(1), "")]
      throw failure
    }
    return record.values[try Machine.place(key, count: record.values.count)]
  }

  static func missingField(_ name: String, of owner: String, names: [String]) -> Failure {
    let near = Text.nearest(name, in: names).first.map { "did you mean `\($0)`?" }
    let list = names.isEmpty ? nil : "fields: \(names.prefix(12).joined(separator: ", "))"
    return Failure("\(owner) has no field `\(name)`", hint: near ?? list)
  }

  /// What a key names of a tensor of this shape.
  func tensorIndex(_ key: Value, of shape: [Int], item: Int = 1) throws -> TensorIndex {
    switch key {
    case .number(let number):
      guard let place = Int(whole: number, in: Machine.placeRange) else {
        throw Failure(
          "an index must be a whole number, but this is \(Value.text(of: number))",
          at: .position(item))
      }
      return .at(place)
    case .tensor(let object):
      let tensor = object.variable.value
      if tensor.rank == 0 {
        try Machine.checkNoTruth(key, item)
        try Machine.checkExact(Double(tensor.item ?? 0), item)
        return try tensorIndex(.number(Double(tensor.item ?? 0)), of: shape, item: item)
      }
      try Masks.checkIndex(key, extents: shape, item: item)
      return object.isMask ? .mask(tensor) : .positions(tensor)
    case .range(let range):
      return .slice(
        start: try Machine.bound(.number(range.start), item: item),
        stop: try Machine.bound(.number(range.stop.rounded(.up)), item: item), step: 1)
    case .list(let list):
      if let mask = try Masks.mask(of: list) { return .mask(mask) }
      return .places(
        Places(
          try list.items.mappedInStretches { item in
            let number = try Arguments.number(item)
            guard let place = Int(exactly: number) else {
              throw Failure(
                "an index must be a whole number, but there is \(Machine.text(number))")
            }
            return place
          }))
    case .none: return .newAxis
    default:
      throw Failure(
        "a tensor is indexed by numbers, slices, ranges, lists and masks, not by "
          + key.described, at: .position(item), key.described)
    }
  }

  /// `base[start:stop]`; a bound that is unset is not given.
  func slice(_ base: Value, _ bounds: UnsafeMutablePointer<Value>) throws -> Value {
    let (hasStart, hasStop) = (!bounds[0].isUnset, !bounds[1].isUnset)
    let form = Code.IndexPiece.slice(start: hasStart, stop: hasStop, step: false)
    return try elements(base, [form], hasStart ? bounds : bounds + 1)
  }

  /// `base[items]`, with slices or several places, whose expressions lie at `keys`.
  func elements(
    _ base: Value, _ form: [Code.IndexPiece], _ keys: UnsafeMutablePointer<Value>
  ) throws -> Value {
    switch base {
    case .tensor(let object):
      let indices = try tensorIndices(form, keys, of: object.variable.shape)
      let part = try measured("x[...]") { try object.variable.selecting(indices) }
      return .variable(part, like: base)
    case .list(let list) where form.count == 1:
      let places = try slice(form[0], keys, count: list.count)
      if let range = places.range { return .list(try list.checkedPart(range)) }
      return .items(try ListItems(polling: places.all.lazy.map { list.items[$0] }))
    case .string(let text) where form.count == 1:
      if text.hasByteCharacters,
        let range = try slice(form[0], keys, count: text.count).range
      {
        let utf8 = text.text.utf8
        let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        return .text(String(text.text[start..<utf8.index(start, offsetBy: range.count)]))
      }
      let places = try slice(form[0], keys, count: try text.checkedCount())
      if let range = places.range { return .text(try text.part(range)) }
      let letters = try text.letters
      return .text(try StringObject.joined(places.all.lazy.map { letters[$0] }))
    case .range(let range) where form.count == 1:
      let places = try slice(form[0], keys, count: range.count)
      return .items(
        try ListItems(polling: places.all.lazy.map { .number(range.start + Double($0)) }))
    case .native where base.storedTensor != nil:
      let index = try tensorIndices(form, keys, of: base.storedTensor?.shape ?? [])
      return try base.storedTensor.map { .tensor(try $0.selecting(index)) } ?? .none
    case .native(let box) where form.count == 1:
      let places = try slice(form[0], keys, count: box.object.elementCount ?? 0)
      let index = Value.items(try ListItems(polling: places.all.lazy.map(Value.integer)))
      if let value = try box.object.element(at: index) { return value }
      throw notIndexable(base)
    case .list, .string, .range:
      throw Failure("\(base.described) has one axis, but \(form.count) places are given")
    case .record:
      throw Failure(
        "a record cannot be sliced", at: .position(0), hint: "its fields have names: r.name, r[0]")
    default: throw notIndexable(base)
    }
  }

  func tensorIndices(
    _ form: [Code.IndexPiece], _ keys: UnsafeMutablePointer<Value>, of shape: [Int]
  ) throws -> [TensorIndex] {
    var key = keys
    func next(_ isThere: Bool, _ item: Int) throws -> Int? {
      guard isThere else { return nil }
      defer { key += 1 }
      return try Machine.bound(key.pointee, item: item)
    }
    return try form.enumerated().map { number, piece in
      let item = number + 1
      switch piece {
      case .value:
        defer { key += 1 }
        return try tensorIndex(key.pointee, of: shape, item: item)
      case .slice(let start, let stop, let step):
        return .slice(
          start: try next(start, item), stop: try next(stop, item),
          step: try next(step, item) ?? 1)
      case .ellipsis: return .ellipsis
      }
    }
  }

  /// The places of a slice of a list or string, as in Python.
  func slice(
    _ piece: Code.IndexPiece, _ keys: UnsafeMutablePointer<Value>, count: Int
  ) throws -> Stretch {
    guard case .slice(let hasStart, let hasStop, let hasStep) = piece else {
      throw Failure("only a slice can stand here")
    }
    var key = keys
    func next(_ isThere: Bool) throws -> Int? {
      guard isThere else { return nil }
      defer { key += 1 }
      return try Machine.bound(key.pointee)
    }
    let (start, stop, given) = (try next(hasStart), try next(hasStop), try next(hasStep))
    let step = given ?? 1
    guard step != 0 else { throw Failure("the step of a slice must not be 0") }
    func bounded(_ place: Int, _ low: Int, _ high: Int) -> Int {
      min(max(place < 0 ? place + count : place, low), high)
    }
    if step > 0 {
      let from = bounded(start ?? 0, 0, count)
      return Stretch(start: from, stop: bounded(stop ?? count, 0, count), step: step)
    }
    let from = start.map { bounded($0, -1, count - 1) } ?? (count - 1)
    return Stretch(
      start: from, stop: stop.map { bounded($0, -1, count - 1) } ?? -1, step: step)
  }

  // MARK: - Fields

  func field(_ base: Value, _ name: Value) throws -> Value {
    guard case .string(let text) = name else { return .none }
    let symbol = text.symbol
    switch base {
    case .record(let record):
      if let place = record.place(of: symbol) { return record.values[place] }
      throw missingMember(text.text, of: "the record", names: record.names.map(\.name))
    case .instance(let instance):
      if let place = instance.type.fields.firstIndex(of: symbol) { return instance.values[place] }
      throw missingMember(
        text.text, of: Value.article(instance.type.name.name),
        names: instance.type.fields.map(\.name))
    case .module(let module):
      if let value = session.export(text.text, of: module) { return value }
      if let circle = session.circle(to: module) { throw circle.failure }
      throw Machine.missingField(
        text.text, of: "the module `\(module.name)`", names: module.boundNames)
    case .tensor(let object):
      switch text.text {
      case "T":
        let turned = try cancellation.stoppable { try object.variable.transposed() }
        return .variable(turned, like: base)
      case "shape": return .items(object.variable.shape.map(Value.integer))
      case "rank": return .integer(object.variable.value.rank)
      default:
        throw missingMember(text.text, of: "a tensor", names: ["T", "shape", "rank"])
      }
    case .native(let box):
      if let value = try box.object.field(text.text) { return value }
      var failure = missingMember(
        text.text, of: Value.article(base.typeName), names: box.object.fieldNames)
      failure.hint = box.object.hint(forField: text.text) ?? failure.hint
      throw failure
    default:
      throw Failure(
        "\(base.described) has no fields", at: .position(0), base.described,
        hint: functionHint(text.text))
    }
  }

  /// The error about a field that is not there, which may be a method of other languages.
  private func missingMember(_ name: String, of owner: String, names: [String]) -> Failure {
    var failure = Machine.missingField(name, of: owner, names: names)
    guard Text.nearest(name, in: names).isEmpty else { return failure }
    failure.hint = functionHint(name) ?? failure.hint
    return failure
  }

  /// What to write for a method of other languages.
  private func functionHint(_ name: String) -> String? {
    if let member = ForeignNames.member(name) { return member }
    if let here = ForeignNames.here(name) { return "`\(here)` is a function: write \(here)(...)" }
    guard session.sharedIndex(of: name) != nil else { return nil }
    return "`\(name)` is a function: write \(name)(...)"
  }
}

/// The places of a slice.
struct Stretch {
  var start: Int
  var stop: Int
  var step: Int

  /// The places as a range, if they are one after the other.
  var range: Range<Int>? { step == 1 ? start..<max(start, stop) : nil }

  /// How many places there are.
  var count: Int {
    let (from, to) = step > 0 ? (start, stop) : (stop, start)
    return to > from ? (to - from - 1) / abs(step) + 1 : 0
  }

  /// The places one by one.
  var all: some Collection<Int> {
    (0..<count).lazy.map { [start, step] in start + $0 * step }
  }
}
