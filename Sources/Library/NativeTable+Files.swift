import Execution
import Language
import Tensors
import Zoos

extension NativeTable {
  static let files: [NativeFunction] = [
    NativeFunction("load") { call in try named(try call.string(0)) { try load(call) } },
    NativeFunction("save") { call in
      try save(call[0], try call.path(1), call)
      return call[0]
    },
    NativeFunction("exists") { call in .boolean(File.exists(try call.path(0))) },
    NativeFunction("make_folder") { call in
      try File.makeFolder(try call.path(0))
      return .none
    },
    NativeFunction("read_text") { call in .text(try File.readText(try call.path(0))) },
    NativeFunction("write_text") { call in
      try File.writeText(try call.string(0), to: try call.path(1))
      return .none
    },
  ]

  /// The endings of PyTorch's own files and their like.
  private static let pickles = [".pt", ".pth", ".ckpt", ".pkl", ".bin"]

  static let endings = [".npy", ".npz", ".safetensors", ".csv", ".tsv", ".json", ".rnv"]

  static func ending(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    return name.lastIndex(of: ".").map { String(name[$0...]).lowercased() } ?? ""
  }

  private static func load(_ call: Arguments) throws -> Value {
    let path = try call.path(0)
    guard path.contains("*"), !File.exists(path) else { return try load(path, call) }
    return .items(
      try matching(path).map { file in try named(file) { try load(file, call) } })
  }

  /// The files that a pattern names, in order: in its last part `*` stands for any letters.
  private static func matching(_ pattern: String) throws -> [String] {
    let folder = File.folder(of: pattern)
    let name = String(pattern.split(separator: "/").last ?? "")
    guard !folder.contains("*") else {
      throw Failure(
        "a pattern of files has its * behind the last /, but this is \"\(pattern)\"",
        at: .position(0))
    }
    let parts = name.split(separator: "*", omittingEmptySubsequences: false)
    let found = try File.list(folder).filter { fits($0[...], parts[...]) }.sorted()
    guard !found.isEmpty else {
      throw Failure("no file is called as \"\(pattern)\" says", at: .position(0))
    }
    let start = pattern.contains("/") ? folder + (folder.hasSuffix("/") ? "" : "/") : ""
    return found.map { start + $0 }
  }

  /// Whether a name begins with the first part, ends with the last, and has the others between.
  private static func fits(_ name: Substring, _ parts: ArraySlice<Substring>) -> Bool {
    guard let first = parts.first, name.hasPrefix(first) else { return false }
    let rest = name.dropFirst(first.count)
    if parts.count == 1 { return rest.isEmpty }
    var places = rest.indices.map { $0 }
    places.append(rest.endIndex)
    return places.contains { fits(rest[$0...], parts.dropFirst()) }
  }

  private static func load(_ path: String, _ call: Arguments) throws -> Value {
    if File.isFolder(path) { return try loadFolder(path, call) }
    switch ending(path) {
    case ".npy":
      let entry = try Tensor.npyEntry(try File.read(path), name: "\"\(path)\"")
      return try value(entry, of: path, call)
    case ".npz": return try record(try NamedTensors.readNPZ(path), path, call)
    case ".safetensors": return try record(try NamedTensors.readSafetensors(path), path, call)
    case ".csv":
      let bytes = try File.read(path)
      return try csvValue(bytes, "\"\(path)\"", separator: separator(of: bytes, path, call), call)
    case ".tsv":
      return try csvValue(
        try File.read(path), "\"\(path)\"", separator: UInt8(ascii: "\t"), call)
    case ".json":
      var rounded = 0
      let json = try JSON.read(path, rounded: &rounded)
      try tell(rounded: rounded, "\"\(path)\"", call)
      return try jsonValue(json)
    case ".rnv": return try ValueFile.decode(try File.read(path), path: path, session: call.session)
    default:
      // What is not there is the likelier mistake: its neighbour may have been meant.
      if !File.exists(path) { throw File.problem("cannot read", path) }
      if pickles.contains(ending(path)) {
        throw Failure(
          "\"\(path)\" is a pickle of Python, which only Python reads", at: .position(0),
          hint: "there: safetensors.torch.save_file(model.state_dict(), \"net.safetensors\"), or "
            + "numpy.savez(\"net.npz\", **{k: v.numpy() for k, v in model.state_dict().items()})")
      }
      throw Failure(
        "what \"\(path)\" holds cannot be told from its ending", at: .position(0),
        hint: "known endings: \(endings.joined(separator: " "))")
    }
  }

