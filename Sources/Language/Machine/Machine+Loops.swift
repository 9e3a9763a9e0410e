extension Machine {
  /// Whether the call of the native function that runs may come again: it stands in a loop, or in a
  /// function that another native function calls.
  ///
  /// Looked for when it is asked, so that loops and calls need not keep account.
  var isInLoop: Bool {
    // A helper works on one of several pieces.
    if parent != nil { return true }
    let calls = frames.frames(from: 0)
    guard let own = calls.indices.last else { return false }
    return calls.indices.contains { place in
      calls[place].isInLoop || place != own && callsBack(calls[place])
    }
  }

  /// Whether a native function was called that calls functions over and over.
  private func callsBack(_ frame: Frame) -> Bool {
    guard let called = code(calledBy: frame) else { return false }
    return called.isNativeBody && called.name != "time"
  }

  /// The code that was called; what a callee names does not lie in the caller's registers.
  private func code(calledBy frame: Frame) -> Code? {
    let step = (frame.next - 1).pointee
    if step.operation == .callGlobal {
      let callee = frame.entry.pointee.firstCallee + Int(step.c)
      if case .function(let named) = register(of: callee, frame.entry).pointee,
        let code = named.code
      {
        return code
      }
    }
    guard case .function(let function) = frame.registers[frame.result] else { return nil }
    return function.code
  }
}

extension Machine.Frame {
  /// Whether the step under way stands in a loop of its function: a later step jumps back over it.
  fileprivate var isInLoop: Bool {
    let step = next - entry.pointee.firstInstruction - 1
    return code.instructions.indices.dropFirst(step).contains { place in
      let instruction = code.instructions[place]
      let isEnd = instruction.operation == .loop || instruction.operation == .nextTurn
      return isEnd && place + 1 + instruction.distance <= step
    }
  }
}
