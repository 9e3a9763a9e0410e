import Execution
import Tensors

/// The printed form of a value at the prompt: at most twelve lines, at the cost of what is shown.
public struct ValueLayout {
  /// The most lines that a value takes.
  public static let maximumLines = 12
  /// What is cut off is not even looked at; so much of a long string is.
  private static let stringLimit = 2000

  let columns: Int
  /// The most lines of a collection, of which any part can be left out.
  private let maximumLines: Int
  /// Whether something was left out of the line that was made last.
  private var isCut = false

  init(columns: Int, lines: Int = maximumLines) {
    self.columns = max(columns, 20)
    maximumLines = lines
  }

  /// A collection or string on as few lines as it needs.
  mutating func text(of value: Value) -> String {
    if case .string(let string) = value { return long(string.text) }
    isCut = false
    let line = line(value, room: columns)
    if !isCut { return line }
    switch value {
    case .list(let list): return block(list)
    case .record(let record) where record.isTuple:
      return rows("(", record.values.map { ("", $0) }, ")", noun: "place")
    case .record(let record) where record.hasOtherNames:
      return rows("record([", Array(record.pairs), "])")
    case .record(let record):
      return rows("(", zip(record.names, record.values).map { ($0.name + "=", $1) }, ")")
    case .instance(let instance):
      let fields = zip(instance.type.fields, instance.values).map { ($0.name + "=", $1) }
      return rows(instance.type.name.name + "(", fields, ")")
    default: return line
    }
  }

  // MARK: - One line

  /// A value on one line of at most so many columns, if it can be told in so few.
  private mutating func line(_ value: Value, room: Int, depth: Int = 0) -> String {
    switch value {
    case .string(let string): return quoted(string.text, room: room)
    case .list(let list):
      return joined("[", list.items.lazy.map { ("", $0) }, "]", room, depth)
    case .record(let record) where record.isTuple:
      let end = record.values.count == 1 ? ",)" : ")"
      return joined("(", record.values.lazy.map { ("", $0) }, end, room, depth)
    case .record(let record) where record.hasOtherNames:
      return joined("record([", record.pairs, "])", room, depth)
    case .record(let record):
      let fields = zip(record.names, record.values).lazy.map { ($0.name + "=", $1) }
      return joined("(", fields, ")", room, depth)
    case .instance(let instance):
      let fields = zip(instance.type.fields, instance.values).lazy.map { ($0.name + "=", $1) }
      return joined(instance.type.name.name + "(", fields, ")", room, depth)
    default: return value.text({ _ in nil }, depth: depth + 1)
    }
  }

  private mutating func joined(
    _ start: String, _ items: some Sequence<(String, Value)>, _ end: String, _ room: Int,
    _ depth: Int
  ) -> String {
    var text = start
    var isFirst = true
    var rest = items.makeIterator()
    var next = rest.next()
    while let (name, value) = next {
      next = rest.next()
      // Behind all but the last there must be room to say that more was left out.
      let used = text.count + end.count + (isFirst ? 0 : 2) + (next == nil ? 0 : 5)
      let left = room - used - name.count
      if left < 1 || depth >= Value.depthLimit {
        isCut = true
        return text + (isFirst ? "..." : ", ...") + end
      }
      let piece = name + line(value, room: left, depth: depth + 1)
      if piece.count > left + name.count {
        isCut = true
        return text + (isFirst ? "..." : ", ...") + end
      }
      text += (isFirst ? "" : ", ") + piece
      isFirst = false
    }
    return text + end
  }

  private mutating func quoted(_ text: String, room: Int) -> String {
    let shown = text.prefix(max(room, 8))
    let whole = Value.quoted(String(shown))
    if shown.endIndex == text.endIndex, whole.count <= room { return whole }
    isCut = true
    var head = shown.prefix(max(1, room - 5))
    while head.count > 1, Value.quoted(String(head)).count > room - 3 { head = head.dropLast() }
    return Value.quoted(String(head)) + "..."
  }

  // MARK: - Several lines

  /// A string that is too long for a line: as much of it as four lines hold.
  private func long(_ text: String) -> String {
    let room = 4 * columns
    let shown = text.prefix(room)
    let whole = Value.quoted(String(shown))
    if shown.endIndex == text.endIndex { return whole }
    let size = MemorySize.text(of: text.utf8.count)
    return Value.quoted(String(shown.prefix(room - 20))) + "... (\(size))"
  }

  /// A long list: its items side by side if they are short, else one on a line.
  private mutating func block(_ list: ListObject) -> String {
    let head = list.items.prefix(40)
    let isPlain = head.allSatisfy { item in
      switch item {
      case .number, .boolean, .none: true
      case .string(let string): string.text.utf8.count <= 16
      default: false
      }
    }
    guard isPlain else {
      return rows("[", list.items.lazy.map { ("", $0) }, "]", noun: "item")
    }
    var lines = ["["]
    for (place, item) in list.items.enumerated() {
      let isLast = place == list.items.count - 1
      let piece = line(item, room: columns - 2) + (isLast ? "]" : ",")
      if lines[lines.count - 1].count + 1 + piece.count > columns {
        if lines.count == maximumLines - 1 {
          return (lines + [" ... (\(Text.count(list.items.count, "item")))]"])
            .joined(separator: "\n")
        }
        lines.append(" " + piece)
      } else {
        lines[lines.count - 1] += (place == 0 ? "" : " ") + piece
      }
    }
    return lines.joined(separator: "\n")
  }

  /// Parts one on a line, the last ones left out if there are too many.
  private mutating func rows(
    _ start: String, _ parts: some Collection<(String, Value)>, _ end: String,
    noun: String = "field"
  ) -> String {
    let indent = start.count <= 4 ? start.count : 2
    let gap = String(repeating: " ", count: indent)
    var lines = start.count <= 4 ? [] : [start]
    let room = maximumLines - lines.count
    let shown = parts.count <= room ? parts.count : room - 1
    for (place, (name, value)) in parts.prefix(shown).enumerated() {
      let left = columns - indent - name.count - 2
      let piece = name + line(value, room: max(left, 8)) + (place == parts.count - 1 ? end : ",")
      lines.append((lines.isEmpty ? start : gap) + piece)
    }
    if shown < parts.count {
      lines.append("\(gap)... (\(Text.count(parts.count, noun)))\(end)")
    }
    return lines.joined(separator: "\n")
  }

  // MARK: - Cards

  /// A card cut to the columns and lines that there are; colours and figures stay as they are.
  func fitted(_ card: String) -> String {
    if card.utf8.contains(0x1B) { return card }
    var lines = card.split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { wrapped(String($0)) }
    if lines.count > ValueLayout.maximumLines {
      let left = lines.count - (ValueLayout.maximumLines - 1)
      lines = lines.prefix(7) + ["... (\(Text.count(left, "line")) more)"] + lines.suffix(4)
    }
    return lines.joined(separator: "\n")
  }

  /// A line broken between words, what follows further in; columns of a table stay in their places.
  private func wrapped(_ line: String) -> [String] {
    let indent = String(line.prefix { $0 == " " }) + "    "
    var lines: [String] = []
    var rest = Array(line)
    while rest.count > columns {
      let end = rest[..<(columns + 1)].lastIndex(of: " ") ?? columns
      let isWord = end <= indent.count
      let cut = isWord ? columns : end
      lines.append(String(rest[..<cut]))
      rest = Array(indent) + rest[cut...].drop { $0 == " " }
      if indent.count >= columns { break }
    }
    return lines + [String(rest.prefix(columns))]
  }
}
