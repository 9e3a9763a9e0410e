import Execution
import Tensors

extension Session {
  /// Runs an entry of the prompt, whose last value becomes `ans` and `out[number]`.
  public func evaluate(entry number: Int, _ text: String) -> Outcome {
    entry = number
    defer { entry = nil }
    return evaluate(text, name: "<entry \(number)>", echo: true)
  }

  /// Runs a file as an entry, among the prompt's own names; files that it uses are read again.
  public func load(entry number: Int, _ path: String) throws -> Outcome {
    let text = try Source.text(ofFile: path)
    entry = number
    defer { entry = nil }
    fileModules = [:]
    prompt.folder = File.folder(of: path)
    defer { prompt.folder = "." }
    return evaluate(text, name: path, echo: false)
  }

  /// Forgets all names, outputs and modules; what is in the library comes back when it is used.
  public func reset() {
    prompt = Session.newPrompt()
    outputs = Outputs()
    valued = [:]
    finished = [:]
    shared = []
    readyValues.removeAll()
    sharedPlaces = [:]
    libraryModules = [:]
    fileModules = [:]
    script = nil
    for name in library.definitions.keys { declareShared(name) }
  }

  // MARK: - Loops

  /// Which loop of which statement of the prompt begins now, counted from 1; nil in a script.
  ///
  /// The same statement, entered again, gives its loops the same places.
  public func loopPlace() -> String? {
    guard running != nil else { return nil }
    running?.loops += 1
    return running.map { "\($0.loops): \($0.text)" }
  }

  /// Whether random numbers have been drawn since the statement of the prompt that runs began.
  public var hasDrawnInEntry: Bool { running.map { $0.random != random } ?? false }

  /// Whether the call of the native function that runs may come again, because it stands in a loop
  /// or in a function that another native function calls.
  public var isInLoop: Bool { machine.isInLoop }

  // MARK: - Timing

  /// Entries shorter than this are run again.
  private static let shortSeconds = 0.05
  /// For so long they are run, and so often at most.
  private static let repeatedSeconds = 0.5
  private static let repetitionLimit = 10_000

  /// Runs an entry; a short expression again and again, without showing what it writes then.
  ///
  /// Random numbers go on as after the first run. An entry that assigns runs once.
  public func time(entry number: Int, _ text: String) -> (outcome: Outcome, timing: Timing?) {
    let began = Clock.now
    let outcome = evaluate(entry: number, text)
    let first = Clock.now - began
    guard outcome == .ok else { return (outcome, nil) }
    var timing = Timing(first: first, best: first, runs: 1)
    if first < Session.shortSeconds, let code = expression(text) { repeatRuns(code, &timing) }
    return (.ok, timing)
  }

  /// The code of a text that is a single expression.
  private func expression(_ text: String) -> Code? {
    let source = Source(name: "<timing>", text: text)
    let (program, problems) = Parser.parse(source)
    guard problems.isEmpty, program.statements.count == 1,
      case .expression = program.statements[0].kind
    else { return nil }
    let compiler = Compiler(session: self, module: prompt, source: source, isWhole: false)
    let codes = compiler.compile(program)
    return compiler.diagnostics.isEmpty ? codes.first : nil
  }

  private func repeatRuns(_ code: Code, _ timing: inout Timing) {
    let keys = random
    defer { random = keys }
    prompt.reserve(code.registerCount)
    console.mute(true)
    defer { console.mute(false) }
    let end = Clock.now + Session.repeatedSeconds
    while timing.runs < Session.repetitionLimit, Clock.now < end, !cancellation.isRequested {
      let began = Clock.now
      guard (try? machine.run(top: code)) != nil else { return }
      timing.best = min(timing.best, Clock.now - began)
      timing.runs += 1
    }
  }

  // MARK: - Variables

  /// The prompt's variables with type, shape and size, as a table for so many columns.
  public func variables(_ pattern: String = "", columns: Int, rows: Int = .max) -> String {
    let all = prompt.boundNames.filter { $0 != "out" }
    let meant = all.filter { pattern.isEmpty || $0.isMatched(by: pattern) }
    guard !meant.isEmpty else {
      return all.isEmpty ? "no variables yet" : "no variable is called like \(pattern)"
    }
    let isCut = meant.count > max(rows, 2)
    let newest = meant.sorted { prompt.slots[$0, default: 0] > prompt.slots[$1, default: 0] }
    let names = isCut ? Array(newest.prefix(max(rows, 2) - 1)) : meant
    let table = table(of: names.sorted { $0.isBefore($1) }, columns: max(columns, 20))
    let rest = "\(meant.count - names.count) older ones; :vars pattern shows some"
    return table + (isCut ? "\n" + rest : "")
  }

