import Execution
import Tensors

/// The file form of the published digits: a magic number, extents, then unsigned bytes.
///
/// Source: the description beside the MNIST files. Only bytes are read, of up to 3 axes.
public struct IDXFile: Sendable {
  /// How many items each axis has.
  public var extents: [Int]
  /// The items in row-major order.
  public var bytes: [UInt8]

  /// Reads a file, plain or gzipped.
  ///
  /// - Throws: `Failure` if it is of another form or its length is not what its head says.
  public init(path: String) throws {
    try self.init(try Deflate.read(path), name: "\"\(path)\"")
  }

  /// Reads the bytes of a file; `name` stands in messages.
  public init(_ file: [UInt8], name: String) throws {
    guard file.count >= 4, file[0] == 0, file[1] == 0 else {
      throw Failure(
        "\(name) is no IDX file: it begins with \(IDXFile.shown(file.prefix(4)))",
        hint: "the published digits begin with 00 00 08 03 (images) or 00 00 08 01 (labels)")
    }
    guard file[2] == 8, (1...3).contains(file[3]) else {
      throw Failure(
        "\(name) holds no unsigned bytes of 1 to 3 axes: its magic number is "
          + IDXFile.shown(file.prefix(4)))
    }
    let head = 4 + 4 * Int(file[3])
    guard file.count >= head else { throw Failure("\(name) is cut in its head") }
    extents = stride(from: 4, to: head, by: 4).map { place in
      file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    // 3 extents of 32 bits may overflow their product.
    let count = extents.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    let overflows = extents.reduce(1.0) { $0 * Double($1) } > 1e15
    guard !overflows, file.count - head == count else {
      let wanted = extents.map(String.init).joined(separator: " x ")
      throw Failure(
        "\(name) should hold \(wanted) bytes behind its head, but has \(file.count - head)")
    }
    bytes = Array(file[head...])
  }

  private static func shown(_ bytes: ArraySlice<UInt8>) -> String {
    if bytes.isEmpty { return "nothing" }
    return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}
