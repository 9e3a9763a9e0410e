import Execution
import Language
import Zoos

/// A family of tasks as a value.
struct FamilyValue: NativeObject {
  let family: any TaskFamily
  /// What calls the functions of a family that is written in the language.
  var bridge: WrittenBridge?

  var typeName: String { "family" }
  var fieldNames: [String] { ["kind", "inputs", "outputs", "settings"] }

  func fieldSummary(_ name: String) -> String {
    switch name {
    case "kind": "how its zoos are called"
    case "inputs": "numbers, or different symbols, that its nets read"
    case "outputs": "how many numbers they give"
    case "settings": "its settings, a record"
    default: ""
    }
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "kind": .text(type(of: family).kind)
    case "inputs": .integer(family.sizes.inputs)
    case "outputs": .integer(family.sizes.outputs)
    case "settings": .fields(family.settings.map { ($0.name, $0.value.value) })
    default: nil
    }
  }

  func card(_ style: ConsoleStyle) -> String {
    let (inputs, outputs) = family.sizes
    return "family of \(type(of: family).kind)s: \(Text.count(inputs, "input")), "
      + "\(Text.count(outputs, "output"))\n  "
      + family.settings.map { "\($0.name) \($0.value.text)" }.joined(separator: ", ")
  }
}
