import Synchronization

/// Compiled code of a function or of one statement at the top of a module.
final class Code {
  private static let numbers = Atomic<Int>(0)

  /// A number that no other code has.
  let number = Code.numbers.wrappingAdd(1, ordering: .relaxed).oldValue
  /// A parameter as callers see it.
  struct Parameter {
    var name: Symbol
    var hasDefault: Bool
    var isRest: Bool
    /// The text of the default and type, for signatures.
    var text: String
  }

  /// The names of a record that is made from registers.
  typealias RecordShape = [Symbol]

  /// How an interpolated string is put together.
  enum FormatPiece {
    case text(String)
    /// A value in a layout, nil for the plain text of it.
    case value(Layout?)
  }

  /// One place between the brackets of an index; expressions take registers in order.
  enum IndexPiece {
    case value
    case slice(start: Bool, stop: Bool, step: Bool)
    case ellipsis

    var registers: Int {
      switch self {
      case .value: 1
      case .slice(let start, let stop, let step): (start ? 1 : 0) + (stop ? 1 : 0) + (step ? 1 : 0)
      case .ellipsis: 0
      }
    }
  }

  /// One step of the way to a place that is assigned to.
  enum PathStep {
    case field(Symbol)
    case index([IndexPiece])
  }

  /// How arguments stand in the registers of a call.
  enum ArgumentForm {
    case positional
    case named(Symbol)
    case spread
  }

  /// A function that is called by the name of a global variable or a shared one.
  ///
  /// No function can change such a name, so the name's holder keeps alive what runs.
  struct Callee: Equatable {
    /// The module's variable, -1 if there is none.
    var slot: Int32
    /// The number of the shared name, -1 if there is none.
    var shared: Int32
    /// The constant with the name.
    var name: Int32
  }

  /// Where a captured value is found when a function is made: a register of the maker.
  struct Nested {
    var code: Code
    var captures: [Int]
  }

  /// What a `use` statement binds.
  struct UseForm {
    var use: Statement.Use
    /// The register for the module, or one for each name.
    var registers: [Int]
  }

  /// Places for messages: the whole step, and its operands or arguments.
  struct Place {
    var span: Span
    var operands: [Span] = []
  }

  let name: String
  let module: Module
  let source: Source
  var parameters: [Parameter] = [] {
    didSet { hasRest = parameters.contains(where: \.isRest) }
  }
  /// Whether a parameter takes all further arguments.
  private(set) var hasRest = false
  var captureCount = 0
  /// The names of what is captured, in its order.
  var captureNames: [String] = []
  var registerCount = 0
  /// The first register that the code itself uses up: 0, or behind the variables of a module.
  var ownRegisters = 0
  var instructions: [Instruction] = []
  var constants: [Value] = []
  var recordShapes: [RecordShape] = []
  var formats: [[FormatPiece]] = []
  var indexForms: [[IndexPiece]] = []
  var paths: [[PathStep]] = []
  /// What `x.name += v` and the like do, and to which places.
  var updates: [(operation: Operation, path: [PathStep])] = []
  var callForms: [[ArgumentForm]] = []
  var callees: [Callee] = []
  var nested: [Nested] = []
  var uses: [UseForm] = []
  var types: [TypeObject] = []
  var native: NativeFunction?
  /// The `##` lines above the definition.
  var documentation: String?
  var definition: Span?
  /// One for each instruction.
  var places: [Place] = []
  private var fixed: UnsafeMutablePointer<Fixed>?
  /// Arguments that a call must give; -1 where a parameter takes all that are left.
  private(set) lazy var requiredCount: Int =
    parameters.contains(where: \.isRest) ? -1 : parameters.count { !$0.hasDefault }

  /// The place of the parameter in whose place a shape may be given, -1 if there is none.
  private(set) lazy var shapePlace: Int = ShapeOfNets.place(in: parameters.map(\.name.name))

  /// Whether a parameter takes the shape of nets, which may be given by its sizes.
  private(set) lazy var takesShape: Bool =
    shapePlace < 0 && parameters.contains { $0.name.name == ShapeOfNets.keyword }

  init(name: String, module: Module, source: Source) {
    self.name = name
    self.module = module
    self.source = source
  }

  /// What the machine's loop needs; made when the code first runs.
  var prepared: UnsafeMutablePointer<Fixed> {
    if let fixed { return fixed }
    let made = UnsafeMutablePointer<Fixed>.allocate(capacity: 1)
    made.initialize(to: Fixed(self))
    fixed = made
    return made
  }

  deinit {
    guard let fixed else { return }
    fixed.pointee.deallocate()
    fixed.deallocate()
  }

  /// Whether it stands for a native function or a constructor, which have no text of their own.
  var isNativeBody: Bool { native != nil || !types.isEmpty }

  /// `name(x, k=1)`, for help and messages.
  var signature: String { "\(name)(\(parameters.map(\.text).joined(separator: ", ")))" }
}
