/// The width of the vectors that this build computes with.
///
/// Sums are ordered by it, so that results agree to the last bit between builds of one width only;
/// what is saved and resumed records it.
public enum VectorWidth {
  /// Bits in a vector: 512, 256 or 128.
  public static let bits = Lanes.width * 32
}