  private static func record(
    _ tensors: NamedTensors, _ path: String, _ call: Arguments
  ) throws -> Value {
    .fields(try tensors.entries.map { ($0.name, try value($0, of: path, call)) })
  }

  /// A tensor of a file as a value; what it lost on the way is told.
  private static func value(
    _ entry: NamedTensors.Entry, of path: String, _ call: Arguments
  ) throws -> Value {
    if !entry.loss.isNone {
      let place = entry.name.isEmpty ? "" : " in `\(entry.name)`"
      try call.warn(
        "\"\(path)\": \(entry.loss.description)\(place)",
        hint: "the numbers of a tensor have 32 bits")
    }
    return entry.isMask ? .mask(entry.tensor) : .tensor(entry.tensor)
  }

  /// Puts the name of the file in front of messages that do not give it.
  private static func named<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var failure as Failure {
      let file = path.split(separator: "/").last.map(String.init) ?? path
      if !failure.message.contains(file) {
        failure.message = "\"\(path)\": \(failure.message)"
      }
      throw failure
    }
  }

  // MARK: - Saving

  private static func save(_ value: Value, _ path: String, _ call: Arguments) throws {
    if try saveObject(value, path, call) { return }
    if case .native(let box) = value, let zoo = (box.object as? ZooValue)?.zoo {
      guard !endings.contains(ending(path)) else {
        throw Failure(
          "a zoo is saved as a folder, but \"\(path)\" is called as a file", at: .position(1),
          hint: "save(table(zoo), \"nets.csv\") writes its columns of single numbers")
      }
      return try zoo.save(path, console: call.console)
    }
    switch ending(path) {
    case ".npy": try call.tensor(0).writeNPY(path, as: value.isMask ? .bool : .float32)
    case ".npz": try named(call).writeNPZ(path)
    case ".safetensors": try named(call).writeSafetensors(path)
    case ".csv": try File.writeText(try csvText(call), to: path)
    case ".tsv":
      try File.writeText(try csvText(call, separator: UInt8(ascii: "\t")), to: path)
    case ".json":
      var tree = try json(value)
      defer { release(&tree) }
      try tree.write(path)
    case ".rnv": try File.write(try ValueFile.encode(value), to: path)
    default:
      throw Failure(
        "\"\(path)\" has no ending that says how to save \(value.described)", at: .position(1),
        hint: "known endings: \(endings.joined(separator: " ")); figures: .svg .png .pdf")
    }
  }

  private static func named(_ call: Arguments) throws -> NamedTensors {
    if case .native(let box) = call[0], let net = box.object as? NetValue {
      return try net.namedTensors()
    }
    // A type says what its tensors are called elsewhere.
    var value = call[0]
    if case .instance = value, let names = try call.session.method("state_dictionary", for: value) {
      value = try call.call(names, value)
    }
    guard case .record(let record) = value else {
      throw call.wrong(0, expected: "a net or a record of tensors")
    }
    return NamedTensors(
      try zip(record.names, record.values).map { name, value in
        guard let variable = try call.plainVariable(value) else {
          throw Failure(
            "a file of this kind holds tensors, but `\(name.name)` is \(value.described)",
            at: .position(0), hint: "the ending .rnv keeps any value")
        }
        return NamedTensors.Entry(name.name, variable.value, isMask: value.isMask)
      })
  }
}

extension Arguments {
  /// A path of a file or folder.
  func path(_ place: Int) throws -> String {
    let path = try string(place)
    do {
      try File.check(path)
    } catch var failure as Failure {
      failure.labels = [Failure.Label(.position(place), "")]
      throw failure
    }
    return path
  }
}
