/// An answer, or whatever else is compared for equality in a game: as a value, and as it is shown.
public struct AnswerValue: Sendable, Hashable {
  /// What makes two answers equal.
  public enum Key: Hashable, Sendable {
    /// A number, by its bits.
    case number(UInt64)
    /// A text.
    case text(String)
    /// Anything else, written out in full.
    case other(String)
  }

  /// What it equals.
  public let key: Key
  /// How it is shown; other answers may be shown alike.
  public let text: String

  /// A text, which is shown as it is.
  public init(_ text: String) {
    key = .text(text)
    self.text = text
  }

  /// A number; both zeros are one, and all that are no number.
  public init(_ number: Double, text: String) {
    let plain = number.isNaN ? Double.nan : number == 0 ? 0 : number
    key = .number(plain.bitPattern)
    self.text = text
  }

  /// Any other value, by a text that says all of it.
  public init(whole: String, text: String) {
    key = .other(whole)
    self.text = text
  }

  /// The outputs along a word as one answer.
  init(word: [AnswerValue]) {
    let text = word.map(\.text).joined(separator: " ")
    if word.count == 1 {
      self = word[0]
    } else if word.allSatisfy({ $0.isText }) {
      self.init(text)
    } else {
      self.init(whole: word.map(\.whole).joined(separator: " "), text: text)
    }
  }

  private var isText: Bool { if case .text(let text) = key { !text.contains(" ") } else { false } }

  /// The number that it is, or that its text is.
  public var number: Double? {
    if case .number(let bits) = key { return Double(bitPattern: bits) }
    return Double(text)
  }

  /// All of it, where what is shown is not enough.
  public var whole: String {
    switch key {
    case .number(let bits): AnswerValue.digits(Double(bitPattern: bits))
    case .text(let text): "\"\(text)\""
    case .other(let whole): whole
    }
  }

  /// A number in as many digits as mean it.
  public static func digits(_ number: Double) -> String {
    if let whole = Int(exactly: number) { return String(whole) }
    return "\(number)"
  }

  /// Equal values are equal, however they are shown.
  public static func == (left: AnswerValue, right: AnswerValue) -> Bool { left.key == right.key }

  /// Hashes what is compared.
  public func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

/// The different answers of a table, numbered by first appearance: equal by value, each with a text
/// of its own.
public struct AnswerBook: Sendable {
  private var codes: [AnswerValue.Key: Int32] = [:]
  private var answers: [AnswerValue] = []

  /// A book without answers.
  public init() {}

  /// The number of an answer, which is entered if it is new.
  public mutating func code(of answer: AnswerValue) -> Int32 {
    if let code = codes[answer.key] { return code }
    let code = Int32(truncatingIfNeeded: answers.count)
    codes[answer.key] = code
    answers.append(answer)
    return code
  }

  /// The answer of a number, nil for one that is in no book.
  func answer(_ code: Int32) -> AnswerValue? {
    answers.indices.contains(Int(code)) ? answers[Int(code)] : nil
  }

  /// The number of an answer given by someone, among some numbers.
  ///
  /// - Parameter texts: what each number is shown as. A text may mean the answer shown so, or, where
  ///   that is but one, the answer that would be shown so if no other were.
  func code(
    of answer: AnswerValue, among codes: some Sequence<Int32>, texts: (Int32) -> String
  ) -> Int32? {
    if case .text(let text) = answer.key, let code = codes.first(where: { texts($0) == text }) {
      return code
    }
    if let code = self.codes[answer.key], codes.contains(code) { return code }
    let alike = codes.filter { self.answer($0)?.text == answer.text || texts($0) == answer.text }
    return alike.count == 1 ? alike[0] : nil
  }

  /// Per answer a text that no other has: what is shown of it if that is enough, else all of it.
  public var texts: [String] {
    var places: [String: [Int]] = [:]
    for (place, answer) in answers.enumerated() { places[answer.text, default: []].append(place) }
    var texts = answers.map(\.text)
    guard places.count < answers.count else { return texts }
    var taken = Set(places.keys)
    for place in answers.indices where (places[texts[place]] ?? []).count > 1 {
      let alike = places[answers[place].text] ?? []
      var text = answers[place].whole
      if case .number = answers[place].key,
        alike.contains(where: { answers[$0].key == .text(text) })
      {
        text += " (number)"
      }
      // The one that is all that is shown may keep its text: 1 beside 1.0000001.
      if text != answers[place].text { while !taken.insert(text).inserted { text += "'" } }
      texts[place] = text
    }
    return texts
  }
}
