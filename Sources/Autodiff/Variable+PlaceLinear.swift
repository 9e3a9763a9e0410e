import Execution
import Kernels
import Tensors

extension Variable {
  /// What `placeLinear` gives.
  public struct PlaceResults {
    /// At each place, [N, R, K, H], if wanted.
    public var places: Variable?
    /// Their means over rows, [N, K, H].
    public var overRows: Variable
    /// Their means over columns, [N, R, H].
    public var overColumns: Variable
  }

  /// W x + a + b at each place of matrices, or the positive part of it: x [N, R, K, C], W [H, C], a
  /// [N, R, H] for the place's row, b [N, K, H] for its column.
  ///
  /// Where only the means are wanted, the places are never written.
  ///
  /// - Throws: `Failure` that shows the shapes if they do not fit, `Interrupted`.
  public func placeLinear(
    weight: Variable, atRow: Variable, atColumn: Variable, rectified: Bool,
    wantsPlaces: Bool = true
  ) throws -> PlaceResults {
    let map = try placeExtents(weight, atRow, atColumn, rectified)
    let (x, w) = (value, weight.value)
    let wants = (isTraced, weight.isTraced, atRow.isTraced, atColumn.isTraced)
    let found = try map.forward(
      x.buffer, weight: w.buffer, atRow: atRow.value.buffer, atColumn: atColumn.value.buffer,
      wantsPlaces: wantsPlaces, goesBack: wants.0 || wants.1 || wants.2 || wants.3)
    var outputs = [
      Tensor(shape: atColumn.shape, buffer: found.overRows),
      Tensor(shape: atRow.shape, buffer: found.overColumns),
    ]
    if let places = found.places {
      outputs.append(Tensor(shape: shape.dropLast() + [map.outputs], buffer: places))
    }
    let signs = found.signs
    let shapes = (atRow.shape, atColumn.shape)
    let variables = Tape.record(outputs, parents: [self, weight, atRow, atColumn]) { incoming in
      let flow = try map.backward(
        PlaceLinear.Incoming(
          places: wantsPlaces ? incoming[2]?.buffer : nil, overRows: incoming[0]?.buffer,
          overColumns: incoming[1]?.buffer),
        x.buffer, weight: w.buffer, signs: signs, wantsInput: wants.0)
      return [
        flow.x.map { Tensor(shape: x.shape, buffer: $0) },
        wants.1 ? Tensor(shape: w.shape, buffer: flow.weight) : nil,
        wants.2 ? Tensor(shape: shapes.0, buffer: flow.atRow) : nil,
        wants.3 ? Tensor(shape: shapes.1, buffer: flow.atColumn) : nil,
      ]
    }
    return PlaceResults(
      places: wantsPlaces ? variables[2] : nil, overRows: variables[0],
      overColumns: variables[1])
  }

  private func placeExtents(
    _ weight: Variable, _ atRow: Variable, _ atColumn: Variable, _ rectified: Bool
  ) throws -> PlaceLinear {
    let isMatrix = shape.count == 4 && weight.shape.count == 2 && shape[3] == weight.shape[1]
    let outputs = weight.shape.first ?? 0
    guard isMatrix, atRow.shape == [shape[0], shape[1], outputs],
      atColumn.shape == [shape[0], shape[2], outputs]
    else {
      throw Failure(
        "a weight \(Tensor.text(of: weight.shape)), vectors for rows "
          + "\(Tensor.text(of: atRow.shape)) and for columns \(Tensor.text(of: atColumn.shape)) "
          + "do not fit x \(Tensor.text(of: shape))",
        labels: [self, weight, atRow, atColumn].enumerated().map {
          Failure.Label(.position($0.offset), Tensor.text(of: $0.element.shape))
        },
        hint: "x is [N, R, K, C], the weight [H, C], the vectors [N, R, H] and [N, K, H]")
    }
    guard outputs > 0, shape[1] > 0, shape[2] > 0, shape[3] > 0 else {
      throw Failure(
        "the matrices have no places: x has the shape \(Tensor.text(of: shape)), the weight "
          + Tensor.text(of: weight.shape), at: .position(0))
    }
    return PlaceLinear(
      count: shape[0], rows: shape[1], columns: shape[2], inputs: shape[3], outputs: outputs,
      rectifies: rectified)
  }
}
