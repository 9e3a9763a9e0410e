import Execution

/// An image as a sequence: a zero tile that begins it, then its tiles row by row, each flattened.
///
/// Pixels are scaled to 0...1, then normalised by the mean and deviation of the published digits.
public struct TiledImage: Sendable {
  /// Rows and columns of an image.
  public let side: Int
  /// Rows and columns of a tile.
  public let tile: Int

  /// How many steps a sequence has, with the zero tile.
  public var steps: Int { side / tile * (side / tile) + 1 }
  /// How many numbers a tile has.
  public var features: Int { tile * tile }

  /// Tiles of a size.
  ///
  /// - Throws: `Failure` if tiles of this size do not fill an image.
  public init(side: Int, tile: Int) throws {
    guard tile > 0, side > 0, side.isMultiple(of: tile) else {
      throw Failure("tiles of \(tile) x \(tile) do not fill images of \(side) x \(side)")
    }
    (self.side, self.tile) = (side, tile)
  }

  /// A pixel after scaling and normalising, in single precision as it was trained on.
  public static func normalized(_ pixel: Float) -> Float { (pixel / 255 - 0.1307) / 0.3081 }

  /// Where in a sequence each pixel of an image stands.
  public var places: [Int32] {
    (0..<side * side).map { pixel in
      let (row, column) = (pixel / side, pixel % side)
      let step = 1 + row / tile * (side / tile) + column / tile
      return Int32(step * features + row % tile * tile + column % tile)
    }
  }

  /// The sequence [T, D] of an image.
  public func sequence(_ image: some Collection<UInt8>) -> [Float] {
    var result = [Float](repeating: 0, count: steps * features)
    for (place, pixel) in zip(places, image) {
      result[Int(place)] = TiledImage.normalized(Float(pixel))
    }
    return result
  }
}
