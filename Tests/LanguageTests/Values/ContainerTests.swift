import Testing

@testable import Language

/// Lists, records and instances hold what they were given as long as they must, and no longer.
struct ContainerTests {
  @Test func listsReleaseTheirItems() {
    weak var item: StringObject?
    do {
      let string = StringObject("text")
      item = string
      let list = ListObject.empty(capacity: 1)
      for _ in 0..<100 { list.append(.string(string)) }
      #expect(list.count == 100 && list.part(10..<90).count == 80)
      list.removeLast(99)
      #expect(list.items.count == 1)
    }
    #expect(item == nil)
  }

  @Test func aListIsAppendedToItself() throws {
    let list = ListObject.empty(capacity: 2)
    list.append(.text("a"))
    list.append(.number(1))
    for _ in 0..<3 { try list.append(contentsOf: list) }
    #expect(list.items.map { $0.text { _ in nil } } == (0..<16).map { $0 % 2 == 0 ? "a" : "1" })
  }

  @Test func recordsReleaseWhatIsTakenOut() {
    weak var kept: StringObject?
    weak var removed: StringObject?
    let record = RecordObject.holding([], [])
    do {
      let (a, b) = (StringObject("a"), StringObject("b"))
      (removed, kept) = (a, b)
      record.set(Symbol("a"), .string(a))
      record.set(Symbol("b"), .string(b))
      record.removeValue(at: Symbol("a"))
    }
    #expect(removed == nil && kept != nil)
    #expect(record.names == [Symbol("b")] && record.values.count == 1)
    let copy = record.copy()
    record.set(Symbol("b"), .none)
    #expect(kept != nil && copy.place(of: Symbol("b")) == 0)
  }

  @Test func depthIsThatOfTheDeepestItem() {
    let inner = Value.items([.items([.number(1)])])
    let list = ListObject.empty(capacity: 0)
    list.append(.number(1))
    #expect(list.depth == 1)
    list.append(inner)
    #expect(list.depth == 3 && list.copy().depth == 3)
    #expect(Value.fields([("x", inner)]).depth == 3)
  }

  @Test func writtenStringsHaveNoSoleHolder() {
    var string = StringObject.written("constant")
    #expect(!isKnownUniquelyReferenced(&string))
    let object = Unmanaged.passUnretained(string)
    for _ in 0..<1000 { object.release() }
    #expect(string.text == "constant" && StringObject.written("constant") !== string)
    var other = StringObject("own")
    #expect(isKnownUniquelyReferenced(&other))
  }

  @Test(arguments: ["", "a", "12345678", "123456789", "ä", "a\u{0}", "x\r", "\u{301}"])
  func textsGrow(_ piece: String) {
    let grown = StringObject("")
    var expected = ""
    for count in 0..<70 {
      grown.append(StringObject(piece))
      expected += piece
      #expect(grown.byteCount == expected.utf8.count)
      if count % 16 == 3 {
        grown.append(grown)
        expected += expected
      }
      if count % 7 == 0 { #expect(grown.text == expected && grown.count == expected.count) }
    }
    #expect(grown.text == expected)
    #expect(grown.symbol == Symbol(expected))
  }

  @Test func textsAreOrderedByTheirHeads() {
    let texts = ["", "a", "a\u{0}", "ab", "abcdefgh", "abcdefghi", "abcdefgi", "b", "~", "\r"]
    for a in texts {
      for b in texts {
        guard let x = StringObject(a).head, let y = StringObject(b).head, x != y else { continue }
        #expect((x < y) == (a < b))
      }
    }
    #expect(StringObject("ä").head == nil && StringObject("\r").head == nil)
  }
}
