import Execution

extension Machine {
  /// Runs code until it returns, with the arguments in the first registers.
  ///
  /// This is the machine's one loop: everything it uses at each step is in local variables, and
  /// what is not quick is done by a function of its own.
  func execute(
    _ first: UnsafeMutablePointer<Code.Fixed>, function firstFunction: Unmanaged<FunctionObject>?,
    registers: UnsafeMutablePointer<Value>
  ) throws -> Value {
    let entryDepth = frames.count
    let entryHandlers = handlers.count
    let cancellation = self.cancellation
    let profile = self.profile
    let entryProfiled = profile?.depth ?? 0
    // Without counting references: the caller holds the function that runs.
    var entry = first
    var function = firstFunction
    var code: Code { entry.pointee.code.takeUnretainedValue() }
    var r = registers
    var k = entry.pointee.firstConstant
    var pc = entry.pointee.firstInstruction
    var turns: UInt8 = 0
    profile?.enter(code)
    while true {
      do {
        while true {
          let step = pc.pointee
          pc += 1
          let a = Int(step.a)
          let b = Int(step.b)
          let c = Int(step.c)
          switch step.operation {
          case .move:
            if case .number(let x) = r[b] {
              Machine.set(r + a, x)
            } else {
              r[a] = r[b]
            }
          case .take:
            if case .number(let x) = r[b] {
              Machine.set(r + a, x)
            } else {
              r[a] = (r + b).move()
              (r + b).initialize(to: .unset)
            }
          case .constant: (r + a).set(constant: k + b)
          case .clear: r[a] = .unset
          case .checkSet:
            if case .unset = r[a] { throw unsetName(k[b], hidesOuter: c == 1) }
          case .global:
            r[a] = entry.pointee.globals[b]
            if case .unset = r[a] { r[a] = try sharedValue(named: k[c], top: frameTop(r, code)) }
          case .shared: r[a] = try sharedValue(b, top: frameTop(r, code))
          case .ownFunction: if let function { r[a] = .function(function.takeUnretainedValue()) }
          case .callable:
            r[a] = r[b].isCallable ? r[b] : try sharedValue(c, top: frameTop(r, code))
          case .globalCallable:
            let value = entry.pointee.globals[b]
            r[a] = value.isCallable ? value : try sharedValue(c, top: frameTop(r, code))

          case .add:
            if case .number(let x) = r[b], case .number(let y) = r[c] {
              Machine.set(r + a, x + y)
            } else if a == b {
              if !Machine.appendedText(r + a, r + c) { try addInPlace(r + a, r[c]) }
            } else {
              r[a] = try add(r[b], r[c])
            }
          case .subtract:
            if case .number(let x) = r[b], case .number(let y) = r[c] {
              Machine.set(r + a, x - y)
            } else {
              r[a] = try arithmetic(.subtract, r[b], r[c])
            }
          case .multiply:
            if case .number(let x) = r[b], case .number(let y) = r[c] {
              Machine.set(r + a, x * y)
            } else {
              r[a] = try arithmetic(.multiply, r[b], r[c])
            }
          case .divide:
            if case .number(let x) = r[b], case .number(let y) = r[c], y != 0 {
              Machine.set(r + a, x / y)
            } else {
              r[a] = try divide(r[b], r[c], in: code)
            }
          case .remainder:
            let other = Machine.operand(r, k, c)
            if case .number(let x) = r[b], case .number(let y) = other.pointee,
              let rest = Machine.wholeRemainder(x, y)
            {
              Machine.set(r + a, rest)
            } else {
              r[a] = try arithmetic(.remainder, r[b], other.pointee)
            }
          case .floorDivide, .power:
            r[a] = try arithmetic(step.operation, r[b], Machine.operand(r, k, c).pointee)
          case .matrixMultiply: r[a] = try matrixMultiply(r[b], r[c])
          case .addConstant:
            if case .number(let x) = r[b], case .number(let y) = k[c] {
              Machine.set(r + a, x + y)
            } else if a == b {
              if !Machine.appendedText(r + a, k + c) { try addInPlace(r + a, k[c]) }
            } else {
              r[a] = try add(r[b], k[c])
            }
          case .subtractConstant:
            if case .number(let x) = r[b], case .number(let y) = k[c] {
              Machine.set(r + a, x - y)
            } else {
              r[a] = try arithmetic(.subtract, r[b], k[c])
            }
          case .multiplyConstant:
            if case .number(let x) = r[b], case .number(let y) = k[c] {
              Machine.set(r + a, x * y)
            } else {
              r[a] = try arithmetic(.multiply, r[b], k[c])
            }
          case .divideConstant:
            if case .number(let x) = r[b], case .number(let y) = k[c] {
              Machine.set(r + a, x / y)  // a zero that is written there is meant
            } else {
              r[a] = try arithmetic(.divide, r[b], k[c])
            }
          case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
            let other = Machine.operand(r, k, c)
            if case .number(let x) = r[b], case .number(let y) = other.pointee {
              Machine.set(r + a, truth: Machine.holds(step.operation, x, y))
            } else if let truth = Machine.comparedTexts(step.operation, r + b, other) {
              Machine.set(r + a, truth: truth)
            } else {
              r[a] = try compare(step.operation, r[b], other.pointee)
            }
          case .isIn: r[a] = .boolean(try contains(r[c], r[b]))
          case .isNotIn: r[a] = .boolean(try !contains(r[c], r[b]))
          case .negate:
            if case .number(let x) = r[b] {
              Machine.set(r + a, -x)
            } else {
              r[a] = try negate(r[b])
            }
          case .not: r[a] = try negation(r[b])
          case .plus: r[a] = try plus(r[b])

          case .jump: pc += step.distance
          case .jumpIfFalse:
            if case .boolean(let truth) = r[b] {
              if !truth { pc += step.distance }
            } else if try !truth(r[b]) {
              pc += step.distance
            }
          case .jumpIfTrue:
            if case .boolean(let truth) = r[b] {
              if truth { pc += step.distance }
            } else if try truth(r[b]) {
              pc += step.distance
            }
          case .jumpUnlessEqual:
            let other = Machine.operand(r, k, c)
            if case .number(let x) = r[b], case .number(let y) = other.pointee {
              if !(x == y) { pc += step.distance }
            } else if try !holds(.equal, r + b, other) {
              pc += step.distance
            }
          case .jumpUnlessNotEqual:
            let other = Machine.operand(r, k, c)
            if case .number(let x) = r[b], case .number(let y) = other.pointee {
              if !(x != y) { pc += step.distance }
            } else if try !holds(.notEqual, r + b, other) {
              pc += step.distance
            }
          case .jumpUnlessLess:
            let other = Machine.operand(r, k, c)
            if case .number(let x) = r[b], case .number(let y) = other.pointee {
              if !(x < y) { pc += step.distance }
            } else if try !holds(.less, r + b, other) {
              pc += step.distance
            }
          case .jumpUnlessLessOrEqual:
            let other = Machine.operand(r, k, c)
            if case .number(let x) = r[b], case .number(let y) = other.pointee {
              if !(x <= y) { pc += step.distance }
            } else if try !holds(.lessOrEqual, r + b, other) {
              pc += step.distance
            }
          case .jumpUnlessGreater:
            let other = Machine.operand(r, k, c)
            if case .number(let x) = r[b], case .number(let y) = other.pointee {
              if !(x > y) { pc += step.distance }
            } else if try !holds(.greater, r + b, other) {
              pc += step.distance
            }
          case .jumpUnlessGreaterOrEqual:
            let other = Machine.operand(r, k, c)
            if case .number(let x) = r[b], case .number(let y) = other.pointee {
              if !(x >= y) { pc += step.distance }
            } else if try !holds(.greaterOrEqual, r + b, other) {
              pc += step.distance
            }
          case .loop:
            // Looking at every 64th turn is soon enough, and spares a call.
            turns &+= 1
            if turns & 63 == 0, cancellation.isRequested { throw cancellation.reason }
            pc += step.distance
          case .shortAnd:
            if isPlain(r[b]), try !truth(r[b]) {
              r[b] = .boolean(false)
              pc += step.distance
            }
          case .shortOr:
            if isPlain(r[b]), try truth(r[b]) {
              r[b] = .boolean(true)
              pc += step.distance
            }
          case .combineAnd: r[a] = try combine(r[b], r[c], isAnd: true)
          case .combineOr: r[a] = try combine(r[b], r[c], isAnd: false)
          case .jumpIfSet: if !r[b].isUnset { pc += step.distance }
          case .jumpIfCallable: if r[b].isCallable { pc += step.distance }

          case .list:
            let list = ListObject.taking(r + b, c)
            try Value.list(list).checkDepth()
            r[a] = .list(list)
          case .record:
            let names = code.recordShapes[c]
            let record = Value.record(
              RecordObject.taking(names, from: r + b))
            // Before it is assigned: a variable must not come to hold what is refused.
            try record.checkDepth()
            r[a] = record
          case .push: if !Machine.pushed(r + a, r + b) { try push(r + a, r + b) }
          case .append:
            if !Machine.appended(r + a, r + b) { try append(r + a, r + b) }
          case .extend: try extend(r + a, r[b])
          case .merge: try merge(r + a, r[b])
          case .put: try put(r + a, r[b], k[c])
          case .range, .closedRange:
            r[a] = try range(r[b], r[c], isClosed: step.operation == .closedRange)
          case .format:
            r[a] = .text(try format(code.formats[c], r + b, top: frameTop(r, code)))

          case .index:
            if !Machine.readItem(r + b, r + c, into: r + a), !readLetter(r + b, r + c, into: r + a)
            {
              r[a] = try element(r[b], r[c])
            }
          case .indexMany:
            r[a] = try elements(r[b], code.indexForms[c], r + b + 1)
          case .slice:
            if !Machine.readSlice(r + b, r + c, into: r + a) { r[a] = try slice(r[b], r + c) }
          case .field:
            if !Machine.readField(r + b, k + c, into: r + a) { r[a] = try field(r[b], k[c]) }
          case .setField:
            if !Machine.wroteField(r + a, k + c, r + b) { try setField(r + a, k[c], r + b) }
          case .copyToField:
            if !Machine.copiedToField(r + a, k + c, r + b) {
              try copyToField(r + a, k[c], r[b])
            }
          case .setItem:
            if !Machine.wroteItem(r + a, r + b + 1, r + b) { try setItem(r + a, r + b) }
          case .addToField:
            if !Machine.addedToField(r + a, k + c, r + b) { pc += 1 }
          case .appendToField:
            if !Machine.appendedToField(r + a, k + c, r + b) { pc += 1 }
          case .addToItem: if !Machine.addedToItem(r + a, r + b + 1, r + b) { pc += 1 }
          case .updatePath:
            let update = code.updates[c]
            if !self.update(r + a, update.operation, update.path[...], r + b) { pc += 1 }
          case .assignPath:
            let value = (r + b).move()
            (r + b).initialize(to: .unset)
            try assign(value, to: r + a, code.paths[c][...], keys: r + b + 1)

          case .iterate:
            if case .range(let range) = r[b], let start = range.exactStart {
              r[a] = .number(range.stop)
              r[a + 1] = .number(start)
            } else {
              r[a] = try iterable(r[b])
              r[a + 1] = .number(0)
            }
          case .next: if try !advance(r + b, r + c) { pc += step.distance }
          case .nextTurn:
            turns &+= 1
            if turns & 63 == 0, cancellation.isRequested { throw cancellation.reason }
            if try advance(r + b, r + c) { pc += step.distance }
          case .unpack: try unpack(r[b], into: r + a, count: c)

          case .call:
            turns &+= 1
            if turns & 63 == 0, cancellation.isRequested { throw cancellation.reason }
            var base = r + a + 1
            if function == nil { base = try movedToStack(base, count: b) }
            guard frames.count - entryDepth < Machine.callDepthLimit else { throw tooDeep }
            let frame = Frame(entry: entry, function: function, next: pc, registers: r, result: a)
            if let called = Machine.function(in: r + a, taking: b),
              let next = called._withUnsafeGuaranteedRef({ $0.entry })
            {
              try reserve(base, next.pointee.registerCount)
              if next.pointee.captureCount > 0 { Machine.copyCaptures(of: called, to: base + b) }
              function = called
              entry = next
            } else {
              // The register keeps alive what was chosen.
              let called = try enter(r[a], base, count: b)
              r[a] = .function(called)
              function = .passUnretained(called)
              entry = called.readyEntry
            }
            frames.append(frame)
            r = base
            k = entry.pointee.firstConstant
            pc = entry.pointee.firstInstruction
            if let profile { profile.enter(code) }
          case .callGlobal:
            turns &+= 1
            if turns & 63 == 0, cancellation.isRequested { throw cancellation.reason }
            let base = r + a + 1
            guard frames.count - entryDepth < Machine.callDepthLimit else { throw tooDeep }
            let frame = Frame(entry: entry, function: function, next: pc, registers: r, result: a)
            let callee = entry.pointee.firstCallee + c
            if let called = Machine.function(in: register(of: callee, entry), taking: b),
              let next = called._withUnsafeGuaranteedRef({ $0.entry })
            {
              try reserve(base, next.pointee.registerCount)
              if next.pointee.captureCount > 0 { Machine.copyCaptures(of: called, to: base + b) }
              function = called
              entry = next
            } else {
              let value = try value(of: callee.pointee, entry, top: frameTop(r, code))
              let called = try enter(value, base, count: b)
              r[a] = .function(called)
              function = .passUnretained(called)
              entry = called.readyEntry
            }
            frames.append(frame)
            r = base
            k = entry.pointee.firstConstant
            pc = entry.pointee.firstInstruction
            if let profile { profile.enter(code) }
          case .callNamed:
            turns &+= 1
            if turns & 63 == 0, cancellation.isRequested { throw cancellation.reason }
            var base = r + a + 1
            if function == nil { base = try movedToStack(base, count: b) }
            guard frames.count - entryDepth < Machine.callDepthLimit else { throw tooDeep }
            let frame = Frame(entry: entry, function: function, next: pc, registers: r, result: a)
            let plan = entry.pointee.firstPlan + c
            if let called = Machine.function(in: r + a),
              let next = called._withUnsafeGuaranteedRef({ $0.entry }),
              next.pointee.number == plan.pointee.callee
            {
              try arrange(plan, next.pointee.registerCount, base, count: b)
              if next.pointee.captureCount > 0 {
                Machine.copyCaptures(of: called, to: base + plan.pointee.sources.count)
              }
              function = called
              entry = next
            } else {
              let called = try enter(r[a], base, count: b, form: c, of: code)
              r[a] = .function(called)
              function = .passUnretained(called)
              entry = called.readyEntry
            }
            frames.append(frame)
            r = base
            k = entry.pointee.firstConstant
            pc = entry.pointee.firstInstruction
            if let profile { profile.enter(code) }
          case .closure:
            r[a] = closure(code.nested[b], r)
            try r[a].checkDepth()
          case .method: addMethod(r[a], k[b], k[c])
          case .giveBack:
            let value = (r + a).move()
            (r + a).initialize(to: .unset)
            Machine.clear(r, from: entry.pointee.ownRegisters, to: entry.pointee.registerCount)
            while handlers.count > entryHandlers, handlers[handlers.count - 1].depth >= frames.count
            {
              handlers.removeLast()
            }
            if let profile { profile.leave() }
            if frames.count == entryDepth { return value }
            let frame = frames.removeLast()
            entry = frame.entry
            function = frame.function
            r = frame.registers
            pc = frame.next
            k = entry.pointee.firstConstant
            r[frame.result] = value
          case .native:
            r[a] = try callNative(entry, r)
            // A request that came too late for the body to see must not be lost.
            if cancellation.isRequested { throw cancellation.reason }
            try r[a].checkDepth()
          case .instance:
            let type = code.types[0]
            r[a] = .instance(.taking(type, from: r))
            try r[a].checkDepth()

          case .attempt:
            handlers.append(
              Handler(
                depth: frames.count, target: pc + step.distance, registers: r, message: b,
                profiled: profile?.depth ?? 0))
          case .endAttempt: handlers.removeLast()
          case .assertionFailed:
            throw assertionFailure(k[b], message: a == 1 ? r[c] : nil, top: frameTop(r, code))
          case .use: try use(code.uses[c], in: code, r, top: frameTop(r, code))
          }
        }
      } catch let thrown {
        let error = cancellation.isExhausted ? outOfMemory(thrown) : thrown
        if type(of: error) == Remark.self, let remark = error as? Remark {
          warn(remark.failure, code, pc - entry.pointee.firstInstruction - 1)
          r[Int((pc - 1).pointee.a)] = remark.value
          continue
        }
        let place = pc - entry.pointee.firstInstruction - 1
        if frames.count == entryDepth, code.isNativeBody, !(error is Diagnostic) {
          // A native function called by another one: the outer one's call is the place.
          Machine.clear(r, from: 0, to: code.registerCount)
          profile?.leave(downTo: entryProfiled)
          throw Machine.endsAll(error) ? error : Machine.failure(error).withoutLabels
        }
        guard handlers.count > entryHandlers, let handler = handlers.last,
          !Machine.endsAll(error)
        else {
          let diagnostic = located(error, code, place)
          let result = traced(diagnostic, error, frames.frames(from: entryDepth), code)
          profile?.leave(downTo: entryProfiled)
          Machine.clear(r, from: code.ownRegisters, to: code.registerCount)
          clearFrames(downTo: entryDepth)
          frames.removeAll(from: entryDepth)
          handlers.removeLast(handlers.count - entryHandlers)
          throw result
        }
        handlers.removeLast()
        profile?.leave(downTo: handler.profiled)
        if frames.count > handler.depth {
          let frame = frames[handler.depth]
          Machine.clear(r, from: code.ownRegisters, to: code.registerCount)
          clearFrames(downTo: handler.depth + 1)
          frames.removeAll(from: handler.depth)
          entry = frame.entry
          function = frame.function
        }
        r = handler.registers
        k = entry.pointee.firstConstant
        pc = handler.target
        r[handler.message] = .text(Machine.message(of: error))
        if cancellation.isExhausted { Memory.recover() }
      }
    }
  }

