#if RNR_AVX512 || RNR_AVX2
import _Builtin_intrinsics.intel
#endif

/// Masks of vectors in memory, a bit for each lane.
typealias LaneSigns = UnsafeMutablePointer<UInt16>

extension Lanes {
  /// Lanes that `rectified` keeps: those above zero, and NaN.
  @inline(always) var signs: UInt16 {
    let kept = LaneBits(repeating: .max).replacing(with: 0, where: self .<= 0)
    #if RNR_AVX512
    return _mm512_movepi32_mask(unsafeBitCast(kept, to: SIMD8<Int64>.self))
    #elseif RNR_AVX2
    return UInt16(truncatingIfNeeded: _mm256_movemask_ps(unsafeBitCast(kept, to: Lanes.self)))
    #else
    return UInt16(truncatingIfNeeded: (kept & Lanes.powers).wrappedSum())
    #endif
  }

  /// Zero in all other lanes.
  @inline(always) func kept(where signs: UInt16) -> Lanes {
    #if RNR_AVX512
    return _mm512_maskz_mov_ps(signs, self)
    #else
    // Low bits of a number that is 2 without them: comparisons of whole numbers are not made in vectors.
    let two = LaneBits(repeating: Float(2).bitPattern)
    let marked = two | LaneBits(repeating: UInt32(signs)) & Lanes.powers
    return replacing(with: 0, where: unsafeBitCast(marked, to: Lanes.self) .<= 2)
    #endif
  }

  #if RNR_AVX2
  @inline(always) private static var powers: LaneBits { LaneBits(1, 2, 4, 8, 16, 32, 64, 128) }
  #elseif !RNR_AVX512
  @inline(always) private static var powers: LaneBits { LaneBits(1, 2, 4, 8) }
  #endif
}
