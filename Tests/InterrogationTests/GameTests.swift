import Execution
import Testing

@testable import Interrogation

@Suite struct GameTests {
  private func thresholds() throws -> FunctionSet { try Family.make("thresholds", [6]) }

  @Test func findsAllFunctionsByEveryInterrogator() throws {
    for (name, values) in [("thresholds", [6]), ("pointer", [4]), ("mastermind", [2, 4])] {
      let set = try Family.make(name, values)
      let tree = try set.interactive().strategy
      let list = try set.noninteractive().queries
      for function in 0..<set.functionCount {
        for interrogator in [Interrogator.tree(tree), .greedy, .entropy, .list(list)] {
          var oracle = try HonestOracle(set, function: function)
          let transcript = try set.interrogate(interrogator, &oracle)
          #expect(transcript.verdict == .identified(function))
          #expect(try set.versionSpace(after: transcript) == [function])
        }
        var closure = ClosureOracle { set.answer(of: function, to: $0) }
        let transcript = try set.identify(&closure)
        #expect(transcript.verdict == .identified(function))
        #expect(transcript.exchanges.count <= tree.depth)
      }
    }
  }

  @Test func adversariesForceTheOptimum() throws {
    for example in CasesTests.tables where example.functions > 1 {
      let set = try example.makeSet()
      let optimum = try set.interactive()
      var exact = AdversaryOracle(set, .exact)
      let forced = try set.interrogate(.tree(optimum.strategy), &exact)
      #expect(forced.exchanges.count == optimum.bound.upper)
      var other = AdversaryOracle(set, .exact)
      #expect(try set.interrogate(.greedy, &other).exchanges.count >= optimum.bound.upper)
      var quick = AdversaryOracle(set, .quick)
      let transcript = try set.interrogate(.tree(optimum.strategy), &quick)
      #expect(transcript.exchanges.count <= optimum.bound.upper)
      #expect(quick.versionSpace == transcript.candidates)
    }
  }

