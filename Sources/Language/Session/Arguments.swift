import Autodiff
import Execution
import Tensors

/// A native function of the program: its name in the library and what it does.
public struct NativeFunction: Sendable {
  /// The name of its `native fn` declaration.
  public let name: String
  let body: @Sendable (Arguments) throws -> Value
  /// Whether its results are looked at for numbers that are none.
  let isComputing: Bool
  /// What it makes of masks.
  let maskRule: Masks.Rule
  /// Whether its loops may give up half-way when the user asks to stop.
  var isStoppable = false

  /// A native function, whose arguments come in the order of its declaration, defaults filled in.
  public init(_ name: String, _ body: @escaping @Sendable (Arguments) throws -> Value) {
    self.name = name
    self.body = body
    isComputing = Machine.computing.contains(name)
    maskRule = Masks.rule(of: name)
  }

  /// The same, but stopped in the middle of its loops: for what calls nothing back and gives no
  /// partial results.
  public var stoppable: NativeFunction {
    var function = self
    function.isStoppable = true
    return function
  }
}

/// The arguments of a native function, with what a body needs to read them and to call back.
///
/// Each reader names the argument by place; where its type is wrong, the error shows the argument.
/// They can be read until the function returns, and no longer.
public struct Arguments {
  private let registers: UnsafeMutablePointer<Value>
  private let entry: UnsafeMutablePointer<Code.Fixed>
  private let owner: Unmanaged<Machine>
  /// How many there are, those that were not given included.
  public let count: Int

  /// The machine and the caller's registers outlive the call, so that no references are counted.
  init(
    _ registers: UnsafeMutablePointer<Value>, _ entry: UnsafeMutablePointer<Code.Fixed>,
    machine: Machine
  ) {
    self.registers = registers
    self.entry = entry
    owner = .passUnretained(machine)
    count = entry.pointee.parameterCount
  }

  private var code: Code { entry.pointee.code.takeUnretainedValue() }
  var machine: Machine { owner.takeUnretainedValue() }

  /// The values, in the order of the declaration.
  public var values: [Value] { (0..<count).map { registers[$0] } }

  /// Gives an argument up: a caller that needs it no more then leaves this function as its only
  /// holder, which may change it in place.
  public func take(_ place: Int) -> Value {
    precondition(place >= 0 && place < count, "no such argument")
    let value = (registers + place).move()
    (registers + place).initialize(to: .unset)
    return value
  }

  /// The session in which the function runs.
  public var session: Session { machine.session }
  /// Where to write and whom to ask.
  public var console: any Console { machine.session.console }

  /// The value of an argument.
  public subscript(_ place: Int) -> Value {
    precondition(place >= 0 && place < count, "no such argument")
    return registers[place]
  }

  /// Calls a function of the language.
  public func call(_ function: Value, _ arguments: Value...) throws -> Value {
    try owner._withUnsafeGuaranteedRef { try $0.call(function, arguments) }
  }

  /// Calls a function of the language with a list of arguments.
  public func call(_ function: Value, with arguments: [Value]) throws -> Value {
    try machine.call(function, arguments)
  }

  /// Calls a function of one argument.
  public func call(_ function: Value, _ argument: Value) throws -> Value {
    try owner._withUnsafeGuaranteedRef { machine in
      try machine.call(function, count: 1) { $0[0] = argument }
    }
  }

  /// Calls a function of two arguments.
  public func call(_ function: Value, _ first: Value, _ second: Value) throws -> Value {
    try owner._withUnsafeGuaranteedRef { machine in
      try machine.call(function, count: 2) {
        $0[0] = first
        $0[1] = second
      }
    }
  }

  /// Calls a function of one argument for items that know nothing of each other, on several threads.
  public func callSideBySide(_ function: Value, _ items: [Value]) throws -> [Value] {
    try machine.callSideBySide(function, items)
  }

  /// Gives a warning, once for each place from which it comes; an error under `--strict`.
  public func warn(_ message: String, hint: String? = nil) throws {
    try machine.warn(Failure(message, hint: hint))
  }

