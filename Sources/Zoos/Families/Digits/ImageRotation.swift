import Execution
import Glibc

/// Counter-clockwise rotation of a square image about its centre, to the nearest pixel, zeros
/// coming in at the corners.
///
/// To the bit what Pillow's `Image.rotate` gives: quarter turns exactly, all else in fixed point of
/// 16 binary digits, from a matrix that is rounded to 15 decimals.
public struct ImageRotation: Sendable {
  /// For each pixel the place that it comes from, -1 where nothing does.
  public let sources: [Int32]

  /// The rotation of images of so many rows and columns.
  public init(degrees: Double, side: Int) {
    let turn = degrees - 360 * (degrees / 360).rounded(.down)
    switch turn {
    case 0: sources = ImageRotation.table(side) { ($0, $1) }
    case 90: sources = ImageRotation.table(side) { (side - 1 - $1, $0) }
    case 180: sources = ImageRotation.table(side) { (side - 1 - $0, side - 1 - $1) }
    case 270: sources = ImageRotation.table(side) { ($1, side - 1 - $0) }
    default: sources = ImageRotation.nearest(turn, side)
    }
  }

  /// The places for a map from (column, row) to the source's.
  private static func table(_ side: Int, _ source: (Int, Int) -> (Int, Int)) -> [Int32] {
    (0..<side * side).map { place in
      let (column, row) = source(place % side, place / side)
      return Int32(row * side + column)
    }
  }

  private static func nearest(_ degrees: Double, _ side: Int) -> [Int32] {
    let angle = -(degrees * (Double.pi / 180))
    let (cosine, sine) = (rounded(cos(angle)), rounded(sin(angle)))
    let centre = Double(side) / 2
    let acrossColumn = cosine * -centre + sine * -centre + centre
    let acrossRow = -sine * -centre + cosine * -centre + centre
    let (stepX, stepY) = (fixed(cosine), fixed(sine))
    let (turnX, turnY) = (fixed(-sine), fixed(cosine))
    var (rowX, rowY) = (
      fixed(acrossColumn + cosine * 0.5 + sine * 0.5),
      fixed(acrossRow - sine * 0.5 + cosine * 0.5)
    )
    var places: [Int32] = []
    places.reserveCapacity(side * side)
    for _ in 0..<side {
      var (x, y) = (rowX, rowY)
      for _ in 0..<side {
        let (column, row) = (x >> 16, y >> 16)
        let isInside = (0..<side).contains(column) && (0..<side).contains(row)
        places.append(isInside ? Int32(row * side + column) : -1)
        x += stepX
        y += turnX
      }
      rowX += stepY
      rowY += turnY
    }
    return places
  }

  /// As Python's `round(x, 15)`: to the nearest decimal, not to the nearest product.
  private static func rounded(_ value: Double) -> Double { Double(Text.fixed(value, 15)) ?? value }

  private static func fixed(_ value: Double) -> Int {
    Int(within: -(1 << 40)...(1 << 40), (value * 65536 + 0.5).rounded(.down))
  }

  /// The rotated image.
  public func applied(to image: ArraySlice<UInt8>) -> [UInt8] {
    sources.map { $0 < 0 ? 0 : image[image.startIndex + Int($0)] }
  }
}
