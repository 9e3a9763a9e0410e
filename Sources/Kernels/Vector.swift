/// The widest vector of float32 numbers that this build may use.
///
/// `SIMD16` spills where only 32-byte registers exist, so each level has its own width. All widths
/// divide 16, to which buffers are padded.
#if RNR_AVX512
typealias Lanes = SIMD16<Float>
typealias LaneBits = SIMD16<UInt32>
#elseif RNR_AVX2
typealias Lanes = SIMD8<Float>
typealias LaneBits = SIMD8<UInt32>
#else
typealias Lanes = SIMD4<Float>
typealias LaneBits = SIMD4<UInt32>
#endif

typealias Floats = UnsafePointer<Float>
typealias MutableFloats = UnsafeMutablePointer<Float>

extension Lanes {
  /// Numbers in a vector.
  @inline(always) static var width: Int { scalarCount }

  /// The vector at a place, which need not be aligned.
  @inline(always) init(at place: Floats) {
    self = UnsafeRawPointer(place).loadUnaligned(as: Lanes.self)
  }

  @inline(always) func store(_ place: MutableFloats) {
    UnsafeMutableRawPointer(place).storeBytes(of: self, as: Lanes.self)
  }

  /// self + a b, fused where the processor can: Swift never contracts `a * b + c` itself.
  @inline(always) func adding(_ a: Lanes, _ b: Lanes) -> Lanes {
    #if RNR_FMA || arch(arm64)
    addingProduct(a, b)
    #else
    self + a * b
    #endif
  }

  @inline(always) mutating func add(_ a: Lanes, _ b: Lanes) { self = adding(a, b) }

  /// The other where it is greater: one instruction; NaN is never greater.
  @inline(always) func orGreater(_ other: Lanes) -> Lanes {
    replacing(with: other, where: other .> self)
  }

  /// 2^self, relative error below 2e-7; the argument is held within +-126.
  @inline(always) var powerOfTwo: Lanes { powerOfTwo(times: 1, upTo: 126) }

  /// 2^(self factor), relative error below 2e-7; the exponent is held between -126 and `limit`.
  ///
  /// Adding 1.5 * 2^23 rounds to an integer that then stands in the low bits; a polynomial serves
  /// for the rest, and the integer is added to the exponent. NaN passes the comparisons unchanged.
  @inline(always) func powerOfTwo(times factor: Float, upTo limit: Float) -> Lanes {
    let bounds = factor < 0 ? (limit / factor, -126 / factor) : (-126 / factor, limit / factor)
    var x = replacing(with: Lanes(repeating: bounds.0), where: self .< bounds.0)
    x = x.replacing(with: Lanes(repeating: bounds.1), where: x .> bounds.1)
    let factor = Lanes(repeating: factor)
    let shifted = Lanes(repeating: 12_582_912).adding(x, factor)
    let f = (12_582_912 - shifted).adding(x, factor)
    var p = Lanes(repeating: 1.326_47e-3)
    p = Lanes(repeating: 9.671_51e-3).adding(p, f)
    p = Lanes(repeating: 5.550_734e-2).adding(p, f)
    p = Lanes(repeating: 2.402_224_2e-1).adding(p, f)
    p = Lanes(repeating: 6.931_469_8e-1).adding(p, f)
    p = Lanes(repeating: 1).adding(p, f)
    let bits = unsafeBitCast(p, to: LaneBits.self)
    let exponent = unsafeBitCast(shifted, to: LaneBits.self) &<< 23
    return unsafeBitCast(bits &+ exponent, to: Lanes.self)
  }

  /// 1 + e^-x, held below 2^limit: the denominator of a sigmoid.
  @inline(always) func onePlusExponential(upTo limit: Float = 126) -> Lanes {
    1 + powerOfTwo(times: -1.442_695_04, upTo: limit)
  }

  /// 2^(self factor) - 1, relative error below 6e-7 near 0 too, where 2^x less 1 would cancel.
  ///
  /// The polynomial is of (2^f - 1) / f. Its factor f joins the whole power of two: as a factor of the
  /// polynomial the compiler takes vectors apart for it.
  @inline(always) func powerOfTwoLessOne(times factor: Float, upTo limit: Float) -> Lanes {
    var x = replacing(with: Lanes(repeating: -126 / factor), where: self .< -126 / factor)
    x = x.replacing(with: Lanes(repeating: limit / factor), where: x .> limit / factor)
    let factor = Lanes(repeating: factor)
    let shifted = Lanes(repeating: 12_582_912).adding(x, factor)
    let f = (12_582_912 - shifted).adding(x, factor)
    var p = Lanes(repeating: 1.333_353_9e-3)
    p = Lanes(repeating: 9.666_245e-3).adding(p, f)
    p = Lanes(repeating: 5.550_500_4e-2).adding(p, f)
    p = Lanes(repeating: 2.402_235_1e-1).adding(p, f)
    p = Lanes(repeating: 6.931_471e-1).adding(p, f)
    let exponent = unsafeBitCast(shifted, to: LaneBits.self) &<< 23
    let power = unsafeBitCast(exponent &+ 0x3f80_0000, to: Lanes.self)
    return (power - 1).adding(p, power * f)
  }

  /// e^2x - 1, held below 2^limit: tanh x is that over itself plus 2.
  @inline(always) func squaredExponentialLessOne(upTo limit: Float = 126) -> Lanes {
    powerOfTwoLessOne(times: 2.885_390_08, upTo: limit)
  }

  /// The hyperbolic tangent, relative error below 1e-6; exactly 0 at 0.
  @inline(always) var tanh: Lanes {
    let lessOne = squaredExponentialLessOne()
    return lessOne / (lessOne + 2)
  }
}

extension Lanes {
  /// The sum of all lanes, halves first: `sum()` of the library adds one lane after the other.
  @inline(always) var total: Float {
    #if RNR_AVX512
    let quarter = Lanes.add4(Lanes.halves(self))
    #elseif RNR_AVX2
    let quarter = Lanes.add4(self)
    #else
    let quarter = self
    #endif
    return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3])
  }

  @inline(always) private static func halves(_ x: SIMD16<Float>) -> SIMD8<Float> {
    x.lowHalf + x.highHalf
  }

  @inline(always) private static func add4(_ x: SIMD8<Float>) -> SIMD4<Float> {
    x.lowHalf + x.highHalf
  }
}

/// `count` rounded up to whole multiples of `step`.
@inline(always) func rounded(_ count: Int, to step: Int) -> Int {
  (count + step - 1) / step * step
}

/// Loops over memory that is padded to whole vectors or whose end is walked number by number.
enum VectorLoops {
  /// Copies a row of a few vectors, without the call that `update(from:)` makes.
  @inline(always)
  static func copy(_ source: Floats, to target: MutableFloats, _ count: Int) {
    var place = 0
    while place &+ Lanes.width <= count {
      Lanes(at: source + place).store(target + place)
      place &+= Lanes.width
    }
    while place < count {
      target[place] = source[place]
      place &+= 1
    }
  }

  /// target += source.
  @inline(never)
  static func add(_ source: Floats, to target: MutableFloats, _ count: Int) {
    var place = 0
    while place &+ Lanes.width <= count {
      (Lanes(at: target + place) + Lanes(at: source + place)).store(target + place)
      place &+= Lanes.width
    }
    while place < count {
      target[place] += source[place]
      place &+= 1
    }
  }
}
