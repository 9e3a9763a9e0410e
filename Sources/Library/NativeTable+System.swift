import Execution
import Kernels
import Language

extension NativeTable {
  static let system: [NativeFunction] = [
    NativeFunction("seconds") { _ in .number(Clock.now) },
    NativeFunction("now") { _ in .text(Date(seconds: Int(Clock.date)).text) },
    NativeFunction("program") { _ in
      .fields([
        ("version", .text(Version.current)), ("vector_width", .number(Double(VectorWidth.bits))),
      ])
    },
    NativeFunction("time") { call in
      let function = try call.function(0)
      var best = Double.infinity
      for _ in 0..<(try call.integer(1, 1...1_000_000)) {
        let began = Clock.now
        _ = try call.call(function)
        best = min(best, Clock.now - began)
      }
      return .number(best)
    },
    NativeFunction("seed") { call in
      call.session.wantsSeed = false
      call.session.random = RandomKeys(seed: UInt64(try call.integer(0, 0...Int.max)))
      return .none
    },
    NativeFunction("script_arguments") { call in
      .items(call.session.arguments.map { .text($0) })
    },
    NativeFunction("option") { call in
      try option(try call.string(0), in: call.session.arguments, default: call[1])
    },
    NativeFunction("quit") { call in throw Quit(code: try call.integer(0, 0...255)) },
    NativeFunction("tensors_in") { call in .items(call[0].tensors.map(Value.variable)) },
  ]

  /// The value of `--name value` or `--name=value`; numbers where the default is one.
  private static func option(
    _ name: String, in arguments: [String], default value: Value
  ) throws -> Value {
    for (place, argument) in arguments.enumerated() {
      if argument == "--\(name)" {
        let next = place + 1 < arguments.count ? arguments[place + 1] : "--"
        if case .boolean = value { return .boolean(next != "false") }
        guard next.hasPrefix("--") else { return try parsed(next, of: name, like: value) }
        switch value {
        case .number: throw Failure("--\(name) must be a number, but no value follows it")
        case .string: throw Failure("--\(name) must be a text, but no value follows it")
        default: return .boolean(true)
        }
      }
      if argument.hasPrefix("--\(name)=") {
        return try parsed(String(argument.dropFirst(name.count + 3)), of: name, like: value)
      }
    }
    return value
  }

  private static func parsed(
    _ text: String, of name: String, like value: Value
  ) throws -> Value {
    if case .string = value { return .text(text) }
    if case .boolean = value, text != "true", text != "false" {
      throw Failure("--\(name) must be true or false, but it is \"\(text)\"")
    }
    if let number = Double(text.filter { $0 != "_" }) { return .number(number) }
    if case .number = value {
      throw Failure("--\(name) must be a number, but it is \"\(text)\"")
    }
    return text == "true" || text == "false" ? .boolean(text == "true") : .text(text)
  }
}

/// A moment in universal time, as ISO 8601 writes it.
struct Date {
  /// Since the first of January 1970.
  let seconds: Int

  /// Such as `2024-07-21T09:30:00Z`.
  var text: String {
    let days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
    let rest = seconds - days * 86400
    let (year, month, day) = Date.civil(days)
    let clock = [rest / 3600, rest / 60 % 60, rest % 60].map { Date.two($0) }
    return "\(year)-\(Date.two(month))-\(Date.two(day))T\(clock.joined(separator: ":"))Z"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// The date of a day, counted from 1970, in the Gregorian calendar: years begin in March, so that
  /// the leap day comes last, and repeat after 400.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let place = (5 * dayOfYear + 2) / 153
    let month = place < 10 ? place + 3 : place - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * place + 2) / 5 + 1)
  }
}
