import Autodiff
import Execution
import Glibc
import Kernels
import Tensors

/// Arithmetic on values that are not two plain numbers, comparisons and truth.
extension Machine {
  /// A number or tensor as a variable, or nil for anything else.
  ///
  /// - Throws: what reading an object that stands for a tensor throws.
  static func variable(_ value: Value) throws -> Variable? {
    switch value {
    case .tensor(let object): object.variable
    case .number(let number): Variable(Tensor(Float(number)))
    case .boolean(let truth): Variable(Tensor(truth ? 1 : 0))
    case .native: try value.storedTensor.map { Variable(try $0.tensor()) }
    default: nil
    }
  }

  /// A plain number: a number itself or a tensor with one element that is not traced.
  static func number(_ value: Value) -> Double? {
    switch value {
    case .number(let number): number
    case .tensor(let object): object.variable.value.item.map(Double.init)
    default: nil
    }
  }

  /// A number, or a truth value as 0 or 1.
  private static func scalar(_ value: Value) -> Double? {
    switch value {
    case .number(let number): number
    case .boolean(let truth): truth ? 1 : 0
    default: nil
    }
  }

  /// Bytes that one string may have.
  static let textLimit = 1 << 30

  static func checkTextLength(_ count: Int, new: Int? = nil) throws {
    guard count <= textLimit else {
      throw Failure("a string has at most 2^30 bytes, but this would have \(count)")
    }
    try Memory.reserve(new ?? count, for: "a string")
  }

  func add(_ x: Value, _ y: Value) throws -> Value {
    switch (x, y) {
    case (.string(let a), .string(let b)):
      try Machine.checkTextLength(a.byteCount + b.byteCount)
      return .text(try StringObject.joined(a, b))
    case (.list(let a), .list(let b)):
      return .list(try joined(a, b))
    default: return try arithmetic(.add, x, y)
    }
  }

  /// `x = x + y`: a list that nobody else holds grows in place.
  func addInPlace(_ register: UnsafeMutablePointer<Value>, _ y: Value) throws {
    if case .string(let added) = y, Machine.kind(register) == .string {
      return try addInPlace(register, added)
    }
    guard Machine.kind(register) == .list, case .list(let added) = y,
      case .list(var list) = register.move()
    else {
      register.pointee = try add(register.pointee, y)
      return
    }
    register.initialize(to: .unset)
    defer { register.pointee = .list(list) }
    if isKnownUniquelyReferenced(&list) {
      try Machine.checkListLength(Double(list.count + added.count))
      try grow(list, by: added)
    } else {
      list = try joined(list, added)
    }
  }

  /// Where it is stopped the list is as it was.
  private func grow(_ list: ListObject, by added: ListObject) throws {
    let count = list.count
    do { try list.append(contentsOf: added) } catch {
      list.removeLast(list.count - count)
      throw error
    }
  }

  private func joined(_ a: ListObject, _ b: ListObject) throws -> ListObject {
    try Machine.checkListLength(Double(a.count + b.count))
    let list = ListObject.empty(capacity: a.count + b.count)
    try list.append(contentsOf: a)
    try list.append(contentsOf: b)
    return list
  }

  /// A string that nobody else holds grows in place.
  private func addInPlace(
    _ register: UnsafeMutablePointer<Value>, _ added: StringObject
  ) throws {
    guard case .string(var string) = register.move() else { return }
    defer { register.initialize(to: .string(string)) }
    // What grows in place takes no more than what is added, or is stopped as all that grows.
    try Machine.checkTextLength(string.byteCount + added.byteCount, new: added.byteCount)
    if added.byteCount < StringObject.longTextLimit, isKnownUniquelyReferenced(&string) {
      string.append(added)
    } else {
      string = StringObject(try StringObject.joined(string, added))
    }
  }

