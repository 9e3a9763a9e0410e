import Execution
import Glibc

/// A stand-in for the published digits where there are none.
extension DigitImages {
  /// Drawn digits of 28 x 28 pixels: strokes with random slant, thickness, wobble, scale and noise.
  ///
  /// As many of each digit as of any other (one more of the first ones where the count is no multiple
  /// of ten), in random order; image k depends on the seed and k alone.
  ///
  /// - Throws: `Failure` if the count is negative.
  public static func synthetic(count: Int, seed: UInt64) throws -> DigitImages {
    guard count >= 0 else { throw Failure("the number of digits must not be negative: \(count)") }
    var order = RandomStream(seed: seed, purpose: "order of synthetic digits")
    let labels = (0..<count).map { UInt8($0 % 10) }.shuffled(using: &order)
    let key = RandomStream.key(seed: seed, purpose: "synthetic digits")
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * 28 * 28)
    for (place, label) in labels.enumerated() {
      if place.isMultiple(of: 64) { try Cancellation.current.check() }
      var pen = DigitPen(RandomStream(key: key, index: UInt64(place)))
      pixels += pen.image(of: Int(label))
    }
    return try DigitImages(pixels: pixels, labels: labels, side: 28, name: "synthetic digits")
  }
}

/// Draws one digit.
private struct DigitPen {
  private static let side = 28
  private var stream: RandomStream

  init(_ stream: RandomStream) { self.stream = stream }

  mutating func image(of digit: Int) -> [UInt8] {
    let lines = placed(DigitStrokes.all[digit])
    let radius = uniform(0.7, 1.6)
    let ink = uniform(0.8, 1)
    return (0..<DigitPen.side * DigitPen.side).map { pixel in
      let point = SIMD2(
        Double(pixel % DigitPen.side) + 0.5, Double(pixel / DigitPen.side) + 0.5)
      let distance = lines.map { DigitPen.distance(point, $0) }.min() ?? .infinity
      // One pixel of soft edge, as a scanner sees it.
      let level = ink * max(0, min(1, radius + 0.5 - distance))
      return UInt8(max(0, min(255, 255 * level + 12 * stream.normal())))
    }
  }

  private mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * stream.uniform()
  }

  /// The strokes in pixels, as a hand puts them: slanted, scaled, turned a little, wobbling.
  private mutating func placed(_ strokes: [[DigitStrokes.Point]]) -> [[DigitStrokes.Point]] {
    let slant = uniform(-0.3, 0.3)
    let (width, height) = (uniform(12, 19), uniform(17, 22))
    let turn = uniform(-0.15, 0.15)
    let (sine, cosine) = (sin(turn), cos(turn))
    let centre = SIMD2(14 + uniform(-2, 2), 14 + uniform(-2, 2))
    return strokes.map { stroke in
      var drift = SIMD2<Double>.zero
      return stroke.map { point in
        // A hand's errors add up along a stroke and are pulled back.
        drift = 0.8 * drift + 0.02 * SIMD2(stream.normal(), stream.normal())
        let p = point - 0.5 + drift
        let (x, y) = ((p.x - slant * p.y) * width, p.y * height)
        return centre + SIMD2(cosine * x - sine * y, sine * x + cosine * y)
      }
    }
  }

  /// From a point to the nearest one of a stroke.
  private static func distance(_ point: SIMD2<Double>, _ stroke: [SIMD2<Double>]) -> Double {
    var best = Double.infinity
    for (start, end) in zip(stroke, stroke.dropFirst()) {
      let along = end - start
      let length = (along * along).sum()
      let share = length > 0 ? max(0, min(1, ((point - start) * along).sum() / length)) : 0
      let gap = point - start - share * along
      best = min(best, (gap * gap).sum())
    }
    return best.squareRoot()
  }
}
