import Execution

/// The values that earlier entries of the prompt gave: what `out[n]` finds.
public struct Outputs: NativeObject, @unchecked Sendable {
  /// How many values are kept.
  public static let limit = 100

  private var values: [Int: Value] = [:]
  /// The numbers of the entries whose values are kept, in order.
  private var numbers: [Int] = []

  /// `outputs`.
  public var typeName: String { "outputs" }

  /// Keeps the value of an entry, and lets the oldest go.
  mutating func keep(_ value: Value, of entry: Int) {
    if values.updateValue(value, forKey: entry) == nil { numbers.append(entry) }
    if numbers.count > Outputs.limit { values[numbers.removeFirst()] = nil }
  }

  /// The value of the entry with this number.
  public func element(at index: Value) throws -> Value? {
    guard case .number(let number) = index, let entry = Int(exactly: number) else { return nil }
    if let value = values[entry] { return value }
    guard let first = numbers.first, let last = numbers.last else {
      throw Failure("no entry has given a value yet")
    }
    if entry < first, numbers.count == Outputs.limit {
      throw Failure(
        "out[\(entry)] is no longer kept: only the last \(Outputs.limit) values are",
        hint: "give a name to what you need for long; the oldest is out[\(first)]")
    }
    throw Failure(
      "entry \(entry) gave no value",
      hint: "out[n] is the value of entry n; the last is out[\(last)]"
    )
  }

  /// Which outputs there are, the last ones with their types.
  public func card(_ style: ConsoleStyle) -> String {
    guard let first = numbers.first, let last = numbers.last else { return "no outputs yet" }
    var lines = ["\(Text.count(numbers.count, "output")), out[\(first)] to out[\(last)]"]
    for number in numbers.suffix(10) {
      let text = values[number]?.described ?? ""
      lines.append("  \(number)  \(text)")
    }
    return lines.joined(separator: "\n")
  }
}

extension Session {
  /// A module for the prompt, with the names that it begins with.
  static func newPrompt() -> Module {
    let module = Module(name: "prompt", folder: ".", isLibrary: false)
    module.addSlot("ans")
    module.addSlot("out")
    return module
  }

  /// Makes the value of a statement the last one, and the output of the entry that runs.
  func keep(_ value: Value, of statement: Int) {
    if let slot = prompt.slots["ans"] { prompt.storage[slot] = value }
    if let entry { valued[entry, default: []].append(statement) }
    guard let entry, let slot = prompt.slots["out"] else { return }
    outputs.keep(value, of: entry)
    // A variable that the user has called so is theirs.
    switch prompt.storage[slot] {
    case .unset: break
    case .native(let box) where box.object is Outputs: break
    default: return
    }
    prompt.storage[slot] = .object(outputs)
  }
}