  func arithmetic(_ operation: Operation, _ x: Value, _ y: Value) throws -> Value {
    if let a = Machine.scalar(x), let b = Machine.scalar(y) { return try plain(operation, a, b) }
    if case .list(let list) = x, case .number(let times) = y, operation == .multiply {
      return try repeated(list, times)
    }
    guard let a = try Machine.variable(x), let b = try Machine.variable(y) else {
      throw operandFailure(operation.symbol, x, y)
    }
    let result = try measured(operation.symbol) { try tensorArithmetic(operation, a, b) }
    return Masks.marked(try checked(result, operation, a, b), of: operation, x, y)
  }

  /// A division that is not the plain one of two numbers.
  ///
  /// The library may divide by zero on purpose.
  func divide(_ x: Value, _ y: Value, in code: Code) throws -> Value {
    if case .number(let a) = x, case .number(let b) = y {
      guard a.isFinite, b == 0, !code.module.isLibrary else { return .number(a / b) }
      let result = Value.text(of: a / b)
      throw try remark("\(result) came out of `/`, a division by zero", .number(a / b))
    }
    return try arithmetic(.divide, x, y)
  }

  private func plain(_ operation: Operation, _ a: Double, _ b: Double) throws -> Value {
    switch operation {
    case .add: return .number(a + b)
    case .subtract: return .number(a - b)
    case .multiply: return .number(a * b)
    case .divide: return .number(a / b)
    case .power: return .number(pow(a, b))
    case .floorDivide:
      guard b != 0 else { throw Failure("`//` by zero", at: .position(1)) }
      return .number(Division.quotient(a, b))
    default:
      guard b != 0 else { throw Failure("`%` by zero", at: .position(1)) }
      return .number(Division.remainder(a, b))
    }
  }

  private func tensorArithmetic(
    _ operation: Operation, _ a: Variable, _ b: Variable
  ) throws -> Variable {
    let count = max(a.value.count, b.value.count)
    try Memory.reserve(count, of: 4, for: "a tensor of \(count) numbers")
    return switch operation {
    case .add: try a.adding(b)
    case .subtract: try a.subtracting(b)
    case .multiply: try a.multiplied(by: b)
    case .divide: try a.divided(by: b)
    case .power: try a.raised(to: b)
    case .floorDivide: try a.floorQuotient(b)
    default: try a.remainder(b)
    }
  }

  private func repeated(_ list: ListObject, _ times: Double) throws -> Value {
    guard times >= 0, times == times.rounded() else {
      throw Failure(
        "a list is repeated a whole number of times, not \(Value.text(of: times))", at: .position(1)
      )
    }
    try Machine.checkListLength(times * Double(list.count))
    guard list.count > 0 else { return .list(list) }
    let result = ListObject.empty(capacity: Int(times) * list.count)
    var polling = Polling()
    for _ in 0..<Int(times) {
      try polling.check()
      try result.append(contentsOf: list)
    }
    return .list(result)
  }

  func matrixMultiply(_ x: Value, _ y: Value) throws -> Value {
    func tensor(_ value: Value) throws -> Variable? {
      if case .tensor(let object) = value { return object.variable }
      return try value.storedTensor.map { Variable(try $0.tensor()) }
    }
    guard let a = try tensor(x), let b = try tensor(y) else { throw operandFailure("@", x, y) }
    let result = try measured("@") {
      let result = try a.matrixMultiplied(by: b)
      if let profile, let inner = a.shape.last {
        profile.count(operations: 2 * Double(result.value.count) * Double(inner))
      }
      return result
    }
    return Masks.marked(try checked(result, .matrixMultiply, a, b), of: .matrixMultiply, x, y)
  }

  /// Measures an operator on tensors while a profile is taken.
  @inline(__always)
  func measured<Result>(
    _ operation: @autoclosure () -> String, _ body: () throws -> Result
  ) throws -> Result {
    profile?.enter(operation: operation())
    defer { profile?.leave() }
    return try cancellation.stoppable(body)
  }

