/// How the arguments of a call with keywords come to lie in the parameters of one function.
struct CallPlan {
  /// The number of the function's code, which the plan serves alone; -1 for no plan.
  var callee = -1
  /// For each parameter the argument's place, -1 where its default serves.
  var sources = UnsafeMutableBufferPointer<Int32>(start: nil, count: 0)
  /// Whether the arguments stand in the order of the parameters.
  var isAscending = false
}

extension Code {
  /// Works out how the arguments of a call form come to lie in a function's parameters, and keeps
  /// it; false where that must be done at each call, or where the call is wrong.
  func plan(_ form: Int, for callee: Code) -> Bool {
    guard let sources = Code.sources(callForms[form], for: callee) else { return false }
    let plan = prepared.pointee.firstPlan + form
    plan.pointee.sources.deallocate()
    let kept = UnsafeMutableBufferPointer<Int32>.allocate(capacity: sources.count)
    _ = kept.initialize(from: sources.map(Int32.init))
    let given = sources.filter { $0 >= 0 }
    let isAscending = zip(given, given.dropFirst()).allSatisfy { $0 < $1 }
    plan.pointee = CallPlan(callee: callee.number, sources: kept, isAscending: isAscending)
    return true
  }

  private static func sources(_ form: [ArgumentForm], for callee: Code) -> [Int]? {
    guard callee.requiredCount >= 0 else { return nil }
    if callee.shapePlace >= 0, case .positional? = form.dropFirst(callee.shapePlace).first {
      return nil  // whether it is a shape is seen at each call
    }
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
    return isWhole ? sources : nil
  }
}
