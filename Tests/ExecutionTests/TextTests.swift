import Glibc
import Testing

@testable import Execution

@Suite struct TextTests {
  @Test func numbers() {
    #expect(Text.fixed(1.005, 2) == "1.00" && Text.fixed(-0.5, 0) == "-0")
    #expect(Text.significant(0.123456) == "0.1235" && Text.significant(1.5e-5) == "1.5e-05")
    #expect(Text.significant(1_234_567, 3) == "1.23e+06")
    #expect(Text.exponent(0.00125, 2) == "1.25e-03")
    #expect(Text.fixed(.nan, 2) == "nan" && Text.fixed(-.infinity, 2) == "-inf")
    #expect(Text.significant(-.nan) == "nan" && Text.exponent(.infinity, 1) == "inf")
    // However long, nothing is written past the buffer.
    #expect(Text.fixed(1e300, 200).count == 502)
  }

  @Test func roundingIsThatOfTheLibrary() {
    var stream = RandomStream(seed: 1, purpose: "rounding")
    for _ in 0..<20_000 {
      // Multiples of 1/64 often lie in the middle of two numbers with fewer decimals.
      let value =
        (Double(stream.next32()) - 0x1p31) / [64, 1e3, 3, 0x1p20][Int(stream.next32() % 4)]
      let decimals = Int(stream.next32() % 6)
      #expect(Text.fixed(value, decimals) == printed("%.*f", decimals, value))
      #expect(Text.significant(value, decimals + 3) == printed("%.*g", decimals + 3, value))
    }
  }

  private func printed(_ format: String, _ digits: Int, _ value: Double) -> String {
    withVaList([Int32(digits), value]) { arguments in
      var buffer = [CChar](repeating: 0, count: 400)
      let count = Int(vsnprintf(&buffer, buffer.count, format, arguments))
      return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  @Test func durations() {
    let texts = [0, 8.4, 59.6, 125, 3600, 3723].map(Text.duration)
    #expect(texts == ["0 s", "8 s", "1:00", "2:05", "1:00:00", "1:02:03"])
    #expect(Text.duration(.infinity) == "?" && Text.duration(.nan) == "?")
  }

  @Test func counts() {
    #expect(Text.count(1, "net") == "1 net" && Text.count(0, "net") == "0 nets")
  }

  @Test func nearest() {
    let names = ["hidden", "layers", "rate", "decay", "sum"]
    #expect(Text.nearest("hiden", in: names) == ["hidden"])
    #expect(Text.nearest("layesr", in: names) == ["layers"])
    #expect(Text.nearest("raet", in: names) == ["rate"])
    #expect(Text.nearest("x", in: names) == [])
    #expect(Text.nearest("momentum", in: names) == [])
    #expect(Text.nearest("sum", in: names) == [])
    #expect(Text.nearest("lint", in: ["list", "line"]) == ["line", "list"])
  }

  @Test func failuresDescribeThemselves() {
    #expect(Failure("no data").description == "no data")
    #expect(Failure("no data", hint: "load some").description == "no data (hint: load some)")
  }
}
