/// What is known of a whole token sequence and a language.
public struct Membership: Sendable, Equatable {
  /// Whether the sequence holds an end.
  public var isFinished: Bool
  /// Whether the tokens before the end are letters in alphabetical order.
  public var isInOrder: Bool
  /// Whether every letter occurs n plus its difference times, for one n of any sign.
  public var countsAgree: Bool
  /// Whether that n is one of the language's.
  public var isLegalN: Bool

  /// Whether the sequence is a finished string of the language.
  public var isMember: Bool { isFinished && isInOrder && countsAgree && isLegalN }
  /// Whether the rule of the original implementation accepts it, which looks at counts alone.
  public var isCounted: Bool { isFinished && countsAgree }
}

extension FormalLanguage {
  /// Whether letters are a string of the language, for an n of any size.
  public func accepts(_ letters: some Sequence<UInt8>) -> Bool {
    let found = inspect(letters)
    return found.isInOrder && found.countsAgree && found.isLegalN
  }

  /// Whether every letter occurs n plus its difference times, in whatever order.
  ///
  /// This is the rule by which the original implementation accepts: tokens that are no letters are
  /// passed over, and so is the sign of n.
  public func countsAgree(_ letters: some Sequence<UInt8>) -> Bool { inspect(letters).countsAgree }

  /// What there is to say about a whole sequence: a beginning, letters, an end, and whatever
  /// follows.
  public func membership(of sequence: some Collection<UInt8>) -> Membership {
    let body = sequence.first == beginning ? sequence.dropFirst() : sequence.dropFirst(0)
    guard let place = body.firstIndex(of: end) else {
      var found = inspect(body)
      found.isFinished = false
      return found
    }
    return inspect(body[..<place])
  }

  private func inspect(_ letters: some Sequence<UInt8>) -> Membership {
    var counts = [Int](repeating: 0, count: differences.count)
    var last: UInt8 = 0
    var inOrder = true
    for token in letters {
      inOrder = inOrder && token >= last && token < beginning
      if token < beginning {
        counts[Int(token)] += 1
        last = token
      }
    }
    let n = counts[0] - differences[0]
    let agree = zip(counts, differences).allSatisfy { $0 - $1 == n }
    return Membership(
      isFinished: true, isInOrder: inOrder, countsAgree: agree, isLegalN: n >= minimumN)
  }
}
