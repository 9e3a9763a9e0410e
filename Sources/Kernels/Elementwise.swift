import Execution
import Glibc

/// Functions of single numbers, over whole buffers, in the widest vectors of the build.
///
/// NaN in gives NaN out everywhere. Vectors are clamped by comparison and replacement, never by
/// `pointwiseMin`, which would swallow NaN.
public enum Elementwise {
  #if RNR_AVX512
  typealias Vector = SIMD16<Float>
  typealias Integers = SIMD16<Int32>
  #elseif RNR_AVX2
  typealias Vector = SIMD8<Float>
  typealias Integers = SIMD8<Int32>
  #else
  typealias Vector = SIMD4<Float>
  typealias Integers = SIMD4<Int32>
  #endif

  /// Lanes of a vector; divides 16, to which buffers are padded.
  @inline(always) static var width: Int { Vector.scalarCount }

  /// The mask of the first `count` lanes.
  ///
  /// By comparing floats: Swift compares vectors of integers lane by lane, through memory.
  @inline(always) static func first(_ count: Int) -> SIMDMask<Integers> {
    laneNumbers .< Float(count)
  }

  @inline(always) private static var laneNumbers: Vector {
    #if RNR_AVX512
    Vector(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    #elseif RNR_AVX2
    Vector(0, 1, 2, 3, 4, 5, 6, 7)
    #else
    Vector(0, 1, 2, 3)
    #endif
  }

  // MARK: Giving up

  /// Numbers after which a loop looks whether the user has asked to stop: some milliseconds.
  static let betweenLooks = 1 << 20

  /// Whether a loop over many numbers is to leave the others as they are.
  ///
  /// Only within `Cancellation.stoppable`, which lets nobody see the result.
  static var isGivenUp: Bool { Cancellation.current.isGivenUp }

  // MARK: Memory

  @inline(always) static func load(_ place: UnsafePointer<Float>) -> Vector {
    UnsafeRawPointer(place).loadUnaligned(as: Vector.self)
  }

  @inline(always) static func store(_ vector: Vector, _ place: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(place).storeBytes(of: vector, as: Vector.self)
  }

  /// The first `count` lanes from memory, the others `filler`.
  ///
  /// Reads no further than `limit`.
  @inline(always) static func load(
    _ place: UnsafePointer<Float>, first count: Int, limit: UnsafePointer<Float>,
    filler: Float = 0
  ) -> Vector {
    if place + width <= limit {
      return Vector(repeating: filler).replacing(with: load(place), where: first(count))
    }
    var vector = Vector(repeating: filler)
    for lane in 0..<count { vector[lane] = place[lane] }
    return vector
  }

  /// Writes `count` lanes; lanes beyond may be overwritten as far as `limit`.
  @inline(always) static func store(
    _ vector: Vector, _ place: UnsafeMutablePointer<Float>, first count: Int,
    limit: UnsafeMutablePointer<Float>
  ) {
    if place + width <= limit {
      store(vector, place)
    } else {
      for lane in 0..<count { place[lane] = vector[lane] }
    }
  }

  // MARK: Functions of a vector

  /// a b + c, fused where the processor can.
  @inline(always) static func multiplyAdd(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
    #if RNR_FMA
    c.addingProduct(a, b)
    #else
    a * b + c
    #endif
  }

  @inline(always) static func polynomial(
    _ x: Vector, _ c0: Float, _ c1: Float, _ c2: Float,
    _ c3: Float, _ c4: Float
  ) -> Vector {
    var sum = multiplyAdd(Vector(repeating: c0), x, Vector(repeating: c1))
    sum = multiplyAdd(sum, x, Vector(repeating: c2))
    sum = multiplyAdd(sum, x, Vector(repeating: c3))
    return multiplyAdd(sum, x, Vector(repeating: c4))
  }

  /// e^x, relative error below 1.5e-7, with gradual underflow.
  ///
  /// x = n ln 2 + r with |r| <= ln 2 / 2. Adding 1.5 * 2^23 rounds n to an integer, which then
  /// stands in the low bits. 2^n is applied in two halves, since n runs from -150 to 128, beyond
  /// what one exponent holds.
  @inline(always) static func exp(_ value: Vector) -> Vector {
    var x = value.replacing(with: 89, where: value .> 89)
    x = x.replacing(with: -104.5, where: x .< -104.5)
    let magic: Float = 12_582_912
    let shifted = multiplyAdd(x, Vector(repeating: 1.442_695_04), Vector(repeating: magic))
    let n = shifted - magic
    // ln 2 in two parts, the first with few enough bits that n times it is exact.
    var r = multiplyAdd(n, Vector(repeating: -0.693_359_375), x)
    r = multiplyAdd(n, Vector(repeating: 2.121_944_4e-4), r)
    let tail = polynomial(
      r, 0.001_381_446_6, 0.008_368_781, 0.041_668_393, 0.166_665_2, 0.499_999_94)
    let power = multiplyAdd(tail, r * r, r) + 1
    let bits = unsafeBitCast(shifted, to: Integers.self)
    let whole = bits &- Int32(bitPattern: magic.bitPattern)
    let half = whole &>> 1
    return power * powerOfTwo(half) * powerOfTwo(whole &- half)
  }

  /// 2^n for -126 <= n <= 127.
  @inline(always) static func powerOfTwo(_ n: Integers) -> Vector {
    unsafeBitCast((n &+ 127) &<< 23, to: Vector.self)
  }

  /// 1 / (1 + e^-x), by e^x for negative x: e^-x would be infinite long before the result is 0.
  @inline(always) static func sigmoid(_ x: Vector) -> Vector {
    let e = exp(negated(abs(x)))
    let positive = 1 / (1 + e)
    return positive.replacing(with: e * positive, where: x .< 0)
  }

  /// -x, also of 0: a difference to 0 would give no -0.
  @inline(always) static func negated(_ x: Vector) -> Vector {
    unsafeBitCast(unsafeBitCast(x, to: Integers.self) ^ Int32.min, to: Vector.self)
  }

  /// The hyperbolic tangent: a polynomial near 0, where the quotient would cancel.
  @inline(always) static func tanh(_ x: Vector) -> Vector {
    let sign = unsafeBitCast(x, to: Integers.self) & Int32.min
    let magnitude = abs(x)
    let e = exp(-2 * magnitude)
    let far = (1 - e) / (1 + e)
    let z = x * x
    let inner = polynomial(
      z, -0.005_660_783, 0.020_602_003, -0.053_729_23, 0.133_313_28, -0.333_332_78)
    let near = multiplyAdd(inner * z, magnitude, magnitude)
    let result = far.replacing(with: near, where: magnitude .< 0.63)
    return unsafeBitCast(unsafeBitCast(result, to: Integers.self) | sign, to: Vector.self)
  }

  /// |x|.
  @inline(always) static func abs(_ x: Vector) -> Vector {
    unsafeBitCast(unsafeBitCast(x, to: Integers.self) & Int32.max, to: Vector.self)
  }

  /// The natural logarithm, error below 1 unit in the last place or so.
  ///
  /// x = 2^n (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2). Subnormal numbers are scaled up first.
  @inline(always) static func log(_ value: Vector) -> Vector {
    let isSmall = value .< Float.leastNormalMagnitude
    let x = value.replacing(with: value * 0x1p24, where: isSmall)
    let bits = unsafeBitCast(x, to: Integers.self)
    // An integer n to a float, in the low bits of 1.5 * 2^23: Swift's conversion is a call.
    // Subtracting the bits of sqrt(1/2) makes the exponent change there instead of at 1.
    let n = (bits &- 0x3f35_04f3) &>> 23
    let mantissa = unsafeBitCast(bits &- (n &<< 23), to: Vector.self)
    let whole = unsafeBitCast(n &+ 0x4b40_0000, to: Vector.self) - 12_582_912
    let scale = whole - Vector.zero.replacing(with: 24, where: isSmall)
    let f = mantissa - 1
    var series = polynomial(
      f, -0.076_343_715, 0.127_654_28, -0.131_620_11, 0.142_013_68, -0.166_231_44)
    series = multiplyAdd(series, f, Vector(repeating: 0.200_012_36))
    series = multiplyAdd(series, f, Vector(repeating: -0.250_008_26))
    series = multiplyAdd(series, f, Vector(repeating: 0.333_333_3))
    let square = f * f
    var result = multiplyAdd(series * f, square, -0.5 * square)
    result = multiplyAdd(scale, Vector(repeating: -2.121_944_4e-4), result) + f
    result = multiplyAdd(scale, Vector(repeating: 0.693_359_375), result)
    result = result.replacing(with: -Float.infinity, where: value .== 0)
    result = result.replacing(with: Float.nan, where: value .< 0)
    // Infinity and NaN give themselves.
    return result.replacing(with: value, where: .!(value .< Float.infinity))
  }
}
