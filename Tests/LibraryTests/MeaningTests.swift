import Execution
import Foundation
import Language
import Testing

/// That values mean what they seem to mean: equality, masks, records, and texts on a terminal.
@Suite struct MeaningTests {
  /// What the prompt answers to entries: the last output, or the first line of the notes.
  private static func answer(_ text: String) throws -> String {
    let console = RecordingConsole()
    _ = try LanguagePrograms.session(console).evaluate(text, name: "prompt", echo: true)
    let shown = console.notes.isEmpty ? console.output : console.notes
    return String(shown.split(separator: "\n").first ?? "")
  }

  // MARK: - Equality

  /// Values in groups; those of one group are equal to each other and to no others.
  private static let groups = [
    ["1", "1.0", "tensor(1)", "sum(tensor([1, 0]))"],
    ["0.1", "tensor(0.1)", "tensor([0.1, 0.2])[0]"],
    ["[0, 1, 2]", "tensor([0, 1, 2])", "0..3", "[tensor(0), 1, tensor(2)]", "list(0..3)"],
    ["[[0, 1], [2, 3]]", "tensor([[0, 1], [2, 3]])", "[tensor([0, 1]), [2, 3]]", "[0..2, 2..4]"],
    ["[1]", "tensor([1])", "1..2"], ["[[1]]", "tensor([[1]])"],
    ["[0.1]", "tensor([0.1])"], ["[]", "zeros([0])", "3..3"], ["[[]]"], ["zeros([0, 2])"],
    ["\"1\""], ["none"], ["\"\""], ["[0, 1]", "tensor([0, 1])", "tensor([1, 2]) > 1"],
    ["(a=1, b=[2])", "(b=tensor([2]), a=tensor(1))"],
    ["(0, 1)", "record([(\"0\", 0), (\"1\", 1)])"],
    ["[true, false]"], ["[[0], [1, 2]]"],
  ]

