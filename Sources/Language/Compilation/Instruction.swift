/// One step of the machine: three registers or other small numbers.
struct Instruction {
  var operation: Operation
  var a: UInt16
  var b: UInt16
  var c: UInt16

  init(_ operation: Operation, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0) {
    self.operation = operation
    self.a = UInt16(truncatingIfNeeded: a)
    self.b = UInt16(truncatingIfNeeded: b)
    self.c = UInt16(truncatingIfNeeded: c)
  }

  /// Set in `c` where the right side of a comparison, `//`, `%` or `^` is a constant: the rest is the
  /// constant's number.
  static let constantFlag = 0x8000

  /// The distance of a jump, kept in `a`.
  var distance: Int {
    get { Int(Int16(bitPattern: a)) }
    set { a = UInt16(bitPattern: Int16(truncatingIfNeeded: newValue)) }
  }
}

/// What a step does, where `r[x]` is a register and `k[x]` a constant of the function.
enum Operation: UInt8 {
  /// r[a] = r[b]
  case move
  /// r[a] = r[b], and r[b] is given up: its last use.
  case take
  /// r[a] = k[b]
  case constant
  /// r[a] = unset: a variable begins anew.
  case clear
  /// Fails if r[a] is unset; k[b] is its name; c is 1 if it hides an outer variable.
  case checkSet
  /// r[a] = global b of the function's module; fails if it is unset, k[c] is its name.
  case global
  /// r[a] = shared name number b, loading its modules if need be.
  case shared
  /// r[a] = the function itself.
  case ownFunction
  /// r[a] = r[b] if that can be called, else shared name number c.
  case callable
  /// r[a] = global b if that can be called, else the shared name k[c].
  case globalCallable

  // r[a] = r[b] op r[c]
  case add
  case subtract
  case multiply
  case divide
  case matrixMultiply
  case isIn
  case isNotIn
  // Likewise, but c may name a constant.
  case floorDivide
  case remainder
  case power
  case equal
  case notEqual
  case less
  case lessOrEqual
  case greater
  case greaterOrEqual
  // r[a] = r[b] op k[c], k[c] a number, or for `addConstant` a string
  case addConstant
  case subtractConstant
  case multiplyConstant
  case divideConstant

  // r[a] = op r[b]
  case negate
  case not
  case plus

  /// Jumps by a.
  case jump
  /// Jumps by a if r[b] is false.
  case jumpIfFalse
  /// Jumps by a if r[b] is true.
  case jumpIfTrue
  /// Jumps by a unless r[b] < r[c], or k[c]; likewise below.
  case jumpUnlessLess
  case jumpUnlessLessOrEqual
  case jumpUnlessGreater
  case jumpUnlessGreaterOrEqual
  case jumpUnlessEqual
  case jumpUnlessNotEqual
  /// Jumps back by a, and looks whether the user wants to stop.
  case loop
  /// Jumps by a if r[b], the left side of `and`, is plain and false; r[b] is false then.
  case shortAnd
  /// Jumps by a if r[b], the left side of `or`, is plain and true; r[b] is true then.
  case shortOr
  /// r[a] = r[b] and r[c], the left side being true or a tensor.
  case combineAnd
  case combineOr
  /// Jumps by a if r[b] is set: its default is not needed.
  case jumpIfSet
  /// Jumps by a if r[b] can be called.
  case jumpIfCallable

  /// r[a] = list of the c registers from b.
  case list
  /// r[a] = record of the registers from b, named by shape c.
  case record
  /// Appends r[b] to the list r[a].
  case push
  /// r[a] = r[a] + [r[b]]
  case append
  /// Appends all items of r[b] to the list r[a].
  case extend
  /// Puts the fields of r[b] into the record r[a].
  case merge
  /// Puts r[b] into the record r[a] under the name k[c], or at its next place if that is none.
  case put
  /// r[a] = range from r[b] to r[c].
  case range
  case closedRange
  /// r[a] = text of the registers from b, laid out by format c.
  case format

  /// r[a] = r[b][r[c]]
  case index
  /// r[a] = r[b][the items of index form c, from register b + 1]
  case indexMany
  /// r[a] = r[b][r[c]:r[c + 1]]; a bound that is unset is not given.
  case slice
  /// r[a] = r[b].name, k[c] the name.
  case field
  /// Assigns r[b] to the place in r[a] that path c describes, its keys in registers from b + 1.
  case assignPath
  /// r[a].name = r[b], k[c] the name; r[b] is given up.
  case setField
  /// r[a].name = r[b], k[c] the name.
  case copyToField
  /// r[a][r[b + 1]] = r[b]
  case setItem
  /// r[a].name += r[b], k[c] the name, where both are numbers; skips the next step if not.
  case addToField
  /// r[a].name += [r[b]], k[c] the name, where that is a list; skips the next step if not.
  case appendToField
  /// r[a][r[b + 1]] += r[b] likewise.
  case addToItem
  /// Changes the place in r[a] that update c describes by r[b], its keys in registers from b + 1.
  /// Where that cannot be done in place it changes nothing, and skips the next step.
  case updatePath

  /// r[a] = the state of a loop over r[b]; r[a + 1] counts.
  case iterate
  /// r[c] = the next item of the loop at r[b]; jumps by a if there is none.
  case next
  /// The same at a loop's end: jumps back by a if there is one, and looks whether the user wants to
  /// stop.
  case nextTurn
  /// The c registers from a = the parts of r[b].
  case unpack

  /// Calls r[a] with b positional arguments from a + 1; the result goes to r[a].
  case call
  /// Calls the function that callee c names, with b positional arguments from a + 1; the result
  /// goes to r[a].
  case callGlobal
  /// Calls r[a] with arguments from a + 1 that call form c describes.
  case callNamed
  /// r[a] = function k[b] with what it captures.
  case closure
  /// Adds function r[a] to the definitions of the shared name k[b] for the type k[c].
  case method
  /// Returns r[a].
  case giveBack
  /// The function's native body works on the registers from 0.
  case native
  /// r[0] = an instance of type k[b] with the registers from 0.
  case instance
  /// Jumps by a with the message in r[b] if something fails before `endAttempt`.
  case attempt
  case endAttempt
  /// Fails: the assertion with the text k[b] does not hold; r[c] is a message if a is 1.
  case assertionFailed
  /// Runs the module k[b] if it has not run and binds r[a] to it, or to its names by form c.
  case use
}
