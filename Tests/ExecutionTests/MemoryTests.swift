import Testing

@testable import Execution

/// Amounts of memory, and asking for it.
@Suite struct MemoryTests {
  @Test(arguments: [
    ("8G", 8 << 30), ("500M", 500 << 20), ("500 MB", 500 << 20), ("1.5GiB", 3 << 29),
    ("64m", 64 << 20), ("1000000000", 1_000_000_000), ("1T", 1 << 40), ("25%", 250), ("100%", 1000),
  ])
  func amounts(text: String, bytes: Int) { #expect(Memory.bytes(text, of: 1000) == bytes) }

  @Test(arguments: ["", "G", "-1G", "0", "101%", "8X", "1e400", "nan", "8 8G", "9999999999999999T"])
  func noAmounts(text: String) { #expect(Memory.bytes(text, of: 1000) == nil) }

  @Test func whatFitsIsGranted() throws {
    try Memory.reserve(1 << 20, for: "a megabyte")
    try Memory.reserve(1 << 25, for: "a little more")
  }

  @Test(arguments: [Int.max / 2, Int.max, 1 << 50])
  func whatDoesNotFitIsRefused(count: Int) {
    let failure = #expect(throws: Failure.self) {
      try Memory.reserve(count, of: 8, for: "a list")
    }
    #expect(failure?.message.hasPrefix("a list ") == true)
    #expect(failure?.message.contains("budget of memory") == true)
  }

  /// What is held is what was written, not what was asked for.
  ///
  /// Tests that run beside this one take memory and give it back: one of several looks has to see it.
  @Test func heldMemoryIsSeen() {
    let isSeen = (0..<50).contains { value in
      let before = MemoryOfMachine.held
      let numbers = [UInt8](repeating: UInt8(value + 1), count: 1 << 26)
      let grown = MemoryOfMachine.held - before
      return numbers[value] > 0 && grown > 1 << 25 && grown < 1 << 28
    }
    #expect(isSeen)
    #expect(Memory.budget >= Memory.smallest && Memory.budget <= MemoryOfMachine.size)
  }

  @Test func exhaustionStopsAndIsForgotten() throws {
    let token = Cancellation()
    token.exhaust()
    #expect(token.isRequested && token.level == 0)
    let failure = #expect(throws: Failure.self) { try token.check() }
    #expect(failure?.message.contains("budget of memory") == true)
    token.request()
    #expect(throws: Interrupted.self) { try token.check() }
    token.acknowledge()
    token.recover()
    try token.check()
  }
}

/// Whole numbers from floating-point ones.
@Suite struct CheckedIntegerTests {
  @Test(
    arguments: [
      (0, 0), (-0.0, 0), (3, 3), (-7, -7), (0x1p53, 1 << 53), (-0x1p63, Int.min),
    ] as [(Double, Int)])
  func whole(number: Double, expected: Int) { #expect(Int(whole: number) == expected) }

  @Test(arguments: [0.5, .nan, .infinity, -.infinity, 0x1p63, 1e30, -1e30, -0x1p63 - 2048])
  func notWhole(number: Double) {
    #expect(Int(whole: number) == nil)
    #expect(Int(whole: number, below: 10) == nil)
    #expect((-5...5).contains(Int(within: -5...5, number)))
  }

  @Test func bounds() {
    #expect(Int(whole: 5, in: 0...5) == 5 && Int(whole: 6, in: 0...5) == nil)
    #expect(Int(whole: 4, below: 5) == 4 && Int(whole: 5, below: 5) == nil)
    #expect(Int(whole: -1, below: 5) == nil && Int(whole: 0, below: 0) == nil)
    #expect(Int(within: 0...9, 3.99) == 3 && Int(within: 0...9, -3.99) == 0)
    #expect(Int(within: 0...9, .infinity) == 9 && Int(within: 1...9, .nan) == 1)
  }
}

/// Conversions that end the process for NaN and large numbers are not written where files are read
/// and arguments taken.
@Suite struct ConversionTests {
  private static let rooms = [
    "Autodiff", "Execution", "Language", "Library", "Networks", "Tensors", "Zoos",
  ]

  @Test func noneIsUnchecked() throws {
    let root = File.folder(of: File.folder(of: File.folder(of: #filePath)))
    var found: [String] = []
    for room in Self.rooms {
      for file in try Self.sources(root + "/Sources/" + room) {
        let text = try File.readText(file)
        if file.hasSuffix("Int+Checked.swift") { continue }
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
          .enumerated()
        where !line.drop(while: { $0 == " " }).hasPrefix("//") && Self.isSuspect(line) {
          found.append("\(file):\(number + 1): \(line)")
        }
      }
    }
    #expect(found.isEmpty, "use Int(whole:in:), Int(exactly:) or Int(within:_:)")
  }

  @Test(arguments: [
    "let place = Int(number)", "  return Int(number.rounded())", "Int(range.length)",
    "let x = Int(numbers[5])", "Int(Double(count) * share)", "x.map { Int(Double($0)) }",
    "Int(step)", "Int((a / b).rounded(.down))",
  ])
  func suspectsAreSeen(line: String) { #expect(Self.isSuspect(line[...])) }

  /// Words of floating-point numbers in the argument of a conversion without a label.
  private static func isSuspect(_ line: Substring) -> Bool {
    var rest = line
    while let start = rest.firstRange(of: "Int(") {
      let isWord =
        start.lowerBound > rest.startIndex
        && (rest[rest.index(before: start.lowerBound)].isLetter
          || rest[rest.index(before: start.lowerBound)].isNumber)
      let argument = argument(rest[start.upperBound...])
      rest = rest[start.upperBound...]
      if isWord || argument.contains(":") && !argument.contains("(") { continue }
      let floating = [
        "number)", "numbers[", "Double", "Float", "rounded", "length)", "step)", "share)",
        "seconds",
        "log10", "sqrt", "pow(", " / ",
      ]
      if floating.contains(where: { ("\(argument))").contains($0) }),
        !argument.contains("whole:"), !argument.contains("within:"), !argument.contains("exactly:"),
        !argument.contains("clamping:"), !argument.contains("truncatingIfNeeded:")
      {
        return true
      }
    }
    return false
  }

  /// What stands up to the closing parenthesis.
  private static func argument(_ text: Substring) -> Substring {
    var depth = 1
    for place in text.indices {
      if text[place] == "(" { depth += 1 }
      if text[place] == ")" { depth -= 1 }
      if depth == 0 { return text[..<place] }
    }
    return text
  }

  private static func sources(_ folder: String) throws -> [String] {
    try File.list(folder).flatMap { name -> [String] in
      let path = folder + "/" + name
      if File.isFolder(path) { return try sources(path) }
      return name.hasSuffix(".swift") ? [path] : []
    }
  }
}
