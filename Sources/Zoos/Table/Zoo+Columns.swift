import Execution
import Networks
import Tensors

extension Zoo {
  /// A zoo of nets that were trained anywhere.
  ///
  /// - Parameter columns: `weights` [N,P] and others, whose first axis counts the nets.
  /// - Throws: `Failure` that names the column that does not fit the nets or the others.
  public init(
    shape: NetworkShape, columns: [(name: String, values: Tensor)], form: TaskForm
  ) throws {
    guard let weights = columns.first(where: { $0.name == "weights" })?.values, weights.rank == 2
    else {
      throw Failure("the weights of a zoo are [N, P], a row of flat weights for each net")
    }
    try shape.check([weights.shape[1]])
    self.init(
      shape: shape, columns: [], rows: Array(0..<weights.shape[0]), form: form)
    var zoo = self
    for (name, values) in columns { zoo = try zoo.setting(name, values) }
    self = zoo
  }

  /// The zoo with a column more, or another one in the place of its own of this name.
  ///
  /// - Throws: `Failure` for numbers that do not fit the nets.
  public func setting(_ name: String, _ values: Tensor, isMask: Bool = false) throws -> Zoo {
    guard values.rank >= 1, values.shape[0] == count else {
      throw Failure(
        "the column `\(name)` needs one row for each of \(Text.count(count, "net")), but its shape is "
          + Tensor.text(of: values.shape))
    }
    try check(name, values.shape)
    var all = columns
    if !isWhole {
      all = all.map { ZooColumn($0.name, pieces: [ZooColumn.Piece(column: $0, rows: rows)]) }
    }
    let column = ZooColumn(name, values, isMask: isMask)
    if let place = all.firstIndex(where: { $0.name == name }) {
      all[place] = column
    } else {
      all.append(column)
    }
    return Zoo(
      shape: shape, columns: all, rows: Array(0..<count), settings: settings, family: family,
      form: form, isComplete: isComplete)
  }

  /// Whether it shows all rows of its columns, in order: a column may then be added as it is.
  private var isWhole: Bool {
    rows.elementsEqual(0..<rows.count)
      && columns.allSatisfy { $0.storedRows == rows.count || $0.count == 0 }
  }

  private func check(_ name: String, _ found: [Int]) throws {
    func fail(_ expected: String) -> Failure {
      Failure(
        "the column `\(name)` should be \(expected), but its shape is \(Tensor.text(of: found))")
    }
    switch name {
    case "weights":
      guard found.count == 2, found[1] == shape.parameterCount else {
        throw fail("[N, \(shape.parameterCount)], the weights of these nets")
      }
    case "inputs":
      guard found.count == (form.readsTokens ? 3 : 4), form.readsTokens || found[3] == shape.inputs
      else {
        throw fail(
          form.readsTokens
            ? "symbols [N, R, T]" : "numbers [N, R, T, \(shape.inputs)], what each net was given")
      }
    case "outputs":
      guard found.count == 4, found[3] == shape.outputs else {
        throw fail("[N, R, T, \(shape.outputs)], what each net answered")
      }
      guard let inputs = column("inputs") else { return }
      guard inputs.rowShape[0] == found[1], inputs.rowShape[1] >= found[2] else {
        throw Failure(
          "outputs of shape \(Tensor.text(of: found)) do not belong to inputs of shape "
            + "\(Tensor.text(of: [count] + inputs.rowShape)): as many for each net, and no more steps"
        )
      }
    case "tasks":
      guard found.count == 2 else { throw fail("[N, K], the numbers that name each task") }
    case "run", "step": guard found.count == 1 else { throw fail("[N]") }
    default: return
    }
  }

  /// Zoos of one form, one after the other.
  ///
  /// - Throws: `Failure` that says what differs.
  public static func joined(_ zoos: [Zoo]) throws -> Zoo {
    guard let first = zoos.first else { throw Failure("there is no zoo to join") }
    for (place, zoo) in zoos.enumerated().dropFirst() { try first.checkJoins(zoo, place) }
    let columns = first.columns.map { column in
      ZooColumn(
        column.name,
        pieces: zoos.compactMap { zoo in
          zoo.column(column.name).map { ZooColumn.Piece(column: $0, rows: zoo.rows) }
        })
    }
    return Zoo(
      shape: first.shape, columns: columns, rows: Array(0..<zoos.reduce(0) { $0 + $1.count }),
      family: first.family, form: first.form, isComplete: zoos.allSatisfy(\.isComplete))
  }

  private func checkJoins(_ other: Zoo, _ place: Int) throws {
    func differ(_ what: String, _ found: String, _ expected: String) -> Failure {
      Failure(
        "zoos of one form can be joined, but \(what) of zoo \(place) \(found), of zoo 0 \(expected)"
      )
    }
    guard shape == other.shape else {
      throw differ("the nets", "are \(other.shape.text)", shape.text)
    }
    guard form == other.form else {
      throw differ("the inputs or outputs", "are of another kind", "not")
    }
    let names = Set(columns.map(\.name))
    let others = Set(other.columns.map(\.name))
    if let name = names.symmetricDifference(others).sorted().first {
      throw Failure(
        "zoos of the same columns can be joined, but "
          + (names.contains(name)
            ? "zoo \(place) has no `\(name)`" : "only zoo \(place) has `\(name)`"),
        hint: "zoo.\(name) = ... adds a column")
    }
    for column in columns {
      guard let found = other.column(column.name), found.rowShape != column.rowShape else {
        continue
      }
      throw differ(
        "rows of `\(column.name)`", "are \(Tensor.text(of: found.rowShape))",
        Tensor.text(of: column.rowShape))
    }
  }
}

extension NetworkShape {
  /// The sizes in words: `LSTM 2 x 32, 6 inputs, 6 outputs`.
  public var text: String {
    "\(cell.name) \(layers) x \(hidden), \(Execution.Text.count(inputs, "input")), "
      + Execution.Text.count(outputs, "output")
  }
}
