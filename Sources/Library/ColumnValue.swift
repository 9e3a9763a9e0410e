import Execution
import Language
import Tensors
import Zoos

/// A large column of a zoo as a value: a tensor that is read when it is used.
struct ColumnValue: StoredTensor {
  let column: StoredColumn

  var typeName: String { "column" }
  var elementCount: Int? { column.shape[0] }
  var fieldNames: [String] { ["shape", "rank", "type", "path", "size"] }
  var shape: [Int] { column.shape }

  func tensor() throws -> Tensor { try column.tensor() }

  func selecting(_ index: [TensorIndex]) throws -> Tensor { try column.selecting(index) }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "shape": .items(column.shape.map(Value.integer))
    case "rank": .integer(column.shape.count)
    case "type": .text(column.type.rawValue)
    case "path": column.path.map { Value.text($0) } ?? Value.none
    case "size": .integer(column.size)
    default: nil
    }
  }

  /// In a file it is a tensor: the zoo may be elsewhere when it is read.
  var fileForm: Value? { (try? column.tensor()).map { .tensor($0) } }

  func card(_ style: ConsoleStyle) -> String {
    let count = Text.count(column.shape[0], "row")
    return "column \(column.type.rawValue) \(Tensor.text(of: column.shape)), "
      + (column.path.map { "read from \($0)" } ?? "in memory")
      + "\n  \(count), \(Text.bytes(column.size)); rows become tensors: x[0], x[2:5], x[mask]"
  }
}
