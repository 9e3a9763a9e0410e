import Execution
import Language
import Tensors

extension NativeTable {
  static let files: [NativeFunction] = [
    NativeFunction("load") { call in try load(call) },
    NativeFunction("save") { call in
      try save(call[0], try call.string(1), call)
      return call[0]
    },
    NativeFunction("exists") { call in .boolean(File.exists(try call.string(0))) },
    NativeFunction("make_folder") { call in
      try File.makeFolder(try call.string(0))
      return .none
    },
    NativeFunction("read_text") { call in .text(try File.readText(try call.string(0))) },
    NativeFunction("write_text") { call in
      try File.writeText(try call.string(0), to: try call.string(1))
      return .none
    },
  ]

  static let endings = [".npy", ".npz", ".safetensors", ".csv", ".json", ".rnv"]

  static func ending(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    return name.lastIndex(of: ".").map { String(name[$0...]).lowercased() } ?? ""
  }

  private static func load(_ call: Arguments) throws -> Value {
    let path = try call.string(0)
    if File.isFolder(path) { return try loadFolder(path, call) }
    switch ending(path) {
    case ".npy": return .tensor(try Tensor.readNPY(path))
    case ".npz": return record(try NamedTensors.readNPZ(path))
    case ".safetensors": return record(try NamedTensors.readSafetensors(path))
    case ".csv":
      let table = try NumberTable.readCSV(path)
      return .fields([
        ("columns", .items(table.columns.map { .text($0) })), ("numbers", .tensor(table.numbers)),
      ])
    case ".json": return value(try JSON.read(path))
    case ".rnv": return try ValueFile.decode(try File.read(path), path: path, session: call.session)
    default:
      throw Failure(
        "what \"\(path)\" holds cannot be told from its ending", at: .position(0),
        hint: "known endings: \(endings.joined(separator: " "))")
    }
  }

  private static func record(_ tensors: NamedTensors) -> Value {
    .fields(tensors.entries.map { ($0.name, .tensor($0.tensor)) })
  }

  private static func value(_ json: JSON) -> Value {
    switch json {
    case .null: .none
    case .bool(let truth): .boolean(truth)
    case .number(let number): .number(number)
    case .string(let text): .text(text)
    case .array(let items): .items(items.map(value))
    case .object(let members): .fields(members.map { ($0.key, value($0.value)) })
    }
  }

  // MARK: - Saving

  private static func save(_ value: Value, _ path: String, _ call: Arguments) throws {
    if try saveObject(value, path, call) { return }
    switch ending(path) {
    case ".npy": try call.tensor(0).writeNPY(path)
    case ".npz": try named(call).writeNPZ(path)
    case ".safetensors": try named(call).writeSafetensors(path)
    case ".csv": try table(call).writeCSV(path)
    case ".json": try json(value, []).write(path)
    case ".rnv": try File.write(try ValueFile.encode(value), to: path)
    default:
      throw Failure(
        "\"\(path)\" has no ending that says how to save \(value.described)", at: .position(1),
        hint: "known endings: \(endings.joined(separator: " ")); figures: .svg .png .pdf")
    }
  }

  private static func named(_ call: Arguments) throws -> NamedTensors {
    guard case .record(let record) = call[0] else {
      throw call.wrong(0, expected: "a record of tensors")
    }
    return NamedTensors(
      try zip(record.names, record.values).map { name, value in
        guard let variable = call.plainVariable(value) else {
          throw call.wrong(0, expected: "a record of tensors")
        }
        return NamedTensors.Entry(name.name, variable.value)
      })
  }

  private static func table(_ call: Arguments) throws -> NumberTable {
    guard case .record(let record) = call[0], let numbers = call[0].held("numbers"),
      let tensor = call.plainVariable(numbers)
    else { return NumberTable(numbers: try call.tensor(0)) }
    let columns = record.names.map(\.name).contains("columns") ? call[0].held("columns") : nil
    let names = try columns.map { try call.items(of: $0).map(call.session.text) } ?? []
    return NumberTable(columns: names, numbers: tensor.value)
  }

  private static func json(_ value: Value, _ path: [String]) throws -> JSON {
    switch value {
    case .none, .unset: return .null
    case .boolean(let truth): return .bool(truth)
    case .number(let number): return .number(number)
    case .string(let text): return .string(text.text)
    case .list(let list): return .array(try list.items.map { try json($0, path) })
    case .record(let record):
      return .object(
        try zip(record.names, record.values).map {
          (key: $0.name, value: try json($1, path + [$0.name]))
        })
    case .tensor(let object): return nested(object.variable.value)
    default:
      let place = path.isEmpty ? "" : " (in \(path.joined(separator: ".")))"
      throw Failure("\(value.described)\(place) has no JSON form", at: .position(0))
    }
  }

  private static func nested(_ tensor: Tensor) -> JSON {
    let numbers = tensor.elements.map { JSON.number(Double($0)) }
    func level(_ shape: ArraySlice<Int>, _ part: ArraySlice<JSON>) -> JSON {
      guard let extent = shape.first else { return part.first ?? .null }
      let size = extent > 0 ? part.count / extent : 0
      return .array(
        (0..<extent).map { place in
          let start = part.startIndex + place * size
          return level(shape.dropFirst(), part[start..<start + size])
        })
    }
    return level(tensor.shape[...], numbers[...])
  }
}
