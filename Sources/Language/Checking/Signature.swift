import Execution

/// How a function may be called.
struct Signature {
  /// What callers see of a parameter.
  struct Parameter {
    var name: String
    var hasDefault: Bool
    var isRest: Bool
    /// Whether it takes the keyword arguments that no other parameter is named for.
    var takesKeywords: Bool { isRest && hasDefault }
  }

  let name: String
  let parameters: [Parameter]
  /// `name(x, k=1)`, for hints.
  let text: String
  /// Whether a call makes an instance whose fields are the parameters.
  var isConstructor = false
  private var shapePlace: Int { ShapeOfNets.place(in: parameters.map(\.name)) }

  /// That of compiled code.
  init(_ code: Code) {
    name = code.name
    parameters = code.parameters.map {
      Parameter(name: $0.name.name, hasDefault: $0.hasDefault, isRest: $0.isRest)
    }
    text = code.signature
    isConstructor = !code.types.isEmpty
  }

  /// That of a definition in a source.
  init(_ name: String, _ parameters: [Language.Parameter], _ source: Source) {
    self.name = name
    self.parameters = parameters.map {
      Parameter(name: $0.name, hasDefault: $0.defaultValue != nil, isRest: $0.isRest)
    }
    text = "\(name)(\(parameters.map { $0.text(in: source) }.joined(separator: ", ")))"
  }

  /// That of a type's constructor.
  init(_ type: TypeNode, _ source: Source) {
    self.init(type.name, type.fields, source)
    isConstructor = true
  }

  // MARK: - Calls

  /// What is wrong with a call.
  struct Mistake {
    var code: Diagnostic.Code
    var message: String
    /// The argument it is about; nil for the call as a whole.
    var argument: Int?
    var label = ""
    var hint: String
  }

  /// What is certainly wrong with a call of these arguments, as the machine would say it.
  func mistake(in arguments: [Expression.Element]) -> Mistake? {
    let hasSpread = arguments.contains { $0.form == .spread }
    let rest = parameters.firstIndex(where: \.isRest)
    let room = rest ?? parameters.count
    let positional = arguments.indices.filter { arguments[$0].form == .plain }
    let takesMore = parameters.contains { $0.isRest && !$0.takesKeywords }
    if !takesMore, positional.count > room {
      return Mistake(
        code: .argumentCount,
        message:
          "`\(name)` takes \(Text.count(room, "argument")), but \(positional.count) are given",
        argument: positional[room], label: "one too many",
        hint: parameters.first?.name == "shape"
          ? "a shape is a list: \(name)([2, 3]); \(text)" : text)
    }
    let isOpen = mayTakeShape(arguments, positional.last)
    let gathers = gathersSizes(arguments, hasSpread)
    var filled = Set(0..<min(positional.count, room))
    if gathers, let shape = parameters.firstIndex(where: { $0.name == ShapeOfNets.keyword }) {
      filled.insert(shape)
    }
    if isOpen { filled.remove(shapePlace) }
    for (place, argument) in arguments.enumerated() {
      guard case .named(let keyword, _) = argument.form else { continue }
      guard let parameter = parameters.firstIndex(where: { $0.name == keyword && !$0.isRest })
      else {
        if parameters.contains(where: \.takesKeywords) { continue }
        if shapePlace >= 0, keyword == ShapeOfNets.keyword { continue }
        if gathers, ShapeOfNets.sizes.contains(keyword) { continue }
        return unknownKeyword(keyword, place)
      }
      guard filled.insert(parameter).inserted else {
        return Mistake(
          code: .argumentTwice, message: "`\(name)` gets `\(keyword)` twice", argument: place,
          hint: text)
      }
    }
    guard !hasSpread, !isOpen else { return nil }
    for (place, parameter) in parameters.enumerated()
    where !filled.contains(place) && !parameter.isRest && !parameter.hasDefault {
      return Mistake(
        code: .argumentMissing, message: "`\(name)` is called without `\(parameter.name)`",
        argument: nil, hint: text)
    }
    return nil
  }

  /// Whether the arguments may hold the sizes that a parameter `shape` is made of.
  private func gathersSizes(_ arguments: [Expression.Element], _ hasSpread: Bool) -> Bool {
    var given: [String] = hasSpread ? Array(ShapeOfNets.sizes.prefix(2)) : []
    for case .named(let name, _) in arguments.map(\.form) { given.append(name) }
    return ShapeOfNets.gathers(given, for: parameters.map(\.name))
  }

  /// Whether one of the arguments may be the shape of nets, with the sizes that are not given.
  private func mayTakeShape(_ arguments: [Expression.Element], _ last: Int?) -> Bool {
    guard shapePlace >= 0 else { return false }
    for case .named(ShapeOfNets.keyword, _) in arguments.map(\.form) { return true }
    guard let last, arguments[...last].count(where: { $0.form == .plain }) == shapePlace + 1 else {
      return false
    }
    switch arguments[last].value.kind {
    case .number, .string, .boolean, .none, .list, .interpolation, .lambda, .range: return false
    default: return true
    }
  }

  private func unknownKeyword(_ keyword: String, _ place: Int) -> Mistake {
    let near = ForeignNames.parameter(keyword, among: parameters.map(\.name))
    return Mistake(
      code: .unknownArgument, message: "`\(name)` has no argument `\(keyword)`", argument: place,
      hint: (near.map { "did you mean `\($0)`? " } ?? "") + text)
  }

  /// The argument of each parameter that is given without a spread.
  func bound(_ arguments: [Expression.Element]) -> [String: Int] {
    var bound: [String: Int] = [:]
    var next = 0
    for (place, argument) in arguments.enumerated() {
      switch argument.form {
      case .spread: return bound
      case .named(let name, _): bound[name] = place
      case .plain:
        guard next < parameters.count, !parameters[next].isRest else { return bound }
        bound[parameters[next].name] = place
        next += 1
      }
    }
    return bound
  }
}

extension Parameter {
  /// The parameter as help shows it.
  func text(in source: Source) -> String {
    var text = isRest ? "..\(name)" : name
    if let type { text += ": \(type)" }
    if let defaultValue { text += "=\(source.text(defaultValue.span))" }
    return text
  }
}
