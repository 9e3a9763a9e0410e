import Execution
import Kernels
import Networks
import Tensors

/// What `rows.json` says of a folder with rows of a zoo: what they are, and how they were trained if
/// that is known.
struct SelectedRows {
  /// The name of the file.
  static let file = "rows.json"
  private static let form = "rnr rows of a language zoo"
  private static let formVersion = 1.0

  var rows: Int
  var rollouts: Int
  var letters: Int
  var length: Int
  var maximumN: Int
  var shape: NetworkShape
  /// The settings of the training from which the rows are.
  var settings: LanguageZooSettings?

  /// The rows of a zoo.
  init(_ zoo: LanguageZoo) {
    rows = zoo.count
    rollouts = zoo.rolloutCount
    letters = zoo.letters
    length = zoo.length
    maximumN = zoo.maximumN
    shape = zoo.shape
    settings = zoo.settings
  }

  /// The columns of the folder.
  var layout: ZooLayout {
    ZooLayout(
      rows: rows, parameters: shape.parameterCount, letters: letters, length: length,
      rollouts: rollouts)
  }

  // MARK: - The file

  /// The text of the file.
  var text: String {
    func count(_ name: String, _ value: Int) -> (key: String, value: JSON) {
      (name, .number(Double(value)))
    }
    var members: [(key: String, value: JSON)] = [
      ("form", .string(Self.form)), ("form_version", .number(Self.formVersion)),
      ("version", .string(Version.current)), count("rows", rows), count("rollouts", rollouts),
      count("letters", letters), count("length", length), count("maximum_n", maximumN),
      ("cell", .string(shape.cell.rawValue)), count("layers", shape.layers),
      count("hidden", shape.hidden),
    ]
    if let settings {
      members += [("seed", settings.seedForm), ("settings", settings.form)]
    }
    return JSON.object(members).text(indent: 2) + "\n"
  }

  /// Reads the file of a folder.
  ///
  /// - Throws: `Failure` that names the file and the member that is missing or of another kind.
  init(folder: String) throws {
    let path = folder + "/" + Self.file
    let json = try JSON.read(path)
    let members = ZooMembers(json: json, path: path)
    guard json["form"]?.string == Self.form, json["form_version"]?.number == Self.formVersion
    else {
      throw Failure("\"\(path)\" does not describe rows of a zoo that this version of rnr reads")
    }
    rows = try members.count("rows", 0...1 << 40)
    rollouts = try members.count("rollouts", 0...1 << 24)
    letters = try members.count("letters", 1...FormalLanguage.maximumLetters)
    length = try members.count("length", 2...FormalLanguage.maximumLength)
    maximumN = try members.count("maximum_n", 1...4096)
    shape = try NetworkShape(
      cell: try members.choice("cell"), inputs: letters + 2, outputs: letters + 2,
      hidden: try members.count("hidden", 1...NetworkShape.maximumExtent),
      layers: try members.count("layers", 1...NetworkShape.maximumLayers))
    guard let inner = json["settings"] else { return }
    settings = try ZooMembers(json: inner, path: path).settings(seed: try members.string("seed"))
  }
}
