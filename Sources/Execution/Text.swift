import Glibc

/// Small text helpers that every room's printed forms share.
public enum Text {
  /// A number with a fixed count of decimals.
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : (value < 0 ? "-inf" : "inf") }
    return Text.rounded(value, decimals) ?? formatted("%.*f", decimals, value)
  }

  /// A number with so many significant digits, without trailing zeros: `0.1235`, `1.5e-05`.
  public static func significant(_ value: Double, _ digits: Int = 4) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : (value < 0 ? "-inf" : "inf") }
    return shortened(value, digits) ?? formatted("%.*g", digits, value)
  }

  /// A number with an exponent: `1.2500e-03`.
  public static func exponent(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return significant(value) }
    return formatted("%.*e", decimals, value)
  }

  /// Printf-style text of a double with precision `decimals`.
  private static func formatted(_ format: String, _ decimals: Int, _ value: Double) -> String {
    withVaList([Int32(decimals), value]) { arguments in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
        let written = Int(vsnprintf(buffer.baseAddress, buffer.count, format, arguments))
        let bytes = UnsafeRawBufferPointer(buffer).prefix(max(0, min(written, 511)))
        return String(decoding: bytes, as: UTF8.self)
      }
    }
  }

  /// Seconds as a person says them: `8 s`, `2:05`, `1:02:03`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let whole = Int(within: 0...Int.max, seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    if hours == 0 { return "\(minutes):\(padded(whole % 60))" }
    return "\(hours):\(padded(minutes)):\(padded(whole % 60))"
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// A size in bytes with its decimal unit: `512 bytes`, `12.1 MB`.
  public static func bytes(_ count: Int) -> String {
    guard count >= 1000 else { return Text.count(count, "byte") }
    var value = Double(count)
    var unit = ""
    for next in ["kB", "MB", "GB", "TB", "PB", "EB"] where value >= 999.5 || unit.isEmpty {
      value /= 1000
      unit = next
    }
    return fixed(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0) + " " + unit
  }

  /// A count with its noun: `1 net`, `3 nets`.
  public static func count(_ number: Int, _ noun: String) -> String {
    number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
  }

  /// The names nearest to `name`, best first: for "did you mean".
  ///
  /// Optimal string alignment distance (an edit is an insertion, deletion, change, or swap of
  /// neighbours) of at most a third of the length, and of at most 3; a name of fewer than 3 letters
  /// says too little. Capital letters count as small ones, except between equals.
  public static func nearest(_ name: String, in names: some Sequence<String>) -> [String] {
    let wanted = name.utf8.map(lowercase)
    guard wanted.count >= 3 else { return [] }
    let limit = min(3, max(1, wanted.count / 3))
    let scored = names.compactMap { other -> (Int, Int, String)? in
      guard abs(other.utf8.count - wanted.count) <= limit, other != name else { return nil }
      let edits = distance(wanted, other.utf8.map(lowercase))
      let changed = zip(name.utf8, other.utf8).count { $0 != $1 }
      return edits <= limit ? (edits, changed, other) : nil
    }
    return scored.sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }.map(\.2)
  }

  /// The one name of two letters that differs from another in a single letter; nil if there are
  /// several, or none.
  public static func onlyNeighbour(of name: String, in names: some Sequence<String>) -> String? {
    guard name.utf8.count == 2 else { return nil }
    let near = names.filter { other in
      other.utf8.count == 2 && zip(name.utf8, other.utf8).count { $0 != $1 } == 1
    }
    return near.count == 1 ? near[0] : nil
  }

  private static func lowercase(_ letter: UInt8) -> UInt8 {
    (65...90).contains(letter) ? letter + 32 : letter
  }

  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var older = [Int](repeating: 0, count: b.count + 1)
    var old = Array(0...b.count)
    for i in 0..<a.count {
      var new = [i + 1]
      for j in 0..<b.count {
        var best = min(old[j + 1] + 1, new[j] + 1, old[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, older[j - 1] + 1) }
        new.append(best)
      }
      (older, old) = (old, new)
    }
    return old[b.count]
  }
}
