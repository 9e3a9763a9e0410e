import Execution
import Testing

@testable import Tensors

/// Files whose numbers or names would become others are told of, or refused.
@Suite struct FileMeaningTests {
  private func bytes<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
    numbers.flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } }
  }

  private func npy(_ type: NumberType, _ content: [UInt8], count: Int) throws -> [UInt8] {
    try NPYHeader.bytes(type, shape: [count]) + content
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing was thrown"
    } catch {
      return (error as? Failure)?.message ?? "\(error)"
    }
  }

  // MARK: - Numbers

  @Test(arguments: [
    ([1 << 24, -(1 << 24), 1 << 25, 1 << 60, 0], ""),
    ([16_777_217, 16_777_219, 3], "2 whole numbers above 2^24 rounded"),
    ([Int.max, Int.min], "1 whole number above 2^24 rounded"),
    ([9_007_199_254_740_993], "1 whole number above 2^24 rounded"),
  ])
  func wholeNumbersThatAreRoundedAreCounted(_ numbers: [Int], _ expected: String) throws {
    let content = try npy(.int64, bytes(numbers), count: numbers.count)
    #expect(try Tensor.npyEntry(content, name: "f").loss.description == expected)
    let small = numbers.compactMap(Int32.init(exactly:))
    guard small.count == numbers.count else { return }
    let narrow = try npy(.int32, bytes(small), count: small.count)
    #expect(try Tensor.npyEntry(narrow, name: "f").loss.description == expected)
  }

  @Test(arguments: [
    ([0.1, 1e38, -0.0, .nan, .infinity, 1e-44, 4e30], ""),
    ([1e39, -1e300], "2 numbers above 3.4e38 made infinite"),
    ([1e-46, 5e-324], "2 numbers below 1e-45 made 0"),
    (
      [16_777_217, 1e300], "1 whole number above 2^24 rounded, 1 number above 3.4e38 made infinite"
    ),
  ])
  func wideNumbersThatAreLostAreCounted(_ numbers: [Double], _ expected: String) throws {
    let content = try npy(.float64, bytes(numbers.map(\.bitPattern)), count: numbers.count)
    let found = try Tensor.npyEntry(content, name: "f").loss
    // 4e30 as a double is a whole number that rounds, too.
    let isRound = expected.isEmpty && found.whole == 2
    #expect(isRound || found.description == expected)
  }

  @Test(arguments: [
    ("x\n16777217\n16777216\n", ["1 whole number above 2^24 rounded in `x`"]),
    (
      "x,y\n1,1e39\n2,1e-60\n",
      ["1 number above 3.4e38 made infinite, 1 number below 1e-45 made 0 in `y`"]
    ),
    ("1,16777219\n", ["1 whole number above 2^24 rounded in column 1"]),
    ("x\n0.1234567890123\n\nNA\n", []),
    ("x\n1\nN/A\nnull\n", ["2 missing numbers made NaN in `x`"]),
  ])
  func tablesTellWhatTheyRound(_ text: String, _ expected: [String]) throws {
    let table = try CSVTable(parsing: Array(text.utf8), name: "f")
    #expect(table.remarks.map(\.text) == expected)
    #expect(table.isNumeric)
  }

  @Test(arguments: [
    ("id\n00123\n00124\n", ["00123", "00124"]), ("id\n7\n007\n", ["7", "007"]),
    ("id\nN/A\nnull\n", ["N/A", "null"]), ("id\nnull\nabc\n", ["null", "abc"]),
    ("id\n-01\n1\n", ["-01", "1"]),
  ])
  func namesOfDigitsStayTexts(_ text: String, _ expected: [String]) throws {
    #expect(try CSVTable(parsing: Array(text.utf8), name: "f").columns == [.texts(expected)])
  }

  @Test(arguments: [
    ("[9007199254740992, 1e300, 0.1, -5, 123456789012345678]", 1), ("[9007199254740993]", 1),
    ("[12345678901234567890123]", 1), ("[1e999, -1e400]", 2), ("[18446744073709551616]", 1),
    ("[9223372036854775808]", 0), ("[0.1234567890123456789]", 0),
  ])
  func longNumbersOfJSONAreCounted(_ text: String, _ expected: Int) throws {
    var rounded = 0
    _ = try JSON(parsing: Array(text.utf8)[...], name: "f", rounded: &rounded)
    #expect(rounded == expected)
  }

  // MARK: - Encodings

  @Test func marksAtTheBeginningAreSkipped() throws {
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    #expect(try JSON(parsing: (mark + Array("[1]".utf8))[...], name: "f") == .array([.number(1)]))
    let table = try CSVTable(parsing: mark + Array("a\n1\n".utf8), name: "f")
    #expect(table.names == ["a"])
  }

  @Test(arguments: [
    ([0x61, 0x0a, 0xe9, 0x0a], "f is no UTF-8: byte 1 of line 2 is 0xe9"),
    ([0xff, 0xfe, 0x61, 0], "f is no UTF-8: byte 1 of line 1 is 0xff"),
    ([0x22, 0xc3, 0x22], "f is no UTF-8: byte 2 of line 1 is 0xc3"),
    ([0x22, 0xed, 0xa0, 0x80, 0x22], "f is no UTF-8: byte 2 of line 1 is 0xed"),
  ])
  func otherEncodingsAreNamed(_ bytes: [UInt8], _ expected: String) throws {
    #expect(message { _ = try CSVTable(parsing: bytes, name: "f") } == expected)
    #expect(message { _ = try JSON(parsing: bytes[...], name: "f") } == expected)
  }

  @Test func validityIsThatOfTheStandardLibrary() throws {
    var stream = RandomStream(seed: 1, purpose: "encodings")
    let pool: [UInt8] = [
      0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe2, 0xed,
      0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff,
    ]
    for _ in 0..<20_000 {
      let bytes = (0..<6).map { _ in pool[stream.integer(below: pool.count)] }
      let isValid = String(validating: bytes, as: UTF8.self) != nil
      #expect((Encoding.invalidPlace(in: bytes) == nil) == isValid, "\(bytes)")
    }
  }

  // MARK: - Names and layout

  @Test func archivesWithTwoMembersOfANameAreRefused() throws {
    try withFolder { folder in
      let entries = [NamedTensors.Entry("a", Tensor(1)), NamedTensors.Entry("a", Tensor(2))]
      let path = folder + "twice.npz"
      try NamedTensors(entries).writeNPZ(path)
      #expect(
        message { _ = try NamedTensors.readNPZ(path) }
          == "\"\(path)\" holds two tensors of the name \"a\"")
    }
  }

  private func safetensors(_ header: String, _ count: Int) -> [UInt8] {
    bytes([UInt64(header.utf8.count)]) + Array(header.utf8) + [UInt8](repeating: 0, count: count)
  }

  private static func entry(_ name: String, _ begin: Int, _ end: Int) -> String {
    let shape = (end - begin) / 4
    return "\"\(name)\":{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(begin),\(end)]}"
  }

  @Test(arguments: [
    ([entry("a", 0, 4), entry("b", 4, 8)], 8, "nothing was thrown"),
    ([entry("b", 4, 8), entry("a", 0, 4)], 8, "nothing was thrown"),
    ([entry("a", 0, 0), entry("b", 0, 4)], 4, "nothing was thrown"),
    ([entry("a", 0, 4), entry("a", 4, 8)], 8, "f holds two tensors of the name \"a\""),
    (
      [entry("a", 0, 4), entry("b", 8, 12)], 12,
      "f is damaged: the numbers of \"b\" begin at byte 8, expected 4, where those before them end"
    ),
    (
      [entry("a", 0, 8), entry("b", 4, 8)], 8,
      "f is damaged: the numbers of \"b\" begin at byte 4, expected 8, where those before them end"
    ),
    (
      [entry("a", 4, 8)], 8,
      "f is damaged: the numbers of \"a\" begin at byte 4, expected 0, where those before them end"
    ),
    (
      [entry("a", 0, 4)], 8,
      "f is damaged: its tensors end at byte 4 of the numbers, but there are 8"
    ),
  ])
  func holesAndOverlapsAreRefused(_ entries: [String], _ count: Int, _ expected: String) throws {
    try withFolder { folder in
      let path = folder + "layout.safetensors"
      try File.write(safetensors("{\(entries.joined(separator: ","))}", count), to: path)
      let found = message { _ = try NamedTensors.readSafetensors(path) }
      #expect(found.replacing("\"\(path)\"", with: "f") == expected)
    }
  }

  @Test func masksAreBooleansInFiles() throws {
    try withFolder { folder in
      let tensors = NamedTensors([
        NamedTensors.Entry("m", Tensor([1, 0, 1]), isMask: true),
        NamedTensors.Entry("x", Tensor([2, 0.5])),
      ])
      try tensors.writeSafetensors(folder + "m.safetensors")
      try tensors.writeNPZ(folder + "m.npz")
      #expect(try NamedTensors.readSafetensors(folder + "m.safetensors") == tensors)
      #expect(try NamedTensors.readNPZ(folder + "m.npz") == tensors)
    }
  }
}