  // MARK: - Small steps

  /// Brings the next item of a loop, whose source lies at `state` and its place behind; false if
  /// there is none.
  @inline(__always)
  private func advance(
    _ state: UnsafeMutablePointer<Value>, _ item: UnsafeMutablePointer<Value>
  ) throws -> Bool {
    guard case .number(let place) = state[1] else { return false }
    if case .number(let stop) = state.pointee {
      guard place < stop else { return false }
      Machine.set(item, place)
    } else if !Machine.readNext(state, Int(place), into: item) {
      guard let value = try nextItem(state.pointee, Int(place)) else { return false }
      item.pointee = value
    }
    (state + 1).initialize(to: .number(place + 1))
    return true
  }

  /// An operand that is a register or a constant.
  @inline(__always)
  static func operand(
    _ r: UnsafeMutablePointer<Value>, _ k: UnsafeMutablePointer<Value>, _ c: Int
  ) -> UnsafeMutablePointer<Value> {
    c < Instruction.constantFlag ? r + c : k + (c ^ Instruction.constantFlag)
  }

  /// Writes a number; over a number nothing needs to be released.
  @inline(__always)
  static func set(_ register: UnsafeMutablePointer<Value>, _ number: Double) {
    if register.isTrivial {
      register.initialize(to: .number(number))
    } else {
      register.pointee = .number(number)
    }
  }

