/// Naive.
public enum Product {
  public struct Operand {
    let buffer: FloatBuffer
    let offset: Int
    let rowStride: Int
    let columnStride: Int
    public init(_ buffer: FloatBuffer, offset: Int = 0, rowStride: Int, columnStride: Int) {
      self.buffer = buffer
      self.offset = offset
      self.rowStride = rowStride
      self.columnStride = columnStride
    }
  }
  public static func multiply(
    rows: Int, columns: Int, inner: Int, _ a: Operand, _ b: Operand,
    into c: FloatBuffer, offset: Int = 0, rowStride: Int, accumulate: Bool = false
  ) {
    for i in 0..<rows {
      for j in 0..<columns {
        var s: Float = accumulate ? c.base[offset + i * rowStride + j] : 0
        for k in 0..<inner {
          s += a.buffer.base[a.offset + i * a.rowStride + k * a.columnStride]
            * b.buffer.base[b.offset + k * b.rowStride + j * b.columnStride]
        }
        c.base[offset + i * rowStride + j] = s
      }
    }
  }
}
