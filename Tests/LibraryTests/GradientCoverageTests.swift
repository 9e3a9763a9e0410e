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
    "accepts", "accumulate", "adamw", "adversary", "all", "any", "arange", "argmax", "argmin",
    "argsort", "assert_close", "bars", "bounds", "ceil", "choice", "chr", "chunks", "collapse",
    "consistent", "count", "detach", "difference", "draw", "drop", "duplicates", "ends_with",
    "enumerate", "exists", "fail", "family", "filter", "find", "first", "flatten", "floor",
    "function_set", "gradient", "group_by", "gru", "gru_from", "has", "heatmap", "identify",
    "index_of", "integers", "interactive_strategy", "interrogate", "intersection", "is_close",
    "is_finite", "items", "iterate", "join", "keys", "language", "language_zoo", "last", "length",
    "liar", "line", "lines", "linspace", "list", "load", "lower", "lstm", "lstm_from",
    "machines_by_outputs", "make_folder", "map", "mealy", "nets", "next_query",
    "noisy", "noninteractive_strategy", "normal", "note", "now", "number", "one_hot", "ones",
    "optimal_first_queries", "option", "oracle", "ord", "pad_left", "pad_right", "parse_csv",
    "parse_json", "pca", "permutation", "play", "print", "quit", "range", "read_text", "record",
    "reduce", "remove", "repeat", "replace", "reversed", "rnn", "rnn_from", "round", "row",
    "sample", "save", "scatter", "scores", "script_arguments", "seconds", "seed", "shape",
    "shuffle",
    "split", "starts_with", "strings", "svd", "take", "teaching_set", "tensor", "tensors_in",
    "text", "tiles", "time", "to_csv", "to_json", "train_on_language", "trim", "trim_end",
    "trim_start", "type_of", "uniform", "union", "unique", "update", "upper",
    "value_and_gradient", "values", "verify", "warn", "weight_layout", "words", "write_text",
    "zeros", "zip", "zoo_status",
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
    #expect(
      missing.isEmpty,
      "add cases for these to golden/operations.py and .rnr, or name them as constant")
    #expect(Self.constant.isSubset(of: natives))
    #expect(Self.constant.isDisjoint(with: checked))
  }
}
