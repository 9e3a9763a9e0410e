extension String {
  /// The text without blanks at its ends.
  var trimmed: String {
    let start = drop { $0.isWhitespace }
    guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...end])
  }

  /// What stands between quotes if the whole text is quoted.
  var unquoted: String? {
    guard count >= 2, let mark = first, mark == "\"" || mark == "'", last == mark else {
      return nil
    }
    return String(dropFirst().dropLast())
  }

  /// The words in lines of at most so many characters; a longer word has a line of its own, and a
  /// text that fits stays as it is.
  func wrapped(_ columns: Int) -> [String] {
    if count <= columns { return [self] }
    var lines: [String] = []
    for word in split(separator: " ") {
      if let last = lines.last, last.count + word.count < columns {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
