import Execution
import Testing

@testable import Language
@testable import Library

/// "Did you mean", measured over all names of the library.
@Suite struct SuggestionTests {
  /// What one slip of a finger makes of a name: a letter left out, doubled or changed, or two
  /// swapped.
  private func slips(_ name: String) -> Set<String> {
    let letters = Array(name)
    var found: Set<String> = []
    for place in letters.indices {
      var slip = letters
      slip.remove(at: place)
      found.insert(String(slip))
      slip = letters
      slip.insert(letters[place], at: place)
      found.insert(String(slip))
      slip = letters
      slip[place] = letters[place] == "e" ? "r" : "e"
      found.insert(String(slip))
      guard place + 1 < letters.count else { continue }
      slip = letters
      slip.swapAt(place, place + 1)
      found.insert(String(slip))
    }
    return found
  }

  @Test func theFirstSuggestionIsMostlyRight() throws {
    let session = try LanguagePrograms.session(RecordingConsole())
    let names = Array(session.sharedNames)
    var (right, all) = (0, 0)
    for name in names where name.count >= 3 {
      for slip in slips(name) where slip.count >= 3 && !names.contains(slip) {
        all += 1
        if Text.nearest(slip, in: names).first == name { right += 1 }
      }
    }
    #expect(all > 2000)
    #expect(Double(right) / Double(all) >= 0.95)
    #expect(Text.nearest("ab", in: ["abs"]) == [])
    #expect(Text.nearest("normalisation", in: ["norm", "normal"]) == [])
  }

  /// One token lost, doubled or swapped with the next: no crash, and mostly one message.
  @Test func oneTokenWrongIsMostlyOneMessage() throws {
    var (broken, single) = (0, 0)
    var state: UInt64 = 5
    func draw(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(count))
    }
    for entry in try LibrarySource.standard().entries {
      let bytes = Array(entry.text.utf8)
      let tokens = Lexer.tokens(Source(name: "t", text: entry.text)).filter { $0.kind != .comment }
      guard tokens.count > 2 else { continue }
      for _ in 0..<60 {
        let place = draw(tokens.count - 2)
        let (first, second) = (tokens[place], tokens[place + 1])
        guard first.end <= second.start, second.end <= bytes.count else { continue }
        let (one, two) = (bytes[first.start..<first.end], bytes[second.start..<second.end])
        let middle: [UInt8]
        switch draw(3) {
        case 0: middle = Array(bytes[first.end..<second.end])
        case 1: middle = Array(one + [0x20] + bytes[first.start..<second.end])
        default: middle = Array(two + bytes[first.end..<second.start] + one)
        }
        let changed = bytes[..<first.start] + middle + bytes[second.end...]
        let text = String(decoding: changed, as: UTF8.self)
        let found = Parser.parse(Source(name: "t", text: text)).diagnostics
        if !found.isEmpty { broken += 1 }
        if found.count == 1 { single += 1 }
      }
    }
    #expect(broken > 300)
    #expect(Double(single) / Double(broken) >= 0.9)
  }
}
