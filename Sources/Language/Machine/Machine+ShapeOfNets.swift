import Execution

extension Machine {
  /// Makes one argument of the sizes of nets, for a function that takes their shape.
  func gatherShape(
    for code: Code, _ named: inout [(name: Symbol, value: Value, place: Int)]
  ) throws {
    let parameters = code.parameters.map(\.name.name)
    guard ShapeOfNets.gathers(named.map(\.name.name), for: parameters) else { return }
    var fields: [(String, Value)] = []
    var first = Int.max
    for size in ShapeOfNets.sizes where !parameters.contains(size) {
      let given = named.filter { $0.name.name == size }
      guard let one = given.first else { continue }
      guard given.count == 1 else {
        throw Failure(
          "`\(code.name)` gets `\(size)` twice", at: .position(given[1].place + 1),
          hint: code.signature)
      }
      fields.append((size, one.value))
      first = min(first, one.place)
    }
    named.removeAll { one in fields.contains { $0.0 == one.name.name } }
    named.append((Symbol(ShapeOfNets.keyword), .fields(fields), first))
  }

  /// What to say where a net or a zoo stands in the place of its shape.
  func shapeHint(_ code: Code, _ values: [Value]) -> String? {
    guard code.shapePlace >= 0, case .native(let box) = values[code.shapePlace],
      box.object.fieldNames.contains(ShapeOfNets.keyword)
    else { return nil }
    return "the sizes of \(Value.article(box.object.typeName)) are its shape: write x.shape"
  }

  /// Puts the fields of a shape of nets, given by place or by its name, among the named arguments.
  func openShape(
    of code: Code, _ positional: inout [Value], at last: Int,
    _ named: inout [(name: Symbol, value: Value, place: Int)], _ spreads: inout [Int]
  ) throws {
    let place = code.shapePlace
    if place < positional.count, ShapeOfNets.isShape(positional[place]) {
      guard place == positional.count - 1 else {
        throw Failure(
          "behind a shape the arguments of `\(code.name)` are given by name",
          at: .position(last + 1), hint: code.signature)
      }
      let shape = positional.removeLast()
      spreads.append(last)
      var fields: [(name: Symbol, value: Value, place: Int)] = []
      try spread(shape, last, &positional, &fields)
      named.insert(contentsOf: fields, at: 0)
    }
    guard
      let given = named.firstIndex(where: {
        $0.name.name == ShapeOfNets.keyword && ShapeOfNets.isShape($0.value)
      }), !code.parameters.contains(where: { $0.name == named[given].name })
    else { return }
    let shape = named.remove(at: given)
    spreads.append(shape.place)
    try spread(shape.value, shape.place, &positional, &named)
  }
}
