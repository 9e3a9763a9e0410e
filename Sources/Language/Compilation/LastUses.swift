/// Finds the last uses of a function's variables, so that values are moved there and not shared.
///
/// A value whose variable is not read any more has one holder less; its receiver may then be the
/// only one, and changes it in place. A variable counts as read later if any way through the code
/// reads it, and ways through the code include those into the handler of a `try` around it.
struct LastUses {
  /// Above this many words of work the code is left as it is.
  private static let sizeLimit = 1 << 22

  private let code: Code
  /// The numbers of the registers that are looked at: those that are copied somewhere.
  private var places: [Int: Int] = [:]
  private let words: Int
  /// For each instruction the registers that are read from there on.
  private var live: [UInt64]
  /// For each instruction the handlers into which it may lead if it fails.
  private var handlers: [Int: [Int]] = [:]

  /// Turns the copies of last uses into moves.
  static func move(in code: Code) {
    guard code.instructions.contains(where: { $0.operation == .move }) else { return }
    var uses = LastUses(code)
    guard uses.words * code.instructions.count <= sizeLimit else { return }
    uses.findHandlers()
    uses.spread()
    uses.replaceCopies()
  }

  private init(_ code: Code) {
    self.code = code
    for step in code.instructions where step.operation == .move {
      if places[Int(step.b)] == nil { places[Int(step.b)] = places.count }
    }
    words = (places.count + 63) / 64
    let size = words * code.instructions.count
    live = size <= LastUses.sizeLimit ? Array(repeating: 0, count: size) : []
  }

  private mutating func findHandlers() {
    for (place, step) in code.instructions.enumerated() where step.operation == .attempt {
      let target = place + 1 + step.distance
      for inside in place..<max(place, target) { handlers[inside, default: []].append(target) }
    }
  }

  /// Goes backwards over the code until nothing changes.
  private mutating func spread() {
    var hasChanged = true
    var set = [UInt64](repeating: 0, count: words)
    while hasChanged {
      hasChanged = false
      for place in code.instructions.indices.reversed() {
        liveBehind(place, &set)
        let step = code.instructions[place]
        step.forEachWritten(in: code) { remove($0, &set) }
        step.forEachRead(in: code) { add($0, &set) }
        for target in handlers[place] ?? [] { join(target, &set) }
        for word in 0..<words where live[place * words + word] != set[word] {
          live[place * words + word] = set[word]
          hasChanged = true
        }
      }
    }
  }

  private func liveBehind(_ place: Int, _ set: inout [UInt64]) {
    for word in 0..<words { set[word] = 0 }
    code.instructions[place].forEachSuccessor(of: place) { join($0, &set) }
  }

  private func join(_ place: Int, _ set: inout [UInt64]) {
    guard place >= 0, place < code.instructions.count else { return }
    for word in 0..<words { set[word] |= live[place * words + word] }
  }

  private func add(_ register: Int, _ set: inout [UInt64]) {
    if let number = places[register] { set[number / 64] |= 1 << UInt64(number % 64) }
  }

  private func remove(_ register: Int, _ set: inout [UInt64]) {
    if let number = places[register] { set[number / 64] &= ~(1 << UInt64(number % 64)) }
  }

  private func replaceCopies() {
    var set = [UInt64](repeating: 0, count: words)
    for place in code.instructions.indices where code.instructions[place].operation == .move {
      liveBehind(place, &set)
      guard let number = places[Int(code.instructions[place].b)] else { continue }
      if set[number / 64] & (1 << UInt64(number % 64)) == 0 {
        code.instructions[place].operation = .take
      }
    }
  }
}

extension Instruction {
  /// The instructions that may come after the one at `place`, handlers of failures left out.
  func forEachSuccessor(of place: Int, _ body: (Int) -> Void) {
    switch operation {
    case .jump, .loop: body(place + 1 + distance)
    case .giveBack: break
    case .updatePath, .addToField, .appendToField, .addToItem:
      body(place + 1)
      body(place + 2)
    case .jumpIfFalse, .jumpIfTrue, .jumpUnlessLess, .jumpUnlessLessOrEqual, .jumpUnlessGreater,
      .jumpUnlessGreaterOrEqual, .jumpUnlessEqual, .jumpUnlessNotEqual, .shortAnd, .shortOr,
      .jumpIfSet, .jumpIfCallable, .next, .nextTurn:
      body(place + 1)
      body(place + 1 + distance)
    default: body(place + 1)
    }
  }

