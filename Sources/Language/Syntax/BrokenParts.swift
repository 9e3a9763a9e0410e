/// What may stand in the statements of a source that cannot be read.
///
/// The rest of the source is checked all the same, and must not be blamed for what is missing here.
struct BrokenParts {
  /// Where these statements stand.
  var spans: [Span] = []
  /// All names in them: any may be defined there.
  var names: Set<String> = []
  /// The names to which they may give a value, or a new form.
  var changed: Set<String> = []

  /// Whether a place lies in one of them.
  func contains(_ place: Int) -> Bool {
    spans.contains { $0.start <= place && place < max($0.end, $0.start + 1) }
  }
}

extension Parser {
  /// The broken statements, after the whole source was read.
  func brokenParts() -> BrokenParts {
    var parts = BrokenParts()
    parts.spans = textOverLines
    for range in broken {
      let range = range.clamped(to: tokens.startIndex..<tokens.endIndex)
      guard let first = range.first, let last = range.last else { continue }
      parts.spans.append(tokens[first].span.to(tokens[last].span))
      for place in range where tokens[place].kind == .name {
        let name = text(tokens[place])
        parts.names.insert(name)
        if mayChange(place) { parts.changed.insert(name) }
      }
    }
    return parts
  }

  /// Whether a name, as it stands, may be given a value: before `=`, in a list of names, behind a
  /// word such as `def`.
  private func mayChange(_ place: Int) -> Bool {
    let next = tokens[min(place + 1, tokens.count - 1)].kind
    if [.assign, .colonAssign, .comma, .colon, .inKeyword, .rightParenthesis].contains(next) {
      return true
    }
    if next.updateOperator != nil { return true }
    guard place > 0 else { return false }
    let before = tokens[place - 1]
    return [.fnKeyword, .typeKeyword, .forKeyword, .useKeyword, .name].contains(before.kind)
  }
}
