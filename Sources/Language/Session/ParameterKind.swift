/// What kind of value a parameter takes, as its name says.
///
/// Declarations carry no types but for methods; the library's parameters are named for what they
/// take instead (`zoo`, `net`, `text`, `x`), which is what TAB behind `|>` goes by.
enum ParameterKind {
  /// The types that a parameter of this name takes.
  private static let types: [String: Set<String>] = [
    "collection": ["list", "range", "tensor", "zoo", "nets", "string"],
    "condition": tensors, "D": ["function_set"], "f": ["function"],
    "figures": ["list"], "first": ["list", "range"], "functions": ["list", "tensor"],
    "gradients": parameters, "image": tensors, "images": tensors, "index": tensors,
    "labels": ["list"], "language": ["language", "list"], "matrix": tensors,
    "model": parameters, "names": ["list"], "net": ["lstm", "nets"],
    "nets": ["nets"], "number": ["number", "string"], "numbers": tensors,
    "optimizer": ["optimizer"], "oracle": ["oracle", "function"],
    "outputs": tensors, "parameters": parameters, "path": ["string"], "points": ["list"],
    "record": ["record"], "shape": ["list", "number"], "state": parameters,
    "strategy": ["strategy"], "table": tensors, "tensors": ["list", "tensor"],
    "text": ["string"], "transcript": ["transcript"], "weights": tensors, "x": tensors,
    "a": tensors, "zoo": ["zoo"],
  ]

  private static let tensors: Set<String> = ["tensor", "number", "list", "range"]
  private static let parameters: Set<String> = ["record", "list", "tensor", "instance"]
  /// Parameters of these names take any value.
  private static let general: Set<String> = ["value", "values", "object", "item"]
  /// Parameters of these names take instances of types made by `type`.
  private static let instances: Set<String> = ["encoder", "emulator", "e", "layer"]

  /// How well a value of a type suits: 0 made for it, 1 it will do, nil not at all.
  static func suits(_ parameter: ParameterText, _ type: String, isInstance: Bool) -> Int? {
    if let wanted = parameter.type { return wanted == type ? 0 : nil }
    if general.contains(parameter.name) { return 1 }
    if instances.contains(parameter.name) { return isInstance ? 0 : nil }
    guard let types = types[parameter.name] else { return nil }
    if types.contains(type) { return 0 }
    return isInstance && types.contains("instance") ? 1 : nil
  }

  /// The type that something of this name has, if the name tells one: `zoo.weights` is a tensor.
  static func type(named name: String) -> String? {
    if ["accuracy", "tasks", "step", "loss", "rollouts", "run"].contains(name) { return "tensor" }
    guard let types = types[name] else { return nil }
    if types == tensors { return "tensor" }
    return types.contains(name) ? name : types.count == 1 ? types.first : nil
  }

  /// The type of what a function of the library gives, where its name tells.
  static func result(of function: String) -> String? {
    switch function {
    case "language_zoo", "digit_zoo": "zoo"
    case "lstm", "lstm_from", "train": "lstm"
    case "nets": "nets"
    case "language": "language"
    case "family", "function_set", "collapse": "function_set"
    case "interactive_strategy", "noninteractive_strategy": "strategy"
    case "oracle", "adversary", "liar", "noisy": "oracle"
    case "interrogate", "identify": "transcript"
    case "adamw", "adam", "sgd": "optimizer"
    case "text", "join", "replace", "upper", "lower", "trim", "read_text": "string"
    case "list", "map", "filter", "zip", "enumerate", "words", "keys", "strings", "sort_list":
      "list"
    case "zeros", "ones", "normal", "uniform", "tensor", "arange", "linspace", "softmax", "encode",
      "reshape", "sum", "mean", "weights", "run", "sigmoid", "tanh", "relu", "exp", "log", "sqrt":
      "tensor"
    default: nil
    }
  }
}
