import Execution

extension Diagnostic {
  /// The most lines that a rendered diagnostic has; labels beyond them are left out.
  static let lineLimit = 12

  /// The diagnostic as a person reads it, with the source lines it speaks of; no newline at the
  /// end.
  ///
  /// - Parameters:
  ///   - colours: whether to put in ANSI colours.
  ///   - columns: the width of the terminal, to which source lines are cut.
  ///   - breaksLines: whether what is too long for the terminal is broken between words.
  public func rendered(
    colours: Bool, columns: Int = 80, breaksLines: Bool = false
  ) -> String {
    var lines: [String] = []
    // Labels are given up from the last on until the rest fits.
    for count in (0...labels.count).reversed() {
      lines = renderedLines(
        labels.prefix(count), Paint(isOn: colours), max(columns, 40), breaksLines)
      if lines.count <= Diagnostic.lineLimit || count <= 1 { break }
    }
    return lines.joined(separator: "\n")
  }

  private func renderedLines(
    _ labels: ArraySlice<Label>, _ paint: Paint, _ columns: Int, _ breaksLines: Bool
  ) -> [String] {
    func remark(_ title: String, _ style: Paint.Style, _ text: String, _ own: Paint.Style) -> String
    {
      let line = "\(title): \(Text.visible(text))"
      let fitted = breaksLines ? HelpText.wrapped(line, columns: columns, hanging: 2) : line
      return paint(title, style) + paint(String(fitted.dropFirst(title.count)), own)
    }
    let accent: Paint.Style = severity == .error ? .error : .warning
    var lines = [remark(severity.rawValue, accent, message, .strong)]
    if !labels.isEmpty {
      lines += Excerpt(labels: Array(labels), accent: accent, paint: paint, columns: columns).lines
    }
    if let hint { lines.append(remark("hint", .hint, hint, .plain)) }
    // Only where the place itself is not shown.
    if let finder, labels.first?.source.isLibrary == false {
      let position = finder.source.position(of: finder.span.start)
      let text = "in `\(finder.function)`, \(finder.source.name):\(position.line)"
      lines.append(remark("found", .margin, text, .plain))
    }
    if !frames.isEmpty { lines.append(remark("called by", .margin, callChain, .plain)) }
    return lines
  }

  // MARK: Calls under way

  /// `caller (where it calls) < its caller (where) < where the outermost was called`.
  private var callChain: String {
    var links = foldedCalls()
    if links.count > 6 {
      let hidden = links[3..<(links.count - 2)].reduce(0) { $0 + $1.count }
      links = links[..<3] + [CallLink(frame: -1, count: hidden)] + links[(links.count - 2)...]
    }
    return links.map(described).joined(separator: " < ")
  }

  /// A place in `frames` and how often the same call follows itself there.
  private struct CallLink {
    var frame: Int
    var count: Int
  }

  private func foldedCalls() -> [CallLink] {
    var links: [CallLink] = []
    for place in frames.indices {
      if let last = links.last, isSameCall(last.frame, place) {
        links[links.count - 1].count += 1
      } else {
        links.append(CallLink(frame: place, count: 1))
      }
    }
    return links
  }

  private func isSameCall(_ left: Int, _ right: Int) -> Bool {
    frames[left].source === frames[right].source && frames[left].span == frames[right].span
      && caller(left) == caller(right)
  }

  /// The function inside which a call stands; nil at the top level.
  private func caller(_ place: Int) -> String? {
    place + 1 < frames.count ? frames[place + 1].function : nil
  }

  private func described(_ link: CallLink) -> String {
    guard link.frame >= 0 else { return "... \(link.count) more" }
    let frame = frames[link.frame]
    let position = frame.source.position(of: frame.span.start)
    let place = "\(frame.source.name):\(position.line):\(position.column)"
    let call = caller(link.frame).map { "\($0) (\(place))" } ?? place
    return link.count > 1 ? "\(call) < ... \(link.count - 1) more" : call
  }
}

/// Puts ANSI colours around text, or not.
struct Paint {
  var isOn: Bool

  /// The roles of text in a diagnostic.
  enum Style: String {
    case plain = ""
    case error = "1;31"
    case warning = "1;33"
    case strong = "1"
    case margin = "34"
    case mark = "36"
    case hint = "32"
  }

  func callAsFunction(_ text: String, _ style: Style) -> String {
    guard isOn, style != .plain, !text.isEmpty else { return text }
    return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
  }
}
