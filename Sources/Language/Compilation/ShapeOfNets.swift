/// The shape of nets as one argument.
///
/// A function that takes the sizes of nets, `inputs` and `outputs` behind it, also takes a record of
/// sizes in the place of `inputs`, or by the name `shape`: its fields are then given by name. What is
/// written behind it replaces them, as behind a spread. And a function with a parameter `shape` takes
/// the sizes one by one, too, or spread.
enum ShapeOfNets {
  /// The name by which a shape may be given.
  static let keyword = "shape"
  /// The sizes that make a shape, the first two of which it needs.
  static let sizes = ["inputs", "outputs", "hidden", "layers", "cell"]

  /// Whether a function with these parameters makes a shape of sizes that are given by these names.
  static func gathers(_ given: some Collection<String>, for parameters: [String]) -> Bool {
    parameters.contains(keyword)
      && sizes.prefix(2).allSatisfy { given.contains($0) && !parameters.contains($0) }
  }

  /// The place in which these parameters take a shape, -1 if there is none.
  static func place(in names: [String]) -> Int {
    guard let place = names.firstIndex(of: "inputs"), place + 1 < names.count,
      names[place + 1] == "outputs"
    else { return -1 }
    return place
  }

  /// Whether an argument is a shape: a record with a number of inputs or outputs.
  static func isShape(_ value: Value) -> Bool {
    guard case .record(let record) = value, !record.isTuple else { return false }
    return zip(record.names, record.values).contains { name, value in
      guard name.name == "inputs" || name.name == "outputs" else { return false }
      if case .number = value { return true }
      return false
    }
  }
}