  /// The registers whose values the step needs.
  func forEachRead(in code: Code, _ body: (Int) -> Void) {
    let (a, b, c) = (Int(a), Int(b), Int(c))
    func row(_ first: Int, _ count: Int) {
      for register in first..<first + count { body(register) }
    }
    switch operation {
    case .constant, .clear, .global, .shared, .ownFunction, .globalCallable, .jump, .loop, .attempt,
      .endAttempt, .use:
      break
    case .move, .take, .callable, .addConstant, .subtractConstant, .multiplyConstant,
      .divideConstant, .negate, .not, .plus, .jumpIfFalse, .jumpIfTrue, .shortAnd, .shortOr,
      .jumpIfSet, .jumpIfCallable, .field, .iterate, .unpack:
      body(b)
    case .checkSet, .giveBack, .method: body(a)
    case .add, .subtract, .multiply, .divide, .matrixMultiply, .isIn, .isNotIn, .combineAnd,
      .combineOr, .range, .closedRange, .index:
      body(b)
      body(c)
    case .floorDivide, .remainder, .power, .equal, .notEqual, .less, .lessOrEqual, .greater,
      .greaterOrEqual, .jumpUnlessLess,
      .jumpUnlessLessOrEqual, .jumpUnlessGreater, .jumpUnlessGreaterOrEqual, .jumpUnlessEqual,
      .jumpUnlessNotEqual:
      body(b)
      if c < Instruction.constantFlag { body(c) }
    case .push, .append, .extend, .merge, .put, .setField, .copyToField, .addToField,
      .appendToField:
      body(a)
      body(b)
    case .setItem, .addToItem:
      body(a)
      row(b, 2)
    case .list: row(b, c)
    case .record: row(b, code.recordShapes[c].count)
    case .format: row(b, max(1, code.formats[c].count))
    case .slice:
      body(b)
      row(c, 2)
    case .indexMany: row(b, 1 + code.indexForms[c].reduce(0) { $0 + $1.registers })
    case .assignPath:
      body(a)
      row(b, 1 + Code.keyCount(code.paths[c]))
    case .updatePath:
      body(a)
      row(b, 1 + Code.keyCount(code.updates[c].path))
    case .next, .nextTurn: row(b, 2)
    case .call, .callNamed: row(a, 1 + b)
    case .callGlobal: row(a + 1, b)
    case .closure: for register in code.nested[b].captures { body(register) }
    case .native, .instance: row(0, code.parameters.count)
    case .assertionFailed: if a == 1 { body(c) }
    }
  }

  /// The registers that the step gives a new value in any case.
  func forEachWritten(in code: Code, _ body: (Int) -> Void) {
    switch operation {
    case .move, .take, .constant, .clear, .global, .shared, .ownFunction, .callable,
      .globalCallable, .add, .subtract, .multiply, .divide, .floorDivide, .remainder, .power,
      .matrixMultiply, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn,
      .isNotIn, .addConstant, .subtractConstant, .multiplyConstant, .divideConstant, .negate, .not,
      .plus, .combineAnd, .combineOr, .list, .record, .range, .closedRange, .format, .index,
      .slice, .indexMany, .field, .call, .callGlobal, .callNamed, .closure, .native, .instance:
      body(Int(a))
    case .iterate:
      body(Int(a))
      body(Int(a) + 1)
    case .unpack: for register in Int(a)..<Int(a) + Int(c) { body(register) }
    default: break
    }
  }
}

extension Code {
  /// The registers that the keys of a path take.
  static func keyCount(_ path: [PathStep]) -> Int {
    path.reduce(0) { count, step in
      guard case .index(let form) = step else { return count }
      return count + form.reduce(0) { $0 + $1.registers }
    }
  }
}
