import CZlib
import Execution
import Testing

@testable import Tensors

@Suite struct FileTests {
  private let folder = Reference.folder

  @Test(arguments: ["u1", "i1", "i2", "i4", "i8", "f2", "f4", "f8"])
  func numberTypes(_ name: String) throws {
    let tensor = try Tensor.readNPY(folder + "type_\(name).npy")
    #expect(tensor == Tensor(shape: [2, 3], [0, 1, 2, 3, 100, 7]))
    let type = try #require(NumberType.allCases.first { $0.numpyName == name })
    #expect(try tensor.npyBytes(as: type) == File.read(folder + "type_\(name).npy"))
  }

  @Test func unusualFiles() throws {
    #expect(try Tensor.readNPY(folder + "type_b1.npy").elements == [0, 1, 1, 1, 1, 1])
    let ramp = try Tensor.arange(0, 24).reshaped([2, 3, 4])
    #expect(try Tensor.readNPY(folder + "fortran.npy") == ramp)
    #expect(try Tensor.readNPY(folder + "scalar.npy") == Tensor(2.5))
    #expect(try Tensor.readNPY(folder + "version2.npy").elements == [0, 1, 2, 3, 100, 7])
    let special = try Tensor.readNPY(folder + "special.npy").elements
    #expect(special[0].isNaN)
    #expect(special[1...] == [.infinity, -.infinity, 0, 0x1p-149])
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch let failure as Failure {
      return failure.message
    } catch {
      return "\(error)"
    }
  }

  @Test func npyErrors() throws {
    let bytes = try File.read(folder + "type_f4.npy")
    #expect(
      message { _ = try Tensor.npy(Array("hello world".utf8), name: "f") }
        .contains(
          "f is no .npy file: it should begin with \\x93NUMPY, but it begins with \"hello wo\""))
    #expect(message { _ = try Tensor.npy([], name: "f") }.contains("empty"))
    #expect(
      message { _ = try Tensor.npy(bytes.dropLast(3), name: "f") }
        .contains("cut short: shape [2, 3] of float32 needs 24 bytes of numbers, but there are 21"))
    for length in 0..<bytes.count {
      #expect(throws: Failure.self) { try Tensor.npy(Array(bytes[..<length]), name: "f") }
    }
    #expect(message { _ = try Tensor.readNPY(folder + "big_endian.npy") }.contains("type >f4"))
    #expect(message { _ = try Tensor.readNPY(folder + "none.npy") }.contains("no such file"))
    var large = bytes
    let place = try #require(bytes.firstIndex(of: UInt8(ascii: "2")))
    large.replaceSubrange(place...place, with: "9999999999999999999999".utf8)
    #expect(throws: Failure.self) { try Tensor.npy(large, name: "f") }
  }

  @Test func archives() throws {
    let packed = try NamedTensors.readNPZ(folder + "packed.npz")
    #expect(packed.names == ["ramp", "one"])
    #expect(packed["ramp"]?.elements == (0..<5000).map { Float($0 % 7) })
    #expect(packed["one"] == Tensor(1))
    try withFolder { folder in
      for compressed in [false, true] {
        try packed.writeNPZ(folder + "a.npz", compressed: compressed)
        #expect(try NamedTensors.readNPZ(folder + "a.npz") == packed)
      }
      let bytes = try File.read(folder + "a.npz")
      for length in stride(from: 0, to: bytes.count, by: 7) {
        try File.write(Array(bytes[..<length]), to: folder + "b.npz")
        #expect(throws: Failure.self) { try NamedTensors.readNPZ(folder + "b.npz") }
      }
      var damaged = bytes
      damaged[60] ^= 0x55
      try File.write(damaged, to: folder + "b.npz")
      #expect(throws: Failure.self) { try NamedTensors.readNPZ(folder + "b.npz") }
    }
  }

  @Test func safetensors() throws {
    let mixed = try NamedTensors.readSafetensors(folder + "mixed.safetensors")
    #expect(
      mixed.names == [
        "z", "a", "half", "double", "long", "int", "short", "byte", "truth", "nothing",
      ])
    #expect(mixed.metadata == ["format": "pt"])
    #expect(mixed["z"] == Tensor(shape: [1, 2], [1.5, -2]))
    for name in ["a", "half", "double"] { #expect(mixed[name]?.elements == [1.5, -2], "\(name)") }
    for name in ["long", "int", "short"] { #expect(mixed[name]?.elements == [7, -8], "\(name)") }
    #expect(mixed["byte"]?.elements == [7, 200])
    #expect(mixed["truth"]?.elements == [0, 1])
    #expect(mixed["nothing"]?.shape == [0, 3])
    #expect(message { _ = try mixed.tensor("hal") }.contains("no tensor \"hal\""))
    try withFolder { folder in
      try mixed.writeSafetensors(folder + "a.safetensors")
      #expect(try NamedTensors.readSafetensors(folder + "a.safetensors") == mixed)
      let bytes = try File.read(folder + "a.safetensors")
      for length in stride(from: 0, to: bytes.count, by: 11) {
        try File.write(Array(bytes[..<length]), to: folder + "b.safetensors")
        #expect(throws: Failure.self) { try NamedTensors.readSafetensors(folder + "b.safetensors") }
      }
    }
  }

  @Test func mappedColumns() throws {
    for name in ["i1", "i2", "i4", "i8", "f2", "f4", "f8"] {
      let column = try MappedColumn(folder + "type_\(name).npy")
      #expect(column.count == 2 && column.rowCount == 3)
      #expect(try column.all().elements == [0, 1, 2, 3, 100, 7])
      #expect(try column.rows(1..<2) == Tensor(shape: [1, 3], [3, 100, 7]))
      #expect(try column.rows(at: [-1, 0, 1]).elements == [3, 100, 7, 0, 1, 2, 3, 100, 7])
      #expect(try column.rows(2..<2).shape == [0, 3])
      #expect(throws: Failure.self) { try column.rows(1..<3) }
      #expect(throws: Failure.self) { try column.rows(at: [2]) }
    }
    let failure = #expect(throws: Failure.self) { try MappedColumn(folder + "fortran.npy") }
    #expect(
      failure?.message
        == "\"\(folder)fortran.npy\" holds its numbers in Fortran order, expected C order")
    #expect(throws: Failure.self) { try MappedColumn(folder + "scalar.npy") }
    #expect(throws: Failure.self) { try MappedColumn(folder) }
    #expect(throws: Failure.self) { try MappedColumn(folder + "none.npy") }
  }

  @Test func wholeNumbersThatDoNotFit() throws {
    #expect(throws: Failure.self) { try Tensor([40_000]).npyBytes(as: .int16) }
    #expect(throws: Failure.self) { try Tensor([0.5]).npyBytes(as: .int64) }
    #expect(throws: Failure.self) { try Tensor([.nan]).npyBytes(as: .int8) }
  }

  @Test func gzip() throws {
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let packed = try Deflate.compress(bytes, .gzip)
    #expect(packed.count < bytes.count / 20)
    #expect(try Deflate.expand(packed[...], .gzip, name: "f") == bytes)
    #expect(try Deflate.expand((packed + packed)[...], .gzip, name: "f") == bytes + bytes)
    #expect(
      message { _ = try Deflate.expand(packed.dropLast(9), .gzip, name: "f") }
        == "f is damaged: its compressed bytes end too early")
    #expect(throws: Failure.self) { try Deflate.expand(packed[...], .gzip, limit: 1000, name: "f") }
  }
}
