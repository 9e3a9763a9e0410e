/// What functions of Python, NumPy, PyTorch, Julia, R and MATLAB are called here.
enum ForeignNames {
  /// The name here of a function known elsewhere by another name.
  static func here(_ name: String) -> String? { names[name] }

  /// What to say of a name that is unknown here but known elsewhere.
  static func hint(_ name: String) -> String? {
    hints[name] ?? names[name].map { "here it is called `\($0)`" }
  }

  /// What to write in place of names that other languages have, where a name alone would not do.
  private static let hints: [String: String] = {
    var texts = [
      "len": "write length(x)", "numel": "write length(x), or shape(x) for each axis",
      "ndims": "write length(shape(x))", "size": "write shape(x)",
      "range": "write 0..n, or 0..=n to include n",
      "str": "a value is put into a string as \"{x}\"",
      "string": "a value is put into a string as \"{x}\"",
      "int": "there is one kind of number; floor(x) and round(x) make it whole",
      "float": "there is one kind of number", "bool": "write x != 0",
      "isinstance": "write type_of(x) == \"number\"", "typeof": "write type_of(x)",
      "self": "the value is the first parameter: fn f(e: T) { e.field }",
      "this": "the value is the first parameter: fn f(e: T) { e.field }",
      "super": "types do not inherit; functions are defined for each type",
      "dict": "a record is written (a=1, b=2)", "tuple": "a tuple is written (a, b)",
      "set": "write unique(x) for a tensor; `x in xs` asks whether a list has x",
      "rand": "write uniform([2, 3])", "randn": "write normal([2, 3])",
      "randint": "write integers", "randperm": "write permutation(n)",
      "array": "write tensor([[1, 2], [3, 4]])", "ndarray": "write tensor([[1, 2], [3, 4]])",
      "append": "a list grows by: xs += [value]", "push": "a list grows by: xs += [value]",
      "lambda": "a lambda is written x -> x^2", "foreach": "write for x in xs { ... }",
      "open": "write load(path) or save(value, path)", "exit": "write quit()",
      "Exception": "write fail(\"what is wrong\")", "ValueError": "write fail(\"what is wrong\")",
      "error": "write fail(\"what is wrong\")", "Inf": "write infinity", "inf": "write infinity",
      "NaN": "write nan",
    ]
    for name in ["println", "printf", "disp", "console", "fprintf", "puts", "cat"] {
      texts[name] = "write print(\"x is {x}\")"
    }
    for name in ["np", "numpy", "torch", "jnp", "tf", "nn", "F", "math", "Math", "scipy"] {
      texts[name] = "functions of the library have no prefix: sqrt(x), zeros([2, 3])"
    }
    return texts
  }()

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
