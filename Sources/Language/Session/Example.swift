/// An entry as it stands in a text, and what it must print.
struct Example {
  /// How the text shows it.
  enum Form {
    /// An entry of a session, behind `> `.
    case entry
    /// Lines without prompts: they must run, whatever they print.
    case script
  }

  var form: Form
  /// What is evaluated.
  var input: String
  /// The line on which it begins, from 0.
  var line: Int
  /// The lines of the file that hold what is expected, from 0.
  var expectedLines: Range<Int>
  /// What is expected, line by line; `...` alone stands for any lines.
  var expected: [String]

  /// Whether what was found is what is expected; blanks at the ends of lines do not count.
  func accepts(_ found: [String]) -> Bool { Example.matches(expected[...], found[...]) }

  private static func matches(_ wanted: ArraySlice<String>, _ found: ArraySlice<String>) -> Bool {
    guard let first = wanted.first else { return found.isEmpty }
    if first.trimmed == "..." {
      // After the last `...` everything must match from the end: try the latest place first.
      let rest = wanted.dropFirst()
      return found.indices.contains { matches(rest, found[$0...]) }
        || matches(rest, found[found.endIndex...])
    }
    guard let next = found.first, next.trimmed == first.trimmed else { return false }
    return matches(wanted.dropFirst(), found.dropFirst())
  }
}

/// Examples that run in one session, in order.
struct ExampleGroup {
  /// Where they stand.
  enum Place {
    /// In the `##` lines of one definition: an entry without a result below it need only run.
    case documentation
    /// In the blocks of a Markdown file.
    case markdown
  }

  var place: Place
  /// What stands before each line, such as `## `.
  var margin: String
  var examples: [Example]
}

/// A file with examples.
struct ExampleFile {
  let path: String
  private(set) var lines: [String]
  private(set) var groups: [ExampleGroup] = []

  /// The examples of a text: in the fenced blocks of Markdown, else in `##` documentation.
  init(_ text: String, path: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if path.hasSuffix(".md") || path.hasSuffix(".markdown") {
      readMarkdown()
    } else {
      readDocumentation()
    }
  }

  /// The text with other lines in the place of some.
  func replacing(_ changes: [(lines: Range<Int>, by: [String])]) -> String {
    var lines = lines
    for change in changes.sorted(by: { $0.lines.lowerBound > $1.lines.lowerBound }) {
      lines.replaceSubrange(change.lines, with: change.by)
    }
    return lines.joined(separator: "\n")
  }

  // MARK: - Documentation

  private mutating func readDocumentation() {
    var line = 0
    while line < lines.count {
      let start = line
      while line < lines.count, lines[line].hasPrefix("##") { line += 1 }
      if line > start {
        let contents = lines[start..<line].map { text in
          String(text.dropFirst(text.hasPrefix("## ") ? 3 : 2))
        }
        let examples = ExampleFile.entries(contents, from: start)
        if !examples.isEmpty {
          groups.append(ExampleGroup(place: .documentation, margin: "## ", examples: examples))
        }
      }
      line = max(line, start + 1)
    }
  }

  // MARK: - Markdown

  private mutating func readMarkdown() {
    var examples: [Example] = []
    var line = 0
    while line < lines.count {
      guard let fence = Fence(lines[line]) else {
        line += 1
        continue
      }
      let start = line + 1
      line = start
      while line < lines.count, !fence.isClosed(by: lines[line]) { line += 1 }
      if fence.language == "rnr" {
        let contents = lines[start..<line].map(fence.content)
        let entries = ExampleFile.entries(contents, from: start)
        examples += entries.isEmpty ? ExampleFile.script(contents, from: start) : entries
      }
      line += 1
    }
    guard !examples.isEmpty else { return }
    groups.append(ExampleGroup(place: .markdown, margin: "", examples: examples))
  }

  private static func script(_ contents: [String], from line: Int) -> [Example] {
    [
      Example(
        form: .script, input: contents.joined(separator: "\n"), line: line,
        expectedLines: line..<line, expected: [])
    ]
  }

  /// The entries of some lines: `> ` and what follows while the text is not complete.
  private static func entries(_ contents: [String], from line: Int) -> [Example] {
    var examples: [Example] = []
    var place = contents.firstIndex { $0.isPrompt } ?? contents.count
    while place < contents.count {
      let start = place
      var input = String(contents[place].dropFirst(2))
      place += 1
      while place < contents.count, !contents[place].isPrompt, !Parser.isComplete(input) {
        input += "\n" + contents[place]
        place += 1
      }
      let first = place
      while place < contents.count, !contents[place].isPrompt { place += 1 }
      var last = place
      while last > first, contents[last - 1].trimmed.isEmpty { last -= 1 }
      examples.append(
        Example(
          form: .entry, input: input, line: line + start,
          expectedLines: (line + first)..<(line + last), expected: Array(contents[first..<last])))
    }
    return examples
  }
}

/// The line that opens a block of code in Markdown.
private struct Fence {
  let language: String
  private let mark: Substring
  private let indentation: Int

  init?(_ line: String) {
    let text = line.drop { $0 == " " }
    guard let sign = text.first, sign == "`" || sign == "~" else { return nil }
    mark = text.prefix { $0 == sign }
    guard mark.count >= 3 else { return nil }
    let information = text.dropFirst(mark.count).drop { $0 == " " }
    guard sign == "~" || !information.contains("`") else { return nil }
    language = String(information.prefix { !$0.isWhitespace })
    indentation = line.count - text.count
  }

  func isClosed(by line: String) -> Bool {
    let text = line.trimmed
    return text.hasPrefix(mark) && text.allSatisfy { $0 == mark.first }
  }

  /// A line without the indentation of the block.
  func content(_ line: String) -> String {
    let blanks = line.prefix { $0 == " " }.count
    return String(line.dropFirst(min(blanks, indentation)))
  }
}

extension String {
  /// Whether an entry begins here.
  fileprivate var isPrompt: Bool { hasPrefix("> ") }
}
