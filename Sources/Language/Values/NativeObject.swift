import Execution

/// What a net, zoo, function set or figure must offer to be a value of the language.
public protocol NativeObject: Sendable {
  /// The type's name, by which functions are chosen: `lstm`, `zoo`.
  var typeName: String { get }
  /// What the prompt prints: at most 12 lines, at the cost of what is shown.
  func card(_ style: ConsoleStyle) -> String
  /// A few words that stand for it inside of lists and records.
  var brief: String { get }
  /// The names of the fields, for completion and errors.
  var fieldNames: [String] { get }
  /// What a field holds, in a few words: listed by completion and help.
  func fieldSummary(_ name: String) -> String
  /// What to write instead of a field that it does not have, where a user may look for one.
  func hint(forField name: String) -> String?
  /// Bytes of memory that it holds; what is mapped from a file does not count.
  var memory: Int { get }
  /// A field's value, or nil if there is none of this name.
  func field(_ name: String) throws -> Value?
  /// The object with a field that has another value, or nil if fields cannot be changed.
  func setting(_ name: String, to value: Value) throws -> (any NativeObject)?
  /// What `x[...]` gives, or nil if this cannot be indexed.
  func element(at index: Value) throws -> Value?
  /// How many elements `for` and `length` see, or nil if this is no collection.
  var elementCount: Int? { get }
  /// The form in which a file keeps this value, or nil if it cannot be kept.
  var fileForm: Value? { get }
  /// Whether two objects are equal; asked only of objects of one type.
  func isEqual(to other: any NativeObject) -> Bool
}

extension NativeObject {
  /// The name of its type, and how many elements it has.
  public var brief: String { elementCount.map { "\(typeName) of \($0)" } ?? typeName }
  /// No fields.
  public var fieldNames: [String] { [] }
  /// Nothing is said of fields.
  public func fieldSummary(_ name: String) -> String { "" }
  /// Nothing but the names of the fields.
  public func hint(forField name: String) -> String? { nil }
  /// Next to nothing.
  public var memory: Int { 0 }
  /// No field has any name.
  public func field(_ name: String) throws -> Value? { nil }
  /// No field can be changed.
  public func setting(_ name: String, to value: Value) throws -> (any NativeObject)? { nil }
  /// Cannot be indexed.
  public func element(at index: Value) throws -> Value? { nil }
  /// Has no length.
  public var elementCount: Int? { nil }
  /// Cannot be saved.
  public var fileForm: Value? { nil }
  /// Equal to nothing but, by the caller's rule, itself.
  public func isEqual(to other: any NativeObject) -> Bool { false }
}

/// Holds a native object; one word in a value.
public final class NativeBox {
  /// The object that is held.
  public private(set) var object: any NativeObject
  init(_ object: any NativeObject) { self.object = object }

  /// Holds another object; only the sole holder of the box may call it.
  func hold(_ other: any NativeObject) { object = other }

  /// Gives the object up; only the sole holder of the box may call it, and then lets go of the box.
  func takeObject() -> any NativeObject {
    let taken = object
    object = NoObject()
    return taken
  }

  /// Stands for an object that was taken.
  private struct NoObject: NativeObject {
    var typeName: String { "nothing" }
    func card(_ style: ConsoleStyle) -> String { "nothing" }
  }
}
