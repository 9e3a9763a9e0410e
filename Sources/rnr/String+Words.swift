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
}
