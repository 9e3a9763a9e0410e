/// Plain text in columns, at most 80 wide.
enum Layout {
  /// Padded on the right.
  static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// Padded on the left.
  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// Names after a heading, wrapped and indented; cut after so many lines.
  static func list(
    _ heading: String, _ names: [String], width: Int = 80, lines limit: Int = 4
  )
    -> String
  {
    var lines: [String] = []
    var line = heading
    var isFresh = true
    for (place, name) in names.enumerated() {
      let piece = (isFresh ? "" : " ") + name + (place + 1 < names.count ? "," : ".")
      let room = lines.count + 1 == limit ? width - 16 : width
      if line.count + piece.count > room && !isFresh {
        if lines.count + 1 == limit {
          return (lines + [line + " ... \(names.count - place) more."]).joined(separator: "\n")
        }
        lines.append(line)
        line = "  " + name + (place + 1 < names.count ? "," : ".")
      } else {
        line += piece
      }
      isFresh = false
    }
    return (lines + [line]).joined(separator: "\n")
  }
}
