import Foundation
import Tensors

/// Tensors of a `.safetensors` file beside the tests; whole numbers become float32.
struct Golden {
  private var header: [String: [String: Any]]
  private var numbers: Data

  init(_ name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let bytes = try Data(
      contentsOf: folder.appendingPathComponent("golden/\(name).safetensors"))
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let json = try JSONSerialization.jsonObject(with: Data(bytes[8..<(8 + length)]))
    header = (json as? [String: Any] ?? [:]).compactMapValues { $0 as? [String: Any] }
    numbers = Data(bytes[(8 + length)...])
  }

  func tensor(_ name: String) throws -> Tensor {
    let values = try doubles(name)
    return Tensor(shape: shape(name), values.map(Float.init))
  }

  func integers(_ name: String) throws -> [Int] { try doubles(name).map { Int($0) } }

  private func shape(_ name: String) -> [Int] { header[name]?["shape"] as? [Int] ?? [] }

  func doubles(_ name: String) throws -> [Double] {
    guard let entry = header[name], let range = entry["data_offsets"] as? [Int],
      let type = entry["dtype"] as? String
    else { throw CocoaError(.fileReadCorruptFile) }
    let part = Data(numbers[range[0]..<range[1]])
    return part.withUnsafeBytes { raw in
      switch type {
      case "F64":
        (0..<(raw.count / 8)).map { raw.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
      case "I64":
        (0..<(raw.count / 8)).map {
          Double(raw.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self))
        }
      default:
        (0..<(raw.count / 4)).map {
          Double(raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self))
        }
      }
    }
  }
}

/// The largest difference of two tensors' numbers; infinite if their counts differ.
func difference(_ a: Tensor, _ b: Tensor) -> Float {
  guard a.count == b.count else { return .infinity }
  return zip(a.elements, b.elements).reduce(0) { worst, pair in
    let error = abs(pair.0 - pair.1)
    return error.isNaN ? .infinity : max(worst, error)
  }
}
