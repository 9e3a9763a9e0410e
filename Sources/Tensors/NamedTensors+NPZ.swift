import Execution

/// NumPy archives: a zip file with one `.npy` member a tensor.
extension NamedTensors {
  /// Reads a `.npz` file, stored or compressed.
  public static func readNPZ(_ path: String) throws -> NamedTensors {
    let name = "\"\(path)\""
    let archive = try ZipArchive(try File.read(path), name: name)
    var result = NamedTensors()
    for member in archive.members where member.name.hasSuffix(".npy") {
      var entry = try Tensor.npyEntry(
        try archive.content(member), name: "\(member.name) in \(name)")
      entry.name = String(member.name.dropLast(4))
      result.entries.append(entry)
    }
    try result.checkNames(name)
    return result
  }

  /// Writes a `.npz` file.
  public func writeNPZ(
    _ path: String, as type: NumberType = .float32, compressed: Bool = false
  ) throws {
    try File.write(to: path) { output in
      var archive = ZipWriter(isCompressed: compressed)
      for entry in entries {
        // One at a time: together they may be more than there is memory for.
        let content = try entry.tensor.npyBytes(as: entry.isMask ? .bool : type)
        try archive.add(entry.name + ".npy", content, to: &output)
      }
      try archive.finish(&output)
    }
  }
}
