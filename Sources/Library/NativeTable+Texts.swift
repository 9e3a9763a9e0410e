import Execution
import Language

extension NativeTable {
  static let texts: [NativeFunction] = [
    NativeFunction("text") { call in .text(call.session.text(call[0])) },
    NativeFunction("number") { call in
      if case .string(let text) = call[0] {
        guard let number = Double(text.text.filter { $0 != "_" }) else {
          throw call.wrongValue(0, expected: "the text of a number")
        }
        return .number(number)
      }
      return .number(try call.number(0))
    },
    NativeFunction("join") { call in
      .text(
        try call.items(of: call[0]).map(call.session.text).joined(separator: try call.string(1)))
    },
    NativeFunction("words") { call in
      let separator = try call.string(1)
      return .items(parts(try call.string(0), separator).map { .text($0) })
    },
    NativeFunction("replace") { call in
      .text(parts(try call.string(0), try call.string(1)).joined(separator: try call.string(2)))
    },
    NativeFunction("upper") { call in .text(try call.string(0).uppercased()) },
    NativeFunction("lower") { call in .text(try call.string(0).lowercased()) },
    NativeFunction("trim") { call in
      let text = try call.string(0).drop { $0.isWhitespace }
      return .text(String(text.reversed().drop { $0.isWhitespace }.reversed()))
    },
    NativeFunction("starts_with") { call in
      .boolean(try call.string(0).hasPrefix(try call.string(1)))
    },
    NativeFunction("ends_with") { call in
      .boolean(try call.string(0).hasSuffix(try call.string(1)))
    },
    NativeFunction("repeat") { call in
      .text(String(repeating: try call.string(0), count: try call.integer(1, 0...100_000_000)))
    },
  ]

  /// The pieces of a text between separators; an empty separator parts it into letters.
  private static func parts(_ text: String, _ separator: String) -> [String] {
    if separator.isEmpty { return text.map(String.init) }
    let (bytes, wanted) = (Array(text.utf8), Array(separator.utf8))
    var pieces: [String] = []
    var start = 0
    var place = 0
    while place + wanted.count <= bytes.count {
      if bytes[place] == wanted[0], Array(bytes[place..<place + wanted.count]) == wanted {
        pieces.append(String(decoding: bytes[start..<place], as: UTF8.self))
        place += wanted.count
        start = place
      } else {
        place += 1
      }
    }
    return pieces + [String(decoding: bytes[start...], as: UTF8.self)]
  }
}
