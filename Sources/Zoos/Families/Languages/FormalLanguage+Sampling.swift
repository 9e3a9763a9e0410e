import Execution

/// A batch of training strings: the distinct ones and how often each was drawn.
public struct StringBatch: Sendable, Equatable {
  /// The distinct sequences one after the other, [S * T].
  public var tokens: [UInt8]
  /// How often each was drawn, [S].
  public var counts: [Int]
  /// The n of each, [S].
  public var exponents: [Int]
}

extension FormalLanguage {
  /// Draws training strings, n uniform among those of `trainingRange`.
  ///
  /// A language has few training strings, so a batch holds each only once, with its count.
  /// - Throws: `Failure` if there is no n below `maximumN`.
  public func sample(_ count: Int, stream: inout RandomStream) throws -> StringBatch {
    try sample(count, from: sequences, stream: &stream)
  }

  /// The same for a loop that draws often: `sequences` are those of the language.
  func sample(
    _ count: Int, from sequences: [[UInt8]], stream: inout RandomStream
  ) throws -> StringBatch {
    guard !sequences.isEmpty else { throw missingStrings }
    var draws = [Int](repeating: 0, count: sequences.count)
    for _ in 0..<count { draws[stream.integer(below: sequences.count)] += 1 }
    var batch = StringBatch(tokens: [], counts: [], exponents: [])
    batch.tokens.reserveCapacity(length * sequences.count)
    for (place, drawn) in draws.enumerated() where drawn > 0 {
      batch.tokens += sequences[place]
      batch.counts.append(drawn)
      batch.exponents.append(minimumN + place)
    }
    return batch
  }

  /// Why there is nothing to draw.
  var missingStrings: Failure {
    Failure(
      "the language \(name) has no training string: its least n is \(minimumN), "
        + "and n stays below \(maximumN)", hint: "raise maximum_n")
  }
}
