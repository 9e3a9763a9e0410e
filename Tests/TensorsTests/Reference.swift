import Execution
import Testing

@testable import Tensors

/// Numbers that NumPy computed; see reference/generate.py.
enum Reference {
  static let folder = File.folder(of: #filePath) + "/reference/"

  private static let numbers = try? NamedTensors.readNPZ(folder + "reference.npz")

  static func tensor(_ name: String) throws -> Tensor {
    try #require(numbers?[name], "no reference \(name)")
  }

  /// Whether a tensor has the shape and, to within `tolerance`, the numbers of a reference.
  static func agrees(_ tensor: Tensor, _ name: String, tolerance: Float = 0) throws -> Bool {
    let expected = try Reference.tensor(name)
    guard tensor.shape == expected.shape else { return false }
    return zip(tensor.elements, expected.elements).allSatisfy { pair in
      pair.0 == pair.1 || abs(pair.0 - pair.1) <= tolerance * max(1, abs(pair.1))
    }
  }
}

/// A new folder for a test's files, removed afterwards.
func withFolder(_ body: (String) throws -> Void) throws {
  let path = "/tmp/rnr-tensors-\(Int(Clock.date * 1e6))-\(UInt32.random(in: 0 ... .max))"
  try File.makeFolder(path)
  defer {
    for name in (try? File.list(path)) ?? [] { unlinkFile(path + "/" + name) }
    removeFolder(path)
  }
  try body(path + "/")
}
