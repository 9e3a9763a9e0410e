import Execution
import Glibc

/// A marked place on an axis.
struct Tick: Equatable {
  let value: Double
  let label: String
}

/// A stretch of numbers shown along a side of a figure.
struct Axis: Equatable {
  let low: Double
  let high: Double
  let isLogarithmic: Bool

  /// The axis from `low` to `high`, widened if they are (nearly) equal.
  ///
  /// Both must be positive if it is logarithmic.
  init(low: Double, high: Double, isLogarithmic: Bool = false) {
    self.isLogarithmic = isLogarithmic
    let size = max(abs(low), abs(high))
    if high - low > max(1e-9 * size, 1e-300) {
      (self.low, self.high) = (low, high)
    } else if isLogarithmic {
      (self.low, self.high) = (low / 2, high * 2)
    } else {
      let margin = size > 1e-290 ? 0.1 * size : 0.5
      (self.low, self.high) = (low - margin, high + margin)
    }
  }

  /// The axis that shows all of some numbers, with a small margin on both sides.
  init(showing numbers: some Sequence<Double>, isLogarithmic: Bool = false) {
    guard let (low, high) = extent(of: numbers) else {
      self.init(low: isLogarithmic ? 0.1 : 0, high: 1, isLogarithmic: isLogarithmic)
      return
    }
    if isLogarithmic {
      let margin = pow(high / low, 0.03)
      guard margin.isFinite, low / margin > 0 else {
        self.init(low: low, high: high, isLogarithmic: true)
        return
      }
      self.init(low: low / margin, high: high * margin, isLogarithmic: true)
    } else {
      let margin = 0.03 * (high - low)
      self.init(low: low - margin, high: high + margin)
    }
  }

  /// Where a number stands: 0 at the low end, 1 at the high end.
  func place(_ value: Double) -> Double {
    isLogarithmic
      ? (log10(value) - log10(low)) / (log10(high) - log10(low)) : (value - low) / (high - low)
  }

  /// The cell out of `count` that a number falls into; numbers outside go to the nearest end.
  func cell(_ value: Double, of count: Int) -> Int {
    let place = place(value)
    guard place.isFinite else { return place > 0 ? count - 1 : 0 }
    return Int(min(max(place * Double(count), 0), Double(count - 1)))
  }

  /// Round numbers inside the axis, at most so many.
  func ticks(atMost limit: Int) -> [Tick] {
    isLogarithmic ? logarithmicTicks(atMost: max(limit, 2)) : linearTicks(atMost: max(limit, 2))
  }

  /// Multiples of 1, 2 or 5 times a power of ten: the finest of such steps that gives few enough.
  private func linearTicks(atMost limit: Int) -> [Tick] {
    var exponent = Int((log10((high - low) / Double(limit))).rounded(.down))
    while true {
      for factor in [1.0, 2, 5] {
        let step = factor * pow(10, Double(exponent))
        let first = (low / step - 1e-9).rounded(.up)
        let last = (high / step + 1e-9).rounded(.down)
        guard last - first < Double(limit) else { continue }
        return stride(from: first, through: last, by: 1).map { multiple in
          let value =
            exponent < 0
            ? multiple * factor / pow(10, Double(-exponent))
            : multiple * step
          return Tick(value: value, label: label(value, step: step, decimals: max(0, -exponent)))
        }
      }
      exponent += 1
    }
  }

  private func label(_ value: Double, step: Double, decimals: Int) -> String {
    let size = max(abs(low), abs(high))
    if value == 0 { return decimals > 5 || size >= 1e6 ? "0" : Text.fixed(0, decimals) }
    if size < 1e6 && decimals <= 5 { return Text.fixed(value, decimals) }
    let digits = Int(log10(size / step).rounded(.up)) + 1
    return shortNumber(value, min(max(digits, 1), 15))
  }

  /// Powers of ten, or 1, 2, 5 times them, or round numbers if the axis is shorter than that.
  private func logarithmicTicks(atMost limit: Int) -> [Tick] {
    let first = Int((log10(low) - 1e-9).rounded(.up))
    let last = Int((log10(high) + 1e-9).rounded(.down))
    if last - first >= 1 {
      let every = (last - first) / limit + 1
      return stride(from: first, through: last, by: every).map { exponent in
        tick(1, exponent)
      }
    }
    let finer = (first - 1...max(last, first - 1)).flatMap { exponent in
      [1.0, 2, 5].map { tick($0, exponent) }
    }.filter { $0.value >= low && $0.value <= high }
    if finer.count >= 2 { return finer }
    return Axis(low: low, high: high).linearTicks(atMost: limit)
  }

  private func tick(_ factor: Double, _ exponent: Int) -> Tick {
    let power = pow(10, Double(abs(exponent)))
    let value = exponent < 0 ? factor / power : factor * power
    return Tick(value: value, label: shortNumber(value, 6))
  }
}

/// A number with so many significant digits and an exponent without padding: `1e-5`, `2e6`.
func shortNumber(_ value: Double, _ digits: Int = 4) -> String {
  let text = Text.significant(value, digits)
  guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...])
  else { return text }
  return text[..<mark] + "e\(exponent)"
}