  /// Writes a truth value.
  @inline(__always)
  static func set(_ register: UnsafeMutablePointer<Value>, truth: Bool) {
    if register.isTrivial {
      register.initialize(to: .boolean(truth))
    } else {
      register.pointee = .boolean(truth)
    }
  }

  static func shift(from: UnsafeMutablePointer<Value>, to: UnsafeMutablePointer<Value>) {
    to.pointee = from.move()
    from.initialize(to: .unset)
  }

  /// Lets go of what registers hold and makes them unset.
  @inline(__always)
  static func clear(_ first: UnsafeMutablePointer<Value>, from start: Int, to end: Int) {
    var register = first + start
    let last = first + end
    while register < last {
      if register.isTrivial {
        register.initialize(to: .unset)
      } else {
        register.pointee = .unset
      }
      register += 1
    }
  }

  /// The first register that a frame does not use.
  ///
  /// At the top of a module the stack is free from `top`.
  @inline(__always)
  func frameTop(_ r: UnsafeMutablePointer<Value>, _ code: Code) -> UnsafeMutablePointer<Value> {
    r >= stack && r < stackEnd ? r + code.registerCount : top
  }

  private func clearFrames(downTo depth: Int) {
    // The registers of a call keep alive what it calls: the innermost ones go first.
    for frame in frames.frames(from: depth).reversed() {
      Machine.clear(frame.registers, from: frame.code.ownRegisters, to: frame.code.registerCount)
    }
  }
}
