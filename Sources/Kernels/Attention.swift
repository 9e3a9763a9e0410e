import Execution

/// Attention with several heads: softmax(Q K' / sqrt(D)) V for each head of each member of a batch.
///
/// Scores are made for a few queries at a time and never stored: they would be much more than what
/// they are made of, and going back makes them again.
public struct Attention: Sendable {
  /// Members of the batch, B.
  public let batch: Int
  /// Queries of each, Q.
  public let queries: Int
  /// Keys of each, and values, T.
  public let keys: Int
  /// Numbers in each query, key and value, S; heads take equal parts of them.
  public let size: Int
  /// Heads.
  public let heads: Int
  /// From one query, key or value to the next: S, or 3 S where they stand side by side.
  let row: Int

  /// Attention of these extents.
  public init(batch: Int, queries: Int, keys: Int, size: Int, heads: Int) {
    self.init(batch: batch, queries: queries, keys: keys, size: size, heads: heads, row: size)
  }

  /// Attention of tokens to each other, whose queries, keys and values stand side by side.
  public init(batch: Int, tokens: Int, size: Int, heads: Int) {
    self.init(
      batch: batch, queries: tokens, keys: tokens, size: size, heads: heads, row: 3 * size)
  }

  private init(batch: Int, queries: Int, keys: Int, size: Int, heads: Int, row: Int) {
    precondition(batch >= 0 && queries >= 0 && keys > 0 && size > 0, "extents not positive")
    precondition(heads > 0 && size % heads == 0, "heads take equal parts")
    self.row = row
    self.batch = batch
    self.queries = queries
    self.keys = keys
    self.size = size
    self.heads = heads
  }

  /// Numbers of a head, D.
  var depth: Int { size / heads }
  /// Rows of scores are whole panels.
  var scoreRow: Int { rounded(keys, to: 2 * Lanes.width) }
  /// The numbers of a head, whole panels.
  var depthRow: Int { rounded(depth, to: 2 * Lanes.width) }
  /// Queries at a time: their scores stay in the second cache.
  var tile: Int { min(queries, max(8, (1 << 15) / scoreRow & ~7)) }
  /// Multiplications from which several threads are used.
  private static let parallelWork = 1 << 21

  /// What each query hears, [B,Q,S], of queries [B,Q,S], keys and values [B,T,S].
  public func forward(
    _ query: FloatBuffer, _ key: FloatBuffer, _ value: FloatBuffer
  ) throws -> FloatBuffer {
    check(query, key, value)
    let places = Places(query: Address(query), key: Address(key), value: Address(value))
    defer { withExtendedLifetime((query, key, value)) {} }
    return try forward(places)
  }

  /// The same for queries, keys and values side by side, [B,T,3S].
  public func forward(_ joined: FloatBuffer) throws -> FloatBuffer {
    defer { withExtendedLifetime(joined) {} }
    return try forward(places(joined))
  }

  private func forward(_ places: Places) throws -> FloatBuffer {
    let result = FloatBuffer(uninitialized: batch * queries * size)
    let target = Address(result)
    try forEachHead { number in
      AttentionHead(self, number, places).forward(into: target.base)
    }
    return result
  }

  /// Where queries, keys and values side by side begin.
  private func places(_ joined: FloatBuffer) -> Places {
    precondition(row == 3 * size && joined.count == batch * keys * row, "another count")
    return Places(
      query: Address(joined), key: Address(joined, at: size), value: Address(joined, at: 2 * size))
  }

  /// Gradients of what was read.
  public struct Gradients {
    /// [B,Q,S].
    public var query: FloatBuffer
    /// [B,T,S].
    public var key: FloatBuffer
    /// [B,T,S].
    public var value: FloatBuffer
  }

  /// Gradients of queries, keys and values from that of the result.
  public func backward(
    _ gradient: FloatBuffer, _ query: FloatBuffer, _ key: FloatBuffer, _ value: FloatBuffer
  ) throws -> Gradients {
    check(query, key, value)
    precondition(gradient.count == query.count, "a gradient of another count")
    let isEmpty = query.count == 0
    let results = Gradients(
      query: FloatBuffer(uninitialized: query.count),
      key: isEmpty
        ? FloatBuffer(repeating: 0, count: key.count) : FloatBuffer(uninitialized: key.count),
      value: isEmpty
        ? FloatBuffer(repeating: 0, count: key.count) : FloatBuffer(uninitialized: key.count))
    let places = Places(query: Address(query), key: Address(key), value: Address(value))
    let targets = Places(
      query: Address(results.query), key: Address(results.key), value: Address(results.value))
    try backward(gradient, places, into: targets)
    withExtendedLifetime((query, key, value)) {}
    return results
  }

  /// The gradient of queries, keys and values side by side, [B,T,3S].
  public func backward(_ gradient: FloatBuffer, _ joined: FloatBuffer) throws -> FloatBuffer {
    precondition(gradient.count == batch * queries * size, "a gradient of another count")
    let result = FloatBuffer(uninitialized: joined.count)
    try backward(gradient, places(joined), into: places(result))
    withExtendedLifetime(joined) {}
    return result
  }

  private func backward(
    _ gradient: FloatBuffer, _ places: Places, into targets: Places
  ) throws {
    let arrived = Address(gradient)
    try forEachHead { number in
      AttentionHead(self, number, places).backward(arrived.base, into: targets)
    }
    withExtendedLifetime(gradient) {}
  }

  struct Places: Sendable {
    var query: Address
    var key: Address
    var value: Address
  }

  private func check(_ query: FloatBuffer, _ key: FloatBuffer, _ value: FloatBuffer) {
    precondition(row == size && query.count == batch * queries * size, "queries of another count")
    precondition(
      key.count == batch * keys * size && value.count == key.count, "keys of another count")
  }

