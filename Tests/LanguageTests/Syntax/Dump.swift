@testable import Language

/// The tree of a text as compact S-expressions, one line per statement.
func dump(_ text: String) -> String {
  let (program, diagnostics) = Parser.parse(Source(name: "test", text: text))
  let mistakes = diagnostics.map { "! " + $0.message }
  return (program.statements.map(\.dumped) + mistakes).joined(separator: "\n")
}

extension Statement {
  /// The statement as an S-expression; a `;` behind it if it is silent.
  var dumped: String { kind.dumped + (isSilent ? ";" : "") }
}

extension Statement.Kind {
  fileprivate var dumped: String {
    switch self {
    case .expression(let value): value.dumped
    case .assign(let target, let value): "(= \(target.dumped) \(value.dumped))"
    case .update(let sign, let target, let value, _):
      "(\(sign.rawValue)= \(target.dumped) \(value.dumped))"
    case .function(let node): node.dumped
    case .type(let node): "(type \(node.name)\(node.fields.dumped))"
    case .forLoop(let pattern, let items, let body):
      "(for \(pattern.dumped) \(items.dumped) \(body.dumped))"
    case .whileLoop(let condition, let body): "(while \(condition.dumped) \(body.dumped))"
    case .breakLoop: "break"
    case .continueLoop: "continue"
    case .returnValue(let value): value.map { "(return \($0.dumped))" } ?? "return"
    case .use(let use):
      "(use " + (use.isPath ? "\"\(use.module)\"" : use.module)
        + use.names.map { " " + $0.name }.joined() + ")"
    case .assert(let condition, let message):
      "(assert \(condition.dumped)\(message.map { " " + $0.dumped } ?? ""))"
    }
  }
}

extension Expression {
  /// The expression as an S-expression.
  var dumped: String {
    switch kind {
    case .number(let value): value == value.rounded() ? "\(Int(value))" : "\(value)"
    case .string(let text): "\"\(text.escaped)\""
    case .interpolation(let segments): "(str\(segments.map { " " + $0.dumped }.joined()))"
    case .boolean(let value): value ? "true" : "false"
    case .none: "none"
    case .name(let name): name
    case .list(let elements): "[\(elements.dumped)]"
    case .record(let elements): "{\(elements.dumped)}"
    case .comprehension(let comprehension): comprehension.dumped
    case .unary(let sign, let operand): "(\(sign.rawValue) \(operand.dumped))"
    case .binary(let sign, let left, let right, _):
      "(\(sign.rawValue) \(left.dumped) \(right.dumped))"
    case .logical(let isAnd, let left, let right, _):
      "(\(isAnd ? "and" : "or") \(left.dumped) \(right.dumped))"
    case .call(let callee, let arguments):
      "(call \(callee.dumped)\(arguments.isEmpty ? "" : " ")\(arguments.dumped))"
    case .index(let base, let items):
      "(index \(base.dumped)\(items.map { " " + $0.dumped }.joined()))"
    case .field(let base, let name, _): "(. \(base.dumped) \(name))"
    case .lambda(let node): node.dumped
    case .range(let start, let end, let isClosed):
      "(\(isClosed ? "..=" : "..") \(start.dumped) \(end.dumped))"
    case .conditional(let condition, let body, let otherwise):
      "(if \(condition.dumped) \(body.dumped)\(otherwise.map { " " + $0.dumped } ?? ""))"
    case .block(let block): block.dumped
    case .attempt(let body, let error, let handler):
      "(try \(body.dumped) \(error) \(handler.dumped))"
    }
  }
}

extension Expression.Segment {
  fileprivate var dumped: String {
    switch self {
    case .text(let text): "\"\(text.escaped)\""
    case .value(let value, let format): value.dumped + (format.isEmpty ? "" : ":" + format)
    }
  }
}

extension Expression.IndexItem {
  fileprivate var dumped: String {
    switch self {
    case .at(let value): value.dumped
    case .slice(let start, let stop, let step, _):
      [start, stop, step].map { $0?.dumped ?? "" }.joined(separator: ":")
    case .ellipsis: "..."
    }
  }
}

extension Expression.Comprehension {
  fileprivate var dumped: String {
    let clauses = clauses.map { clause in
      " (for \(clause.pattern.dumped) \(clause.items.dumped)"
        + clause.conditions.map { " (if \($0.dumped))" }.joined() + ")"
    }
    return "[\(body.dumped)\(clauses.joined())]"
  }
}

extension [Expression.Element] {
  fileprivate var dumped: String {
    map { element in
      switch element.form {
      case .plain: element.value.dumped
      case .named(let name, _): "\(name)=\(element.value.dumped)"
      case .spread: "..\(element.value.dumped)"
      }
    }
    .joined(separator: " ")
  }
}

extension FunctionNode {
  fileprivate var dumped: String {
    let head = name.map { (body == nil ? "native " : "fn ") + $0 } ?? "->"
    let documented = documentation.map { " \"\($0.escaped)\"" } ?? ""
    return "(\(head)\(documented)\(parameters.dumped)\(body.map { " " + $0.dumped } ?? ""))"
  }
}

extension [Parameter] {
  fileprivate var dumped: String {
    let parts = map { parameter in
      (parameter.isRest ? ".." : "") + parameter.name + (parameter.type.map { ": " + $0 } ?? "")
        + (parameter.defaultValue.map { "=" + $0.dumped } ?? "")
    }
    return " (" + parts.joined(separator: " ") + ")"
  }
}

extension Block {
  fileprivate var dumped: String { "{" + statements.map(\.dumped).joined(separator: " | ") + "}" }
}

extension Pattern {
  fileprivate var dumped: String {
    switch self {
    case .name(let name, _): name
    case .tuple(let parts, _): "(" + parts.map(\.dumped).joined(separator: " ") + ")"
    }
  }
}

extension Target {
  fileprivate var dumped: String {
    switch self {
    case .pattern(let pattern): pattern.dumped
    case .index(let base, let items, _):
      "(index \(base.dumped)\(items.map { " " + $0.dumped }.joined()))"
    case .field(let base, let name, _): "(. \(base.dumped) \(name))"
    }
  }
}

extension String {
  fileprivate var escaped: String {
    var result = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\"": result += "\\\""
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
