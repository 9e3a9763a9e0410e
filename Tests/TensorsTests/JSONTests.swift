import Execution
import Testing

@testable import Tensors

@Suite struct JSONTests {
  @Test func values() throws {
    let text = #"{"b":[1,-2.5,1e3,0],"a":{"x":null,"y":true,"z":false},"s":"q\"\\\n\u00e9😀"}"#
    let value = try JSON(parsing: text)
    #expect(value.members?.map(\.key) == ["b", "a", "s"])
    #expect(value["b"]?.elements?.map(\.number) == [1, -2.5, 1000, 0])
    #expect(value["a"]?["y"]?.bool == true)
    #expect(value["s"]?.string == "q\"\\\n\u{e9}\u{1f600}")
    #expect(try JSON(parsing: value.text()) == value)
    #expect(try JSON(parsing: value.text(indent: 2)) == value)
    #expect(value["b"]?.text() == "[1,-2.5,1000,0]")
    #expect(try JSON(parsing: #""\ud83d\ude00\ud83d""#).string == "\u{1f600}\u{fffd}")
  }

  @Test(
    arguments: [
      0.1, 1e300, -0.0, 123_456_789_012, .leastNonzeroMagnitude, 1 / 3, 9_007_199_254_740_992,
    ] as [Double]
  )
  func numbersComeBack(_ number: Double) throws {
    let back = try JSON(parsing: JSON.number(number).text()).number
    #expect(back?.bitPattern == number.bitPattern)
  }

  @Test func indentation() throws {
    let value = try JSON(parsing: #"{"a":[1,2],"b":[[1],[]],"c":{}}"#)
    #expect(
      value.text(indent: 2) == """
        {
          "a": [1, 2],
          "b": [
            [1],
            []
          ],
          "c": {}
        }
        """)
    #expect(JSON.array([.number(.nan), .number(-.infinity)]).text() == "[null,null]")
  }

  @Test(arguments: [
    "", "{", "[1,]", "[1 2]", "{\"a\" 1}", "{a:1}", "tru", "1 2", "\"a", "\"\\x\"", "\"\\u12g4\"",
    "-", "1.", "+1", ".", "[1", "{\"a\":}", "\"\u{1}\"", "--1", "1e",
  ])
  func mistakes(_ text: String) {
    #expect(throws: Failure.self) { try JSON(parsing: text) }
  }

  @Test func placeOfAMistake() {
    let text = "{\n  \"a\": x}"
    #expect(
      throws: Failure("the text is no JSON: line 2, column 8 has \"x\", expected a value")
    ) { try JSON(parsing: text) }
  }

  @Test func depthIsLimited() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try JSON(parsing: nested(JSON.maximumDepth))
    #expect(throws: Failure.self) { try JSON(parsing: nested(100_000)) }
  }
}
