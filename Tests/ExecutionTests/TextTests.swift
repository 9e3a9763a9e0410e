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
