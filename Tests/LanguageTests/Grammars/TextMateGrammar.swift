import Tensors

/// A TextMate grammar: `match`, `begin` and `end` with captures, `include` from the repository.
///
/// Patterns are tried at one place after another, in their order, the end of a region before them;
/// that is what editors do too, as long as no pattern looks behind.
struct TextMateGrammar {
  private let patterns: [Rule]
  private let repository: [String: [Rule]]

  /// A stretch of the text and the scopes that the grammar gives it, outermost first.
  struct Piece {
    var start: Int
    var end: Int
    var scopes: [String]
  }

  private typealias Expression = Regex<AnyRegexOutput>

  private enum Rule {
    case include(String)
    case match(Expression, name: String?, captures: [Int: String])
    case region(Region)
  }

  private struct Region {
    var name: String?
    var begin: Expression
    var beginCaptures: [Int: String]
    var end: Expression
    var endCaptures: [Int: String]
    var patterns: [Rule]
  }

  /// A region that is open, with its patterns laid out.
  private struct Frame {
    var region: Region?
    var patterns: [Rule]
    var scopes: [String]
  }

  struct Problem: Error {
    var text: String
  }
}

// MARK: - Reading

extension TextMateGrammar {
  init(_ json: JSON) throws {
    patterns = try TextMateGrammar.rules(json["patterns"])
    var repository: [String: [Rule]] = [:]
    for (name, entry) in json["repository"]?.members ?? [] {
      repository[name] = try TextMateGrammar.rules(entry["patterns"])
    }
    self.repository = repository
  }

  private static func rules(_ json: JSON?) throws -> [Rule] {
    try (json?.elements ?? []).map(rule)
  }

  private static func rule(_ json: JSON) throws -> Rule {
    let known: Set = [
      "name", "match", "captures", "begin", "end", "beginCaptures", "endCaptures", "patterns",
      "include",
    ]
    if let other = json.members?.first(where: { !known.contains($0.key) }) {
      throw Problem(text: "this matcher does not know `\(other.key)`")
    }
    if let include = json["include"]?.string { return .include(String(include.dropFirst())) }
    let name = json["name"]?.string
    if let match = try expression(json["match"]) {
      return .match(match, name: name, captures: captures(json["captures"]))
    }
    guard let begin = try expression(json["begin"]), let end = try expression(json["end"]) else {
      throw Problem(text: "a rule has neither include, match, nor begin and end")
    }
    return .region(
      Region(
        name: name, begin: begin, beginCaptures: captures(json["beginCaptures"]), end: end,
        endCaptures: captures(json["endCaptures"]), patterns: try rules(json["patterns"])))
  }

  private static func expression(_ json: JSON?) throws -> Expression? {
    guard let text = json?.string else { return nil }
    return try Expression(text).matchingSemantics(.unicodeScalar).wordBoundaryKind(.simple)
  }

  private static func captures(_ json: JSON?) -> [Int: String] {
    var result: [Int: String] = [:]
    for (key, entry) in json?.members ?? [] {
      if let number = Int(key), let name = entry["name"]?.string { result[number] = name }
    }
    return result
  }

  /// The rules behind includes, in order.
  private func laidOut(_ rules: [Rule]) -> [Rule] {
    rules.flatMap { rule in
      if case .include(let name) = rule { laidOut(repository[name] ?? []) } else { [rule] }
    }
  }
}

// MARK: - Matching

extension TextMateGrammar {
  /// The pieces of a text, in order; white space outside of regions is in none of them.
  func pieces(_ text: String) throws -> [Piece] {
    var run = Run(grammar: self)
    var start = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      try run.read(String(line), at: start)
      start += line.utf8.count + 1
    }
    return run.pieces
  }

  private struct Run {
    let grammar: TextMateGrammar
    var pieces: [Piece] = []
    private var frames: [Frame]

    init(grammar: TextMateGrammar) {
      self.grammar = grammar
      frames = [Frame(region: nil, patterns: grammar.laidOut(grammar.patterns), scopes: [])]
    }

    mutating func read(_ line: String, at start: Int) throws {
      var place = line.startIndex
      while true {
        if let end = try step(line, place, start) {
          place = end
          continue
        }
        guard place < line.endIndex else { return }
        let next = line.unicodeScalars.index(after: place)
        if line.unicodeScalars[place].properties.isWhitespace == false || frames.count > 1 {
          add(line, place..<next, start, frames[frames.count - 1].scopes, joins: true)
        }
        place = next
      }
    }

    /// What matches here, and where it ends.
    private mutating func step(
      _ line: String, _ place: String.Index, _ start: Int
    ) throws -> String.Index? {
      let frame = frames[frames.count - 1]
      if let region = frame.region, let match = try region.end.prefixMatch(in: line[place...]) {
        add(line, match, start, frame.scopes, region.endCaptures)
        frames.removeLast()
        return match.range.upperBound
      }
      guard place < line.endIndex else { return nil }
      for rule in frame.patterns {
        switch rule {
        case .include: continue
        case .match(let expression, let name, let captures):
          guard let match = try expression.prefixMatch(in: line[place...]), !match.range.isEmpty
          else { continue }
          add(line, match, start, frame.scopes + [name].compactMap { $0 }, captures)
          return match.range.upperBound
        case .region(let region):
          guard let match = try region.begin.prefixMatch(in: line[place...]) else { continue }
          let scopes = frame.scopes + [region.name].compactMap { $0 }
          add(line, match, start, scopes, region.beginCaptures)
          frames.append(
            Frame(region: region, patterns: grammar.laidOut(region.patterns), scopes: scopes))
          return match.range.upperBound
        }
      }
      return nil
    }

    /// Adds a match as pieces: its captures, and what stands between them.
    private mutating func add(
      _ line: String, _ match: Expression.Match, _ start: Int, _ scopes: [String],
      _ captures: [Int: String]
    ) {
      var place = match.range.lowerBound
      for number in captures.keys.sorted() {
        guard let name = captures[number], let range = match.output[number].range else { continue }
        add(line, place..<range.lowerBound, start, scopes)
        add(line, range, start, scopes + [name])
        place = range.upperBound
      }
      add(line, place..<match.range.upperBound, start, scopes)
    }

    private mutating func add(
      _ line: String, _ range: Range<String.Index>, _ start: Int, _ scopes: [String],
      joins: Bool = false
    ) {
      guard !range.isEmpty else { return }
      let lower = start + line.utf8.distance(from: line.startIndex, to: range.lowerBound)
      let upper = start + line.utf8.distance(from: line.startIndex, to: range.upperBound)
      if joins, let last = pieces.last, last.end == lower, last.scopes == scopes {
        pieces[pieces.count - 1].end = upper
      } else {
        pieces.append(Piece(start: lower, end: upper, scopes: scopes))
      }
    }
  }
}
