import Execution
import Glibc
import Kernels
import Tensors

/// Samples strings from a small language model.
///
/// Strings that agree so far share one state: at each step the net sees every distinct beginning
/// once.
public final class TokenSampler {
  private let shape: NetworkShape
  private let net: TokenSampling

  /// A sampler of a net whose inputs are one-hot symbols.
  ///
  /// - Throws: `Failure` if the net cannot read what it writes.
  public init(shape: NetworkShape, weights: Tensor) throws {
    try TokenSampler.check(shape, weights)
    self.shape = shape
    net = TokenSampling(weights.buffer, extents: shape.extents)
  }

  static func check(_ shape: NetworkShape, _ weights: Tensor) throws {
    try shape.check(weights.shape)
    guard shape.inputs == shape.outputs, shape.inputs <= 256 else {
      throw Failure(
        "a net over symbols has as many outputs as inputs, at most 256, but this one has "
          + "\(shape.inputs) inputs and \(shape.outputs) outputs")
    }
  }

  /// Samples strings that start with `start`, until `end` or until they have `length` symbols.
  ///
  /// Draws are made string by string within a step, one for each string that has not ended.
  ///
  /// - Returns: tokens [count * length], padded with `end`, and for the first `recorded` strings
  ///   the log-probabilities [recorded, length - 1, O] of each next symbol, continued over the
  ///   padding as the net computes it.
  /// - Throws: `Failure` if an argument does not fit, `Interrupted`.
  public func sample(
    count: Int, length: Int, start: UInt8, end: UInt8, recorded: Int, stream: inout RandomStream
  ) throws -> (tokens: [UInt8], logProbabilities: Tensor) {
    try check(count, length, start, end, recorded)
    let recordShape = [recorded, length - 1, shape.outputs]
    try Tensor.checkSize(recordShape)
    var record = [Float](repeating: 0, count: Tensor.count(of: recordShape))
    var strings = Strings(count: count, recorded: recorded, start: start, end: end, length: length)
    var symbols = [start]
    var parents: [Int]?
    for step in 0..<(length - 1) where !symbols.isEmpty {
      try Cancellation.current.check()
      let scores = net.step(symbols, parents: parents)
      let outputs = shape.outputs
      for string in 0..<recorded {
        let from = strings.nodes[string] * outputs
        let to = (string * (length - 1) + step) * outputs
        for place in 0..<outputs { record[to + place] = scores[from + place] }
      }
      (symbols, parents) = strings.advance(
        to: step + 1, scores: scores, outputs: outputs, rows: symbols.count, stream: &stream)
    }
    return (strings.tokens, Tensor(shape: recordShape, record))
  }

  private func check(
    _ count: Int, _ length: Int, _ start: UInt8, _ end: UInt8, _ recorded: Int
  ) throws {
    guard count >= 0, length >= 1, recorded >= 0, recorded <= count else {
      throw Failure(
        "cannot sample \(count) strings of \(length) symbols and record \(recorded) of them")
    }
    guard start < shape.inputs, end < shape.inputs else {
      throw Failure(
        "the net knows \(shape.inputs) symbols, but start is \(start) and end is \(end)")
    }
    try Tensor.checkSize([count, length])
  }
}

/// The strings while they grow, and which row of the net each stands at.
private struct Strings {
  var tokens: [UInt8]
  /// The row of each string; of no meaning once a string has ended and is not recorded.
  var nodes: [Int]
  private var hasEnded: [Bool]
  private let recorded: Int
  private let end: UInt8
  private let length: Int

  init(count: Int, recorded: Int, start: UInt8, end: UInt8, length: Int) {
    tokens = [UInt8](repeating: end, count: count * length)
    for string in 0..<count { tokens[string * length] = start }
    nodes = [Int](repeating: 0, count: count)
    hasEnded = [Bool](repeating: false, count: count)
    self.recorded = recorded
    self.end = end
    self.length = length
  }

  /// Draws the symbols at `step` and gives the rows that the net sees next: symbols and parents.
  mutating func advance(
    to step: Int, scores: [Float], outputs: Int, rows: Int, stream: inout RandomStream
  ) -> (symbols: [UInt8], parents: [Int]?) {
    let sums = Strings.cumulative(scores, outputs)
    var rowOf = [Int](repeating: -1, count: rows * outputs)
    var symbols: [UInt8] = []
    var parents: [Int] = []
    for string in nodes.indices {
      if hasEnded[string] && string >= recorded { continue }
      var symbol = Int(end)
      if !hasEnded[string] {
        symbol = Strings.draw(sums, nodes[string] * outputs, outputs, stream.uniform())
        tokens[string * length + step] = UInt8(symbol)
        hasEnded[string] = symbol == Int(end)
        if hasEnded[string] && string >= recorded { continue }
      }
      let branch = nodes[string] * outputs + symbol
      if rowOf[branch] < 0 {
        rowOf[branch] = symbols.count
        symbols.append(UInt8(symbol))
        parents.append(nodes[string])
      }
      nodes[string] = rowOf[branch]
    }
    return (symbols, parents)
  }

  /// Cumulative probabilities of each row.
  private static func cumulative(_ scores: [Float], _ outputs: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: scores.count)
    for row in stride(from: 0, to: scores.count, by: outputs) {
      var sum = 0.0
      for place in row..<(row + outputs) {
        sum += Double(expf(scores[place]))
        sums[place] = sum
      }
    }
    return sums
  }

  /// A symbol by its probability; where probabilities are no numbers the first one, not the last,
  /// which may be the end: no string ends by way of NaN.
  private static func draw(
    _ sums: [Double], _ start: Int, _ outputs: Int, _ uniform: Double
  ) -> Int {
    let threshold = uniform * sums[start + outputs - 1]
    guard !threshold.isNaN else { return 0 }
    for place in 0..<(outputs - 1) where threshold < sums[start + place] { return place }
    return outputs - 1
  }
}
