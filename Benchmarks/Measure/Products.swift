import Execution
import Kernels

/// General products at the shapes of `Benchmarks/peer/products.txt`, in GFLOP/s.
enum Products {
  static func run() throws {
    let folder = File.folder(of: File.folder(of: #filePath))
    for line in try File.readText(folder + "/peer/products.txt").split(separator: "\n") {
      let words = line.split(separator: " ")
      let extents = words.dropFirst(2).compactMap { Int($0) }
      guard words.count == 5, extents.count == 3, line.first != "#" else { continue }
      let time = measure(String(words[1]), extents[0], extents[1], extents[2])
      let operations = 2 * Double(extents[0]) * Double(extents[1]) * Double(extents[2])
      Measure.report("product \(line)", operations / time * 1e-6)
    }
  }

  /// C[M,N] = A[M,K] B[K,N]: `form` tells which of A and B lie transposed in memory.
  private static func measure(_ form: String, _ rows: Int, _ columns: Int, _ inner: Int) -> Double {
    let a = FloatBuffer(repeating: 0.5, count: rows * inner)
    let b = FloatBuffer(repeating: 0.25, count: inner * columns)
    let c = FloatBuffer(repeating: 0, count: rows * columns)
    let isATurned = form.hasPrefix("t")
    let isBTurned = form.hasSuffix("t")
    return Measure.time(repetitions: 7) {
      Product.multiply(
        rows: rows, columns: columns, inner: inner,
        Product.Operand(
          a, rowStride: isATurned ? 1 : inner, columnStride: isATurned ? rows : 1),
        Product.Operand(
          b, rowStride: isBTurned ? 1 : columns, columnStride: isBTurned ? inner : 1),
        into: c, rowStride: columns)
    }
  }
}
