import Execution
import Glibc
import Tensors
import Testing

@testable import Zoos

/// Digits: their files, rotation and tiles beside Pillow's and torchvision's (`golden/mnist.safetensors`),
/// and the drawn stand-in.
@Suite struct DigitTests {
  private static func golden() throws -> NamedTensors {
    try NamedTensors.readSafetensors(Golden.path("mnist.safetensors"))
  }

  @Test(arguments: ["0", "17", "74", "231", "90", "180", "270", "123.456", "359.9", "45"])
  func rotatesAsPillow(angle: String) throws {
    let golden = try DigitTests.golden()
    let image = try #require(golden["image"]).elements.map { UInt8($0) }
    let degrees = Double(try #require(Float(angle)))
    let rotated = ImageRotation(degrees: degrees, side: 28).applied(to: image[...])
    #expect(rotated == (try #require(golden["rotated_\(angle)"]).elements.map { UInt8($0) }))
    let sequence = try TiledImage(side: 28, tile: 4).sequence(rotated)
    #expect(sequence == (try #require(golden["sequence_\(angle)"]).elements))
  }

  @Test func fullTurnsAndNegativeAnglesAreOneAngle() {
    for degrees in [0.0, 33.5, 90, 200] {
      let once = ImageRotation(degrees: degrees, side: 28).sources
      #expect(once == ImageRotation(degrees: degrees + 360, side: 28).sources)
      #expect(once == ImageRotation(degrees: degrees - 360, side: 28).sources)
    }
  }

  @Test func splitsAsPublished() throws {
    let golden = try DigitTests.golden()
    let trains = (0..<60000).map(DigitImages.trains)
    #expect(trains.count { $0 } == 47998)
    let first = (0..<60000).filter { trains[$0] }.prefix(50).map(Float.init)
    #expect(Array(first) == (try #require(golden["split_train_first50"]).elements))
  }

  @Test(arguments: [1, 2, 4, 7, 14, 28])
  func tilesOfAnySizeHoldEveryPixelOnce(tile: Int) throws {
    let tiled = try TiledImage(side: 28, tile: tile)
    #expect(Set(tiled.places) == Set((Int32(tile * tile)..<Int32(tiled.steps * tiled.features))))
  }

  @Test(arguments: [3, 0, -4, 29])
  func refusesOtherTiles(tile: Int) {
    #expect(throws: Failure("tiles of \(tile) x \(tile) do not fill images of 28 x 28")) {
      try TiledImage(side: 28, tile: tile)
    }
  }

  @Test func drawsBalancedDigits() throws {
    let digits = try DigitImages.synthetic(count: 203, seed: 3)
    let counts = (0..<10).map { digit in digits.labels.count { $0 == digit } }
    #expect(counts.allSatisfy { (20...21).contains($0) })
    #expect(digits.pixels == (try DigitImages.synthetic(count: 203, seed: 3)).pixels)
    #expect(digits.pixels != (try DigitImages.synthetic(count: 203, seed: 4)).pixels)
    #expect(digits.name == "synthetic digits")
  }
}

/// Files of digits that are read, and those that are refused.
@Suite struct DigitFileTests {
  private static let head: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1]

  @Test func reads() throws {
    let file = try IDXFile(DigitFileTests.head + [7, 9], name: "a")
    #expect(file.extents == [2, 1, 1] && file.bytes == [7, 9])
  }

  @Test(
    arguments: [
      ([], "a is no IDX file: it begins with nothing"),
      ([1, 2, 3, 4], "a is no IDX file: it begins with 01 02 03 04"),
      ([0, 0, 13, 3], "a holds no unsigned bytes of 1 to 3 axes: its magic number is 00 00 0d 03"),
      ([0, 0, 8, 3, 0, 0], "a is cut in its head"),
      (head + [7], "a should hold 2 x 1 x 1 bytes behind its head, but has 1"),
      (
        [0, 0, 8, 3] + [UInt8](repeating: 255, count: 12),
        "a should hold 4294967295 x 4294967295 x 4294967295 bytes behind its head, but has 0"
      ),
    ] as [([UInt8], String)])
  func refuses(bytes: [UInt8], message: String) {
    #expect { try IDXFile(bytes, name: "a") } throws: { ($0 as? Failure)?.message == message }
  }

  /// The published files are not part of the repository: `RNR_DATA` names the folder that has them.
  @Test func readsThePublishedFiles() throws {
    guard let folder = getenv("RNR_DATA").map({ String(cString: $0) }) else {
      print("note: RNR_DATA is not set, the published digits were not read")
      return
    }
    let digits = try DigitImages(folder: folder)
    #expect(digits.side == 28 && digits.count >= 10000)
    #expect((0..<10).allSatisfy { digit in digits.labels.contains { $0 == digit } })
  }

  @Test func namesTheFilesThatAreMissing() {
    #expect {
      try DigitImages(folder: "/nowhere")
    } throws: {
      ($0 as? Failure)?.hint?.contains("t10k-labels-idx1-ubyte") == true
    }
  }
}
