import Execution

extension Machine {
  /// An error with the place in the source at which it happened.
  func located(_ error: any Error, _ code: Code, _ place: Int) -> Diagnostic {
    if let diagnostic = error as? Diagnostic { return diagnostic }
    let failure = Machine.failure(error)
    if code.isNativeBody, let frame = frames.last {
      let call = Machine.place(before: frame.next, frame.code)
      var result = diagnostic(failure, frame.code.source, call) { argument in
        self.operand(of: argument, in: code, call: call, frame.code, frame.next)
      }
      result.finder = Machine.finder(frame.code, call.span)
      return result
    }
    let number = min(max(place, 0), code.places.count - 1)
    let step = code.places[number]
    var result = diagnostic(failure, code.source, step) { argument in
      guard case .position(let number) = argument, number < step.operands.count else { return nil }
      return step.operands[number]
    }
    result.finder = Machine.finder(code, step.span)
    let instruction = code.prepared.pointee.firstInstruction + number
    // What the library tests is no concern of its user, who is told what it means.
    if result.finder != nil, instruction.pointee.operation == .assertionFailed { result.hint = nil }
    return result
  }

  /// The function of the library that finds a mistake; nil for a user's own code.
  private static func finder(_ code: Code, _ span: Span) -> Diagnostic.Frame? {
    guard code.module.isLibrary else { return nil }
    return Diagnostic.Frame(function: code.name, source: code.source, span: span)
  }

  /// Whether no `try` catches an error: the wish to stop or to leave.
  static func endsAll(_ error: any Error) -> Bool {
    // The type alone is compared: casts take longer than all else that catching an error does.
    type(of: error) == Interrupted.self || type(of: error) == Quit.self
  }

  /// What stopped for lack of memory as if the user had asked for it says so.
  @inline(never)
  func outOfMemory(_ error: any Error) -> any Error {
    type(of: error) == Interrupted.self ? cancellation.reason : error
  }

  static func failure(_ error: any Error) -> Failure {
    if type(of: error) == Failure.self, let failure = error as? Failure { return failure }
    if error is Interrupted { return Failure("interrupted") }
    return Failure("\(error)")
  }

  static func place(
    before next: UnsafeMutablePointer<Instruction>, _ code: Code
  ) -> Code.Place {
    code.places[max(0, next - code.prepared.pointee.firstInstruction - 1)]
  }

  /// The source of the argument that a native function's error speaks of.
  private func operand(
    of argument: Failure.Argument, in native: Code, call: Code.Place, _ caller: Code,
    _ next: UnsafeMutablePointer<Instruction>
  ) -> Span? {
    let step = (next - 1).pointee
    let forms = step.operation == .callNamed ? caller.callForms[Int(step.c)] : []
    let parameter: Int?
    switch argument {
    case .position(let place): parameter = place
    case .keyword(let name):
      parameter = native.parameters.firstIndex { $0.name == Symbol(name) }
    }
    guard let parameter else { return nil }
    let name = parameter < native.parameters.count ? native.parameters[parameter].name : nil
    for (place, form) in forms.enumerated() {
      if case .named(let given) = form, given == name { return call.operands[safe: place + 1] }
    }
    let isPositional = forms.isEmpty || parameter < forms.count && forms[parameter].isPositional
    return isPositional ? call.operands[safe: parameter + 1] : nil
  }

  private func diagnostic(
    _ failure: Failure, _ source: Source, _ place: Code.Place,
    span: (Failure.Argument) -> Span?
  ) -> Diagnostic {
    var labels: [Diagnostic.Label] = []
    for label in failure.labels {
      if let span = span(label.argument) {
        labels.append(Diagnostic.Label(source, span, label.text))
      }
    }
    // With remarks on both operands the operator itself is the place; one remark is the place.
    if labels.count != 1, labels.first?.span != place.span {
      labels.insert(Diagnostic.Label(source, place.span), at: 0)
    }
    return Diagnostic(stage: .run, failure.message, labels: labels, hint: failure.hint)
  }

  /// The calls under way, after those of the machine that waits for this one.
  var callsUnderWay: [Frame] { (parent?.callsUnderWay ?? []) + frames.frames(from: 0) }

  /// Adds calls under way, innermost first.
  func traced(
    _ diagnostic: Diagnostic, _ error: any Error, _ calls: some BidirectionalCollection<Frame>,
    _ code: Code
  ) -> any Error {
    if Machine.endsAll(error) { return error }
    var result = diagnostic
    var name = code.name
    var isNative = code.isNativeBody && !(error is Diagnostic)
    for frame in calls.reversed() {
      if !isNative {
        result.frames.append(
          Diagnostic.Frame(
            function: name, source: frame.code.source,
            span: Machine.place(before: frame.next, frame.code).span))
      }
      isNative = false
      name = frame.code.name
    }
    moveToCaller(&result)
    return result
  }

  /// What goes wrong within the library is shown at the innermost call in a user's source: it is of
  /// the arguments that the library speaks.
  private func moveToCaller(_ diagnostic: inout Diagnostic) {
    guard diagnostic.finder != nil, diagnostic.labels.first?.source.isLibrary == true,
      let call = diagnostic.frames.firstIndex(where: { !$0.source.isLibrary })
    else { return }
    let frame = diagnostic.frames[call]
    diagnostic.labels = [Diagnostic.Label(frame.source, frame.span)]
    diagnostic.frames.removeFirst(call + 1)
  }

  /// What `try { } else e { }` gives as `e`.
  static func message(of error: any Error) -> String {
    if type(of: error) != Failure.self, let diagnostic = error as? Diagnostic {
      return diagnostic.message
    }
    return failure(error).message
  }

  func assertionFailure(
    _ text: Value, message: Value?, top newTop: UnsafeMutablePointer<Value>
  ) -> Failure {
    let saved = top
    top = newTop
    defer { top = saved }
    guard case .string(let text) = text else { return Failure("an assertion does not hold") }
    guard let message else { return Failure("assertion failed: \(text.text)") }
    return Failure("\(session.text(message))", hint: "the assertion was: \(text.text)")
  }
}

extension Failure {
  /// The same error where its arguments are not in sight.
  var withoutLabels: Failure { Failure(message, hint: hint) }
}

extension Code.ArgumentForm {
  var isPositional: Bool {
    if case .positional = self { return true }
    return false
  }
}

extension Array {
  /// The element at a place, or nil outside.
  subscript(safe place: Int) -> Element? {
    indices.contains(place) ? self[place] : nil
  }
}
