import Execution
import Language
import Tensors
import Zoos

/// A formal language as a value.
struct LanguageValue: NativeObject {
  let language: FormalLanguage

  var typeName: String { "language" }
  var fieldNames: [String] { ["m", "letters", "length", "maximum_n"] }

  var brief: String { "language \(language.name)" }

  func card(_ style: ConsoleStyle) -> String {
    let shown = (try? LanguageValue.strings(language, 3)) ?? []
    return "language \(language.name): \(shown.joined(separator: ", ")), ..."
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "m": .items(language.differences.map(Value.integer))
    case "letters": .integer(language.letters)
    case "length": .integer(language.length)
    case "maximum_n": .integer(language.maximumN)
    default: nil
    }
  }

  var fileForm: Value? { .items(language.differences.map(Value.integer)) }

  func isEqual(to other: any NativeObject) -> Bool {
    (other as? LanguageValue)?.language == language
  }

  /// The first strings of a language that are not empty, as text.
  static func strings(_ language: FormalLanguage, _ count: Int) throws -> [String] {
    var found: [String] = []
    var n = language.minimumN
    while found.count < count {
      let text = language.text(try language.string(n: n))
      if !text.isEmpty { found.append(text) }
      n += 1
    }
    return found
  }
}

extension NativeTable {
  static let languages: [NativeFunction] = [
    NativeFunction("language") { call in
      .object(LanguageValue(language: try FormalLanguage(try call.integers(0))))
    },
    NativeFunction("strings") { call in
      let language = try language(call)
      return .items(
        try LanguageValue.strings(language, try call.integer(1, 0...10_000)).map { .text($0) })
    },
    NativeFunction("accepts") { call in
      let language = try language(call)
      if case .string(let text) = call[1] {
        return .boolean(language.accepts(try language.parse(text.text)))
      }
      let tokens = try call.tensor(1)
      let rows = tokens.rank == 2 ? tokens.shape[0] : 1
      let width = tokens.count / max(rows, 1)
      let members = try (0..<rows).map { row -> Float in
        let numbers = tokens.elements[(row * width)..<((row + 1) * width)].map(Double.init)
        return language.accepts(try language.parse(tokens: numbers)) ? 1 : 0
      }
      return tokens.rank == 2 ? .mask(Tensor(members)) : .boolean(members.first == 1)
    },
    NativeFunction("sample") { call in
      let given = try language(call)
      let language = try FormalLanguage(
        given.differences, length: try call.integer(call.at("length"), 2...100_000),
        maximumN: try call.integer(call.at("maximum_n"), 1...100_000))
      var stream = try call.stream(call.at("seed"))
      let count = try call.integer(call.at("count"), 0...10_000_000)
      let range = language.trainingRange
      guard !range.isEmpty else {
        throw call.wrongValue(try call.at("maximum_n"), expected: "above \(language.minimumN)")
      }
      var tokens: [Float] = []
      for _ in 0..<count {
        let n = range.lowerBound + stream.integer(below: range.count)
        tokens += try language.sequence(n: n).map(Float.init)
      }
      return .tensor(Tensor(shape: [count, language.length], tokens))
    },
  ]

  static func language(_ call: Arguments, _ place: Int = 0) throws -> FormalLanguage {
    if case .list = call[place] { return try FormalLanguage(try call.integers(place)) }
    return try call.object(place, LanguageValue.self, noun: "language").language
  }
}
