import Execution

/// The language at work: modules, the library, and the machine that runs them.
public final class Session: Interpreter {
  /// Where results and notes go.
  public let console: any Console
  /// What the user presses Ctrl-C against.
  public let cancellation: Cancellation
  /// The arguments of the script.
  public internal(set) var arguments: [String] = []
  /// Where a file of the user's own state lies, such as scores; nil if it is not kept.
  public var stateFile: (_ name: String) -> String? = { _ in nil }
  /// The keys of random streams; a piece of work has its own.
  public var random: RandomKeys {
    get { Piece.current?.random ?? ownRandom }
    set { if let piece = Piece.current { piece.random = newValue } else { ownRandom = newValue } }
  }
  private var ownRandom = RandomKeys(seed: 0)

  /// Whether warnings are errors.
  public var isStrict = false
  /// Whether a warning is due when random numbers are drawn, because nobody has chosen a seed.
  public var wantsSeed = false

  let library: LibrarySource
  let natives: [String: NativeFunction]
  var shared: [SharedName] = []
  let readyValues = ReadyValues()
  var sharedPlaces: [String: Int] = [:]
  /// Modules of the library that have run, or are running.
  var libraryModules: [Int: Module] = [:]
  /// Modules from files, by path.
  var fileModules: [String: Module] = [:]
  /// The files that are being run, each of which uses the next.
  var loading: [String] = []
  /// The module of the script that runs, or ran last.
  var script: Module?
  /// The module of the prompt.
  var prompt: Module
  /// The values of earlier entries, which the prompt knows as `out`.
  var outputs = Outputs()
  /// The entry that runs, if its values are to be kept.
  var entry: Int?
  /// For each entry the statements, by number, whose values became `ans`.
  var valued: [Int: [Int]] = [:]
  /// For each entry, how many of its statements were finished.
  var finished: [Int: Int] = [:]
  /// The statement of the prompt that runs.
  var running: PromptStatement?
  /// The programs that were checked; they go with the session.
  var checked: [Program] = []
  /// What the library declares, read from its text when it is first asked for.
  private(set) lazy var declarations = Dictionary(
    grouping: library.entries.flatMap(Declaration.all), by: \.name)
  /// The machine that runs what this thread is at.
  var machine: Machine { Piece.current?.machine ?? ownMachine }
  private lazy var ownMachine = Machine(session: self, cancellation: cancellation)
  /// Machines that have helped others, to be used again.
  var spareMachines: [Machine] = []
  /// Whether a gradient is being taken, inside which none may be taken.
  public var isTracing: Bool {
    get { Piece.current?.isTracing ?? isOwnTracing }
    set {
      if let piece = Piece.current { piece.isTracing = newValue } else { isOwnTracing = newValue }
    }
  }
  private var isOwnTracing = false
  /// Warnings that were given, each once for its place.
  private var warned: Set<String> = []