  private func operandFailure(_ symbol: String, _ x: Value, _ y: Value) -> Failure {
    var hint: String?
    if case .string = x, case .number = y, symbol == "*" {
      hint = "repeat(text, times) puts a text behind itself"
    }
    if case .string = x, symbol == "+" { hint = "put values into a string as \"...{value}\"" }
    if case .string = x, symbol == "%" {
      hint = "put values into a string as \"{value}\", with a layout as \"{value:.3f}\""
    }
    if [x, y].contains(where: { if case .list = $0 { true } else { false } }) {
      hint = "tensor(...) makes a tensor of a list of numbers"
    }
    return Failure(
      "`\(symbol)` does not work on \(x.described) and \(y.described)",
      labels: [
        Failure.Label(.position(0), x.described), Failure.Label(.position(1), y.described),
      ], hint: hint)
  }

  func negate(_ x: Value) throws -> Value {
    if let object = x.storedTensor { return .tensor(try object.tensor().negated()) }
    guard case .tensor(let object) = x else {
      throw Failure("`-` does not work on \(x.described)", at: .position(0), x.described)
    }
    let result = try measured("-x") { object.variable.negated() }
    return object.kind == .numbers ? .variable(result) : .formerMask(result)
  }

  func plus(_ x: Value) throws -> Value {
    guard try Machine.variable(x) != nil else {
      throw Failure("`+` does not work on \(x.described)", at: .position(0), x.described)
    }
    return x
  }

  // MARK: - Comparison

  func compare(_ operation: Operation, _ x: Value, _ y: Value) throws -> Value {
    if case .number(let a) = x, case .number(let b) = y {
      return .boolean(Machine.holds(operation, a, b))
    }
    if case .string(let a) = x, case .string(let b) = y {
      return .boolean(Machine.holds(operation, a.text, b.text))
    }
    if let mask = try comparedTensors(operation, x, y) { return mask }
    try checkComparable(operation, x, y)
    if operation == .equal || operation == .notEqual {
      let areEqual = Value.areEqual(x, y)
      // Where work is to stop, what is long is not compared to its end.
      try cancellation.check()
      return .boolean(areEqual == (operation == .equal))
    }
    throw operandFailure(operation.symbol, x, y)
  }

  private func comparedTensors(_ operation: Operation, _ x: Value, _ y: Value) throws -> Value? {
    var hasTensor = false
    if case .tensor = x { hasTensor = true }
    if case .tensor = y { hasTensor = true }
    if !hasTensor { hasTensor = x.storedTensor != nil || y.storedTensor != nil }
    guard hasTensor, let a = try compared(x), let b = try compared(y) else { return nil }
    return .mask(
      try measured(operation.symbol) { try a.compared(operation.elementwise, to: b).value })
  }

  /// What is compared with a tensor element by element; a list or range of numbers stands for the
  /// tensor that it makes.
  private func compared(_ value: Value) throws -> Variable? {
    switch value {
    case .list, .range: try? Variable(Arguments.tensor(value))
    default: try Machine.variable(value)
    }
  }

  /// Throws where a tensor meets a list that makes none: `false` would hide the mistake.
  private func checkComparable(_ operation: Operation, _ x: Value, _ y: Value) throws {
    switch (x, y) {
    case (.tensor, .list), (.list, .tensor), (.tensor, .range), (.range, .tensor):
      throw operandFailure(operation.symbol, x, y)
    default: break
    }
  }

  /// Whether a comparison of two registers holds.
  @inline(never)
  func holds(
    _ operation: Operation, _ x: UnsafeMutablePointer<Value>, _ y: UnsafeMutablePointer<Value>
  ) throws -> Bool {
    if let truth = Machine.comparedTexts(operation, x, y) { return truth }
    return try truth(compare(operation, x.pointee, y.pointee))
  }

  @inline(__always)
  static func holds<Ordered: Comparable>(
    _ operation: Operation, _ a: Ordered, _ b: Ordered
  ) -> Bool {
    switch operation {
    case .equal: a == b
    case .notEqual: a != b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    default: a >= b
    }
  }

