import Glibc
import Testing

/// Damaged files of every kind through `load`: an error or a value, but no signal, no endless work,
/// and no more memory than the budget.
///
/// Short and seeded; `Benchmarks/mutations` runs the long form.
@Suite struct MutatedFileTests {
  /// What loads files one after the other, and says which one it is at.
  private static let program = """
    for path in arguments {
      print(path)
      try {
        x = if starts_with(path, "idx") { published_digits(path) } else { load(path) }
        s = text(x)
        if starts_with(path, "net") { s = text(weights(x)) }
        if starts_with(path, "deep") { s = to_json(x) }
        if starts_with(path, "loop") { s = text(x.state) }
      } else e { assert length(e) > 0 }
      if starts_with(path, "loop") {
        try { iterate(0, 5, (s, k) -> s + 1, checkpoint=path) } else e { assert length(e) > 0 }
      }
    }
    print("end")
    """

  /// What makes one sound file of each kind.
  private static let originals = """
    seed(1)
    save(normal([3, 4], seed=1), "plain.npy")
    save(zeros([0, 5]), "empty.npy")
    tensors = (a=normal([3, 4], seed=1), b=ones([2]), c=zeros([0]))
    save(tensors, "plain.npz")
    save(tensors, "plain.safetensors")
    save((x=normal([5], seed=1), name=["a", "b,c", "d\\"e", "", "f"]), "plain.csv")
    save(normal([4, 3], seed=1), "plain.tsv")
    save((a=1, b=[1, 2.5e-3, none, true, "text é"], c=(d=[[1], [2, [3]]],)), "plain.json")
    save((a=1, b=[1, 2.5, none, true, "text é"], c=ones([2, 3]), d=0..5, e=(1, "x")), "deep.rnv")
    save(lstm(inputs=3, outputs=2, hidden=2, layers=1, seed=1), "net.rnv")
    save(gru(inputs=3, outputs=2, hidden=2, layers=1, seed=1), "net2.rnv")
    save(adamw((w=ones([3]),)), "optimizer.rnv")
    save(language([0, 1, 0, 1]), "language.rnv")
    iterate(0, 3, (s, k) -> s + 1, checkpoint="loop.rnv")
    language_zoo("zoo", runs=2, steps=2, snapshots=[0, 2], hidden=4, layers=1, length=20, samples=2, rollouts=1)
    """

  private static let names = [
    "plain.npy", "empty.npy", "plain.npz", "plain.safetensors", "plain.csv", "plain.tsv",
    "plain.json", "deep.rnv", "net.rnv", "net2.rnv", "optimizer.rnv", "language.rnv", "loop.rnv",
  ]

  /// Damaged files of each kind; `RNR_MUTATIONS` asks for another number.
  private static let count =
    getenv("RNR_MUTATIONS").flatMap { Int(String(cString: $0)) } ?? 40

  private static let seed =
    getenv("RNR_MUTATION_SEED").flatMap { UInt64(String(cString: $0)) } ?? 20_260_101

  private static func prepared() throws -> Folder {
    let folder = try Folder()
    try folder.write(originals, to: "originals.rnr")
    try folder.write(program, to: "load.rnr")
    let made = try Program.run(["--no-init", "originals.rnr"], in: folder)
    try #require(made.ending == .code(0), "\(made)")
    return folder
  }

  /// Loads files in a child process; each kind takes well below a second, and little memory.
  private static func load(_ paths: [String], in folder: Folder) throws {
    let measure = try Program.measure(
      ["--no-init", "load.rnr"] + paths, in: folder, budget: "128M",
      seconds: 20 + 0.1 * Double(paths.count))
    let last = measure.result.output.split(separator: "\n").last.map(String.init) ?? ""
    // What is large is asked for before it is taken, and small pieces are watched: they go beyond the
    // budget for some milliseconds at most. The program itself takes some 30 MB of files.
    if !measure.isSound(memory: 2 * 128 << 20) || last != "end" {
      Issue.record(
        "at \(last): \(measure.result.ending), \(measure.memory >> 20) MB, endless: \(measure.isEndless); \(measure.result.errors.suffix(800)); the file: \(folder.bytes(last))"
      )
    }
  }

