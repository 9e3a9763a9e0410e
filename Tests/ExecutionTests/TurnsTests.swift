import Glibc
import Synchronization
import Testing

@testable import Execution

@Suite struct TurnsTests {
  /// A number that several threads change without care.
  private final class Careless: @unchecked Sendable {
    var count = 0
    /// How many threads are at it now, and the most there ever were.
    let present = Atomic<Int>(0)
    let most = Atomic<Int>(0)

    func change() {
      let now = present.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
      most.max(now, ordering: .sequentiallyConsistent)
      let before = count
      if before & 15 == 0 { sched_yield() }
      count = before + 1
      present.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    }
  }

  @Test(arguments: [1, 2, 4])
  func oneThreadAtATimeHasTheTurn(_ threads: Int) throws {
    let careless = Careless()
    try Turns.forEach(300, threads: threads) { number in
      for _ in 0..<10 {
        careless.change()
        if number % 3 == 0 { Turns.apart { usleep(10) } }
      }
    }
    #expect(careless.count == 3000)
    #expect(careless.most.load(ordering: .relaxed) == 1)
  }

  /// Each waits apart until the other one has had the turn: with one turn after the other they never
  /// would end.
  @Test(.timeLimit(.minutes(1)))
  func threadsAreSideBySideApart() throws {
    let arrived = Atomic<Int>(0)
    try Turns.forEach(2, threads: 2) { _ in
      arrived.wrappingAdd(1, ordering: .sequentiallyConsistent)
      Turns.apart { while arrived.load(ordering: .sequentiallyConsistent) < 2 { sched_yield() } }
    }
    #expect(arrived.load(ordering: .relaxed) == 2)
  }

  /// What is shared among threads in turn goes on apart, and pieces within pieces take the same turns.
  @Test func workInsideOfWork() throws {
    let careless = Careless()
    let shared = Atomic<Int>(0)
    try Turns.forEach(8, threads: 2) { _ in
      try Parallel.forEach(5) { _ in
        #expect(!Turns.areTaken)
        shared.wrappingAdd(1, ordering: .relaxed)
      }
      try Turns.forEach(4, threads: 3) { _ in careless.change() }
      careless.change()
    }
    #expect(shared.load(ordering: .relaxed) == 40)
    #expect(careless.count == 40 && careless.most.load(ordering: .relaxed) == 1)
  }

  @Test(arguments: [1, 2, 4])
  func theFirstFailureIsThrown(_ threads: Int) {
    #expect(throws: Failure("0 fails")) {
      try Turns.forEach(4, threads: threads) { throw Failure("\($0) fails") }
    }
  }

  /// The stack of each thread holds what that of a program does.
  @Test func stacksAreDeep() throws {
    @Sendable func depth(_ left: Int) -> Int {
      withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 16) { room in
        room[left % 4096] = 1
        return left == 0 ? Int(room[0]) : depth(left - 1) + 1
      }
    }
    let depths = Mutex([Int]())
    try Turns.forEach(3, threads: 3) { _ in
      let found = depth(1200)
      depths.withLock { $0.append(found) }
    }
    #expect(depths.withLock { $0 } == [1201, 1201, 1201])
  }
}
