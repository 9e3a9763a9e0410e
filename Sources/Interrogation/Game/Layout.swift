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

  /// Words in lines of at most `width`; spaces at the beginning stay.
  static func wrapped(_ text: String, width: Int, indent: String = "") -> String {
    var lines: [String] = []
    var line = String(text.prefix { $0 == " " })
    var isFresh = true
    for word in text.split(separator: " ") {
      if !isFresh && line.count + 1 + word.count > width {
        lines.append(line)
        line = indent + word
      } else {
        line += (isFresh ? "" : " ") + word
      }
      isFresh = false
    }
    return (lines + [line]).joined(separator: "\n")
  }

  /// One mark for each of `count` things, full for those that are left, hollow for those in doubt;
  /// where they are more than fit, a bar as long as the share that is left.
  static func strip(
    _ left: [Int], of count: Int, width: Int, isDoubtful: (Int) -> Bool = { _ in false }
  ) -> String {
    var marks = [String](repeating: "·", count: min(count, width))
    if count <= width {
      for place in left { marks[place] = isDoubtful(place) ? "□" : "■" }
    } else {
      // A bar is empty only where nothing is left.
      let full = (left.count * width + count - 1) / count
      for place in 0..<full { marks[place] = "■" }
    }
    return marks.joined()
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
