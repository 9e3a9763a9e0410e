import Execution

/// A rollout of N nets, each over M sequences of T steps: forward, and gradients back.
///
/// Sequences are cut into groups whose size depends on the extents alone; groups are worked on by
/// several threads when there is enough to do, and their weight gradients added in order, so that
/// results do not depend on the number of threads.
public final class RecurrentRollout: @unchecked Sendable {
  /// What a rollout starts from: hidden and cell states, each [L,N,M,H].
  public struct State {
    /// Hidden states.
    public var hidden: FloatBuffer
    /// Cell states; nil for cells that have none.
    public var cell: FloatBuffer?

    /// A state.
    public init(hidden: FloatBuffer, cell: FloatBuffer?) {
      self.hidden = hidden
      self.cell = cell
    }
  }

  /// Inputs that are rows of a table.
  public struct TableRows: Sendable {
    /// [V,D].
    public var table: FloatBuffer
    /// Which row each step reads, [M,T], below V.
    public var tokens: [Int32]
    /// Added to each sequence's first input, [M,D].
    public var first: FloatBuffer?
    /// Whether that is added to all inputs of the sequence.
    public var addsToAll: Bool

    /// Inputs that are rows of a table.
    public init(table: FloatBuffer, tokens: [Int32], first: FloatBuffer?, addsToAll: Bool = false) {
      self.table = table
      self.tokens = tokens
      self.first = first
      self.addsToAll = addsToAll
    }
  }

  /// What the nets read.
  public enum Inputs: Sendable {
    /// [N,M,T,D].
    case sequences(FloatBuffer)
    /// Rows of a table, for a single net.
    case rows(TableRows)
  }

  /// What a rollout gives.
  public struct Results {
    /// [N,M,T,O].
    public var outputs: FloatBuffer
    /// After the last step, [L,N,M,H].
    public var state: State
    /// Hidden states of the last layer [N,M,T,H], if wanted.
    public var sequence: FloatBuffer?
  }

  /// Gradients of the results; nil for what was not used.
  public struct Incoming {
    /// Of the outputs [N,M,T,O].
    public var outputs: FloatBuffer?
    /// Of the last hidden states [L,N,M,H].
    public var hidden: FloatBuffer?
    /// Of the last cell states [L,N,M,H].
    public var cell: FloatBuffer?
    /// Of all hidden states of the last layer [N,M,T,H].
    public var sequence: FloatBuffer?

    /// Gradients of the results.
    public init(
      outputs: FloatBuffer?, hidden: FloatBuffer?, cell: FloatBuffer?, sequence: FloatBuffer?
    ) {
      self.outputs = outputs
      self.hidden = hidden
      self.cell = cell
      self.sequence = sequence
    }
  }

  /// Which gradients are wanted.
  public struct Wanted {
    /// Of the weights.
    public var weights: Bool
    /// Of the inputs, or of the table and what is added first.
    public var inputs: Bool
    /// Of the initial state.
    public var state: Bool

    /// Which gradients are wanted.
    public init(weights: Bool, inputs: Bool, state: Bool) {
      self.weights = weights
      self.inputs = inputs
      self.state = state
    }
  }

  /// Gradients of what a rollout read, where wanted.
  public struct Gradients {
    /// [N,P] in flat order.
    public var weights: FloatBuffer?
    /// [N,M,T,D], or of a table [V,D].
    public var inputs: FloatBuffer?
    /// Of what is added to the first inputs, or to all of them, [M,D].
    public var first: FloatBuffer?
    /// [L,N,M,H] each.
    public var state: State?
  }

  /// Numbers of memory above which a rollout that nobody goes back through works group by group.
  static let sharedMemory = 1 << 20
  /// Multiplications from which several threads are used.
  static let parallelWork = 1 << 22

  let packed: PackedNets
  /// The sizes of each net.
  public var extents: RecurrentExtents { packed.extents }
  let sequences: Int
  let steps: Int
  let inputs: Inputs
  let start: State?
  private let keepsHistory: Bool
  let groupRows: Int
  let groupsPerNet: Int
  private let groupSize: Int
  private let sources: RecurrentGroup.Sources
  /// The memory of all groups; nil if each has its own while it runs.
  private let memory: FloatBuffer?
  private var isConsumed = false
  /// Works on one thread alone: for tests that results do not depend on it.
  var isSerial = false

  /// A rollout over inputs from a state, or from zero.
  ///
  /// Without `keepsHistory` it needs little memory, but gradients cannot flow back.
  public init(
    _ packed: PackedNets, inputs: Inputs, sequences: Int, steps: Int, start: State?,
    keepsHistory: Bool
  ) {
    let extents = packed.extents
    precondition(sequences > 0 && steps > 0, "nothing to run")
    RecurrentRollout.check(inputs, packed, sequences, steps)
    if let start {
      let count = extents.layers * packed.nets * sequences * extents.hidden
      precondition(
        start.hidden.count == count
          && start.cell?.count == (extents.cell.hasCellState ? count : nil), "another state")
    }
    self.packed = packed
    self.inputs = inputs
    self.sequences = sequences
    self.steps = steps
    self.start = start
    self.keepsHistory = keepsHistory
    groupRows = RecurrentRollout.groupRows(
      extents, nets: packed.nets, sequences: sequences, steps: steps)
    groupsPerNet = (sequences + groupRows - 1) / groupRows
    sources = RecurrentRollout.sources(inputs, extents)
    groupSize = RecurrentGroup.size(
      extents, rows: groupRows, steps: steps, sources: sources)
    let total = groupSize * groupsPerNet * packed.nets
    let needsNone = RecurrentRollout.isStepOfRows(inputs, extents, sequences, steps)
    memory =
      keepsHistory || (total <= RecurrentRollout.sharedMemory && !needsNone)
      ? FloatBuffer(uninitialized: total) : nil
  }

