import Execution
import Language
import Tensors

/// What made a checkpoint: the code of its loop with all that this uses, and the state with which it
/// began.
struct RunOrigin {
  /// One thing that a run is made of.
  private struct Part {
    var name: String
    /// A short text of it, empty where that would say nothing.
    var text: String
    var sum: UInt32
    /// The sum where the numbers of tensors do not count.
    var form: UInt32
  }

  private var parts: [Part] = []
  private let session: Session?

  /// Of a loop that is about to begin.
  init(body: Value, state: Value, session: Session) throws {
    self.session = session
    if case .function(let function) = body {
      for made in session.parts(of: function) {
        let sum = Checksum.crc32(made.text)
        parts.append(Part(name: "the body of the loop", text: "", sum: sum, form: sum))
        for (name, value) in made.captured + made.globals { try add(name, value, depth: 0) }
      }
    } else {
      try add("the body of the loop", body, depth: 0)
    }
    try add("state", state, depth: 0)
  }

  /// Of the loop whose checkpoint holds this value; nil if it is none.
  init?(stored: Value) {
    guard case .list(let list) = stored else { return nil }
    session = nil
    for item in list.items {
      guard case .string(let name)? = item.held("name"),
        case .string(let text)? = item.held("text"),
        case .number(let sum)? = item.held("sum"), let sum = UInt32(exactly: sum),
        case .number(let form)? = item.held("form"), let form = UInt32(exactly: form)
      else { return nil }
      parts.append(Part(name: name.text, text: text.text, sum: sum, form: form))
    }
  }

  /// The form in which a checkpoint keeps it.
  var stored: Value {
    .items(
      parts.map { part in
        .fields([
          ("name", .text(part.name)), ("text", .text(part.text)),
          ("sum", .number(Double(part.sum))), ("form", .number(Double(part.form))),
        ])
      })
  }

  /// In what this run differs from another, in words.
  ///
  /// - Parameters:
  ///   - byForm: whether tensors of equal shapes in the state are taken for equal, as where an entry
  ///     that is entered again draws their numbers anew.
  ///   - ofState: whether the state counts.
  func differences(
    from old: RunOrigin, byForm: Bool = false, ofState: Bool = true
  ) -> [String] {
    let old = old.parts.filter { ofState || !isState($0.name) }
    let parts = parts.filter { ofState || !isState($0.name) }
    var found: [String] = []
    var explained: [String] = []
    for part in parts {
      guard let before = old.first(where: { $0.name == part.name }) else {
        // Of what had no parts before, the whole is named.
        let whole = part.name.split(separator: ".").dropLast().joined(separator: ".")
        let hadParts = old.contains { $0.name.hasPrefix(whole + ".") }
        if !hadParts, old.contains(where: { $0.name == whole }) { continue }
        found.append("`\(part.name)` is new")
        continue
      }
      let isSame = byForm && isState(part.name) ? part.form == before.form : part.sum == before.sum
      // A whole differs where a part of it does, which says more.
      if isSame || explained.contains(where: { $0.hasPrefix(part.name + ".") }) { continue }
      explained.append(part.name)
      let name = part.name.contains(" ") ? part.name : "`\(part.name)`"
      found.append(
        part.text == before.text || part.text.isEmpty || before.text.isEmpty
          ? "\(name) differs" : "\(name) was \(before.text) and is \(part.text)")
    }
    let names = Set(parts.map(\.name))
    return found + old.filter { !names.contains($0.name) }.map { "`\($0.name)` is gone" }
  }

  private func isState(_ name: String) -> Bool { name == "state" || name.hasPrefix("state.") }

  // MARK: - Parts

  /// Adds a value, the fields of records first.
  private mutating func add(_ name: String, _ value: Value, depth: Int) throws {
    guard let session else { return }
    if depth < 4 {
      for (field, held) in fields(of: value, session) {
        try add("\(name).\(field)", held, depth: depth + 1)
      }
    }
    let sum = try Fingerprint.sum(of: value, in: session)
    let form =
      isState(name) ? try Fingerprint.sum(of: value, ofForm: true, in: session) : sum
    // Two functions may capture each a variable of one name.
    let alike = parts.count { $0.name == name || $0.name.hasPrefix(name + " (") }
    let unique = alike == 0 ? name : "\(name) (\(alike + 1))"
    parts.append(Part(name: unique, text: text(of: value, session), sum: sum, form: form))
  }

  private func fields(of value: Value, _ session: Session) -> [(String, Value)] {
    switch value {
    case .function(let function):
      // Functions that it uses count in its sum; they may use each other without end.
      return session.parts(of: function).flatMap { $0.captured + $0.globals }
        .filter { !$0.value.isCallableValue }.map { ($0.name, $0.value) }
    case .record(let record):
      return zip(record.names, record.values).map { ($0.name, $1) }
    case .instance(let instance):
      return zip(instance.type.fields, instance.values).map { ($0.name, $1) }
    case .native(let box):
      return box.object.fieldNames.compactMap { name in
        guard name != "path", let held = try? box.object.field(name), held.isPlain else {
          return nil
        }
        return (name, held)
      }
    default: return []
    }
  }

  private func text(of value: Value, _ session: Session) -> String {
    switch value {
    case .none, .boolean, .number, .range: session.text(value)
    case .string(let text) where text.text.count <= 40: "\"\(text.text)\""
    case .tensor(let object) where object.variable.shape.isEmpty: session.text(value)
    case .tensor(let object): "a tensor of shape \(Tensor.text(of: object.variable.shape))"
    case .function(let function): "`\(function.name)`"
    default: ""
    }
  }
}

extension Value {
  /// Whether it is one number, string or truth value.
  fileprivate var isPlain: Bool {
    switch self {
    case .boolean, .number, .string: true
    default: false
    }
  }
}