  @Test func contradictionsSayWhere() throws {
    let set = try thresholds()
    let failure = #expect(throws: Failure.self) {
      try Transcript(set, [(2, 0), (0, 1), (4, 1)])
    }
    #expect(
      failure?.message
        == "contradiction at question 3: no function left answers \"1\" to x4")
    #expect(throws: Failure.self) { try Transcript(set, [(9, 0)]) }
    var liar: any Oracle = ClosureOracle { $0 == 2 ? 0 : 1 }
    let other = #expect(throws: Failure.self) { try set.interrogate(.list([2, 4]), &liar) }
    #expect(other?.message.hasPrefix("contradiction at question 2") == true)
  }

  @Test func liarsAreWithinTheirLies() throws {
    let set = try Family.make("cube", [5])
    var lies = 0
    for seed in 0..<20 {
      var oracle = try LyingOracle(set, function: 21, lies: 2, seed: UInt64(seed))
      let transcript = try set.interrogate(.list([0, 1, 2, 3, 4]), &oracle)
      let wrong = transcript.exchanges.count { $0.answer != set.answer(of: 21, to: $0.query) }
      #expect(wrong == 2 - oracle.liesLeft)
      lies += wrong
    }
    #expect(lies > 20)
    var noisy = try NoisyOracle(set, function: 3, rate: 1)
    #expect(try noisy.answer(0) != set.answer(of: 3, to: 0))
    var silent = try NoisyOracle(set, function: 3, rate: 0)
    #expect(try silent.answer(0) == set.answer(of: 3, to: 0))
    #expect(throws: Failure.self) { try NoisyOracle(set, function: 3, rate: 2) }
    #expect(throws: Failure.self) { try LyingOracle(set, function: 32, lies: 1) }
  }

  @Test func printsADialogue() throws {
    let set = try thresholds()
    var oracle = try HonestOracle(set, function: 4)
    let transcript = try set.interrogate(.tree(set.interactive().strategy), &oracle)
    #expect(
      transcript.description == """
        1. x2? 1   3 of 6 left
        2. x3? 1   2 of 6 left
        3. x4? 0   1 of 6 left
        It is t4, after 3 questions.
        """)
    #expect(
      try Transcript(set, [(4, 0), (0, 1)]).description == """
        1. x4? 0   5 of 6 left
        2. x0? 1   4 of 6 left
        4 functions are left: t1, t2, t3, t4.
        """)
  }

  @Test func playsWithAPerson() throws {
    let lines = ["x0", "foo", "hint", "x9", "t3", "3", "guess t2", "left", "x1"]
    let console = RecordingConsole(answers: lines)
    let result = try thresholds().play(on: console, secret: .function(3))
    #expect(
      console.output == """
        I am one of 6 functions: t0, t1, t2, t3, t4, t5.
        Queries: x0, x1, x2, x3, x4.
        Ask a query, or say: hint, queries, left, guess NAME, give up.
        question 1> x0
          x0 = 1   5 of 6 left: t1, t2, t3, t4, t5.
        question 2> foo
          There is no query "foo". Say hint, queries, left, guess NAME or give up.
        question 2> hint
          Ask x2: at worst 3 of 5 are left then.
        question 2> x9
          There is no query "x9". Say hint, queries, left, guess NAME or give up.
        question 2> t3
          That is a function. To name me say: guess t3
        question 2> 3
          x3 = 0   3 of 6 left: t1, t2, t3.
        question 3> guess t2
          No, I am not t2. That counts as a question.
        question 4> left
          Left: t1, t3.
        question 4> x1
          x1 = 1   1 of 6 left: t3.
        I am t3. You found it out in 4 questions.
        The best strategy needs at most 3 questions.
        Question 1 lost 1:
          after x0 there can be 3 more to ask,
          after x2 at most 2.

        """)
    #expect(result.outcome == .found(3))
    #expect(result.questionCount == 4)
    #expect(result.firstMistake == 1)
    #expect(result.optimum.isProved)
  }

  @Test func endOfInputAndGivingUpEndTheGame() throws {
    let console = RecordingConsole(answers: ["", "x2", "queries"])
    let result = try thresholds().play(on: console, secret: .random(seed: 5))
    #expect(result.outcome == .ended)
    #expect(result.firstMistake == nil)
    #expect(
      console.output.hasSuffix(
        """
        question 2>\u{20}
        I was t1. You asked 1 question.
        The best strategy needs at most 3 questions.

        """))
    let other = RecordingConsole(answers: ["002", "guess 000", "give up"])
    let set = try Family.make("mastermind", [3, 4])
    let given = try set.play(on: other, secret: .adversary(.exact))
    #expect(given.outcome == .gaveUp)
    #expect(given.questionCount == 2)
    #expect(
      other.output.hasSuffix(
        """
        question 1> 002
          002 = 1 black, 0 white   17 of 64 left: 011, 013, 031, 033, 101, 103, 112,
          122, 132, 212, 222, 232, 301, 303, 312, 322, 332.
        question 2> guess 000
          No, I am not 000. That counts as a question.
        question 3> give up
        I could still have been 011, 013, 031, 033, 101, 103, 112, 122, 132, 212, 222,
          232, 301, 303, 312, 322, 332.
        The best strategy needs at most 3 questions.

        """))
    #expect(other.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test func guessesAndOneFunctionEndTheGame() throws {
    let console = RecordingConsole(answers: ["guess t4"])
    let result = try thresholds().play(on: console, secret: .function(4))
    #expect(result.outcome == .found(4))
    #expect(result.questionCount == 0)
    let alone = RecordingConsole(answers: ["x0"])
    #expect(try FunctionSet([[1]]).play(on: alone).outcome == .found(0))
    #expect(alone.answers == ["x0"])
  }
}