  private func warnOfMissingSeed() throws {
    guard session.wantsSeed else { return }
    session.wantsSeed = false
    try warn(
      "random numbers are drawn, but no seed is set",
      hint: "write seed(1) at the top, or run with --seed 1; without, the seed is 0")
  }

  /// The items of any collection.
  public func items(of value: Value) throws -> ListItems { try machine.items(of: value) }

  /// The texts of items in one, with a separator between them.
  public func joined(_ items: ListItems, separator: String) throws -> String {
    var result = TextBuilder(capacity: (8 + separator.utf8.count) * items.count)
    try Machine.join(items, separator, into: &result) { session.text($0) }
    return result.text
  }

  /// An error about an argument: what was expected, and what was found.
  public func wrong(_ place: Int, expected: String, hint: String? = nil) -> Failure {
    let name = place < code.parameters.count ? code.parameters[place].name.name : "argument"
    return Failure(
      "`\(name)` of `\(code.name)` must be \(expected), but this is \(self[place].described)",
      at: .position(place), self[place].described, hint: hint)
  }

  /// An error about the value of an argument of the right type.
  public func wrongValue(_ place: Int, expected: String, hint: String? = nil) -> Failure {
    let name = place < code.parameters.count ? code.parameters[place].name.name : "argument"
    let found = self[place].text({ _ in nil }, depth: 1)
    return Failure(
      "`\(name)` of `\(code.name)` must be \(expected), but it is \(found)", at: .position(place),
      hint: hint)
  }

  /// The place of a parameter; nil if there is none of this name.
  public func place(of name: String) -> Int? {
    code.parameters.firstIndex { $0.name.name == name }
  }

  /// The place of a parameter: bodies read many arguments by their names.
  ///
  /// - Throws: `Failure` if the declaration, which may be in an edited library, has no such parameter.
  public func at(_ name: String) throws -> Int {
    guard let place = place(of: name) else {
      throw Failure("the declaration of `\(code.name)` lacks the parameter `\(name)`")
    }
    return place
  }

  /// Whether an argument is `none`, or was not given.
  public func isNone(_ place: Int) -> Bool { self[place].isNone || self[place].isUnset }

  /// The number that a value is.
  public static func exactNumber(_ value: Value) throws -> Double { try number(value) }

  static func number(_ value: Value) throws -> Double {
    guard let number = Machine.number(value) else {
      throw Failure("this must be a number, but it is \(value.described)")
    }
    return number
  }

  /// Refuses arguments that are traced, in a function through which no gradient flows.
  ///
  /// - Throws: `Failure` inside a gradient, where a result that is constant would pass unseen.
  public func requireConstant(_ places: Int...) throws {
    for place in places where try Arguments.holdsTraced(self[place]) {
      throw Failure(
        "no gradient flows through `\(code.name)`", at: .position(place),
        hint: "detach(x) is x as a constant")
    }
  }

  /// A number; one that is traced would be taken for a constant, and is refused.
  public func number(_ place: Int) throws -> Double {
    if case .tensor = self[place] { try requireConstant(place) }
    guard let number = Machine.number(self[place]) else {
      throw wrong(place, expected: "a number")
    }
    return number
  }

  /// A whole number within bounds.
  public func integer(_ place: Int, _ range: ClosedRange<Int> = Int.min...Int.max) throws -> Int {
    let number = try self.number(place)
    guard abs(number) < 9e15, let whole = Int(whole: number, in: range) else {
      throw wrongValue(place, expected: Arguments.text(of: range))
    }
    return whole
  }

  private static func text(of range: ClosedRange<Int>) -> String {
    switch (range.lowerBound, range.upperBound) {
    case (Int.min, Int.max): "a whole number"
    case (let low, Int.max): "a whole number from \(low) on"
    case (Int.min, let high): "a whole number up to \(high)"
    case (let low, let high): "a whole number from \(low) to \(high)"
    }
  }