  @Test(arguments: names) func noneEndsTheProcess(name: String) throws {
    let folder = try Self.prepared()
    let original = folder.bytes(name)
    try #require(!original.isEmpty)
    var mutation = Mutation(seed: Self.seed &+ name.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
    let parts = name.split(separator: ".")
    let batch = 200
    for start in stride(from: 0, to: Self.count, by: batch) {
      let paths = try (start..<min(start + batch, Self.count)).map { number in
        let path = "\(parts[0])-\(number).\(parts[1])"
        try folder.write(mutation.changed(original), bytesTo: path)
        return path
      }
      try Self.load(paths, in: folder)
      for path in paths { unlink(folder.path + "/" + path) }
    }
  }

  @Test func noZooEndsTheProcess() throws {
    let folder = try Self.prepared()
    var mutation = Mutation(seed: Self.seed)
    let files = try #require(Self.list(folder.path + "/zoo"))
    for file in files {
      let original = folder.bytes("zoo/" + file)
      for number in 0..<max(1, Self.count / 20) {
        let name = "zoo-\(number)-\(file)"
        mkdir(folder.path + "/" + name, 0o755)
        for other in files {
          let bytes = folder.bytes("zoo/" + other)
          let isChanged = other == file && !original.isEmpty
          try folder.write(isChanged ? mutation.changed(bytes) : bytes, bytesTo: "\(name)/\(other)")
        }
        try Self.load([name], in: folder)
      }
    }
  }

  /// Files that a mutation does not find: small, and claiming much.
  @Test func noLieEndsTheProcess() throws {
    let folder = try Self.prepared()
    var paths: [String] = []
    func add(_ name: String, _ bytes: [UInt8]) throws {
      try folder.write(bytes, bytesTo: name)
      paths.append(name)
    }
    let shapes = [
      "(0, 9223372036854775807)", "(9223372036854775807, 0)", "(0, 4294967296, 4294967296)",
      "(4294967296, 4294967296)", "(-1, 3)", "(2, 9223372036854775807, 2)",
      "(99999999999999999999,)",
    ]
    for (number, shape) in shapes.enumerated() {
      let header = "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }\n"
      let length = UInt8(header.utf8.count)
      let npy = [0x93] + Array("NUMPY".utf8) + [1, 0, length, 0] + Array(header.utf8)
      try add("lie-\(number).npy", npy)
      let extents = shape.dropFirst().dropLast().split(separator: ",").joined(separator: ",")
      let json = "{\"a\":{\"dtype\":\"F32\",\"shape\":[\(extents)],\"data_offsets\":[0,0]}}"
      try add("lie-\(number).safetensors", Self.word(json.utf8.count) + Array(json.utf8))
    }
    // Nested lists that claim as many items as there are bytes.
    let claim = Array("rnv1".utf8) + (0..<400).flatMap { _ in [0x6c] + Self.word(100_000) }
    try add("claims.rnv", claim + [UInt8](repeating: 0x7a, count: 110_000))
    for claim in [Int.max, Int.min, -1, 1 << 40] {
      for letter in "lmsaio" {
        let kind = letter.asciiValue ?? 0
        try add(
          "claim-\(paths.count).rnv", Array("rnv1".utf8) + [kind] + Self.word(claim) + [0, 0, 0])
      }
    }
    // Tensors that share all their bytes.
    let shared = (0..<400).map {
      "\"t\($0)\":{\"dtype\":\"F32\",\"shape\":[250000],\"data_offsets\":[0,1000000]}"
    }
    let header = "{" + shared.joined(separator: ",") + "}"
    try add(
      "shared.safetensors",
      Self.word(header.utf8.count) + Array(header.utf8) + [UInt8](repeating: 0, count: 1_000_000))
    try add("columns.csv", Array((0..<20_001).map { _ in "x" }.joined(separator: ",").utf8) + [10])
    // Zip directories that lie about where and how much.
    let archive = folder.bytes("plain.npz")
    let end = archive.count - 22
    for (place, value) in [(10, 0xffff), (16, 0xffff_ffff), (16, 0x7fff_ffff), (12, 0xffff_ffff)] {
      var lying = archive
      for byte in 0..<(place == 10 ? 2 : 4) {
        lying[end + place + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte))
      }
      try add("zip-\(paths.count).npz", lying)
      for long in [Int.max, Int.min, Int.max - 40, -1] {
        let locator = [0x50, 0x4b, 6, 7, 0, 0, 0, 0] + Self.word(long) + [1, 0, 0, 0]
        try add("zip-\(paths.count).npz", Array(lying[..<end]) + locator + Array(lying[end...]))
      }
    }
    try Self.load(paths, in: folder)
  }

  /// Small files that unfold to far more than the budget.
  @Test func noBombEndsTheProcess() throws {
    let folder = try Self.prepared()
    let zeros = Deflated.zeros(400_000_000)
    var paths: [String] = []
    // Of an honest member, of one that claims little, and of one that claims more than there is.
    for claim in [zeros.size, 1_000, 0x7fff_ffff] {
      paths.append("bomb-\(paths.count).npz")
      try folder.write(Deflated.archive([(zeros.bytes, claim)]), bytesTo: paths[paths.count - 1])
    }
    // Each member fits, but not all together.
    let part = Deflated.zeros(6_000_000)
    paths.append("many.npz")
    try folder.write(
      Deflated.archive([(part.bytes, part.size)] + Array(repeating: (part.bytes, 0), count: 60)),
      bytesTo: "many.npz")
    mkdir(folder.path + "/idx", 0o755)
    for name in ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"] {
      try folder.write(Deflated.gzip(zeros.bytes), bytesTo: "idx/" + name)
    }
    try Self.load(paths + ["idx"], in: folder)
  }

  private static func word(_ number: Int) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  private static func list(_ path: String) -> [String]? {
    guard let folder = opendir(path) else { return nil }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}

