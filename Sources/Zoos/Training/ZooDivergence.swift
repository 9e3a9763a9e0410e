import Execution

/// A run whose loss stopped being a finite number: the step at which it first was none.
///
/// Its rows stay as they came out. A loss that is kept and is no number tells the step in its low
/// bits, the payload that NaN carries along: the step plus one, 0 if that does not fit.
public struct ZooDivergence: Sendable, Equatable {
  /// The number of the run.
  public let run: Int
  /// The step whose loss, before its update, first was NaN or infinite.
  public let step: Int

  /// Bits of a payload that every NaN can carry.
  private static let payload: UInt32 = 1 << 21 - 1

  /// A loss as it is kept: one that is NaN is marked with the step.
  func marked(_ loss: Float) -> Float {
    guard loss.isNaN else { return loss }
    let mark = UInt32(exactly: step + 1) ?? 0
    return Float(nan: mark <= Self.payload ? mark : 0, signaling: false)
  }

  /// The step with which a kept loss is marked; nil if it is a number or not marked.
  private static func step(markedIn loss: Float) -> Int? {
    guard loss.isNaN else { return nil }
    let mark = loss.significandBitPattern & payload
    return mark == 0 ? nil : Int(mark) - 1
  }

  /// The runs that diverged, rising, from the kept losses of some rows.
  ///
  /// Where no loss is marked, the first kept step is named whose loss is no finite number.
  static func found(
    runs: some Sequence<Int>, steps: some Sequence<Int>, losses: some Sequence<Float>
  ) -> [ZooDivergence] {
    var marked: [Int: Int] = [:]
    var kept: [Int: Int] = [:]
    for ((run, step), loss) in zip(zip(runs, steps), losses) where !loss.isFinite {
      kept[run] = min(kept[run] ?? step, step)
      if let mark = Self.step(markedIn: loss) { marked[run] = mark }
    }
    return kept.keys.sorted().compactMap { run in
      (marked[run] ?? kept[run]).map { ZooDivergence(run: run, step: $0) }
    }
  }

  /// The most runs that a text names.
  private static let shown = 4

  /// `2 runs diverged: run 3 from step 17 on, run 5 from step 40 on`; nil for none.
  public static func text(_ all: [ZooDivergence]) -> String? {
    guard !all.isEmpty else { return nil }
    let named = all.sorted { $0.run < $1.run }.prefix(shown).map {
      "run \($0.run) from step \($0.step) on"
    }
    return "\(Text.count(all.count, "run")) diverged, with a loss that is no finite number: "
      + named.joined(separator: ", ")
      + (all.count > shown ? " and \(all.count - shown) more" : "")
  }
}
