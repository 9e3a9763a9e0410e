import Execution
import Networks
import Testing

@testable import Zoos

@Suite struct SettingsTests {
  @Test func paperIsTheDefault() throws {
    let settings = ZooSettings()
    try settings.validate()
    #expect(settings.keptSteps == [0, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000])
    #expect(settings.points.map(\.step) == [0, 10_000, 20_000])
    #expect(settings.points.map(\.rate) == [0.01, 0.003, 0.0003])
    #expect(settings.rowCount == 9000)
    #expect(try settings.networkShape().parameterCount == 13_766)
  }

  @Test func scheduleAndSnapshotsFollowTheSteps() {
    var settings = ZooSettings()
    settings.steps = 300
    #expect(settings.keptSteps == [0, 100, 200, 300])
    #expect(settings.points.map(\.step) == [0, 150, 300])
    settings.steps = 0
    #expect(settings.keptSteps == [0])
  }

  @Test func impossibleSettingsAreRefused() {
    func message(_ change: (inout ZooSettings) -> Void) -> String {
      var settings = ZooSettings()
      change(&settings)
      do {
        try settings.validate()
        return "no failure"
      } catch let failure as Failure {
        return failure.message
      } catch {
        return "\(error)"
      }
    }
    #expect(message { $0.runs = 0 } == "runs must be at least 1, but it is 0")
    #expect(message { $0.steps = -1 } == "steps must be at least 0, but it is -1")
    #expect(message { $0.letters = 27 } == "letters must be 1 to 26, but it is 27")
    #expect(message { $0.length = Int.max }.hasPrefix("length must be"))
    #expect(message { $0.lowest = Int.min }.hasPrefix("lowest must be"))
    #expect(message { $0.lowest = 3 } == "lowest must not be above highest, but they are 3 and 2")
    #expect(message { $0.weightDecay = -1 } == "decay must be 0 or above, but it is -1")
    #expect(message { $0.weightDecay = .nan }.hasPrefix("decay must be"))
    #expect(
      message { $0.schedule = try? Schedule([(step: 0, rate: 1), (step: 9, rate: 0)]) }
        == "a learning rate must be above 0, but at step 9 it is 0")
    #expect(
      message { $0.snapshots = [-4] } == "a snapshot's step must be 0 or above, but one is -4")
    #expect(message { $0.samples = 50 }.hasPrefix("rollouts are taken from the samples"))
    #expect(
      message { $0.lowest = -10 }
        == "the language L(0, -10, 2, 2) has no training string: its least n is 10, "
        + "and n stays below 10")
    #expect(
      message { $0.length = 12 }
        == "no string of the task L(0, -3, 2, 2) fits: its shortest has 13 letters, which with "
        + "beginning and end make 15 tokens, but length is 12")
    #expect(
      message {
        $0.letters = 20
        $0.tasks = .all
        $0.length = 200
      }.hasPrefix("there are too many tasks to take all"))
    #expect(message { $0.beta2 = 1 } == "beta2 must be from 0 to below 1, but it is 1")
    #expect(message { $0.epsilon = 0 } == "epsilon must be above 0, but it is 0")
    #expect(message { $0.runs = 1 << 30 }.contains("is too large"))
    #expect(message { $0.runs = 1 << 24 }.hasPrefix("a zoo of 16777216 runs does not fit into"))
  }
}
