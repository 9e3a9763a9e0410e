import Execution
import Networks
import Tensors

/// What `rows.json` says of a folder with rows of a zoo: its columns, and how the nets were trained
/// if that is known.
struct SelectedRows {
  /// The name of the file.
  static let file = "rows.json"
  private static let form = "rnr rows of a zoo"
  private static let formVersion = 2.0
  /// What rows of language zoos were called before there were others.
  private static let firstForm = "rnr rows of a language zoo"

  let layout: ZooLayout
  let shape: NetworkShape
  let form: TaskForm
  let family: (any TaskFamily)?
  let settings: ZooSettings?

  /// The rows of a zoo: the files that its family has, and one for each further column.
  init(_ zoo: Zoo) {
    var files: [ZooFile] = []
    if let family = zoo.family {
      files = family.files(rollouts: zoo.rolloutCount).filter { file in
        let columns = file.columns.filter { !$0.isEmpty }
        return columns.allSatisfy { name in
          guard let column = zoo.column(name) else { return false }
          return column.rowShape == (columns.count > 1 ? [] : file.rowShape)
            && column.type == file.type
        }
      }
    }
    let covered = Set(files.flatMap(\.columns)).union(["weights"])
    files.insert(
      ZooFile("parameters.npy", .float32, [zoo.shape.parameterCount], column: "weights"), at: 0)
    var taken = Set(files.map(\.name))
    for column in zoo.columns where !covered.contains(column.name) {
      var name = column.name
      while taken.contains(name + ".npy") { name += "_column" }
      taken.insert(name + ".npy")
      files.append(
        ZooFile(name + ".npy", column.type, column.rowShape, column: column.name))
    }
    layout = ZooLayout(rows: zoo.count, files: files)
    shape = zoo.shape
    form = zoo.form
    family = zoo.family
    settings = zoo.settings
  }

  // MARK: - The file

  /// The text of the file.
  var text: String {
    func count(_ name: String, _ value: Int) -> (key: String, value: JSON) {
      (name, .number(Double(value)))
    }
    var members: [(key: String, value: JSON)] = [
      ("form", .string(Self.form)), ("form_version", .number(Self.formVersion)),
      ("version", .string(Version.current)), count("rows", layout.rows),
      count("inputs", shape.inputs), count("outputs", shape.outputs),
      ("cell", .string(shape.cell.rawValue)), count("layers", shape.layers),
      count("hidden", shape.hidden), ("reads_tokens", .bool(form.readsTokens)),
      ("gives_classes", .bool(form.givesClasses)),
      ("files", .array(layout.files.map(\.json))),
    ]
    if let family {
      members.append(("family", .string(type(of: family).kind)))
      members.append(
        ("task_settings", .object(family.settings.map { ($0.name, $0.value.json) })))
    }
    if let settings { members += settings.members }
    return JSON.object(members).text(indent: 2) + "\n"
  }

  /// Reads the file of a folder.
  ///
  /// - Throws: `Failure` that names the file and the member that is missing or of another kind.
  init(folder: String) throws {
    let path = folder + "/" + Self.file
    let json = try JSON.read(path)
    let members = ZooMembers(json: json, path: path)
    if json["form"]?.string == Self.firstForm {
      self = try SelectedRows(first: members)
      return
    }
    guard json["form"]?.string == Self.form, json["form_version"]?.number == Self.formVersion
    else {
      throw Failure("\"\(path)\" does not describe rows of a zoo that this version of rnr reads")
    }
    layout = ZooLayout(
      rows: try members.count("rows", 0...1 << 40),
      files: try members.list("files").map { try ZooFile(ZooMembers(json: $0, path: path)) })
    let extents = 1...NetworkShape.maximumExtent
    shape = try members.shape(
      inputs: try members.count("inputs", extents), outputs: try members.count("outputs", extents))
    form = TaskForm(
      readsTokens: try members.boolean("reads_tokens"),
      givesClasses: try members.boolean("gives_classes"))
    guard layout.file(of: "weights")?.rowShape == [shape.parameterCount] else {
      throw Failure("\"\(path)\" names no weights of its nets")
    }
    var family = try json["family"].flatMap { _ in Families.family(try members.string("family")) }
    let inner = ZooMembers(json: json["task_settings"] ?? .null, path: path)
    for setting in family.map({ type(of: $0).kinds }) ?? [] {
      family?.set(setting.name, try setting.kind.value(setting.name, of: inner))
    }
    self.family = family
    settings = try json["settings"].flatMap { _ in
      try family.map { try ZooSettings(members, family: $0) }
    }
  }

  /// The form in which rows of language zoos were kept before there were others.
  private init(first members: ZooMembers) throws {
    var languages = Languages()
    languages.letters = try members.count("letters", 1...FormalLanguage.maximumLetters)
    languages.length = try members.count("length", 2...FormalLanguage.maximumLength)
    languages.maximumN = try members.count("maximum_n", 1...4096)
    shape = try members.shape(inputs: languages.sizes.inputs, outputs: languages.sizes.outputs)
    let rollouts = try members.count("rollouts", 0...1 << 24)
    layout = ZooLayout(
      rows: try members.count("rows", 0...1 << 40),
      files: [ZooFile("parameters.npy", .float32, [shape.parameterCount], column: "weights")]
        + languages.files(rollouts: rollouts))
    form = languages.form
    settings =
      members.json["settings"] == nil ? nil : try ZooSettings(members, family: languages)
    family = settings?.family ?? languages
  }
}

extension ZooFile {
  /// As `rows.json` keeps it.
  fileprivate var json: JSON {
    .object([
      ("file", .string(name)), ("type", .string(type.rawValue)),
      ("shape", .array(rowShape.map { .number(Double($0)) })),
      ("columns", .array(columns.map { .string($0) })),
    ])
  }

  fileprivate init(_ members: ZooMembers) throws {
    let name = try members.string("file")
    guard !name.contains("/"), !name.isEmpty, name != ".", name != ".." else {
      throw Failure("\"\(members.path)\" names a file outside its folder: \"\(name)\"")
    }
    let shape = try members.integers("shape")
    let columns = try members.strings("columns")
    guard shape.allSatisfy({ $0 >= 0 }), MappedColumn.canHold(shape), !columns.isEmpty,
      columns.count == 1 || shape == [columns.count]
    else { throw Failure("\"\(members.path)\" describes \"\(name)\" by a shape that cannot be") }
    self.init(
      name,
      try NumberType(rawValue: members.choice("type", NumberType.allCases.map(\.rawValue)))
        ?? .float32, shape, columns: columns)
  }
}