  /// A session with a library and the native functions that it declares.
  public init(
    console: any Console, library: LibrarySource, natives: [NativeFunction],
    cancellation: Cancellation = .current
  ) {
    self.console = console
    self.cancellation = cancellation
    self.library = library
    self.natives = Dictionary(
      natives.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    prompt = Session.newPrompt()
    for name in library.definitions.keys { declareShared(name) }
  }

  /// The names of all native functions, to be held against their declarations.
  public var nativeNames: [String] { natives.keys.sorted() }

  func native(_ name: String, in module: Module) -> NativeFunction? {
    module.isLibrary ? natives[name] : nil
  }

  // MARK: - Modules

  /// The module of the library with this number, run if need be.
  func loadLibrary(_ place: Int) throws -> Module {
    if let module = libraryModules[place] { return module }
    let entry = library.entries[place]
    let module = Module(name: entry.name, folder: ".", isLibrary: true)
    libraryModules[place] = module
    let source = Source(
      name: "stdlib/\(entry.name).rnr", text: entry.text, isLibrary: true)
    do {
      try run(source, in: module, isWhole: true, echo: false)
    } catch {
      libraryModules[place] = nil
      throw Session.first(error)
    }
    publish(module)
    return module
  }

  /// The module that a `use` statement names.
  func load(_ use: Statement.Use, from user: Module) throws -> Module {
    if use.isPath { return try loadFile(use.module, from: user) }
    let names = library.entries.map(\.name)
    guard let place = names.firstIndex(of: use.module) else {
      let near = Text.nearest(use.module, in: names).first.map { "did you mean `\($0)`?" }
      throw Failure(
        "the library has no module `\(use.module)`",
        hint: near ?? "a file is named in quotes: use \"\(use.module).rnr\"")
    }
    return try loadLibrary(place)
  }

  private func loadFile(_ path: String, from user: Module) throws -> Module {
    let full = path.hasPrefix("/") || user.folder == "." ? path : "\(user.folder)/\(path)"
    if let module = fileModules[full] { return module }
    let text = try Source.text(ofFile: full)
    let name = String(full.split(separator: "/").last ?? "module")
    let module = Module(name: name, folder: File.folder(of: full), isLibrary: false)
    fileModules[full] = module
    loading.append(full)
    defer { loading.removeLast() }
    do {
      try run(Source(name: full, text: text), in: module, isWhole: true, echo: false)
    } catch {
      fileModules[full] = nil
      throw Session.first(error)
    }
    return module
  }

  /// Of the errors in a module that another one uses, the first.
  private static func first(_ error: any Error) -> any Error {
    (error as? SourceErrors)?.diagnostics.first ?? error
  }

  /// What a module gives under a name: what it defines, or the shared function to which it adds.
  func export(_ name: String, of module: Module) -> Value? {
    if let value = module.value(name) { return value }
    guard module.isLibrary || module.methodNames.contains(name), let place = sharedPlaces[name]
    else { return nil }
    return shared[place].value
  }

  /// The module, not known everywhere, that defines a name.
  func moduleDefining(_ name: String) -> String? {
    library.entries.first { entry in
      !entry.isShared && (entry.text.hasDefinition(of: name))
    }?.name
  }

  func missing(_ name: String) -> Failure {
    if let script, script.slots[name] != nil, script.value(name) == nil {
      return Failure(
        "`\(name)` is not defined yet",
        hint: "a script runs from top to bottom, and this is reached before what defines it")
    }
    return Failure("`\(name)` is not defined", hint: hint(forUnknown: name, among: knownNames))
  }

  /// What to write in place of a name that nothing defines.
  func hint(forUnknown name: String, among names: some Sequence<String>) -> String? {
    if let module = moduleDefining(name) {
      let own = "use \(module): \(name)"
      return names.contains(module)
        ? "it is in the module `\(module)`: write \(module).\(name), or \(own)"
        : "it is in a module of the library: \(own)"
    }
    let files = fileModules.sorted { $0.key < $1.key }
    if let (path, module) = files.first(where: { $0.value.value(name) != nil }) {
      return UsedFile(path: path, module: prompt.name(of: module), names: []).hint(for: name)
    }
    if let hint = Session.promptHints[name] ?? ForeignNames.hint(name) { return hint }
    let near =
      Text.nearest(name, in: names).first ?? Parser.keyword(near: name)
      ?? Text.onlyNeighbour(of: name, in: names.filter { sharedPlaces[$0] == nil && $0 != "e" })
    if let near { return "did you mean `\(near)`?" }
    return ForeignNames.near(name).flatMap(ForeignNames.hint)
  }

  /// What to say of the names that only the prompt gives.
  private static let promptHints = [
    "ans": "it is the last value that the prompt showed; there is none yet",
    "out": "out[n] is the value of entry n; none has a value yet",
    "_": "the last value is `ans`",
  ]

  /// The type of this name: at the prompt, in the script, in files used, or in the library.
  public func type(named name: String) -> TypeObject? {
    let files = fileModules.sorted { $0.key < $1.key }.map(\.value)
    for module in [prompt] + (script.map { [$0] } ?? []) + files {
      if case .type(let type)? = module.value(name) { return type }
    }
    if let place = sharedPlaces[name], case .type(let type)? = try? value(ofShared: place) {
      return type
    }
    return nil
  }

  /// An instance of a type from the values of its fields.
  public func instance(of type: TypeObject, _ values: [Value]) -> Value {
    .instance(.holding(type, values))
  }

  // MARK: - Running

  /// Parses, compiles and runs a source in a module.
  ///
  /// - Throws: `SourceErrors` if it cannot be run at all, a `Diagnostic` if it fails,
  ///   `Interrupted`.
  func run(_ source: Source, in module: Module, isWhole: Bool, echo: Bool) throws {
    let (program, problems) = Parser.parse(source)
    guard problems.isEmpty else {
      let isScript = isWhole && !module.isLibrary
      throw SourceErrors(diagnostics: isScript ? self.problems(of: source, source.name) : problems)
    }
    module.documentation = module.documentation ?? program.documentation
    try run(program, in: module, isWhole: isWhole, echo: echo)
  }

  /// Compiles and runs a program in a module.
  func run(_ program: Program, in module: Module, isWhole: Bool, echo: Bool) throws {
    let compiler = Compiler(
      session: self, module: module, source: program.source, isWhole: isWhole)
    let codes = compiler.compile(program)
    var found = compiler.diagnostics
    if isWhole && !module.isLibrary {
      let checker = Checker(session: self, module: module, source: program.source)
      found += checker.check(program, compiler.names)
    }
    found.sort { $0.place < $1.place }
    if isStrict { for place in found.indices { found[place].severity = .error } }
    // A wait for a file to be used may have been given up, which is no mistake of the source.
    try cancellation.check()
    let errors = found.filter { $0.severity == .error }
    guard errors.isEmpty else { throw SourceErrors(diagnostics: errors) }
    for warning in found { warn(warning) }
    for (number, (code, statement)) in zip(codes, program.statements).enumerated() {
      module.reserve(code.registerCount)
      let isEntry = module === prompt && entry != nil
      if isEntry {
        running = PromptStatement(text: program.source.text(statement.span), random: random)
      }
      defer { if isEntry { running = nil } }
      let value = try machine.run(top: code)
      if isEntry, let entry { finished[entry] = number + 1 }
      if echo { show(value, of: statement, number) }
    }
  }

  /// Prints the value of an expression statement, and keeps it as `ans`.
  private func show(_ value: Value, of statement: Statement, _ number: Int) {
    guard case .expression = statement.kind, !value.isNone else { return }
    keep(value, of: number)
    if !statement.isSilent { console.write(display(value) + "\n") }
  }

  /// The text of a value as `print` and strings show it.
  public func text(_ value: Value) -> String {
    if case .native(let box) = value { return box.object.card(console.style) }
    return value.text { self.shown($0) }
  }

  /// The text of a value in a layout such as `.3f` or `>10`, as behind the colon in `"{x:.3f}"`.
  public func text(_ value: Value, layout: String) throws -> String {
    try Layout(layout).text(value) { self.text($0) }
  }

  /// The text of a value as the prompt shows it: strings in quotes.
  public func display(_ value: Value) -> String {
    if case .native = value { return Text.visible(shownText(value), keepsStyles: true) }
    return Text.visible(shownText(value))
  }

  private func shownText(_ value: Value) -> String {
    let style = console.style
    var layout = ValueLayout(columns: style.columns, lines: style.lines)
    switch value {
    case .string, .list, .record: return layout.text(of: value)
    case .instance: return shown(value) ?? layout.text(of: value)
    case .tensor(let object) where object.variable.value.rank > 0:
      return object.variable.value.description(columns: style.columns, lines: style.lines)
    case .native(let box):
      let card = box.object.card(style)
      return box.object.typeName == "figure" ? card : layout.fitted(card)
    case .function(let function):
      let isNamed = function.name != "function"
      return layout.fitted((isNamed ? "function " : "") + Session.brief(function))
    case .type(let type): return layout.fitted("type " + Session.brief(type.constructor))
    case .module(let module):
      let names = module.boundNames.filter { !$0.hasPrefix("_") }.sorted()
      return layout.fitted("module \(module.name): " + names.joined(separator: ", "))
    default: return text(value)
    }
  }

  /// The first signatures of a function and what it does.
  private static func brief(_ function: FunctionObject) -> String {
    let codes = function.codes
    let signatures = codes.prefix(4).map(\.signature).joined(separator: "\n  ")
    let more = codes.count > 4 ? "\n  ... (\(codes.count) definitions)" : ""
    let summary = codes.first?.documentation?.prefix { $0 != "\n" } ?? ""
    return signatures + more + (summary.isEmpty ? "" : "\n  " + summary)
  }

  /// What a function `show` for the value's type says.
  private func shown(_ value: Value) -> String? {
    guard let place = sharedPlaces["show"], let generic = shared[place].generic,
      let method = generic.method(for: value.typeSymbol),
      case .string(let text)? = try? machine.call(.function(method), [value])
    else { return nil }
    return text.text
  }

  /// Gives a warning, once for its place.
  func warn(_ warning: Diagnostic) {
    let place = warning.labels.first.map { "\($0.source.name):\($0.span.start)" } ?? ""
    // What a running program says at one place may differ from turn to turn: once is enough.
    let text = warning.stage == .source ? warning.message : ""
    guard warned.insert(place + text).inserted else { return }
    console.note(render(warning))
  }

  func render(_ diagnostic: Diagnostic) -> String {
    diagnostic.rendered(
      colours: console.style.colours, columns: console.style.columns,
      breaksLines: console.style.isTerminal)
  }
}

/// The errors for which a source cannot be run.
struct SourceErrors: Error {
  var diagnostics: [Diagnostic]
}

extension String {
  /// Whether a line of this text defines a name.
  func hasDefinition(of name: String) -> Bool {
    split(separator: "\n").contains { line in
      ["fn \(name)(", "native fn \(name)(", "type \(name)("].contains { line.hasPrefix($0) }
    }
  }
}
