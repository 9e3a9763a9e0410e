import Autodiff
import Execution
import Kernels
import Tensors

/// Relabellings of the hidden units of a layer, which leave the function of a net unchanged.
public enum Permutation {
  /// The weights [P] or [N,P] with the units of one layer in another order.
  ///
  /// New unit r is old unit `order[r]`: rows of each gate block and of the biases move, columns of
  /// the layer's hidden weights, and columns of what reads the layer (the next one, or the
  /// read-out).
  public static func permute(
    _ weights: Tensor, _ shape: NetworkShape, layer: Int, order: [Int]
  ) throws -> Tensor {
    try shape.check(weights.shape, nets: weights.rank == 2)
    guard layer >= 0, layer < shape.layers else {
      throw Failure("the net has layers 0 to \(shape.layers - 1), but the layer is \(layer)")
    }
    guard order.sorted() == Array(0..<shape.hidden) else {
      throw Failure(
        "an order of \(shape.hidden) units must name each of 0 to \(shape.hidden - 1) once")
    }
    let sources = places(shape, layer, order)
    let count = shape.parameterCount
    return Tensor(shape: weights.shape) { out in
      weights.buffer.read { numbers in
        for start in stride(from: 0, to: numbers.count, by: count) {
          for place in 0..<count { out[start + place] = numbers[start + sources[place]] }
        }
      }
    }
  }

  /// The same for weights that a gradient is wanted of.
  public static func permute(
    _ weights: Variable, _ shape: NetworkShape, layer: Int, order: [Int]
  ) throws -> Variable {
    let result = try permute(weights.value, shape, layer: layer, order: order)
    return Tape.record(result, parents: [weights]) { gradient in
      var back = order
      for (new, old) in order.enumerated() { back[old] = new }
      return [try permute(gradient, shape, layer: layer, order: back)]
    }
  }

  /// For each place of the flat weights the place that it is taken from.
  private static func places(_ shape: NetworkShape, _ layer: Int, _ order: [Int]) -> [Int] {
    var sources = Array(0..<shape.parameterCount)
    let (parts, hidden) = (shape.parts, shape.hidden)
    func move(_ part: NetworkShape.Part, rows: Bool, columns: Bool) {
      let width = part.shape.count == 2 ? part.shape[1] : 1
      for row in 0..<part.shape[0] {
        let from = rows ? row / hidden * hidden + order[row % hidden] : row
        for column in 0..<width {
          sources[part.offset + row * width + column] =
            part.offset + from * width + (columns ? order[column] : column)
        }
      }
    }
    move(parts[4 * layer], rows: true, columns: false)
    move(parts[4 * layer + 1], rows: true, columns: true)
    move(parts[4 * layer + 2], rows: true, columns: false)
    move(parts[4 * layer + 3], rows: true, columns: false)
    move(parts[4 * layer + 4], rows: false, columns: true)
    return sources
  }
}
