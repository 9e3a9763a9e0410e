/// What functions of Python, NumPy, PyTorch, Julia, R and MATLAB are called here.
enum ForeignNames {
  /// The name here of a function known elsewhere by another name.
  static func here(_ name: String) -> String? { names[name] }

  private static let names = [
    "len": "length", "size": "length", "numel": "length", "nrow": "length",
    "str": "text", "string": "text", "repr": "text", "int": "number", "float": "number",
    "parseFloat": "number", "strip": "trim", "lstrip": "trim_start", "rstrip": "trim_end",
    "zfill": "pad_left", "rjust": "pad_left", "ljust": "pad_right", "uppercase": "upper",
    "lowercase": "lower", "toupper": "upper", "tolower": "lower", "startswith": "starts_with",
    "endswith": "ends_with", "splitlines": "lines", "splitext": "split",
    "println": "print", "printf": "print", "disp": "print", "cat": "print", "paste": "join",
    "sorted": "sort", "fold": "reduce", "foldl": "reduce", "sapply": "map", "lapply": "map",
    "cumulative": "accumulate", "collect": "list", "dict": "record",
    "nunique": "unique", "set": "unique", "setdiff": "difference", "intersect": "intersection",
    "array": "tensor", "concatenate": "concat", "hcat": "concat", "vcat": "concat",
    "vstack": "stack", "randn": "normal", "rand": "uniform", "randint": "integers",
    "randperm": "permutation", "var": "variance", "isfinite": "is_finite", "isnan": "is_finite",
    "isclose": "is_close", "allclose": "is_close", "ceiling": "ceil", "permute_dims": "transpose",
    "typeof": "type_of", "exit": "quit", "manual_seed": "seed", "linalg_norm": "norm",
    "read_csv": "load", "read_json": "load", "loads": "parse_json", "dumps": "to_json",
    "error": "fail", "stop": "fail", "raise": "fail", "mkdir": "make_folder",
  ]
}
