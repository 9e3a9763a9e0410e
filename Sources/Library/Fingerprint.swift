import Execution
import Language
import Tensors

/// A check sum of any value, functions and zoos included, by which one is told from another.
struct Fingerprint {
  private(set) var sum: UInt32 = 0
  private let session: Session
  /// Whether tensors count by their shapes alone, as where their numbers are drawn anew.
  private let isOfForm: Bool
  /// Functions that were looked at, which may call each other.
  private var seen: Set<Int> = []
  /// How many numbers of a column are read; of longer ones rows at equal distances.
  private static let columnLimit = 1 << 26

  static func sum(of value: Value, ofForm: Bool = false, in session: Session) throws -> UInt32 {
    var print = Fingerprint(session: session, isOfForm: ofForm)
    try print.add(value)
    return print.sum
  }

  private init(session: Session, isOfForm: Bool) {
    self.session = session
    self.isOfForm = isOfForm
  }

  private mutating func add(_ text: String) {
    add(text.utf8.count)
    sum = Array(text.utf8).withUnsafeBytes { Checksum.crc32($0, after: sum) }
  }

  private mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }

  private mutating func add(_ number: UInt64) {
    sum = withUnsafeBytes(of: number.littleEndian) { Checksum.crc32($0, after: sum) }
  }

  private mutating func add(_ tensor: Tensor) {
    add("tensor")
    for extent in tensor.shape { add(extent) }
    if isOfForm { return }
    sum = tensor.buffer.read { Checksum.crc32(UnsafeRawBufferPointer($0), after: sum) }
  }

  private mutating func add(_ value: Value) throws {
    try session.cancellation.check()
    switch value {
    case .none, .unset: add("none")
    case .boolean(let truth): add(truth ? "true" : "false")
    case .number(let number): add(number.bitPattern)
    case .string(let text): add(text.text)
    case .range(let range):
      add("range")
      add(range.start.bitPattern)
      add(range.stop.bitPattern)
    case .list(let list):
      add(list.items.count)
      for item in list.items { try add(item) }
    case .record(let record): try add(record.names.map(\.name), record.values)
    case .instance(let instance):
      add(instance.type.name.name)
      try add(instance.type.fields.map(\.name), instance.values)
    case .tensor(let object): add(object.variable.value)
    case .function(let function): for parts in session.parts(of: function) { try add(parts) }
    case .type(let type):
      add(type.name.name)
      for field in type.fields { add(field.name) }
    case .module(let module):
      add(module.name)
      for (name, value) in module.variables {
        add(name)
        try add(value)
      }
    case .native(let box): try add(box.object)
    }
  }

  private mutating func add(_ names: [String], _ values: some Collection<Value>) throws {
    add(names.count)
    for (name, value) in zip(names, values) {
      add(name)
      try add(value)
    }
  }

  /// A function by its code, and by all that this uses.
  private mutating func add(_ parts: FunctionParts) throws {
    add(parts.text)
    guard seen.insert(parts.number).inserted else { return }
    for (name, value) in parts.captured + parts.globals {
      add(name)
      try add(value)
    }
  }

  private mutating func add(_ object: any NativeObject) throws {
    add(object.typeName)
    if let net = object as? NetValue {
      try add(NetValue.settings(net.shape))
      add(net.weights.value)
    } else if let stored = object as? any StoredTensor {
      try addRows(of: stored)
    } else if let form = object.fileForm {
      try add(form)
    } else {
      // Where a zoo lies says nothing of what it is.
      for name in object.fieldNames where name != "path" {
        guard let value = try object.field(name) else { continue }
        add(name)
        try add(value)
      }
    }
  }

  private mutating func addRows(of stored: any StoredTensor) throws {
    for extent in stored.shape { add(extent) }
    let rows = stored.elementCount ?? 0
    let size = stored.shape.dropFirst().reduce(1, *)
    guard rows > 0, size > 0 else { return }
    let every = max(1, rows / max(1, Fingerprint.columnLimit / size))
    let together = max(1, min(rows, (1 << 20) / size))
    var row = 0
    while row < rows {
      let stop = every == 1 ? min(rows, row + together) : row + 1
      add(try stored.selecting([.slice(start: row, stop: stop, step: 1)]))
      row = every == 1 ? stop : row + every
    }
  }
}
