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
    "accepts", "adamw", "adversary", "all", "any", "arange", "argmax", "argmin", "argsort",
    "assert_close", "bars", "bounds", "ceil", "chr", "collapse", "consistent", "count", "detach",
    "difference", "draw", "duplicates", "ends_with", "exists", "fail", "family", "floor",
    "function_set", "gradient", "gru", "gru_from", "has", "heatmap", "identify", "index_of",
    "integers", "interactive_strategy", "interrogate", "intersection", "is_close", "is_finite",
    "iterate", "join", "keys", "language", "language_zoo", "length", "liar", "line", "lines",
    "linspace", "load", "lower", "lstm", "lstm_from", "machines_by_outputs", "make_folder",
    "mealy", "nets", "next_query", "noisy", "noninteractive_strategy", "normal", "note", "now",
    "number", "one_hot", "ones", "optimal_first_queries", "option", "oracle", "ord", "pad_left",
    "pad_right", "parse_csv", "parse_json", "pca", "permutation", "play", "print", "quit",
    "range", "read_text", "replace", "rnn", "rnn_from", "round", "row", "sample", "save",
    "scatter", "scores", "script_arguments", "seconds", "seed", "shape", "split", "starts_with",
    "strings", "svd", "teaching_set", "tensors_in", "text", "tiles", "time", "to_csv", "to_json",
    "train_on_language", "trim", "trim_end", "trim_start", "type_of", "uniform", "union",
    "unique", "update", "upper", "value_and_gradient", "verify", "warn", "weight_layout", "words",
    "write_text", "zeros", "zoo_status",
  ]

  /// They hand values on as they are; `gradients/through_collections.rnr` follows the slope of each.
  private static let passing: Set<String> = [
    "accumulate", "choice", "chunks", "drop", "enumerate", "filter", "find", "first", "flatten",
    "group_by", "items", "last", "list", "map", "record", "reduce", "remove", "repeat",
    "reversed", "shuffle", "take", "tensor", "values", "zip",
  ]

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
      .subtracting(Self.passing)
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
