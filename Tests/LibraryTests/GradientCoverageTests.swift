import Execution
import Language
import Library
import Testing

/// Every native function either has its gradient checked in `golden/operations.rnr`, or is named here
/// as one through which no gradient flows.
@Suite struct GradientCoverageTests {
  /// They give no tensor, or one that is constant: whole numbers, orders, random numbers; or they
  /// make and change what holds tensors, and the case of another function passes through them.
  private static let constant: Set<String> = [
    "accepts", "adam", "columns", "digit_tasks", "languages", "make_zoo", "table", "train_digits",
    "train_family", "written_family", "adamw", "adversary", "all", "any", "arange", "argmax",
    "argmin", "argsort",
    "assert_close", "bars", "bounds", "ceil", "chr", "collapse", "consistent", "count", "detach",
    "difference", "draw", "drawn_digits", "duplicates", "ends_with", "exists", "fail", "family",
    "floor",
    "function_set", "gradient", "gru", "gru_from", "has", "heatmap", "identify", "index_of",
    "integers", "interactive_strategy", "interrogate", "intersection", "is_close", "is_finite",
    "iterate", "join", "keys", "language", "language_zoo", "length", "liar", "line", "lines",
    "linspace", "load", "lower", "lstm", "lstm_from", "machines_by_outputs", "make_folder",
    "mealy", "nets", "next_query", "noisy", "noninteractive_strategy", "normal", "note", "now",
    "number", "one_hot", "ones", "optimal_first_queries", "option", "oracle", "ord", "pad_left",
    "pad_right", "parameter_names", "parse_csv", "parse_json", "pca", "permutation", "play",
    "print", "program",
    "published_digits", "quit",
    "range", "read_text", "replace", "rnn", "rnn_from", "rotated", "round", "row", "sample", "save",
    "sgd",
    "scatter", "scores", "script_arguments", "seconds", "seed", "shape", "show", "split",
    "starts_with", "strings", "svd", "teaching_set", "tensors_in", "text", "tiled", "tiles", "time",
    "to_csv", "to_json", "train_on_language", "tree", "trim", "trim_end", "trim_start", "type_of",
    "uniform", "union", "unique", "update", "upper", "value_and_gradient", "verify", "warn",
    "weight_layout", "words", "write_text", "zeros", "zoo_status",
  ]

  /// Natives that a call must not reach: they end the session, ask, or work for hours.
  private static let leftOut: Set = [
    "quit", "language_zoo", "train_on_language", "play", "make_folder",
  ]

  /// Calls of a constant native in which `v`, a traced tensor of some form, is one argument.
  private static func calls(_ node: FunctionNode) -> [String] {
    let usual = ["2", "[1, 2]", "ones([2, 2])", "x -> x", "\"a\""]
    var calls: Set<String> = []
    for place in node.parameters.indices {
      for form in ["v", "v[0]", "v[1, 0]", "[v[0, 0], v[1, 0]]", "[v, v]"] {
        for other in usual {
          let texts = node.parameters.indices.compactMap { number -> String? in
            let parameter = node.parameters[number]
            let isRequired = parameter.defaultValue == nil && !parameter.isRest
            guard number == place || isRequired else { return nil }
            let value = number == place ? form : other
            return parameter.isRest ? value : "\(parameter.name)=\(value)"
          }
          calls.insert("\(node.name ?? "")(\(texts.joined(separator: ", ")))")
        }
      }
    }
    return calls.sorted()
  }

  /// What a call gives as one number, before and behind a small step; where that changes, a gradient
  /// of zero would be wrong.
  private static let judge = """
    fn total(r) {
      kind = type_of(r)
      if kind == "number" or kind == "tensor" { return sum(where(is_finite(detach(r)), r, 0)) }
      if kind == "list" { return reduce([total(item) for item in r], (a, b) -> a + b, 0) }
      if kind == "record" { return total(values(r)) }
      0
    }
    x = tensor([[0.31, 1.72], [2.13, -0.64]])
    step = tensor([[0.011, 0.013], [0.017, 0.019]])
    fn judge(name, f) {
      try {
        seed(1); after = total(f(x + step))
        seed(1); before = total(f(x - step))
        seed(1); middle = total(f(x))
        # A jump between two places is no slope: both halves of the step must change alike.
        change = after - before
        if abs(change) > 1e-4 and abs(after - 2 * middle + before) < 0.3 * abs(change) {
          silent = false
          try {
            slope = gradient(v -> { seed(1); total(f(v)) }, x)
            silent = sum(abs(slope)) == 0
          } else e { }
          if silent { print("dropped by", name) }
        }
      } else e { }
      none
    }
    """

  @Test func constantNativesNeverDropAGradient() throws {
    let nodes = try LibrarySource.standard().entries.flatMap { entry in
      Parser.parse(Source(name: entry.name, text: entry.text)).program.statements
        .compactMap { statement -> FunctionNode? in
          guard case .function(let node) = statement.kind, node.body == nil else { return nil }
          return Self.constant.subtracting(Self.leftOut).contains(node.name ?? "") ? node : nil
        }
    }
    #expect(nodes.count > 100)
    let console = RecordingConsole()
    let session = try LanguagePrograms.session(console)
    #expect(session.evaluate(Self.judge, name: "judge", echo: false) == .ok)
    for node in nodes {
      for call in Self.calls(node) {
        let name = call.replacing("\"", with: "\\\"")
        _ = session.evaluate("judge(\"\(name)\", v -> \(call))", name: "call", echo: false)
      }
    }
    let dropped = console.output.split(separator: "\n").filter { $0.hasPrefix("dropped by ") }
    #expect(dropped.filter { !$0.hasPrefix("dropped by detach(") } == [])
    // The judge itself must find what drops a gradient.
    #expect(dropped.contains("dropped by detach(x=v)"))
  }

  /// They hand values on as they are; `gradients/through_collections.rnr` follows the slope of each.
  private static let passing: Set<String> = [
    "accumulate", "choice", "chunks", "drop", "enumerate", "filter", "find", "first", "flatten",
    "group_by", "items", "last", "list", "map", "record", "reduce", "remove", "repeat",
    "reversed", "shuffle", "side_by_side", "take", "tensor", "values", "zip",
  ]

  /// Only the library calls them: `golden/dialogue.rnr` holds its slopes against those of `question`.
  private static let inside: Set = ["_dialogue"]

  @Test func everyNativeIsCheckedOrConstant() throws {
    let folder = File.folder(of: #filePath)
    let script = try File.readText(folder + "/golden/operations.rnr")
    let checked = Set(
      script.split(separator: "\n").compactMap { line -> String? in
        guard line.hasPrefix("  (\"") else { return nil }
        return String(line.dropFirst(4).prefix { $0 != " " && $0 != "\"" })
      })
    let natives = Set(NativeTable.all.map(\.name))
    let missing = natives.subtracting(checked).subtracting(Self.constant)
      .subtracting(Self.passing).subtracting(Self.inside)
    #expect(
      missing.isEmpty,
      "add cases for these to golden/operations.py and .rnr, or name them as constant")
    #expect(Self.constant.isSubset(of: natives))
    #expect(Self.constant.isDisjoint(with: checked))
    let followed = try File.readText(
      LanguagePrograms.folder + "/gradients/through_collections.rnr")
    for name in Self.passing { #expect(followed.contains("(\"\(name)\", "), "\(name)") }
  }
}