  private func forEachHead(_ body: @Sendable (Int) -> Void) throws {
    guard queries > 0 else { return }
    let count = batch * heads
    if count * queries * keys * depth < Attention.parallelWork {
      Turns.apart { for number in 0..<count { body(number) } }
      return
    }
    try Parallel.forEach(count) { number in
      try Cancellation.current.check()
      body(number)
    }
  }
}

/// One head of one member of a batch.
struct AttentionHead {
  let extents: Attention
  let query: Floats
  let key: Floats
  let value: Floats
  /// Where the head's numbers begin in the result.
  let resultOffset: Int
  /// The same among those of all queries.
  let queryOffset: Int
  /// The same among those of all keys.
  let keyOffset: Int

  init(_ extents: Attention, _ number: Int, _ places: Attention.Places) {
    self.extents = extents
    let (member, head) = (number / extents.heads, number % extents.heads)
    resultOffset = member * extents.queries * extents.size + head * extents.depth
    queryOffset = member * extents.queries * extents.row + head * extents.depth
    keyOffset = member * extents.keys * extents.row + head * extents.depth
    query = Floats(places.query.base) + queryOffset
    key = Floats(places.key.base) + keyOffset
    value = Floats(places.value.base) + keyOffset
  }

  func forward(into result: MutableFloats) {
    let (keys, depth, size) = (extents.keys, extents.depth, extents.size)
    let (scoreRow, depthRow, tile) = (extents.scoreRow, extents.depthRow, extents.tile)
    let memory = Scratch.floats(
      .attention, scoreRow * depth + depthRow * keys + tile * (scoreRow + depthRow + 1))
    let turnedKeys = memory
    let values = turnedKeys + scoreRow * depth
    let scores = values + depthRow * keys
    let heard = scores + tile * scoreRow
    let shares = heard + tile * depthRow
    packTurned(key, into: turnedKeys)
    Product.pack(
      Matrix(base: value, row: extents.row, column: 1), rows: keys, columns: depth, into: values)
    for start in stride(from: 0, to: extents.queries, by: tile) {
      let rows = min(tile, extents.queries - start)
      score(query + start * extents.row, aRow: extents.row, rows, turnedKeys, into: scores)
      for row in 0..<rows { shares[row] = exponentials(scores + row * scoreRow) }
      Product.multiply(
        rows: rows, columns: rounded(depth, to: Lanes.width), inner: keys, scores, aRow: scoreRow,
        panels: values, into: heard, cRow: depthRow, accumulate: false)
      let to = result + resultOffset + start * size
      for row in 0..<rows {
        AttentionHead.scale(heard + row * depthRow, by: shares[row], to: to + row * size, depth)
      }
    }
  }

  /// Columns of a matrix of keys or values as panels of its transpose.
  func packTurned(_ source: Floats, into panels: MutableFloats) {
    Product.pack(
      Matrix(base: source, row: 1, column: extents.row), rows: extents.depth,
      columns: extents.keys, into: panels)
  }

  /// Products of a few rows with all keys (or values), in rows of whole panels.
  func score(
    _ rows: Floats, aRow: Int, _ count: Int, _ panels: Floats, into scores: MutableFloats
  ) {
    Product.multiply(
      rows: count, columns: extents.scoreRow, inner: extents.depth, rows, aRow: aRow,
      panels: panels, into: scores, cRow: extents.scoreRow, accumulate: false)
  }

  /// Replaces a row of scores by e^(s / sqrt(D)) of their distances to the largest, s, and gives one
  /// over their sum.
  func exponentials(_ row: MutableFloats) -> Float {
    let count = extents.keys
    let largest = AttentionHead.largest(row, count)
    let factor = 1.442_695_04 / Float(extents.depth).squareRoot()
    var sum = Lanes.zero
    var place = 0
    while place &+ Lanes.width <= count {
      let power = (Lanes(at: row + place) - largest).powerOfTwo(times: factor, upTo: 1)
      power.store(row + place)
      sum += power
      place &+= Lanes.width
    }
    if place < count {
      let power = (Lanes(at: row + place) - largest).powerOfTwo(times: factor, upTo: 1)
      power.store(row + place)
      // Scores behind the last key are of padding.
      sum += Lanes.zero.replacing(with: power, where: Elementwise.first(count &- place))
    }
    return 1 / sum.total
  }

  /// The largest of a row of whole vectors that is no NaN, as far as `count`: four at a time, as each
  /// comparison waits for the one before.
  @inline(__always)
  private static func largest(_ row: Floats, _ count: Int) -> Float {
    let width = Lanes.width
    let none = Lanes(repeating: -.infinity)
    var (a, b, c, d) = (none, none, none, none)
    var place = 0
    while place &+ 4 &* width <= count {
      a = a.orGreater(Lanes(at: row + place))
      b = b.orGreater(Lanes(at: row + (place &+ width)))
      c = c.orGreater(Lanes(at: row + (place &+ 2 &* width)))
      d = d.orGreater(Lanes(at: row + (place &+ 3 &* width)))
      place &+= 4 &* width
    }
    while place < count {
      let rest = Lanes(at: row + place)
      a = a.orGreater(none.replacing(with: rest, where: Elementwise.first(count &- place)))
      place &+= width
    }
    return a.orGreater(b).orGreater(c.orGreater(d)).max()
  }

  /// target = source * factor, number by number where no whole vector is left.
  @inline(always)
  static func scale(_ source: Floats, by factor: Float, to target: MutableFloats, _ count: Int) {
    var place = 0
    while place &+ Lanes.width <= count {
      (Lanes(at: source + place) * factor).store(target + place)
      place &+= Lanes.width
    }
    while place < count {
      target[place] = source[place] * factor
      place &+= 1
    }
  }
}