  private func table(of names: [String], columns: Int) -> String {
    let rows = names.compactMap { name -> [String]? in
      guard let value = prompt.value(name) else { return nil }
      return [name, MemorySize(of: value).text, Session.shapeText(value)]
    }
    let widths = (0..<2).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let name = row[0] + String(repeating: " ", count: widths[0] - row[0].count)
      let size = String(repeating: " ", count: widths[1] - row[1].count) + row[1]
      let line = "\(name)  \(size)  \(row[2])"
      return line.count > columns ? line.prefix(columns - 3) + "..." : line
    }.joined(separator: "\n")
  }

  /// The type of a value and how large it is: `tensor [3, 4]`, `list of 5`.
  private static func shapeText(_ value: Value) -> String {
    switch value {
    case .tensor(let object): "tensor \(Tensor.text(of: object.variable.shape))"
    case .list(let list): "list of \(list.items.count)"
    case .record(let record): "record of \(Text.count(record.names.count, "field"))"
    case .string(let text): "string of \(Text.count(text.text.utf8.count, "byte"))"
    case .function(let function): function.codes.first?.signature ?? "function"
    case .type(let type): type.constructor.codes.first.map { "type \($0.signature)" } ?? "type"
    case .native(let box):
      box.object.elementCount.map { "\(value.typeName) of \($0)" } ?? value.typeName
    default: value.typeName
    }
  }
}

/// A statement of the prompt at work.
struct PromptStatement {
  let text: String
  /// The keys of random streams when it began.
  let random: RandomKeys
  /// How many loops, each a fold by `iterate`, it began.
  var loops = 0
}

/// The memory that a value holds.
///
/// What several parts share counts once. Of a long list only the first items are looked at, and
/// the rest is reckoned to be like them.
struct MemorySize {
  private static let itemLimit = 10_000

  private(set) var bytes = 0
  private(set) var isEstimate = false
  private var seen: Set<ObjectIdentifier> = []

  init(of value: Value) { bytes = size(value) }

  /// `1.2 MB`, with `~` before an estimate.
  var text: String { (isEstimate ? "~" : "") + MemorySize.text(of: bytes) }

  /// `1.2 MB` and the like.
  static func text(of bytes: Int) -> String {
    var amount = Double(bytes)
    var unit = 0
    while amount >= 1000, unit < 4 {
      amount /= 1000
      unit += 1
    }
    let number = unit == 0 || amount >= 100 ? Text.fixed(amount, 0) : Text.significant(amount, 2)
    return number + " " + ["B", "kB", "MB", "GB", "TB"][unit]
  }

  private mutating func size(_ value: Value) -> Int {
    let own = MemoryLayout<Value>.stride
    switch value {
    case .string(let object): return own + once(object) { _ in object.byteCount }
    case .list(let object): return own + once(object) { $0.sum(object.items) }
    case .record(let object):
      return own + once(object) { $0.sum(object.values) + 8 * object.names.count }
    case .instance(let object): return own + once(object) { $0.sum(object.values) }
    case .tensor(let object):
      let tensor = object.variable.value
      return own + once(tensor.buffer) { _ in 4 * tensor.count }
    case .native(let box): return own + once(box) { _ in box.object.memory }
    default: return own
    }
  }

  private mutating func once(_ object: AnyObject, _ size: (inout MemorySize) -> Int) -> Int {
    seen.insert(ObjectIdentifier(object)).inserted ? size(&self) : 0
  }

  private mutating func sum(_ values: some Collection<Value>) -> Int {
    let sample = values.prefix(MemorySize.itemLimit)
    var total = 0
    for value in sample { total += size(value) }
    guard sample.count < values.count else { return total }
    isEstimate = true
    return total / sample.count * values.count
  }
}

extension String {
  /// Whether it stands before another where runs of digits count as numbers: `v2` before `v10`.
  func isBefore(_ other: String) -> Bool {
    var (a, b) = (utf8[...], other.utf8[...])
    while let x = a.first, let y = b.first {
      let isDigit = { (letter: UInt8) in (48...57).contains(letter) }
      guard isDigit(x), isDigit(y) else {
        if x != y { return x < y }
        a = a.dropFirst()
        b = b.dropFirst()
        continue
      }
      let (one, two) = (a.prefix(while: isDigit), b.prefix(while: isDigit))
      let (first, second) = (one.drop { $0 == 48 }, two.drop { $0 == 48 })
      if first.count != second.count { return first.count < second.count }
      if !first.elementsEqual(second) { return first.lexicographicallyPrecedes(second) }
      a = a.dropFirst(one.count)
      b = b.dropFirst(two.count)
    }
    return a.isEmpty != b.isEmpty ? a.isEmpty : self < other
  }

  /// Whether a pattern is a part of it, or matches it as a whole where `*` stands for any letters.
  func isMatched(by pattern: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return contains(pattern) }
    guard let first = parts.first, let last = parts.last, hasPrefix(first),
      count >= first.count + last.count, hasSuffix(last)
    else { return false }
    var rest = dropFirst(first.count).dropLast(last.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }
}
