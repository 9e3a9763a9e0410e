/// Inputs that are rows of a table: each row is multiplied with the input weights once, not at each
/// step where it is read.
extension RecurrentGroup {
  /// Multiplies the table's rows, and what is added to them, with the input weights.
  func projectTable() {
    guard case .table(let table, let added) = sources else { return }
    let width = extents.gates
    let bias = weights + extents.biasOffset(0)
    RecurrentGroup.addBiases(bias, bias + width, width, projected)
    for row in 1..<max(table, 1) {
      VectorLoops.copy(projected, to: projected + row &* width, width)
    }
    let own = projected + table &* width
    if added != .nowhere { own.update(repeating: 0, count: rows &* width) }
    Product.multiply(
      rows: sourceCount, columns: width, inner: extents.inputs, inputs, aRow: extents.inputs,
      panels: weights + extents.packedOffset(0), into: projected, cRow: width, accumulate: true)
  }

  /// Starts some steps of the first layer from the rows that the tokens [R,T] choose.
  func readTable(_ tokens: UnsafePointer<Int32>, _ part: Range<Int>) {
    guard case .table(let table, let added) = sources else { return }
    let width = extents.gates
    for step in part {
      var target = gates(0, step)
      for row in 0..<rows {
        let token = Int(tokens[row &* steps &+ step])
        VectorLoops.copy(projected + token &* width, to: target, width)
        target += width
      }
      guard step < ownSteps(added) else { continue }
      VectorLoops.add(projected + table &* width, to: gates(0, step), rows &* width)
    }
  }

  /// Adds the first layer's gradients to the rows from which they came, in `projected`.
  func collectTable(_ tokens: UnsafePointer<Int32>) {
    guard case .table(let table, let added) = sources else { return }
    let width = extents.gates
    projected.update(repeating: 0, count: table &* width)
    for step in 0..<steps {
      var source = gates(0, step)
      for row in 0..<rows {
        let token = Int(tokens[row &* steps &+ step])
        VectorLoops.add(source, to: projected + token &* width, width)
        source += width
      }
    }
    guard added != .nowhere else { return }
    let own = projected + table &* width
    own.update(from: gates(0, 0), count: rows &* width)
    for step in 1..<max(ownSteps(added), 1) {
      VectorLoops.add(gates(0, step), to: own, rows &* width)
    }
  }

  /// Steps at which a sequence's own row is added, from the first on.
  private func ownSteps(_ added: Addition) -> Int {
    switch added {
    case .nowhere: 0
    case .first: 1
    case .every: steps
    }
  }
}
