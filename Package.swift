// swift-tools-version: 6.0
import Foundation
import PackageDescription

// MARK: - Vector flags of the processor that builds

/// What the kernels may use: AVX-512, AVX2 with fused multiply-add, or the plain path.
enum VectorLevel: String {
  case avx512
  case avx2
  case plain

  /// `RNR_VECTOR=avx512|avx2|plain` overrides what `/proc/cpuinfo` says.
  static var chosen: VectorLevel {
    if let name = Context.environment["RNR_VECTOR"], let level = VectorLevel(rawValue: name) {
      return level
    }
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let flags = Set(text.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\t" }))
    if flags.isSuperset(of: ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]) {
      return .avx512
    }
    return flags.isSuperset(of: ["avx2", "fma", "bmi2"]) ? .avx2 : .plain
  }

  var swiftSettings: [SwiftSetting] {
    switch self {
    case .avx512:
      [
        .define("RNR_AVX512"), .define("RNR_FMA"),
        .unsafeFlags([
          "-Xcc", "-march=x86-64-v4", "-Xcc", "-mprefer-vector-width=512",
        ]),
      ]
    case .avx2:
      [.define("RNR_AVX2"), .define("RNR_FMA"), .unsafeFlags(["-Xcc", "-march=x86-64-v3"])]
    case .plain:
      []
    }
  }
}

let kernelFlags = VectorLevel.chosen.swiftSettings

/// By these the program checks at start that the processor has what the kernels use.
let vectorDefines: [CSetting] =
  switch VectorLevel.chosen {
  case .avx512: [.define("RNR_AVX512")]
  case .avx2: [.define("RNR_AVX2")]
  case .plain: []
  }

/// The machine's loop reads and writes its own state at every step; checking each access at run time
/// for overlap doubles the cost of a call.
let machineFlags: [SwiftSetting] = [.unsafeFlags(["-enforce-exclusivity=unchecked"])]

// MARK: - Package

let package = Package(
  name: "rnr",
  products: [
    .executable(name: "rnr", targets: ["rnr"]), .executable(name: "measure", targets: ["measure"]),
  ],
  targets: [
    // The program.
    .executableTarget(
      name: "rnr", dependencies: ["CTerminal", "Library", "Language", "Execution"],
      exclude: ["README.md"]),

    // The language and what it is given.
    .target(
      name: "Library",
      dependencies: [
        "CStdlib", "Language", "Figures", "Interrogation", "Zoos", "Networks", "Autodiff",
        "Tensors", "Kernels", "Execution",
      ],
      exclude: ["README.md"], swiftSettings: machineFlags),
    .target(
      name: "Language", dependencies: ["Autodiff", "Tensors", "Kernels", "Execution"],
      exclude: ["README.md"], swiftSettings: machineFlags),

    // What it computes with.
    .target(name: "Figures", dependencies: ["Tensors", "Execution"], exclude: ["README.md"]),
    .target(name: "Interrogation", dependencies: ["Execution"], exclude: ["README.md"]),
    .target(
      name: "Zoos", dependencies: ["Networks", "Tensors", "Kernels", "Execution"],
      exclude: ["README.md"]),
    .target(
      name: "Networks", dependencies: ["Autodiff", "Tensors", "Kernels", "Execution"],
      exclude: ["README.md"]),
    .target(
      name: "Autodiff", dependencies: ["Tensors", "Kernels", "Execution"], exclude: ["README.md"]),
    .target(
      name: "Tensors", dependencies: ["Kernels", "CZlib", "Execution"], exclude: ["README.md"]),
    .target(
      name: "Kernels", dependencies: ["Execution"], exclude: ["README.md"],
      swiftSettings: kernelFlags),
    .target(name: "Execution", exclude: ["README.md"]),

    // Measures the core beside others: `make bench`.
    .executableTarget(
      name: "measure",
      dependencies: ["Zoos", "Networks", "Autodiff", "Tensors", "Kernels", "Execution"],
      path: "Benchmarks/Measure"),

    // The only C.
    .target(
      name: "CTerminal", exclude: ["README.md"], cSettings: vectorDefines,
      linkerSettings: [.linkedLibrary("readline")]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CStdlib", exclude: ["README.md"], cSettings: [.unsafeFlags(["-std=c2x"])]),

    // Tests mirror the rooms.
    .testTarget(name: "ExecutionTests", dependencies: ["Execution"]),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels", "Execution"]),
    .testTarget(
      name: "TensorsTests", dependencies: ["Tensors", "Execution"], exclude: ["reference"]),
    .testTarget(
      name: "AutodiffTests", dependencies: ["Autodiff", "Tensors", "Kernels", "Execution"]),
    .testTarget(
      name: "NetworksTests",
      dependencies: ["Networks", "Autodiff", "Tensors", "Kernels", "Execution"],
      exclude: ["golden"]),
    .testTarget(
      name: "ZoosTests", dependencies: ["Zoos", "Networks", "Tensors", "Kernels", "Execution"],
      exclude: ["golden"]),
    .testTarget(
      name: "InterrogationTests", dependencies: ["Interrogation", "Execution"],
      exclude: ["cases"]),
    .testTarget(
      name: "FiguresTests", dependencies: ["Figures", "Tensors", "Execution"],
      exclude: ["snapshots"]),
    .testTarget(
      name: "LanguageTests", dependencies: ["Language", "Autodiff", "Tensors", "Execution"],
      exclude: ["mistakes", "checks", "layouts", "Programs"]),
    .testTarget(
      name: "LibraryTests", dependencies: ["Library", "Language", "Tensors", "Execution"],
      exclude: ["golden"]),
    .testTarget(name: "ProgramTests", dependencies: ["CTerminal", "Execution"]),
  ]
)
