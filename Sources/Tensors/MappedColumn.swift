import Execution
import Glibc
import Kernels

/// A read-only `.npy` file in memory, whose rows become tensors when asked for.
///
/// Opening reads the header alone; the system loads pages as they are used. A file that has
/// become shorter since is told of when rows are asked for.
public final class MappedColumn: @unchecked Sendable {
  /// The file.
  public let path: String
  /// The extents of the axes; the first counts the rows.
  public let shape: [Int]
  /// How the numbers stand in the file.
  public let type: NumberType
  private let descriptor: Int32
  private let mapping: UnsafeRawBufferPointer
  private let numbers: UnsafeRawBufferPointer

  /// Whether a file may hold this shape: no extent is negative, and the bytes can be counted.
  public static func canHold(_ shape: [Int]) -> Bool {
    var total = 1
    for extent in shape {
      let (product, overflow) = total.multipliedReportingOverflow(by: max(1, extent))
      guard extent >= 0, !overflow, product <= 1 << 56 else { return false }
      total = product
    }
    return true
  }

  /// Opens a file in C order with at least one axis.
  public init(_ path: String) throws {
    (descriptor, mapping) = try MappedColumn.map(path)
    do {
      let header = try NPYHeader(mapping, name: "\"\(path)\"")
      guard !header.shape.isEmpty else {
        throw Failure("\"\(path)\" holds a single number, expected an array with rows")
      }
      guard !header.isFortranOrder || header.shape.count == 1 else {
        throw Failure(
          "\"\(path)\" holds its numbers in Fortran order, expected C order",
          hint: "write it again by np.save(path, np.ascontiguousarray(x))")
      }
      self.path = path
      shape = header.shape
      type = header.type
      numbers = UnsafeRawBufferPointer(rebasing: mapping[header.dataOffset...])
    } catch {
      munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress), mapping.count)
      close(descriptor)
      throw error
    }
  }

  deinit {
    munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress), mapping.count)
    close(descriptor)
  }

  /// Throws if the file has become shorter since it was opened: its pages would be missing.
  private func checkLength() throws {
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw File.problem("cannot read", path) }
    guard Int(information.st_size) >= mapping.count else {
      throw Failure(
        "\"\(path)\" has become shorter since it was opened: it has \(information.st_size) bytes, "
          + "expected \(mapping.count)")
    }
  }

  private static func map(_ path: String) throws -> (Int32, UnsafeRawBufferPointer) {
    try File.check(path)
    // A named pipe must not make this wait.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw File.problem("cannot read", path) }
    var isMapped = false
    defer { if !isMapped { close(descriptor) } }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw File.problem("cannot read", path) }
    guard information.st_mode & S_IFMT == S_IFREG, information.st_size > 0 else {
      throw Failure("\"\(path)\" is no .npy file: it is empty or no plain file")
    }
    let size = Int(information.st_size)
    guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED
    else { throw File.problem("cannot map", path) }
    isMapped = true
    return (descriptor, UnsafeRawBufferPointer(start: base, count: size))
  }

  /// How many rows there are.
  public var count: Int { shape[0] }
  /// Numbers in a row.
  public var rowCount: Int { Tensor.product(shape, 1..<shape.count) }

  /// The bytes of a row as they stand in the file.
  public func withBytes<Result>(
    ofRow row: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    let row = try Tensor.position(row, extent: count, axis: 0)
    try checkLength()
    let size = rowCount * type.size
    return try body(UnsafeRawBufferPointer(rebasing: numbers[(row * size)..<((row + 1) * size)]))
  }

  /// Rows one after the other.
  public func rows(_ range: Range<Int>) throws -> Tensor {
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw Failure("rows \(range) are outside \"\(path)\", which has \(Text.count(count, "row"))")
    }
    try Tensor.checkSize([range.count] + shape.dropFirst())
    try checkLength()
    let start = range.lowerBound * rowCount * type.size
    return try Tensor(shape: [range.count] + shape.dropFirst()) { out in
      try type.decode(UnsafeRawBufferPointer(rebasing: numbers[start...]), into: out)
    }
  }

  /// Rows by number; negative ones count from the end.
  public func rows(at places: [Int]) throws -> Tensor {
    let places = try places.map { try Tensor.position($0, extent: count, axis: 0) }
    let size = rowCount
    try Tensor.checkSize([places.count] + shape.dropFirst())
    try checkLength()
    return try Tensor(shape: [places.count] + shape.dropFirst()) { out in
      for (row, place) in places.enumerated() {
        try type.decode(
          UnsafeRawBufferPointer(rebasing: numbers[(place * size * type.size)...]),
          into: UnsafeMutableBufferPointer(rebasing: out[(row * size)..<((row + 1) * size)]))
      }
    }
  }

  /// One entry of the second axis from each of some rows: entry `entries[i]` of row `places[i]`.
  public func entries(at places: [Int], _ entries: [Int]) throws -> Tensor {
    guard places.count == entries.count, shape.count > 1 else {
      throw Failure("\"\(path)\" needs two axes, and one entry for each row")
    }
    let places = try places.map { try Tensor.position($0, extent: count, axis: 0) }
    let entries = try entries.map { try Tensor.position($0, extent: shape[1], axis: 1) }
    let size = Tensor.product(shape, 2..<shape.count)
    try Tensor.checkSize([places.count] + shape.dropFirst(2))
    try checkLength()
    return try Tensor(shape: [places.count] + shape.dropFirst(2)) { out in
      for row in places.indices {
        let start = (places[row] * rowCount + entries[row] * size) * type.size
        try type.decode(
          UnsafeRawBufferPointer(rebasing: numbers[start...]),
          into: UnsafeMutableBufferPointer(rebasing: out[(row * size)..<((row + 1) * size)]))
      }
    }
  }

  /// All rows.
  public func all() throws -> Tensor { try rows(0..<count) }
}
