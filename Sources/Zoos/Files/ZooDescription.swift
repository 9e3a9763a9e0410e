import Execution
import Kernels
import Networks
import Tensors

/// What `zoo.json` says of a zoo: its settings, and what of the program its numbers depend on.
struct ZooDescription {
  /// The name of the file.
  static let file = "zoo.json"
  private static let formVersion = 2.0

  var settings: ZooSettings
  /// The version of the program that began the zoo.
  var version: String
  /// The width of the vectors in bits by which the sums are ordered.
  var vectorWidth: Int
  /// The check sum of the rows of a training of a few steps: builds and processors that round
  /// differently have another, and families whose code has changed.
  var arithmetic: String

  /// The description of a zoo that this program begins.
  init(_ settings: ZooSettings) throws {
    self.settings = settings
    version = Version.current
    vectorWidth = VectorWidth.bits
    arithmetic = try TaskRun.arithmetic(settings)
  }

  // MARK: - A folder's zoo

  /// Whether a name is that of a description that was never finished.
  static func isLeftOver(_ name: String) -> Bool {
    [file, OfficialArguments.file].contains { name.hasPrefix($0 + ".part-") }
  }

  /// Whether a zoo of these settings is in a folder, finished or not; false if there is none.
  ///
  /// - Throws: `Failure` that shows where the zoo there has other settings.
  static func isBegun(_ folder: String, _ settings: ZooSettings) throws -> Bool {
    guard File.exists(folder + "/" + file) else { return false }
    let found = try ZooDescription(folder: folder).settings
    let (there, asked) = (type(of: found.family).kind, type(of: settings.family).kind)
    guard there == asked else {
      throw Failure(
        "\"\(folder)\" holds a \(there) zoo, but a \(asked) zoo is asked for", at: .keyword("path"),
        hint: "take another folder, or load(\"\(folder)\")")
    }
    if let differences = settings.differences(found: found) {
      throw Failure(
        "\"\(folder)\" holds a zoo of other settings\n\(differences)", at: .keyword("path"),
        hint: "take another folder, or load(\"\(folder)\")")
    }
    return true
  }

  /// Throws unless this program makes the same numbers as the one that began the zoo in a folder.
  static func checkArithmetic(_ folder: String, _ settings: ZooSettings) throws {
    let found = try ZooDescription(folder: folder)
    let here = try ZooDescription(settings)
    guard found.vectorWidth == here.vectorWidth else {
      throw Failure(
        "\"\(folder)\" was begun with vectors of \(found.vectorWidth) bits, but this build has "
          + "\(here.vectorWidth): the numbers would differ", at: .keyword("path"),
        hint: "go on with the build that began it, or take another folder")
    }
    guard found.arithmetic == here.arithmetic else {
      let isWritten = settings.family is WrittenTasks
      throw Failure(
        "\"\(folder)\" was begun by another build of rnr (version \(found.version)) or on another "
          + "kind of processor, which rounds differently"
          + (isWritten ? ", or by other code of the family" : "") + ": the numbers would differ",
        at: .keyword("path"), hint: "go on with the build that began it, or take another folder")
    }
  }

  // MARK: - Writing

  /// The text of the file.
  var text: String {
    JSON.object(
      [
        ("form", .string(Self.form(settings.family))),
        ("form_version", .number(Self.formVersion)), ("version", .string(version)),
        ("vector_width", .number(Double(vectorWidth))), ("arithmetic", .string(arithmetic)),
      ] + settings.members
    ).text(indent: 2) + "\n"
  }

  private static func form(_ family: any TaskFamily) -> String {
    "rnr \(type(of: family).kind) zoo"
  }

  // MARK: - Reading

  /// Reads the description of the zoo in a folder.
  ///
  /// - Throws: `Failure` that names the file and the member that is missing or of another kind.
  init(folder: String) throws {
    let path = folder + "/" + ZooDescription.file
    let json = try JSON.read(path)
    let members = ZooMembers(json: json, path: path)
    let families = Families.all.filter { json["form"]?.string == Self.form($0) }
    guard let family = families.first else {
      throw Failure("\"\(path)\" does not describe a zoo")
    }
    let form = json["form_version"]?.number
    guard form == ZooDescription.formVersion else {
      throw Failure(
        "\"\(path)\" has the form version \(form.map { Text.significant($0) } ?? "none"), but this "
          + "version of rnr reads \(Text.significant(ZooDescription.formVersion))")
    }
    version = try members.string("version")
    vectorWidth = try members.count("vector_width")
    arithmetic = try members.string("arithmetic")
    settings = try ZooSettings(members, family: family)
    do {
      try settings.validate(inMemory: false)
    } catch let failure as Failure {
      throw Failure("\"\(path)\" holds settings that cannot be: \(failure.message)")
    }
  }
}
