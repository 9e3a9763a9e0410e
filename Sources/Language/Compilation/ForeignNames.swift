import Execution

/// What functions of Python, NumPy, PyTorch, Julia, R and MATLAB are called here.
enum ForeignNames {
  /// The name here of a function known elsewhere by another name.
  static func here(_ name: String) -> String? { names[name] }

  /// The known name that another one misspells.
  static func near(_ name: String) -> String? {
    guard name.utf8.count >= 5 else { return nil }
    let known = (Array(hints.keys) + names.keys).filter { $0.utf8.count >= 5 }
    return Text.nearest(name, in: known).first
  }

  /// The parameter that is meant by a keyword that none has: as other libraries call it, or misspelt.
  static func parameter(_ keyword: String, among names: [String]) -> String? {
    (parameters[keyword] ?? []).first(where: names.contains)
      ?? Text.nearest(keyword, in: names).first
  }

  private static let parameters = [
    "dim": ["axis"], "axes": ["axis"], "keepdim": ["keep"], "keepdims": ["keep"],
    "lr": ["rate"], "learning_rate": ["rate"], "weight_decay": ["decay"],
    "hidden_size": ["hidden"], "hidden_dim": ["hidden"], "units": ["hidden"],
    "num_layers": ["layers"], "input_size": ["inputs"], "output_size": ["outputs"],
    "batch_size": ["batch"], "epochs": ["steps"], "iterations": ["steps"], "num_steps": ["steps"],
    "max_norm": ["clip"], "random_state": ["seed"], "sep": ["separator"], "filename": ["path"],
  ]

  /// What to write for a field or method that values of other languages have.
  static func member(_ name: String) -> String? { members[name] }

  private static let members = [
    "append": "a list grows by: xs += [value]", "push": "a list grows by: xs += [value]",
    "extend": "a list grows by: xs += others",
    "insert": "write [..xs[:k], value, ..xs[k:]]",
    "pop": "the last item is xs[-1], the others xs[:-1]",
    "size": "shape(x) gives the extents, length(x) the first of them",
    "ndim": "write x.rank", "dtype": "tensors hold 32-bit numbers; there is no other type",
    "item": "a tensor of rank 0 serves wherever a number does", "numpy": "list(x) makes a list",
    "tolist": "list(x) makes a list", "backward": "write gradient(f, x)",
    "grad": "write gradient(f, x)", "requires_grad": "write gradient(f, x)",
    "cpu": "there is nothing to move", "cuda": "there is nothing to move",
    "to": "there is nothing to move or to convert",
    "get": "write if name in r { r[name] } else { other }",
    "copy": "values are never shared: y = x is a copy",
    "clone": "values are never shared: y = x is a copy",
    "update": "records are joined by (..a, ..b)",
    "format": "a layout stands in the string: \"{x:.3f}\"",
    "view": "write reshape(x, shape)", "t": "write x.T", "forward": "write run(net, x)",
    "parameters": "write weights(net)", "state_dict": "write weights(net)",
  ]

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
      "NaN": "write nan", "π": "write pi", "include": "write use \"file.rnr\"",
      "require": "write use \"file.rnr\"", "source": "write use \"file.rnr\"",
      "help": "at the prompt: ?name for a name, :help for the rest",
      "clear": "at the prompt Ctrl-L clears the screen, :reset forgets the variables",
      "cls": "at the prompt Ctrl-L clears the screen",
      "dir": "at the prompt TAB behind `x.` lists the fields of x",
      "ls": "at the prompt TAB lists files, behind load(\" or save(x, \"",
      "__name__": "a script simply runs from its top",
      "cd": "paths count from the folder in which rnr was started",
      "pwd": "paths count from the folder in which rnr was started",
      "quit": "write quit()", "pd": "write load(\"table.csv\")",
      "no_grad": "only gradient(f, x) traces; detach(x) makes a constant",
      "grad": "write gradient(f, x)", "backward": "write gradient(f, x)",
    ]
    for name in ["who", "whos", "vars", "locals", "globals", "varinfo"] {
      texts[name] = "at the prompt :vars lists the variables"
    }
    for name in ["plt", "sns", "pyplot", "figure", "subplot", "hist", "imshow"] {
      texts[name] = "figures: use plot: line, scatter, bars, heatmap"
    }
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
