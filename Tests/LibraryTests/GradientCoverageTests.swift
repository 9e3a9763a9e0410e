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
    "bars", "bounds", "ceil", "collapse", "detach", "draw", "ends_with", "enumerate", "exists",
    "fail", "family", "filter", "floor", "function_set", "gradient", "group_by", "gru",
    "gru_from", "heatmap", "identify", "integers", "interactive_strategy", "interrogate",
    "is_finite", "iterate", "join", "keys", "language", "language_zoo", "length", "liar", "line",
    "linspace", "list", "load", "lower", "lstm", "lstm_from", "make_folder", "map", "nets",
    "noninteractive_strategy", "normal", "note", "number", "one_hot", "ones", "option", "oracle",
    "pca", "permutation", "play", "print", "quit", "read_text", "record", "reduce", "repeat",
    "replace", "reversed", "rnn", "rnn_from", "round", "row", "sample", "save", "scatter",
    "script_arguments", "seconds", "seed", "shape", "sort_list", "split", "starts_with",
    "strings", "svd", "teaching_set", "tensor", "tensors_in", "text", "tiles",
    "train_on_language", "trim", "type_of", "uniform", "unique", "update", "upper",
    "value_and_gradient", "weight_layout", "words", "write_text", "zeros", "zip",
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