  /// true or false.
  public func boolean(_ place: Int) throws -> Bool {
    guard case .boolean(let truth) = self[place] else {
      throw wrong(place, expected: "true or false")
    }
    return truth
  }

  /// A string.
  public func string(_ place: Int) throws -> String {
    guard case .string(let text) = self[place] else { throw wrong(place, expected: "a string") }
    return text.text
  }

  /// A function or a type, to be called.
  public func function(_ place: Int) throws -> Value {
    guard self[place].isCallable else { throw wrong(place, expected: "a function") }
    return self[place]
  }

  /// A tensor that may be traced; numbers and nested lists of numbers serve too.
  public func variable(_ place: Int) throws -> Variable {
    if let variable = try Machine.variable(self[place]) { return variable }
    if case .list = self[place] {
      try checkExact(place)
      return try Arguments.variable(of: self[place])
    }
    if case .range = self[place] {
      try checkExact(place)
      return Variable(try Arguments.tensor(self[place]))
    }
    throw wrong(place, expected: "a number or a tensor")
  }

  /// Refuses a list with whole numbers that would become others in the tensor it stands for.
  private func checkExact(_ place: Int) throws {
    guard let number = try Arguments.roundedWhole(in: self[place]) else { return }
    throw Failure(
      "`\(code.name)` makes a tensor of this list, whose numbers are exact up to 2^24, but there is "
        + Value.text(of: number), at: .position(place),
      hint: "tensor(...) rounds to 32-bit floats")
  }

  /// A whole number, exact in 64 bits, that a float32 does not hold.
  static func roundedWhole(in value: Value) throws -> Double? {
    func isRounded(_ x: Double) -> Bool {
      abs(x) > Double(Places.limit) && abs(x) <= 0x1p53 && x == x.rounded()
        && Double(Float(x)) != x
    }
    switch value {
    case .number(let number): return isRounded(number) ? number : nil
    case .list(let list):
      var polling = Polling()
      for item in list.items {
        try polling.check()
        if let found = try roundedWhole(in: item) { return found }
      }
      return nil
    case .range(let range):
      guard range.length >= 1 else { return nil }
      // Of two neighbours above 2^24 one is odd.
      let last = range.start + range.length - 1
      return [range.start, last, max(range.start, last - 1)].first(where: isRounded)
    default: return nil
    }
  }

  /// What is lost where the numbers of a value become those of a tensor.
  public static func loss(of value: Value) throws -> NumberLoss {
    var loss = NumberLoss()
    try count(value, &loss)
    return loss
  }

  private static func count(_ value: Value, _ loss: inout NumberLoss) throws {
    switch value {
    case .number(let number): loss.count(number, Float(number))
    case .list(let list):
      try Stretches.forEach(list.count) { for place in $0 { try count(list.items[place], &loss) } }
    case .record(let record): for item in record.values { try count(item, &loss) }
    case .range(let range)
    where max(abs(range.start), abs(range.stop)) > Double(Places.limit):
      try Stretches.forEach(range.count) {
        for place in $0 {
          let number = range.start + Double(place)
          loss.count(number, Float(number))
        }
      }
    default: break
    }
  }

  /// Tells what was lost where numbers became those of a tensor.
  public func tell(of loss: NumberLoss) throws {
    if loss.isNone { return }
    try warn(
      "`\(code.name)`: \(loss.description)",
      hint: "the numbers of a tensor have 32 bits; lists and plain numbers have 64")
  }

  /// A tensor; numbers, ranges and nested lists of numbers serve too.
  public func tensor(_ place: Int) throws -> Tensor { try variable(place).value }

  /// A list of whole numbers: a list, range, tuple or tensor of rank 1.
  public func integers(_ place: Int) throws -> [Int] {
    let items: ListItems
    do {
      items = try machine.items(of: self[place])
    } catch is Failure {
      throw wrong(place, expected: "a list of whole numbers")
    }
    return try items.mappedInStretches { item in
      guard let number = Machine.number(item), let whole = Int(whole: number)
      else { throw wrongValue(place, expected: "a list of whole numbers") }
      return whole
    }
  }

