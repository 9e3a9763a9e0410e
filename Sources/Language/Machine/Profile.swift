import Execution

/// Where the time of an evaluation went: for each function and each operator on tensors how often it
/// was called, and how long it took itself, what it called left out.
public final class Profile {
  /// What a line of the profile speaks of.
  public enum Kind: String, Sendable {
    /// A function written in the language, or the statements at the top.
    case function
    /// A built-in function.
    case native
    /// An operator or index on tensors.
    case operation = "operator"
  }

  /// One line of the profile.
  public struct Entry: Sendable {
    /// What it speaks of.
    public let kind: Kind
    /// The name, or the sign of an operator.
    public let name: String
    /// Where a function of the language is defined, such as `stdlib/training.rnr:44`.
    public let place: String
    /// How often it was called.
    public internal(set) var calls = 0
    /// Seconds spent in it, what it called left out.
    public internal(set) var seconds = 0.0
    /// Additions and multiplications of matrix products, where they are known.
    public internal(set) var operations = 0.0
  }

  private enum Key: Hashable {
    case code(ObjectIdentifier)
    case operation(String)
  }

  /// The lines, in the order in which they were first called.
  public private(set) var entries: [Entry] = []
  private var places: [Key: Int] = [:]
  /// Keeps the codes, by whose identity lines are found, from making room for others.
  private var codes: [Code] = []
  /// The calls under way.
  private var stack: [Int] = []
  private var mark = Clock.now
  private let began = Clock.now

  /// How many calls are under way.
  var depth: Int { stack.count }

  func enter(_ code: Code) {
    let key = Key.code(ObjectIdentifier(code))
    if let place = places[key] { return begin(place) }
    codes.append(code)
    let kind: Kind = code.isNativeBody ? .native : .function
    begin(add(Entry(kind: kind, name: code.name, place: Profile.place(of: code)), key))
  }

  func enter(operation: String) {
    let key = Key.operation(operation)
    if let place = places[key] { return begin(place) }
    begin(add(Entry(kind: .operation, name: operation, place: ""), key))
  }

  /// Counts arithmetic of the call under way.
  func count(operations: Double) {
    guard let current = stack.last else { return }
    entries[current].operations += operations
  }

  /// Ends the innermost call.
  func leave() {
    guard let current = stack.popLast() else { return }
    let now = Clock.now
    entries[current].seconds += now - mark
    mark = now
  }

  /// Ends the calls that an error broke off.
  func leave(downTo depth: Int) {
    while stack.count > depth { leave() }
  }

  private func begin(_ place: Int) {
    let now = Clock.now
    if let current = stack.last { entries[current].seconds += now - mark }
    mark = now
    stack.append(place)
    entries[place].calls += 1
  }

  private func add(_ entry: Entry, _ key: Key) -> Int {
    entries.append(entry)
    places[key] = entries.count - 1
    return entries.count - 1
  }

  private static func place(of code: Code) -> String {
    if code.isNativeBody { return "" }
    guard let definition = code.definition else { return code.source.name }
    return "\(code.source.name):\(code.source.position(of: definition.start).line)"
  }

  /// Seconds from the start until now.
  public var seconds: Double { Clock.now - began }
}
