extension Machine {
  /// Whether the call of the native function that runs may come again: it stands in a loop, or in a
  /// function that another native function calls.
  ///
  /// Looked for when it is asked, so that loops and calls need not keep account.
  var isInLoop: Bool {
    let calls = frames.frames(from: 0)
    guard let own = calls.indices.last else { return false }
    return calls.indices.contains { calls[$0].isInLoop || $0 != own && calls[$0].callsBack }
  }
}

extension Machine.Frame {
  /// Whether the step under way stands in a loop of its function: a later step jumps back over it.
  fileprivate var isInLoop: Bool {
    let step = next - entry.pointee.firstInstruction - 1
    return code.instructions.indices.dropFirst(step).contains { place in
      let instruction = code.instructions[place]
      return instruction.operation == .loop && place + 1 + instruction.distance <= step
    }
  }

  /// Whether a native function was called that calls functions over and over.
  fileprivate var callsBack: Bool {
    guard case .function(let function) = registers[result], let called = function.code else {
      return false
    }
    return called.isNativeBody && called.name != "time"
  }
}