  @Test(arguments: groups.indices)
  func equalityIsOneRule(_ group: Int) throws {
    let console = RecordingConsole()
    let session = try LanguagePrograms.session(console)
    for own in MeaningTests.groups[group] {
      for (number, others) in MeaningTests.groups.enumerated() {
        for other in others {
          let isSame = number == group
          let before = console.output.utf8.count
          let text = """
            [[a] == [b], [a] != [b], a in [b], index_of([b], a) == 0, count([b], a) == 1,
              length(unique([a, b])) == 1, length(unique(["x", a, (1, 2, 3), b])) == 3,
              length(union([a], [b])) == 1, length(intersection([a], [b])) == 1,
              length(difference([a], [b])) == 0, (x=a) == (x=b)]
            """
          let truth = isSame ? "true" : "false"
          var expected = Array(repeating: truth, count: 11)
          expected[1] = isSame ? "false" : "true"
          let setting = "(a, b) = (\(own), \(other))\n"
          _ = session.evaluate("\(setting)print(\n\(text)\n)", name: "prompt", echo: true)
          let output = console.output.utf8.dropFirst(before)
          #expect(
            String(output) == "[\(expected.joined(separator: ", "))]\n", "\(own) and \(other)")
        }
      }
    }
  }

  @Test(arguments: [
    ("list(tensor([0, 1]) == [0, 2])", "[1, 0]"), ("list([0, 1] == tensor([0, 2]))", "[1, 0]"),
    ("list(tensor([0, 1]) != [0, 2])", "[0, 1]"), ("list(tensor([0, 1]) < [1, 1])", "[1, 0]"),
    ("list(0..2 == tensor([0, 2]))", "[1, 0]"), ("list([1, 2] >= tensor([2, 2]))", "[0, 1]"),
    (
      "tensor([0, 1]) == [0, 1, 2]",
      "error: shapes [2] and [3] do not broadcast: axis 0 has 2 and 3"
    ),
    ("tensor([0, 1]) == [\"a\"]", "error: `==` does not work on a tensor of shape [2] and a list"),
    (
      "[[0], [1, 2]] != tensor([0])",
      "error: `!=` does not work on a list and a tensor of shape [1]"
    ),
    ("tensor([1]) == none", "false"), ("tensor(1) == \"1\"", "false"),
    ("true in (tensor([1, 2]) > 1)", "true"), ("0.1 in tensor([0.1])", "true"),
    ("unique([nan, nan, tensor(nan)])[0]", "nan"), ("[1, 2] == (1, 2)", "false"),
  ])
  func tensorsAreComparedElementByElement(_ text: String, _ expected: String) throws {
    #expect(try MeaningTests.answer(text) == expected)
  }

  @Test func manyListsAreToldApartQuickly() throws {
    let text = "length(unique([[k % 20000, (a=k % 20000,)] for k in 0..40000]))"
    #expect(try MeaningTests.answer(text) == "20000")
  }

  // MARK: - Masks

  private static let kept = [
    "m", "m * m", "m * true", "m * 1", "1 * m", "m ^ 2", "abs(m)", "relu(m)", "detach(m)",
    "maximum(m, m)", "maximum(m, false)", "minimum(m, 1)", "where(m, m, false)",
    "where(m, true, false)", "1 - (1 - m)", "true - (not m)", "not not m", "m and m", "m or m",
    "m[:]", "m[[0, 1, 2]]", "list(m)", "tensor(list(m))", "reshape(m, [3])", "flatten(m)",
    "concat([m[0:1], m[1:3]])", "stack([m, m])[0]", "stack([m, m], axis=1)[:, 0]",
    "max(stack([m, m]), axis=0)", "min(stack([m, m]), axis=0)", "sort(m)", "take(m, 3)",
    "drop(m, 0)", "gather(m, [0, 1, 2])", "broadcast(m, [1, 3])[0]",
    "transpose(stack([m, m]))[:, 0]", "stack([m, m]).T[:, 1]", "chunks(m, 3)[0]",
    "[false, true, true]",
    "{ n = m; n[0] = 1; n[0] = false; n }", "{ n = m; n[1:] = m[1:]; n }",
  ]

  @Test(arguments: kept)
  func masksStayMasks(_ mask: String) throws {
    for holder in ["tensor([1, 2, 3])", "[1, 2, 3]"] {
      let text = "x = \(holder)\nm = tensor([1, 2, 3]) > 1\nprint([k + 0 for k in x[\(mask)]])"
      #expect(try MeaningTests.answer(text) == "[2, 3]", "\(mask) of \(holder)")
    }
  }

  private static let lost = [
    "m + 0", "0 + m", "m / 1", "-(-m)", "where(m, 1, 0)", "m % 2", "sqrt(m)", "m @ identity",
    "exp(m * 1000 - 1000)", "stack([m, m])[0] + 0", "(m + 0)[:]", "reshape(m + 0, [3])",
    "concat([m[0:1], tensor([1, 1])])", "m - 0", "{ n = m; n[0] = 3; n[0] = 0; n }",
    "maximum(m, tensor([0, 0, 0]))",
  ]

  @Test(arguments: lost)
  func whatIsNoMaskAnyMoreIsRefused(_ index: String) throws {
    let setting =
      "identity = tensor([[1, 0, 0], [0, 1, 0], [0, 0, 1]])\nm = tensor([1, 2, 3]) > 1\n"
    for use in ["tensor([1, 2, 3])[i]", "[1, 2, 3][i]", "\"abc\"[i]", "zeros([3, 2])[i, 0]"] {
      #expect(
        try MeaningTests.answer("\(setting)i = \(index)\n\(use)")
          == "error: an index of 0 and 1 that was computed from a mask may name places or select",
        "\(use) with \(index)")
    }
    let changed = "\(setting)x = zeros([3])\nx[\(index)] = 1"
    #expect(try MeaningTests.answer(changed).hasPrefix("error: an index of 0 and 1"))
  }

  @Test(arguments: [
    // Places stay places.
    ("tensor([5, 6, 7])[[0, 1, 1]]", "[5, 6, 6]"),
    ("tensor([5, 6, 7])[tensor([0, 1, 1])]", "[5, 6, 6]"),
    ("tensor([5, 6])[argsort(tensor([1, 2]) > 1)]", "[5, 6]"),
    ("tensor([5, 6, 7])[list(m + 0)]", "[5, 6, 6]"), ("tensor([5, 6])[m + 0]", "[5, 6, 6]"),
    ("tensor([5, 6, 7])[m + 1]", "[6, 7, 7]"), ("tensor([5, 6, 7])[(m + 0) > 0]", "[6, 7]"),
  ])
  func placesStayPlaces(_ text: String, _ expected: String) throws {
    let setting = "m = tensor([1, 2, 3]) > 1\n"
    #expect(try MeaningTests.answer("\(setting)print(list(\(text)))") == expected)
  }

  @Test func aMaskOfAnotherLengthIsRefused() throws {
    let expected = "error: a mask has an element for each of the collection's, but it has 2 and the"
    for mask in ["tensor([1, 2]) > 1", "[true, false]"] {
      #expect(try MeaningTests.answer("[1, 2, 3][\(mask)]").hasPrefix(expected))
    }
  }

  @Test(arguments: [".rnv", ".npy", ".npz", ".safetensors", ".json"])
  func filesKeepMasks(_ ending: String) throws {
    let folder = NSTemporaryDirectory() + "masks-\(getpid())\(ending)"
    try File.makeFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do {
      let path = "\"\(folder)/m\(ending)\""
      let isOne = [".npy", ".json"].contains(ending)
      let text = """
        m = tensor([[1, 2], [3, 4]]) > 1
        save(\(isOne ? "m" : "(m=m, x=tensor([1, 0]))"), \(path));
        loaded = load(\(path))
        n = \(isOne ? "tensor(loaded)" : "loaded.m")
        print(list(tensor([[5, 6], [7, 8]])[n]))
        """
      #expect(try MeaningTests.answer(text) == "[6, 7, 8]")
    }
  }

  // MARK: - Largest of two

  @Test(arguments: [
    ("max(2, 5)", "5"), ("min(tensor(2), 5)", "2"), ("max(tensor([1, 3]))", "3"),
    ("list(maximum(tensor([1, 3]), 2))", "[2, 3]"), ("max(tensor([1, 3]), axis=0)", "3"),
    ("gradient(x -> max(x, 0), tensor(2))", "1"),
    (
      "max(tensor([1, 3]), 0)",
      "error: `max` compares two single numbers, but this is a tensor of shape [2]"
    ),
    (
      "min(0, tensor([1, 3]))",
      "error: `min` compares two single numbers, but this is a tensor of shape [2]"
    ),
    ("max([1, 3], 0)", "error: `max` compares two single numbers, but this is a list"),
  ])
  func theLargerOfTwoNumbersIsNoReduction(_ text: String, _ expected: String) throws {
    #expect(try MeaningTests.answer(text) == expected)
  }

  @Test(arguments: [
    ("total_variation", false), ("reverse_kl", false), ("forward_kl", false),
    ("cross_entropy", true), ("cosine_distance", false), ("squared_error", false),
  ])
  func targetsOfAnotherShapeAreRefused(_ loss: String, _ takesLabels: Bool) throws {
    let wrong = ["zeros([3])", "zeros([1, 3])", "zeros([3, 1])", "tensor(0)", "zeros([2, 3, 3])"]
    for targets in wrong + (takesLabels ? [] : ["tensor([0, 1, 2])"]) {
      guard !takesLabels || targets != "zeros([3])" else { continue }
      let answer = try MeaningTests.answer("\(loss)(zeros([3, 3]), \(targets))")
      #expect(answer.hasPrefix("error: targets of shape "), "\(loss) of \(targets): \(answer)")
    }
  }

  @Test func labelsAreTheClassesOfRows() throws {
    let text = """
      x = normal([2, 4, 3], seed=1)
      labels = tensor([[0, 2, 1, 1], [2, 2, 0, 1]])
      direct = -mean(tensor([log_softmax(x)[i, j, labels[i, j]] for i in 0..2 for j in 0..4]))
      abs(cross_entropy(x, labels) - direct) < 1e-6
      """
    #expect(try MeaningTests.answer(text) == "1")
  }

  // MARK: - Records by number

  @Test(arguments: [
    ("print(to_json(record([(\"0\", 1), (\"1\", 2)])))", "{\"0\":1,\"1\":2}"),
    ("print(to_json((1, 2)))", "[1,2]"), ("r = ()\nr[\"0\"] = 1\nprint(to_json(r))", "{\"0\":1}"),
    ("print(to_json(parse_json('{\"0\": [1], \"1\": {}}')))", "{\"0\":[1],\"1\":{}}"),
    ("print(to_json(group_by([1, 0, 1], x -> x)))", "{\"1\":[1,1],\"0\":[0]}"),
    ("r = record([(\"0\", 1)])\nr[\"0\"] = 5\nprint(to_json(r))", "{\"0\":5}"),
    ("(a, b) = record([(\"0\", 1), (\"1\", 2)])\nprint(b)", "2"),
  ])
  func namesThatAreNumbersStayNames(_ text: String, _ expected: String) throws {
    #expect(try MeaningTests.answer(text) == expected)
  }

  // MARK: - Control characters

  private static let control = ["27", "7", "13", "8", "127", "155", "8238", "0"]

  private static let shown = [
    "s", "[s]", "(a=s)", "record([(s, 1)])", "[[s, [s]]]", "(s, 1)", "fail(s)", "load(s)",
    "load(s + \".csv\")", "warn(s)", "assert false, s", "save(1, s)", "parse_json(s)",
    "parse_csv(\"a\\n\" + s + \"\\n1\", s)", "(a=1)[s]", "words(s)", "{ type_of(s); Shown(s) }",
    "Told(s)", "text((a=s))", "exists(s); read_text(s)", "family(s, 3)", "one_hot(s, 2)",
    "function_set([[0], [1]], [s])", "tensor([s])", "table[s]", "repeat(s, 300)",
    "[repeat(s, 30) for k in 0..40]",
  ]

  @Test(arguments: shown)
  func controlCharactersAreShownAsEscapes(_ text: String) throws {
    for code in MeaningTests.control {
      let console = RecordingConsole()
      let session = try LanguagePrograms.session(console)
      let setting = """
        type Shown(x)
        type Told(x)
        fn show(t: Told) = t.x
        table = (a=1, b=2)
        s = "a" + chr(\(code)) + "b";
        """
      _ = session.evaluate(setting, name: "setting", echo: true)
      _ = session.evaluate(text, name: "prompt", echo: true)
      let all = (console.output + console.notes).unicodeScalars
      let found = all.filter { $0 != "\n" && Text.isControl($0) }
      #expect(found.isEmpty, "\(text) with \(code): \(console.output) \(console.notes)")
    }
  }

  @Test func printWritesThemAsTheyAre() throws {
    #expect(try MeaningTests.answer("print(chr(27) + \"[1m\")") == "\u{1b}[1m")
    #expect(try MeaningTests.answer("chr(27) + \"\\n\"") == "\"\\u{1b}\\n\"")
  }
}
