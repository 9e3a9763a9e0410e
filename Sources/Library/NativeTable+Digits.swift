import Execution
import Glibc
import Language
import Tensors
import Zoos

/// Images of digits, turned and cut into sequences of tiles.
extension NativeTable {
  static let digits: [NativeFunction] = [
    NativeFunction("published_digits") { call in
      guard let folder = try digitFolder(call) else { return .none }
      return try value(of: try DigitImages(folder: folder))
    },
    NativeFunction("drawn_digits") { call in
      let count = try call.integer(call.at("count"), 1...1_000_000)
      return try value(
        of: try DigitImages.synthetic(count: count, seed: try call.seed(call.at("seed"))))
    },
    NativeFunction("rotated") { call in .tensor(try rotated(call)) },
    NativeFunction("tiled") { call in .tensor(try tiled(call)) },
  ]

  /// The folder that is named, or that the environment names.
  private static func digitFolder(_ call: Arguments) throws -> String? {
    let place = try call.at("folder")
    if !call.isNone(place) { return try call.path(place) }
    return getenv("RNR_DATA").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// (images [N, side, side], labels [N], name).
  private static func value(of digits: DigitImages) throws -> Value {
    let shape = [digits.count, digits.side, digits.side]
    try Tensor.checkSize(shape)
    let images = Tensor(shape: shape) { out in
      for (place, pixel) in digits.pixels.enumerated() { out[place] = Float(pixel) }
    }
    let labels = Tensor(shape: [digits.count]) { out in
      for (place, label) in digits.labels.enumerated() { out[place] = Float(label) }
    }
    return .tuple([.tensor(images), .tensor(labels), .text(digits.name)])
  }

  /// Square images [side, side] or [N, side, side].
  private static func images(_ call: Arguments) throws -> (tensor: Tensor, count: Int, side: Int) {
    let tensor = try call.tensor(call.at("images"))
    guard (2...3).contains(tensor.rank), let side = tensor.shape.last, side > 0,
      tensor.shape[tensor.rank - 2] == side
    else {
      throw try call.wrongValue(
        call.at("images"), expected: "square images, [side, side] or [N, side, side]")
    }
    return (tensor, tensor.rank == 3 ? tensor.shape[0] : 1, side)
  }

  private static func rotated(_ call: Arguments) throws -> Tensor {
    try call.requireConstant(call.at("images"), call.at("degrees"))
    let (tensor, count, side) = try images(call)
    let angles = try call.tensor(call.at("degrees"))
    guard angles.rank == 0 || angles.shape == [count] else {
      throw try call.wrongValue(
        call.at("degrees"), expected: "one angle, or one for each of the \(count) images")
    }
    // Single angles keep the precision of the language's numbers.
    let one = angles.rank == 0 ? call.plainNumber(call[try call.at("degrees")]) : nil
    let turns = one.map { [$0] } ?? angles.elements.map(Double.init)
    guard turns.allSatisfy(\.isFinite) else {
      throw try call.wrongValue(call.at("degrees"), expected: "finite angles, in degrees")
    }
    let pixels = tensor.elements
    var rotation = ImageRotation(degrees: turns.first ?? 0, side: side)
    var result: [Float] = []
    result.reserveCapacity(pixels.count)
    for image in 0..<count {
      if image.isMultiple(of: 256) { try Cancellation.current.check() }
      if image > 0, turns.count > 1 { rotation = ImageRotation(degrees: turns[image], side: side) }
      let start = image * side * side
      result.append(contentsOf: rotation.sources.map { $0 < 0 ? 0 : pixels[start + Int($0)] })
    }
    return Tensor(shape: tensor.shape) { out in
      for (place, pixel) in result.enumerated() { out[place] = pixel }
    }
  }

  private static func tiled(_ call: Arguments) throws -> Tensor {
    try call.requireConstant(call.at("images"))
    let (tensor, count, side) = try images(call)
    let tiles: TiledImage
    do {
      tiles = try TiledImage(side: side, tile: try call.integer(call.at("tile"), 1...side))
    } catch let failure as Failure {
      throw Failure(failure.message, at: .position(try call.at("tile")), hint: failure.hint)
    }
    let (places, pixels) = (tiles.places, tensor.elements)
    let size = tiles.steps * tiles.features
    let shape = (tensor.rank == 3 ? [count] : []) + [tiles.steps, tiles.features]
    try Tensor.checkSize(shape)
    return Tensor(shape: shape) { out in
      for place in out.indices { out[place] = 0 }
      for image in 0..<count {
        for (pixel, place) in places.enumerated() {
          out[image * size + Int(place)] = TiledImage.normalized(
            pixels[image * side * side + pixel])
        }
      }
    }
  }
}
