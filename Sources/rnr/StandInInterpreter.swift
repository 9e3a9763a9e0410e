import Execution
import Glibc
import Language

/// A few forms to try the program by: sums, assignments, `print`, `fail`, `wait`, `ask`.
final class StandInInterpreter: Interpreter {
  private let console: any Console
  private var variables: [String: Double] = [:]

  init(console: any Console, seed: UInt64?) {
    self.console = console
    if let seed { variables["seed"] = Double(seed) }
  }

  static func notAvailable(_ name: String, _ console: any Console) -> Outcome {
    console.note("rnr: \(name) is not available")
    return .runtimeError
  }

  func isComplete(_ text: String) -> Bool {
    let opened = text.count { "([{".contains($0) }
    let closed = text.count { ")]}".contains($0) }
    return opened <= closed && text.count { $0 == "\"" } % 2 == 0 && !text.trimmed.hasSuffix("+")
  }

  func evaluate(_ text: String, name: String, echo: Bool) -> Outcome {
    for line in statements(text) {
      do {
        if let value = try value(of: line), echo { console.write(shown(value) + "\n") }
      } catch is Interrupted {
        return .interrupted
      } catch {
        console.note("error: \(error)")
        return "\(error)".hasPrefix("cannot read") ? .sourceError : .runtimeError
      }
    }
    return .ok
  }

  func runScript(_ text: String, path: String, arguments: [String]) -> Outcome {
    variables["arguments"] = Double(arguments.count)
    return evaluate(text, name: path, echo: false)
  }

  /// Lines, those within brackets joined, without comments.
  private func statements(_ text: String) -> [String] {
    var result: [String] = []
    var open = ""
    for line in text.split(separator: "\n") {
      open += line.prefix { $0 != "#" }
      guard isComplete(open) else { continue }
      if !open.trimmed.isEmpty { result.append(open.trimmed) }
      open = ""
    }
    return open.trimmed.isEmpty ? result : result + [open]
  }

  private func value(of text: String) throws -> Double? {
    if let reason = argument(of: "fail", text) { throw Failure(reason) }
    if text == "while true { }" {
      try wait(3600)
      return nil
    }
    if let seconds = argument(of: "wait", text) {
      try wait(Double(seconds) ?? 0)
      return nil
    }
    if text == "deaf" { while true { usleep(10_000) } }
    if let terms = argument(of: "print", text) {
      console.write(shown(try sum(terms)) + "\n")
      return nil
    }
    if text.hasPrefix("ask(") {
      console.write("you said \(try console.ask("what? ") ?? "nothing")\n")
      return nil
    }
    let sides = text.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
    if sides.count == 2 {
      variables[sides[0]] = try sum(sides[1])
      return nil
    }
    return try sum(text)
  }

  private func argument(of name: String, _ text: String) -> String? {
    guard text.hasPrefix(name + "("), text.hasSuffix(")") else { return nil }
    return String(text.dropFirst(name.count + 1).dropLast())
  }

  private func sum(_ text: String) throws -> Double {
    try text.filter { !"()".contains($0) }.split(separator: "+").reduce(0) { total, term in
      let term = String(term).trimmed
      guard let value = Double(term) ?? variables[term] else {
        throw Failure("cannot read \"\(term)\"")
      }
      return total + value
    }
  }

  private func shown(_ value: Double) -> String { Text.significant(value, 12) }

  private func wait(_ seconds: Double) throws {
    var progress = Progress("waiting", total: Int(seconds * 100), console: console)
    for step in 0..<Int(seconds * 100) {
      if Cancellation.current.isRequested {
        progress.finish()
        throw Interrupted()
      }
      usleep(10_000)
      progress.advance(to: step)
    }
    progress.finish()
  }

  func completions(in text: String, at cursor: Int) -> Completions {
    let before = Array(Array(text.utf8)[..<cursor])
    if before.count(where: { $0 == UInt8(ascii: "\"") }) % 2 == 1,
      let quote = before.lastIndex(of: UInt8(ascii: "\""))
    {
      return Completions(start: quote + 1, isPath: true)
    }
    let start = (before.lastIndex { " (,+=".utf8.contains($0) } ?? -1) + 1
    let names = ["print(", "wait(", "adamw(", "rate=", "rates"] + variables.keys.sorted()
    return Completions(
      start: start,
      candidates: names.map {
        Completions.Candidate(text: $0, summary: $0 == "rate=" ? "1e-3  learning rate" : "")
      })
  }

  func help(_ name: String) -> String { "help of \(name)" }
  func sourceText(_ name: String) -> String { "source of \(name)" }
  func search(_ words: String) -> String { "search for \(words)" }
}