  /// Sequences that go together: enough that reading the weights costs less than the products with
  /// them, few enough that there is work for several threads.
  private static func groupRows(
    _ extents: RecurrentExtents, nets: Int, sequences: Int, steps: Int
  ) -> Int {
    let isWide = extents.gates * extents.hidden > 1 << 15
    // The rows of a single step differ in nothing but what they read: threads share columns instead.
    if isWide, steps == 1, nets == 1 { return min(sequences, 64) }
    let least = isWide || steps == 1 ? 32 : 16
    return min(sequences, max(least, rounded((sequences + 15) / 16, to: 8)))
  }

  private static func check(
    _ inputs: Inputs, _ packed: PackedNets, _ sequences: Int, _ steps: Int
  ) {
    let width = packed.extents.inputs
    switch inputs {
    case .sequences(let numbers):
      precondition(
        numbers.count == packed.nets * sequences * steps * width, "inputs of another count")
    case .rows(let rows):
      let count = rows.table.count / width
      precondition(packed.nets == 1 && count * width == rows.table.count, "another table")
      precondition(
        rows.tokens.count == sequences * steps
          && rows.tokens.allSatisfy { $0 >= 0 && $0 < count }, "another table")
      precondition(rows.first.map { $0.count == sequences * width } ?? true, "inputs differ")
    }
  }

  private static func sources(
    _ inputs: Inputs, _ extents: RecurrentExtents
  ) -> RecurrentGroup.Sources {
    guard case .rows(let rows) = inputs else { return .sequences }
    return .table(
      rows: rows.table.count / extents.inputs,
      added: rows.first == nil ? .nowhere : rows.addsToAll ? .every : .first)
  }

  // MARK: Groups

  struct Part {
    var group: RecurrentGroup
    var net: Int
    /// The first sequence of the net that belongs to the group.
    var first: Int
  }

  private func work(_ number: Int, _ body: (Int, Part) -> Void) {
    if let memory { return body(number, part(number, memory.base + number * groupSize)) }
    let own = FloatBuffer(uninitialized: groupSize)
    withExtendedLifetime(own) { body(number, part(number, own.base)) }
  }

  private func part(_ number: Int, _ memory: MutableFloats) -> Part {
    let net = number / groupsPerNet
    let first = number % groupsPerNet * groupRows
    let extents = packed.extents
    let group = RecurrentGroup(
      extents: extents, rows: min(groupRows, sequences - first), steps: steps,
      weights: Floats(packed.forward.base) + net * extents.packedCount,
      memory: memory, sources: sources)
    return Part(group: group, net: net, first: first)
  }

  /// Calls `body` for every group in order; all keep what they remember.
  func forEachGroup(_ body: (RecurrentGroup) -> Void) {
    guard let memory else { return }
    for number in 0..<groupsPerNet * packed.nets {
      body(part(number, memory.base + number * groupSize).group)
    }
  }

  /// Calls `body` for every group, on several threads if the products are worth it.
  func forEachPart(_ body: @Sendable (Int, Part) -> Void) throws {
    let count = groupsPerNet * packed.nets
    let each = packed.extents.packedCount * groupRows * steps
    let together = max(1, RecurrentRollout.parallelWork / 8 / max(each, 1))
    let blocks = (count + together - 1) / together
    guard each * count >= RecurrentRollout.parallelWork, blocks > 1, !isSerial else {
      // There and back: what the pass before read last is still in the cache.
      let turns = packed.turnsAround()
      try Turns.apart(numbers: each * count / 16) {
        for place in 0..<count {
          work(turns ? count - 1 - place : place, body)
          // A group that was stopped has left numbers of no use.
          if place & 15 == 15 { try Cancellation.current.check() }
        }
      }
      try Cancellation.current.check()
      return
    }
    try Parallel.forEach(blocks) { block in
      for number in (block * together)..<min(count, (block + 1) * together) {
        self.work(number, body)
        try Cancellation.current.check()
      }
    }
  }

  // MARK: Forward

