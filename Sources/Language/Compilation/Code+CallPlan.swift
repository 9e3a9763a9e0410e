extension Code {
  /// How the arguments of a call form come to lie in a function's parameters; nil where that must
  /// be worked out at each call, or where the call is wrong.
  func plan(_ form: Int, for callee: Code) -> CallPlan? {
    if callPlans.count < callForms.count {
      callPlans += Array(repeating: nil, count: callForms.count - callPlans.count)
    }
    if let plan = callPlans[form], plan.code == callee.number { return plan }
    callPlans[form] = Code.plan(callForms[form], for: callee)
    return callPlans[form]
  }

  private static func plan(_ form: [ArgumentForm], for callee: Code) -> CallPlan? {
    guard callee.requiredCount >= 0 else { return nil }
    var sources = [Int](repeating: -1, count: callee.parameters.count)
    var next = 0
    for (place, argument) in form.enumerated() {
      let parameter: Int?
      switch argument {
      case .positional:
        parameter = next
        next += 1
      case .named(let name): parameter = callee.parameters.firstIndex { $0.name == name }
      case .spread: return nil
      }
      guard let parameter, parameter < sources.count, sources[parameter] < 0 else { return nil }
      sources[parameter] = place
    }
    let isWhole = zip(callee.parameters, sources).allSatisfy { $0.hasDefault || $1 >= 0 }
    guard isWhole else { return nil }
    let given = sources.filter { $0 >= 0 }
    let isAscending = zip(given, given.dropFirst()).allSatisfy { $0 < $1 }
    return CallPlan(code: callee.number, sources: sources, isAscending: isAscending)
  }
}