  /// Whether `item` is in a list, string, range, tensor, or among the names of a record.
  func contains(_ collection: Value, _ item: Value) throws -> Bool {
    switch (collection, item) {
    case (.list(let list), _):
      return try list.items.contains {
        try cancellation.check()
        return Value.areEqual($0, item)
      }
    case (.string(let text), .string(let part)): return try text.contains(part)
    case (.record(let record), .string(let name)):
      return record.place(of: Symbol(name.text)) != nil
    case (.range(let range), .number(let x)):
      return x >= range.start && x < range.stop && (x - range.start).rounded() == x - range.start
    case (.tensor(let object), .boolean(let truth)):
      return try object.variable.value.buffer.read { numbers in
        try numbers.containsInStretches { $0 == (truth ? 1 : 0) }
      }
    case (.tensor(let object), _):
      if let number = Machine.number(item) {
        let sought = Float(number)
        return try object.variable.value.buffer.read { numbers in
          try numbers.containsInStretches { $0 == sought }
        }
      }
    default: break
    }
    throw operandFailure("in", item, collection)
  }

  // MARK: - Truth

  /// Whether a condition holds: a boolean, a number, or a tensor with one element.
  func truth(_ value: Value) throws -> Bool {
    switch value {
    case .boolean(let truth): return truth
    case .number(let number): return number != 0
    case .tensor(let object):
      if let item = object.variable.value.item { return item != 0 }
      throw Failure(
        "a condition needs a single truth value, but this is \(value.described)",
        at: .position(0), value.described, hint: "use all(...) or any(...)")
    default:
      throw Failure(
        "a condition needs true or false, but this is \(value.described)", at: .position(0),
        value.described, hint: conditionHint(value))
    }
  }

  private func conditionHint(_ value: Value) -> String? {
    switch value {
    case .none, .unset: "compare with none: `x != none`"
    case .list, .string, .record: "compare its length: `length(x) > 0`"
    default: nil
    }
  }

  /// Whether `and` and `or` may decide by this value alone: not if it is a tensor with axes.
  func isPlain(_ value: Value) -> Bool {
    if case .tensor(let object) = value { return object.variable.value.rank == 0 }
    return true
  }

  func negation(_ value: Value) throws -> Value {
    if case .tensor(let object) = value, object.variable.value.rank > 0 {
      return .mask(try cancellation.stoppable { object.variable.value.combined(.equal, 0) })
    }
    return .boolean(try !truth(value))
  }

  /// `and` or `or`, the left side not having decided: the right side, or element by element.
  func combine(_ x: Value, _ y: Value, isAnd: Bool) throws -> Value {
    guard !isPlain(x) || !isPlain(y) else {
      do {
        return .boolean(try truth(y))
      } catch var failure as Failure {
        failure.labels = [Failure.Label(.position(1), y.described)]
        throw failure
      }
    }
    guard let a = try Machine.variable(x), let b = try Machine.variable(y) else {
      throw operandFailure(isAnd ? "and" : "or", x, y)
    }
    return .mask(
      try cancellation.stoppable {
        let left = a.value.combined(.notEqual, 0)
        let right = b.value.combined(.notEqual, 0)
        if isAnd { return try left.multiplied(by: right) }
        return try left.adding(right).combined(.notEqual, 0)
      })
  }

  func range(_ start: Value, _ stop: Value, isClosed: Bool) throws -> Value {
    guard let first = Machine.number(start), let last = Machine.number(stop) else {
      throw operandFailure(isClosed ? "..=" : "..", start, stop)
    }
    guard isClosed else { return .range(RangeObject(start: first, stop: last)) }
    // What lies beyond the end by less than a step is no number of the range.
    let isReached = first == first.rounded() && last == last.rounded() || !last.isFinite
    let steps = isReached ? 0 : Steps.count(from: first, to: last, step: 1)
    let hasEnd = first + steps <= last || Steps.areEqual(first + steps, last)
    let stop = isReached ? last + 1 : first + steps + (hasEnd ? 1 : 0)
    return .range(RangeObject(start: first, stop: stop))
  }
}

extension Operation {
  /// The element-wise form of a comparison.
  var elementwise: Elementwise.Binary {
    switch self {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    default: .greaterOrEqual
    }
  }

  /// How the operator is written.
  var symbol: String {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .floorDivide: "//"
    case .remainder: "%"
    case .power: "^"
    case .matrixMultiply: "@"
    case .equal: "=="
    case .notEqual: "!="
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    default: "\(self)"
    }
  }
}
