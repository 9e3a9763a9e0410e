import Tensors

extension ZooSettings {
  /// The members of a file that keep the settings; the seed may have more than the 53 bits of a JSON
  /// number.
  var members: [(key: String, value: JSON)] {
    [
      ("seed", .string("\(seed)")),
      ("settings", .object(fields.filter { $0.name != "seed" }.map { ($0.name, $0.value.json) })),
    ]
  }

  /// The settings that members of a file keep.
  init(_ members: ZooMembers, family: any TaskFamily) throws {
    self.init(family)
    let inner = ZooMembers(json: members.json["settings"] ?? .null, path: members.path)
    for (name, kind) in ZooSettings.kinds(of: family) {
      set(name, try kind.value(name, of: name == "seed" ? members : inner))
    }
  }
}