  /// Runs all sequences.
  public func forward(wantsSequence: Bool) throws -> Results {
    let extents = packed.extents
    let rows = packed.nets * sequences
    let results = Results(
      outputs: FloatBuffer(uninitialized: rows * steps * extents.outputs),
      state: newState(),
      sequence: wantsSequence
        ? FloatBuffer(uninitialized: rows * steps * extents.hidden) : nil)
    if !keepsHistory, RecurrentRollout.isStepOfRows(inputs, extents, sequences, steps) {
      try forwardRows(results)
      return results
    }
    let outputs = Address(results.outputs)
    let hidden = Address(results.state.hidden)
    let cell = results.state.cell.map { Address($0) }
    let sequence = results.sequence.map { Address($0) }
    try forEachPart { _, part in
      self.load(part)
      let group = part.group
      self.run(part)
      self.copySteps(
        part, extents.outputs, group.outputs, extents.readOut, flat: outputs.base, toFlat: true)
      let offset = group.steps * group.stepUnits
      self.copyStates(part, { group.hidden($0) + offset }, flat: hidden.base, toFlat: true)
      if let cell {
        self.copyStates(part, { group.cells($0) + offset }, flat: cell.base, toFlat: true)
      }
      if let sequence {
        self.copySteps(
          part, extents.hidden, group.hidden(extents.layers - 1) + group.stepUnits,
          extents.units, flat: sequence.base, toFlat: true)
      }
    }
    return results
  }

  /// Room for a state.
  func newState() -> State {
    let count = packed.extents.layers * packed.nets * sequences * packed.extents.hidden
    return State(
      hidden: FloatBuffer(uninitialized: count),
      cell: packed.extents.cell.hasCellState ? FloatBuffer(uninitialized: count) : nil)
  }

  /// Brings inputs and initial state into a group's memory.
  private func load(_ part: Part) {
    let group = part.group
    let width = group.extents.inputs
    switch inputs {
    case .sequences(let numbers):
      copySteps(part, width, group.inputs, width, flat: numbers.base, toFlat: false)
    case .rows(let rows):
      group.inputs.update(from: rows.table.base, count: rows.table.count)
      if let first = rows.first {
        (group.inputs + rows.table.count).update(
          from: first.base + part.first &* width, count: group.rows &* width)
      }
    }
    if start == nil || group.extents.units > group.extents.hidden { group.clearState() }
    if let start {
      copyStates(part, { group.hidden($0) }, flat: start.hidden.base, toFlat: false)
      if let cell = start.cell {
        copyStates(part, { group.cells($0) }, flat: cell.base, toFlat: false)
      }
    }
  }

  /// Runs a group that has been loaded.
  private func run(_ part: Part) {
    let isFromZero = start == nil
    if withTokens(part, { part.group.forward(zeroState: isFromZero, tokens: $0) }) == nil {
      part.group.forward(zeroState: isFromZero)
    }
  }

  /// Calls `body` with a group's tokens [R,T]; nil if inputs are no rows of a table.
  @discardableResult
  func withTokens(_ part: Part, _ body: (UnsafePointer<Int32>) -> Void) -> Void? {
    guard case .rows(let rows) = inputs else { return nil }
    return rows.tokens.withUnsafeBufferPointer { tokens in
      tokens.baseAddress.map { body($0 + part.first * steps) }
    }
  }

  /// Between [N,M,T,K] and a group's [T,R,K], whose rows are `stride` numbers apart.
  func copySteps(
    _ part: Part, _ count: Int, _ own: MutableFloats, _ stride: Int, flat: MutableFloats,
    toFlat: Bool
  ) {
    guard count > 0 else { return }
    let rows = part.group.rows
    let first = flat + (part.net &* sequences &+ part.first) &* steps &* count
    for row in 0..<rows {
      for step in 0..<steps {
        let there = first + (row &* steps &+ step) &* count
        let here = own + (step &* rows &+ row) &* stride
        if toFlat {
          VectorLoops.copy(here, to: there, count)
        } else {
          VectorLoops.copy(there, to: here, count)
        }
      }
    }
  }

  /// Between [L,N,M,H] and a group's [R,H] of each layer.
  func copyStates(
    _ part: Part, _ own: (Int) -> MutableFloats, flat: MutableFloats, toFlat: Bool
  ) {
    let extents = packed.extents
    for layer in 0..<extents.layers {
      let net = layer &* packed.nets &+ part.net
      let there = flat + (net &* sequences &+ part.first) &* extents.hidden
      let here = own(layer)
      for row in 0..<part.group.rows {
        if toFlat {
          VectorLoops.copy(
            here + row &* extents.units, to: there + row &* extents.hidden, extents.hidden)
        } else {
          VectorLoops.copy(
            there + row &* extents.hidden, to: here + row &* extents.units, extents.hidden)
        }
      }
    }
  }

  /// Makes sure that the way forward is in memory: going back overwrites it.
  func prepareBackward() throws {
    precondition(packed.isTurned && memory != nil, "a rollout without the way back")
    if isConsumed {
      try forEachPart { _, part in
        self.load(part)
        self.run(part)
      }
    }
    isConsumed = true
  }
}

/// An address that threads may share, each writing its own part.
struct Address: @unchecked Sendable {
  let base: MutableFloats
  init(_ buffer: FloatBuffer) { base = buffer.base }
  init(_ buffer: FloatBuffer, at place: Int) { base = buffer.base + place }
  init(shared base: MutableFloats) { self.base = base }
}
