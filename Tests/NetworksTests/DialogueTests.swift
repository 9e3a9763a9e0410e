import Kernels
import Testing

@testable import Networks

/// How nets are divided into groups that are asked side by side.
@Suite struct DialogueTests {
  private func settings(core: Int) throws -> ProbingDialogue.Settings {
    ProbingDialogue.Settings(
      subject: try NetworkShape(inputs: 2, outputs: 2), isInteractive: true, coreCell: .lstm,
      core: core, length: 1, sequences: 1, probe: .linear, sharpness: 1, staticWeight: 0,
      isResidual: true, echoes: false, isPooled: false, hearsLogarithms: false)
  }

  private func groups(_ nets: Int, core: Int) throws -> [Range<Int>] {
    ProbingDialogue.groups(of: nets, try settings(core: core))
  }

  @Test(arguments: [8, 64, 96, 97, 256])
  func groupsMakeUpAllNets(_ core: Int) throws {
    for nets in 1...200 {
      let groups = try groups(nets, core: core)
      #expect(groups.flatMap { Array($0) } == Array(0..<nets))
      #expect(groups.allSatisfy { !$0.isEmpty && $0.count <= (core > 96 ? 64 : 32) })
    }
  }

  /// A group of one or two nets would have other numbers than a larger one.
  @Test(arguments: [8, 64, 96, 97, 256])
  func encodedNetsAreNeverNearlyAlone(_ core: Int) throws {
    let settings = try settings(core: core)
    for nets in 1...200 {
      for threads in [1, 2, 3, 8, 100] {
        let groups = ProbingDialogue.groups(of: nets, settings, threads: threads)
        #expect(groups.flatMap { Array($0) } == Array(0..<nets))
        #expect(groups.allSatisfy { $0.count >= min(nets, 8) && $0.count <= (core > 96 ? 64 : 32) })
      }
    }
    #expect(ProbingDialogue.groups(of: 64, settings, threads: 2) == [0..<32, 32..<64])
    #expect(ProbingDialogue.groups(of: 64, settings, threads: 1).count == (core > 96 ? 1 : 2))
  }

  /// Two threads have the same to do at the usual sizes.
  @Test func batchesGoInHalves() throws {
    for core in [64, 256] {
      #expect(try groups(64, core: core) == [0..<32, 32..<64])
      #expect(try groups(32, core: core) == [0..<16, 16..<32])
    }
    #expect(try groups(16, core: 64).count == 2)
    #expect(try groups(16, core: 256).count == 1)
  }
}
