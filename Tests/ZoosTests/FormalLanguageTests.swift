import Execution
import Testing

@testable import Zoos

@Suite struct FormalLanguageTests {
  private let golden: GoldenLanguages

  init() throws { golden = try Golden.decode(GoldenLanguages.self, "language.json") }

  /// The tokens of a golden text, which marks the beginning by ^ and the end by $.
  private func tokens(_ text: String, _ language: FormalLanguage) -> [UInt8] {
    text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "^"): language.beginning
      case UInt8(ascii: "$"): language.end
      default: byte - UInt8(ascii: "a")
      }
    }
  }

  @Test func trainingSequencesAreTheOriginals() throws {
    #expect(golden.tasks.count == 7)
    for task in golden.tasks {
      let language = try FormalLanguage(task.differences)
      #expect(language.minimumN == task.minimumN)
      #expect(language.maximumN == task.maximumN)
      #expect(language.trainingRange.count == task.sequences.count)
      for (n, text) in task.sequences {
        let sequence = try language.sequence(n: try #require(Int(n)))
        #expect(language.text(sequence) == text)
        #expect(sequence == tokens(text, language))
      }
      let unfinished = language.trainingRange.filter {
        (try? language.sequence(n: $0))?.contains(language.end) == false
      }
      #expect(unfinished == task.withoutEnd)
    }
  }

  @Test func countsAreJudgedAsTheOriginalDoes() throws {
    var cases = 0
    for task in golden.tasks {
      let language = try FormalLanguage(task.differences)
      for example in task.accept {
        let found = language.membership(of: tokens(example.text, language))
        #expect(found.isFinished == !example.isUndefined, "\(example.text)")
        if !example.isUndefined { #expect(found.isCounted == example.isCorrect, "\(example.text)") }
        cases += 1
      }
    }
    #expect(cases > 150)
  }

  @Test func orderIsChecked() throws {
    let language = try FormalLanguage([0, 1, 0, 1])
    let shuffled = try language.parse("abbdcd")
    #expect(language.countsAgree(shuffled))
    #expect(!language.accepts(shuffled))
    #expect(language.accepts(try language.parse("abbcdd")))
    #expect(!language.accepts(try language.parse("abbcd")))
    #expect(language.accepts(try language.string(n: 500)))
    #expect(language.accepts(try language.parse("bd")))
    #expect(!language.accepts([0, 4, 1, 1, 2, 3, 3]))
  }

  @Test func leastNIsKept() throws {
    let positive = try FormalLanguage([1, 1])
    #expect(positive.minimumN == 0)
    #expect(positive.countsAgree([UInt8]()))
    #expect(!positive.accepts([UInt8]()))
    #expect(try FormalLanguage([0, 0]).accepts([UInt8]()))
    let negative = try FormalLanguage([0, -3])
    #expect(negative.accepts([0, 0, 0]))
    #expect(throws: Failure.self) { try negative.string(n: 2) }
  }

  @Test func membershipReadsWholeSequences() throws {
    let language = try FormalLanguage([0, 1])
    let whole = try language.sequence(n: 2)
    #expect(language.text(whole.prefix(7)) == "^aabbb$")
    #expect(language.membership(of: whole).isMember)
    #expect(!language.membership(of: [2, 0, 0, 1, 1, 1]).isFinished)
    #expect(!language.membership(of: [2, 0, 0, 1, 1, 1]).isMember)
    #expect(language.membership(of: [2, 0, 1, 1, 3, 1, 0]).isMember)
    let swapped = language.membership(of: [2, 1, 1, 0, 3])
    #expect(
      swapped == Membership(isFinished: true, isInOrder: false, countsAgree: true, isLegalN: true))
  }

  @Test func textIsParsedWithClearErrors() throws {
    let language = try FormalLanguage([0, 1, 0, 1])
    #expect(try language.parse("^abbcdd$$") == [0, 1, 1, 2, 3, 3])
    #expect(try language.parse(tokens: [4, 0, 1, 1, 2, 3, 3, 5, 5]) == [0, 1, 1, 2, 3, 3])
    let letter = #expect(throws: Failure.self) { try language.parse("abe") }
    #expect(
      letter?.message
        == "the language L(0, 1, 0, 1) has the letters abcd, but the string holds \"e\"")
    #expect(throws: Failure.self) { try language.parse("a$b") }
    #expect(throws: Failure.self) { try language.parse("aé") }
    for bad in [6, 0.5, -1, .nan, .infinity] {
      #expect(throws: Failure.self) { try language.parse(tokens: [0, bad, 1]) }
    }
  }

  @Test func impossibleLanguagesAreRefused() throws {
    #expect(throws: Failure.self) { try FormalLanguage([]) }
    #expect(throws: Failure.self) { try FormalLanguage([Int](repeating: 0, count: 27)) }
    #expect(throws: Failure.self) { try FormalLanguage([0, Int.min]) }
    #expect(throws: Failure.self) { try FormalLanguage([0, 0], length: 1) }
    let none = try FormalLanguage([0, -10])
    #expect(none.sequences.isEmpty)
    var stream = RandomStream(seed: 1, purpose: "test")
    #expect(throws: Failure.self) { try none.sample(3, stream: &stream) }
    #expect(throws: Failure.self) { try none.string(n: Int.max) }
    #expect(throws: Failure.self) { try FormalLanguage([0, 1]).sequence(n: Int.max) }
  }

  @Test func drawsAreUniformAndDistinct() throws {
    let language = try FormalLanguage([0, -3, 2, 1])
    var stream = RandomStream(seed: 1, purpose: "test")
    let batch = try language.sample(7000, stream: &stream)
    #expect(batch.exponents == Array(3..<10))
    #expect(batch.counts.reduce(0, +) == 7000)
    #expect(batch.counts.allSatisfy { (880...1120).contains($0) })
    #expect(Array(batch.tokens.prefix(42)) == (try language.sequence(n: 3)))
    let few = try language.sample(2, stream: &stream)
    #expect(few.counts.count <= 2 && few.tokens.count == 42 * few.counts.count)
  }
}
