import Execution

/// A language of strings in alphabetical order whose letter counts differ by fixed numbers.
///
/// L_m = { a^(n + m_a) b^(n + m_b) c^(n + m_c) ... } for natural n, every exponent 0 or above:
/// Herrmann, Faccio and Schmidhuber (ICML 2024), first zoo. The letters are the tokens 0 ..< K; the
/// tokens K and K + 1 mark the beginning and the end of a string.
public struct FormalLanguage: Sendable, Equatable {
  /// The most letters a language may have: a token then still has a letter's name.
  public static let maximumLetters = 26
  /// The largest size of a difference or of n.
  public static let maximumExponent = 1 << 24
  /// The most tokens of a training sequence, and the largest bound of its n.
  public static let maximumLength = 4096

  /// What is added to n for each letter, m; K numbers.
  public let differences: [Int]
  /// Tokens of a training sequence, T: beginning, letters, and ends up to here.
  public let length: Int
  /// Training strings have n below this number.
  public let maximumN: Int

  /// The language of the differences m, whose training sequences have `length` tokens.
  ///
  /// - Throws: `Failure` for a number of letters, a difference or a length that cannot be.
  public init(_ differences: [Int], length: Int = 42, maximumN: Int = 10) throws {
    guard (1...FormalLanguage.maximumLetters).contains(differences.count) else {
      throw Failure(
        "a language has 1 to \(FormalLanguage.maximumLetters) letters, "
          + "but \(Text.count(differences.count, "difference")) were given")
    }
    let limit = FormalLanguage.maximumExponent
    if let large = differences.first(where: { $0 < -limit || $0 > limit }) {
      throw Failure("a difference is at most \(limit) in size, but one is \(large)")
    }
    guard (2...FormalLanguage.maximumLength).contains(length) else {
      throw Failure("length must be 2 to \(FormalLanguage.maximumLength), but it is \(length)")
    }
    guard (1...FormalLanguage.maximumLength).contains(maximumN) else {
      throw Failure(
        "maximum_n must be 1 to \(FormalLanguage.maximumLength), but it is \(maximumN)")
    }
    self.differences = differences
    self.length = length
    self.maximumN = maximumN
  }

  /// How many letters there are, K.
  public var letters: Int { differences.count }
  /// The token that begins every sequence.
  public var beginning: UInt8 { UInt8(letters) }
  /// The token that ends a string and fills the rest of its sequence.
  public var end: UInt8 { UInt8(letters + 1) }
  /// Tokens in all: the letters, the beginning and the end.
  public var vocabulary: Int { letters + 2 }
  /// The least n for which no exponent is negative.
  public var minimumN: Int { max(0, -(differences.min() ?? 0)) }
  /// The n of the training strings; empty if the least n is not below `maximumN`.
  public var trainingRange: Range<Int> { minimumN..<max(minimumN, maximumN) }

  /// How many letters the string of n has.
  func letterCount(n: Int) -> Int { differences.reduce(0) { $0 + n + $1 } }

  /// Whether the string of the least n fits a sequence together with its end.
  public var hasStringThatFits: Bool {
    !trainingRange.isEmpty && letterCount(n: minimumN) <= length - 2
  }

  /// The letters of the string of n.
  ///
  /// - Throws: `Failure` for an n that makes an exponent negative or a string too long to hold.
  public func string(n: Int) throws -> [UInt8] {
    guard n >= minimumN else {
      throw Failure(
        "the least n of the language \(name) is \(minimumN), but n is \(n)",
        hint: "no exponent may be negative")
    }
    guard n <= FormalLanguage.maximumExponent, letterCount(n: n) <= FormalLanguage.maximumExponent
    else {
      throw Failure(
        "the string of n = \(n) is too long: at most \(FormalLanguage.maximumExponent) letters are "
          + "possible")
    }
    return letters(n: n, atMost: Int.max)
  }

  /// The letters of the string of n, cut after `limit` letters.
  private func letters(n: Int, atMost limit: Int) -> [UInt8] {
    var result: [UInt8] = []
    for (letter, difference) in differences.enumerated() {
      let count = min(n + difference, limit - result.count)
      result.append(contentsOf: repeatElement(UInt8(letter), count: max(0, count)))
    }
    return result
  }

  /// The training sequence of n: the beginning, the letters, and ends up to `length`.
  ///
  /// A string that is too long is cut, as the original implementation does: it then has no end.
  public func sequence(n: Int) throws -> [UInt8] {
    guard n >= minimumN, n <= FormalLanguage.maximumExponent else { return try string(n: n) }
    var tokens = [beginning]
    tokens += letters(n: n, atMost: length - 1)
    tokens += repeatElement(end, count: length - tokens.count)
    return tokens
  }

  /// All training sequences by rising n.
  public var sequences: [[UInt8]] { trainingRange.compactMap { try? sequence(n: $0) } }
}

extension FormalLanguage: CustomStringConvertible {
  /// The differences as the paper writes them: `L(0, 1, 0, 1)`.
  public var name: String { "L(" + differences.map(String.init).joined(separator: ", ") + ")" }

  /// The differences as the paper writes them.
  public var description: String { name }
}
