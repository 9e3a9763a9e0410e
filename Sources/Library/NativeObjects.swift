import Execution
import Language

extension NativeTable {
  /// Loads what a folder holds.
  static func loadFolder(_ path: String, _ call: Arguments) throws -> Value {
    throw Failure("\"\(path)\" is a folder", at: .position(0))
  }

  /// Saves a figure, if the value is one; says whether it was.
  static func saveObject(_ value: Value, _ path: String, _ call: Arguments) throws -> Bool { false }
}

/// Native objects made again from their file forms.
enum NativeForms {
  static func object(_ kind: String, _ form: Value, path: String) throws -> Value {
    throw Failure("\"\(path)\" holds a \(kind), which cannot be read back")
  }
}
