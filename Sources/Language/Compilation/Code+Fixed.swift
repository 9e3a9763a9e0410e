extension Code {
  /// What the machine's loop needs of a code, at fixed addresses: it then counts no references.
  ///
  /// It belongs to the code, and is made when nothing of the code changes any more.
  struct Fixed {
    /// The number of the code.
    let number: Int
    let code: Unmanaged<Code>
    let instructions: UnsafeMutableBufferPointer<Instruction>
    let constants: UnsafeMutableBufferPointer<Value>
    let callees: UnsafeMutableBufferPointer<Callee>
    /// For each call form the plan that it was called with last.
    let plans: UnsafeMutableBufferPointer<CallPlan>
    /// The variables of the module.
    let globals: UnsafeMutablePointer<Value>
    /// The native function that the code stands for: one, or none.
    let native: UnsafeMutableBufferPointer<NativeFunction>
    let parameterCount: Int
    let registerCount: Int
    let ownRegisters: Int
    let captureCount: Int

    init(_ code: Code) {
      number = code.number
      self.code = .passUnretained(code)
      instructions = Fixed.row(code.instructions)
      constants = Fixed.row(code.constants)
      callees = Fixed.row(code.callees)
      plans = Fixed.row(code.callForms.map { _ in CallPlan() })
      globals = code.module.storage
      native = Fixed.row(code.native.map { [$0] } ?? [])
      parameterCount = code.parameters.count
      registerCount = code.registerCount
      ownRegisters = code.ownRegisters
      captureCount = code.captureCount
    }

    /// Gives the memory back; nothing of it may be used afterwards.
    func deallocate() {
      for plan in plans { plan.sources.deallocate() }
      instructions.deallocate()
      constants.deinitialize()
      constants.deallocate()
      callees.deallocate()
      plans.deallocate()
      native.deinitialize()
      native.deallocate()
    }

    private static func row<Element>(_ elements: [Element]) -> UnsafeMutableBufferPointer<Element> {
      let row = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
      _ = row.initialize(from: elements)
      return row
    }

    // The loop goes over these without asking for their ends.

    var firstInstruction: UnsafeMutablePointer<Instruction> {
      @inline(__always) get { instructions.baseAddress.unsafelyUnwrapped }
    }
    var firstConstant: UnsafeMutablePointer<Value> {
      @inline(__always) get { constants.baseAddress.unsafelyUnwrapped }
    }
    var firstCallee: UnsafeMutablePointer<Callee> {
      @inline(__always) get { callees.baseAddress.unsafelyUnwrapped }
    }
    var firstPlan: UnsafeMutablePointer<CallPlan> {
      @inline(__always) get { plans.baseAddress.unsafelyUnwrapped }
    }
  }
}
