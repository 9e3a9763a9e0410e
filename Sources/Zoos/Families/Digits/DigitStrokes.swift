import Glibc

/// The strokes of the ten digits in a box of width and height 1, x to the right and y downwards.
enum DigitStrokes {
  typealias Point = SIMD2<Double>

  /// The lines of each digit, as points to be joined.
  static let all: [[[Point]]] = [
    [arc(0.5, 0.5, 0.3, 0.42, from: 0, to: 360)],
    [[Point(0.32, 0.28), Point(0.54, 0.08), Point(0.54, 0.92)]],
    [
      arc(0.5, 0.32, 0.3, 0.24, from: -170, to: 30)
        + [Point(0.2, 0.9), Point(0.82, 0.9)]
    ],
    [
      arc(0.46, 0.28, 0.29, 0.2, from: -160, to: 90)
        + arc(0.46, 0.7, 0.33, 0.22, from: -90, to: 160)
    ],
    [[Point(0.64, 0.92), Point(0.64, 0.08), Point(0.16, 0.64), Point(0.86, 0.64)]],
    [
      [Point(0.78, 0.1), Point(0.28, 0.1), Point(0.25, 0.45)]
        + arc(0.47, 0.66, 0.31, 0.25, from: -110, to: 150)
    ],
    [
      [Point(0.7, 0.08), Point(0.4, 0.3), Point(0.24, 0.6)]
        + arc(0.5, 0.68, 0.27, 0.24, from: -170, to: 190)
    ],
    [[Point(0.16, 0.1), Point(0.82, 0.1), Point(0.42, 0.92)]],
    [
      arc(0.5, 0.28, 0.24, 0.2, from: 90, to: 450),
      arc(0.5, 0.7, 0.29, 0.22, from: -90, to: 270),
    ],
    [
      arc(0.48, 0.32, 0.26, 0.24, from: 0, to: 360)
        + [Point(0.72, 0.6), Point(0.62, 0.92)]
    ],
  ]

  /// Points on an ellipse, angles in degrees, clockwise from the right as y grows downwards.
  private static func arc(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, from: Double, to: Double
  ) -> [Point] {
    let count = 14
    return (0...count).map { place in
      let angle = (from + (to - from) * Double(place) / Double(count)) * Double.pi / 180
      return Point(x + width * cos(angle), y + height * sin(angle))
    }
  }
}
