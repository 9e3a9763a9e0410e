import Execution
import Language

extension NativeTable {
  static let system: [NativeFunction] = [
    NativeFunction("seconds") { _ in .number(Clock.now) },
    NativeFunction("seed") { call in
      call.session.random = RandomKeys(seed: UInt64(try call.integer(0, 0...Int.max)))
      return .none
    },
    NativeFunction("script_arguments") { call in
      .items(call.session.arguments.map { .text($0) })
    },
    NativeFunction("option") { call in
      option(try call.string(0), in: call.session.arguments, default: call[1])
    },
    NativeFunction("quit") { call in throw Quit(code: try call.integer(0, 0...255)) },
    NativeFunction("tensors_in") { call in .items(call[0].tensors.map(Value.variable)) },
  ]

  /// The value of `--name value` or `--name=value`; numbers where the default is one.
  private static func option(_ name: String, in arguments: [String], default value: Value) -> Value
  {
    for (place, argument) in arguments.enumerated() {
      if argument == "--\(name)" {
        let next = place + 1 < arguments.count ? arguments[place + 1] : "--"
        if case .boolean = value { return .boolean(true) }
        return next.hasPrefix("--") ? .boolean(true) : parsed(next, like: value)
      }
      if argument.hasPrefix("--\(name)=") {
        return parsed(String(argument.dropFirst(name.count + 3)), like: value)
      }
    }
    return value
  }

  private static func parsed(_ text: String, like value: Value) -> Value {
    if case .string = value { return .text(text) }
    if text == "true" || text == "false" { return .boolean(text == "true") }
    return Double(text.filter { $0 != "_" }).map { .number($0) } ?? .text(text)
  }
}
