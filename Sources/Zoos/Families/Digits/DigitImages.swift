import Execution

/// Images of handwritten digits with their labels.
public struct DigitImages: Sendable {
  /// Pixels, image by image and row by row.
  public private(set) var pixels: [UInt8]
  /// The digit of each image.
  public private(set) var labels: [UInt8]
  /// Rows and columns of an image.
  public let side: Int
  /// What they are called wherever a result is printed.
  public let name: String

  /// How many images there are.
  public var count: Int { labels.count }

  /// Images and labels that belong together.
  ///
  /// - Throws: `Failure` if their counts differ, images are not square, or a label is no digit.
  public init(pixels: [UInt8], labels: [UInt8], side: Int, name: String) throws {
    guard side > 0, pixels.count == labels.count * side * side else {
      throw Failure(
        "there are \(labels.count) labels for \(side > 0 ? pixels.count / (side * side) : 0) images"
      )
    }
    if let label = labels.first(where: { $0 > 9 }) {
      throw Failure("a label must be a digit, but one is \(label)")
    }
    (self.pixels, self.labels, self.side, self.name) = (pixels, labels, side, name)
  }

  /// The pixels of one image.
  public func image(_ place: Int) -> ArraySlice<UInt8> {
    pixels[place * side * side..<(place + 1) * side * side]
  }

  /// The four published files: images and labels of the training and of the test part.
  public static let files = [
    (images: "train-images-idx3-ubyte", labels: "train-labels-idx1-ubyte"),
    (images: "t10k-images-idx3-ubyte", labels: "t10k-labels-idx1-ubyte"),
  ]

  /// Reads the published files in a folder, plain or gzipped: the training part, then the test part,
  /// or whichever is there.
  ///
  /// - Throws: `Failure` if neither part is there whole, or a file is damaged.
  public init(folder: String) throws {
    var (pixels, labels): ([UInt8], [UInt8]) = ([], [])
    var side: Int?
    for part in DigitImages.files {
      let found = [part.images, part.labels].map { DigitImages.path($0, in: folder) }
      guard let images = found[0], let names = found[1] else {
        if found[0] == nil, found[1] == nil { continue }
        let lacking = found[0] == nil ? part.images : part.labels
        throw Failure("the folder \"\(folder)\" lacks \"\(lacking)\", plain or .gz")
      }
      let read = try DigitImages(images: images, labels: names)
      if let side, side != read.side {
        throw Failure(
          "images of the two parts in \"\(folder)\" differ in size: \(side), \(read.side)")
      }
      side = read.side
      pixels += read.pixels
      labels += read.labels
    }
    guard let side else { throw DigitImages.missing(folder) }
    try self.init(pixels: pixels, labels: labels, side: side, name: "digits")
  }

  /// Reads a file of images and the file of their labels.
  public init(images: String, labels: String) throws {
    let (pictures, names) = (try IDXFile(path: images), try IDXFile(path: labels))
    guard pictures.extents.count == 3, pictures.extents[1] == pictures.extents[2] else {
      throw Failure("\"\(images)\" holds no square images, but extents \(pictures.extents)")
    }
    guard names.extents == [pictures.extents[0]] else {
      throw Failure(
        "\"\(images)\" holds \(pictures.extents[0]) images, but \"\(labels)\" \(names.bytes.count) labels"
      )
    }
    try self.init(
      pixels: pictures.bytes, labels: names.bytes, side: pictures.extents[1], name: "digits")
  }

  private static func path(_ name: String, in folder: String) -> String? {
    [name, name + ".gz"].map { folder + "/" + $0 }.first { File.exists($0) }
  }

  private static func missing(_ folder: String) -> Failure {
    let names = files.flatMap { [$0.images, $0.labels] }.joined(separator: ", ")
    return Failure(
      "the folder \"\(folder)\" holds neither part of the published digits",
      hint: "their files are \(names), plain or .gz, published as MNIST at "
        + "yann.lecun.com/exdb/mnist")
  }

  /// Whether an image of the training part trains in the paper's split (80 %); the others evaluate.
  public static func trains(_ place: Int) -> Bool { (place ^ 0x409_5164_213d_d204) % 10 < 8 }
}