/// Bytes in the form of zip and gzip, written by hand: RFC 1951 with its fixed codes.
private enum Deflated {
  /// A stream of at least so many zeros, of which 258 take 13 bits.
  static func zeros(_ count: Int) -> (bytes: [UInt8], size: Int) {
    let repeats = count / 258
    var (bytes, buffer, filled) = ([UInt8](), 0, 0)
    func put(_ bits: String) {
      for bit in bits {
        if bit == "1" { buffer |= 1 << filled }
        filled += 1
        if filled == 8 {
          bytes.append(UInt8(buffer))
          (buffer, filled) = (0, 0)
        }
      }
    }
    // The last block, of fixed codes, and one zero.
    put("110" + "00110000")
    // Eight times "258 bytes more, from 1 back" are whole bytes, whatever was before.
    let eight = String(repeating: "1100010100000", count: 8)
    put(eight)
    let turn = Array(bytes.suffix(13))
    bytes.reserveCapacity(bytes.count + repeats / 8 * 13 + 16)
    for _ in 1..<max(2, repeats / 8) { bytes += turn }
    put("0000000" + "0000000")
    return (bytes, 1 + 258 * 8 * max(2, repeats / 8))
  }

  static func gzip(_ stream: [UInt8]) -> [UInt8] {
    [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3] + stream + [UInt8](repeating: 0, count: 8)
  }

  /// An archive of streams with the sizes that they claim.
  static func archive(_ members: [(stream: [UInt8], size: Int)]) -> [UInt8] {
    func word(_ number: Int, _ size: Int) -> [UInt8] {
      (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    var (bytes, directory) = ([UInt8](), [UInt8]())
    for (number, member) in members.enumerated() {
      let name = Array("t\(number).npy".utf8)
      let common =
        word(20, 2) + word(0, 2) + word(8, 2) + word(0, 8) + word(member.stream.count, 4)
        + word(member.size, 4) + word(name.count, 2) + word(0, 2)
      directory += [0x50, 0x4b, 1, 2, 20, 0] + common + word(0, 10) + word(bytes.count, 4) + name
      bytes += [0x50, 0x4b, 3, 4] + common + name + member.stream
    }
    let end = word(0, 4) + word(members.count, 2) + word(members.count, 2)
    return bytes + directory + [0x50, 0x4b, 5, 6] + end + word(directory.count, 4)
      + word(bytes.count, 4) + word(0, 2)
  }
}

/// Changes bytes as broken disks, programs and people do.
struct Mutation {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  private mutating func next(_ count: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    mixed ^= mixed >> 31
    return Int(mixed % UInt64(max(1, count)))
  }

  /// Words that programs trip over: bounds of integers, NaN, infinity, large and negative numbers.
  private static let words: [UInt64] = [
    0, 1, 0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, 0xffff_ffff_ffff_ffff, 0xffff_ffff, 1 << 53,
    1 << 33, 0x7ff8_0000_0000_0000, 0x7ff0_0000_0000_0000, (1e30).bitPattern, (-5.0).bitPattern,
    (0.5).bitPattern, (1e300).bitPattern, UInt64(Float.nan.bitPattern),
    UInt64(Float(1e30).bitPattern),
  ]

  private static let texts = [
    "9223372036854775807", "-9223372036854775808", "99999999999999999999", "1e999", "-1", "nan",
    "[",
    "{", "\"", "\\u", "\\ud800", "]", "0", "null", ",", "\n", "\r", "\u{0}", ":", "'", "(", "True",
  ]

  /// A copy with one to four changes.
  mutating func changed(_ original: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0...next(4) { change(&bytes) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return bytes.append(UInt8(next(256))) }
    // Heads of files, where the sizes stand, are changed more often.
    let place = next(2) == 0 ? next(min(bytes.count, 160)) : next(bytes.count)
    let end = min(bytes.count, place + 1 + next(24))
    switch next(9) {
    case 0: bytes[place] = UInt8(next(256))
    case 1: bytes[place] ^= 1 << UInt8(next(8))
    case 2: bytes.removeSubrange(place..<end)
    case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 4: bytes.removeLast(next(bytes.count))
    case 5:
      let word = Self.words[next(Self.words.count)]
      for byte in 0..<8 where place + byte < bytes.count {
        bytes[place + byte] = UInt8(truncatingIfNeeded: word >> UInt64(8 * byte))
      }
    case 6: bytes.insert(contentsOf: Self.texts[next(Self.texts.count)].utf8, at: place)
    case 7:
      // A number in a text becomes another one.
      let digits = bytes[place...].firstIndex { $0 >= 48 && $0 < 58 } ?? place
      let rest = bytes[digits...].firstIndex { $0 < 48 || $0 >= 58 } ?? bytes.count
      bytes.replaceSubrange(digits..<rest, with: Self.texts[next(Self.texts.count)].utf8)
    default:
      let other = next(bytes.count)
      bytes.replaceSubrange(place..<end, with: bytes[other..<min(bytes.count, other + 16)])
    }
  }
}

extension Folder {
  /// Makes a file of bytes.
  func write(_ bytes: [UInt8], bytesTo name: String) throws {
    let file = try #require(fopen("\(path)/\(name)", "w"))
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }
}