  /// A plain number, or nil for what is none.
  public func plainNumber(_ value: Value) -> Double? { Machine.number(value) }

  /// A number or tensor as a variable, or nil for what is none.
  public func plainVariable(_ value: Value) throws -> Variable? { try Machine.variable(value) }

  /// Whether a value counts as true; fails for values that are no conditions.
  public func truth(_ value: Value) throws -> Bool {
    if case .boolean(let truth) = value { return truth }
    return try machine.truth(value)
  }

  /// The random stream of a `seed` argument, or the session's next one where it is none.
  public func stream(_ place: Int) throws -> RandomStream {
    if isNone(place) {
      try warnOfMissingSeed()
      return session.random.next()
    }
    return RandomStream(seed: UInt64(try integer(place, 0...Int.max)), purpose: code.name)
  }

  /// The seed that an argument gives, or one drawn from the session's streams.
  public func seed(_ place: Int) throws -> UInt64 {
    if !isNone(place) { return UInt64(try integer(place, 0...Int.max)) }
    try warnOfMissingSeed()
    var stream = session.random.next()
    return UInt64(stream.next32())
  }

  /// A native object of a given kind; `noun` is what messages call the kind.
  public func object<Object: NativeObject>(
    _ place: Int, _ type: Object.Type, noun: String
  ) throws -> Object {
    guard case .native(let box) = self[place], let object = box.object as? Object else {
      throw wrong(place, expected: Value.article(noun))
    }
    return object
  }

  /// The same as `tensor`, but a list that holds traced values is traced, too: no gradient is lost
  /// where values are put together.
  public static func variable(of value: Value) throws -> Variable {
    guard try holdsTraced(value) else { return Variable(try tensor(value)) }
    switch value {
    case .list(let list): return try stacked(list.items)
    case .record(let record) where record.isTuple: return try stacked(record.values)
    default:
      guard let variable = try Machine.variable(value) else {
        throw Failure("a tensor is made of numbers, not of \(value.described)")
      }
      return variable
    }
  }

  private static func stacked(_ items: some Collection<Value>) throws -> Variable {
    let parts = try items.mappedInStretches(variable)
    guard parts.allSatisfy({ $0.shape == parts[0].shape }) else {
      throw Failure("the rows of a tensor must have equal lengths")
    }
    return try Variable.stack(parts)
  }

  private static func holdsTraced(_ value: Value) throws -> Bool {
    switch value {
    case .tensor(let object): object.variable.isTraced
    case .list(let list): try list.items.containsInStretches(where: holdsTraced)
    case .record(let record) where record.isTuple: try record.values.contains(where: holdsTraced)
    default: false
    }
  }

  /// A tensor made of a number, a range, or nested lists of equal lengths.
  public static func tensor(_ value: Value) throws -> Tensor {
    switch value {
    case .list(let list):
      guard let first = list.items.first else { return Tensor(shape: [0], []) }
      if case .number = first { return try row(list.items) }
      let parts = try list.items.mappedInStretches(tensor)
      guard parts.allSatisfy({ $0.shape == parts[0].shape }) else {
        throw Failure("the rows of a tensor must have equal lengths")
      }
      return try Tensor.stack(parts, axis: 0)
    case .range(let range):
      try Machine.checkListLength(range.length)
      return Tensor(
        try (0..<range.count).mappedInStretches { Float(range.start + Double($0)) })
    case .record(let record) where record.isTuple: return try tensor(.items(record.values))
    default:
      guard let variable = try Machine.variable(value) else {
        throw Failure("a tensor is made of numbers, not of \(value.described)")
      }
      return variable.value
    }
  }

  private static func row(_ items: ListItems) throws -> Tensor {
    Tensor(
      try items.mappedInStretches { item in
        guard let number = Machine.number(item) else {
          throw Failure("a row of numbers cannot hold \(item.described)")
        }
        return Float(number)
      })
  }
}

extension Value {
  /// Whether this is a function or a type.
  public var isCallableValue: Bool { isCallable }
}
