/// Help, fitted to the width of a terminal.
enum HelpText {
  /// A signature, broken behind commas; what follows a break stands further in.
  static func signature(_ text: String, columns: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { wrapped(String($0), columns: columns, hanging: 4) }.joined(separator: "\n")
  }

  /// Documentation, two columns in: lines of prose become paragraphs as wide as there is room, and
  /// so do the points of a list; examples, tables and what stands further in stay as they are.
  static func documentation(_ text: String, columns: Int) -> String {
    var lines: [String] = []
    var paragraph = ""
    var isExample = false
    func end() {
      let hanging = paragraph.hasPrefix("- ") ? 2 : 0
      if !paragraph.isEmpty {
        lines.append(wrapped("  " + paragraph, columns: columns, hanging: hanging))
      }
      paragraph = ""
    }
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if line.hasPrefix("> ") {
        // After more than a summary the examples stand apart.
        if !isExample, lines.contains(""), lines.last != "" || !paragraph.isEmpty {
          end()
          lines.append("")
        }
        isExample = true
      }
      if line.isEmpty { isExample = false }
      let isPoint = !isExample && line.hasPrefix("- ")
      let goesOn = paragraph.hasPrefix("- ") && line.hasPrefix("  ")
      let isProse = !isExample && !line.isEmpty && !" |-*".contains(line.first ?? " ")
      if isPoint {
        end()
        paragraph = String(line)
      } else if goesOn {
        paragraph += " " + line.drop { $0 == " " }
      } else if !isProse {
        end()
        lines.append(line.isEmpty ? "" : wrapped("  " + line, columns: columns, hanging: 4))
      } else {
        paragraph += (paragraph.isEmpty ? "" : " ") + line
        // The summary is a line of its own.
        if number == 0, line.hasSuffix(".") { end() }
      }
    }
    end()
    return lines.joined(separator: "\n")
  }

  /// One line in lines of at most so many columns, broken at blanks; further ones as far in as the
  /// first and `hanging` more.
  static func wrapped(_ line: String, columns: Int, hanging: Int = 0) -> String {
    guard line.count > columns else { return line }
    let own = line.prefix { $0 == " " }
    let indent = own + String(repeating: " ", count: hanging)
    var lines: [String] = []
    var last = String(own)
    var isFresh = true
    for word in line.dropFirst(own.count).split(separator: " ", omittingEmptySubsequences: false) {
      if !isFresh, last.count + 1 + word.count > columns {
        lines.append(last)
        last = indent + String(word)
      } else {
        last += (isFresh ? "" : " ") + word
      }
      isFresh = false
    }
    return (lines + [last]).joined(separator: "\n")
  }
}
