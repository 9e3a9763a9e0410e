import Glibc
import Synchronization
import Testing

@testable import Execution

@Suite struct ParallelTests {
  /// What a chunk computes depends on its number, not on the thread.
  @Test(arguments: [1, 2, 3, 8])
  func sameResultsOnAnyNumberOfThreads(_ threads: Int) throws {
    func results(_ threads: Int) throws -> [Double] {
      let results = Mutex([Double](repeating: 0, count: 100))
      try Parallel.forEach(100, threads: threads) { chunk in
        var stream = RandomStream(seed: 1, purpose: "chunk", index: UInt64(chunk))
        let value = (0..<50).reduce(0) { sum, _ in sum + stream.normal() }
        results.withLock { $0[chunk] = value }
      }
      return results.withLock { $0 }
    }
    #expect(try results(threads) == results(1))
  }

  @Test(arguments: [1, 2, 5])
  func eachChunkOnce(_ threads: Int) throws {
    let counts = Mutex([Int](repeating: 0, count: 1000))
    try Parallel.forEach(1000, threads: threads) { chunk in counts.withLock { $0[chunk] += 1 } }
    #expect(counts.withLock { $0 }.allSatisfy { $0 == 1 })
  }

  /// Jobs of a few chunks, one upon the other and after pauses, with jobs inside of their chunks.
  @Test func shortJobsAndJobsInsideJobs() throws {
    for turn in 0..<2000 {
      let sum = Atomic<Int>(0)
      try Parallel.forEach(turn % 7 + 1, threads: 3) { chunk in
        try Parallel.forEach(3, threads: 2) { sum.wrappingAdd(10 * chunk + $0, ordering: .relaxed) }
      }
      let count = turn % 7 + 1
      #expect(sum.load(ordering: .relaxed) == 15 * count * (count - 1) + 3 * count)
      if turn % 500 == 0 { usleep(3000) }
    }
  }

  /// Chunks that share their work in turn have the threads that fall to them, and no others.
  @Test(arguments: [1, 2, 5])
  func jobsInsideJobsShareTheThreads(_ chunks: Int) throws {
    let most = max(1, Parallel.threads / min(chunks, Parallel.threads))
    try Parallel.forEach(chunks) { _ in
      let seen = Mutex(Set<pthread_t>())
      try Parallel.forEach(50) { _ in
        usleep(100)
        seen.withLock { _ = $0.insert(pthread_self()) }
      }
      #expect(seen.withLock { $0.count } <= most)
    }
  }

  /// Several threads ask for help at the same time: each gets all of its own chunks done.
  @Test func jobsOfSeveralThreads() async throws {
    let sums = try await withThrowingTaskGroup(of: Int.self) { group in
      for task in 0..<4 {
        group.addTask {
          let sum = Atomic<Int>(0)
          for _ in 0..<500 {
            try Parallel.forEach(5, threads: 2) { sum.wrappingAdd($0 + task, ordering: .relaxed) }
          }
          return sum.load(ordering: .relaxed)
        }
      }
      return try await group.reduce(into: [Int]()) { $0.append($1) }
    }
    #expect(sums.sorted() == (0..<4).map { 500 * (10 + 5 * $0) })
  }

  @Test func nothingToDo() throws {
    try Parallel.forEach(0) { _ in throw Interrupted() }
  }

  /// A later chunk fails first; the error is the earlier one's all the same.
  @Test(arguments: [1, 2, 4])
  func lowestErrorWins(_ threads: Int) throws {
    #expect(throws: Failure("chunk 2")) {
      try Parallel.forEach(50, threads: threads) { chunk in
        if chunk == 2 { usleep(20_000) }
        if chunk == 2 || chunk == 3 || chunk == 5 { throw Failure("chunk \(chunk)") }
      }
    }
  }

  @Test func restIsDroppedAfterAnError() throws {
    let done = Atomic<Int>(0)
    #expect(throws: Failure.self) {
      try Parallel.forEach(100_000, threads: 2) { chunk in
        if chunk == 3 { throw Failure("no") }
        done.wrappingAdd(1, ordering: .relaxed)
        usleep(50)
      }
    }
    #expect(done.load(ordering: .relaxed) < 1000)
  }

  @Test func cancellationCounts() throws {
    let token = Cancellation()
    try token.check()
    token.request()
    token.request()
    #expect(token.level == 2 && token.isRequested)
    #expect(throws: Interrupted()) { try token.check() }
    token.clear()
    try token.check()
  }

  /// Loops give up where their result is dropped, and nowhere else.
  @Test func onlyStoppableWorkIsGivenUp() throws {
    let token = Cancellation()
    #expect(try token.stoppable { token.isGivenUp } == false)
    var wasGivenUp = false
    #expect(throws: Interrupted()) {
      try token.stoppable {
        token.request()
        wasGivenUp = token.isGivenUp
      }
    }
    #expect(wasGivenUp && token.isRequested && !token.isGivenUp)
    #expect(throws: Interrupted()) {
      try token.stoppable { try token.stoppable {} }
    }
    #expect(!token.isGivenUp)
  }
}
