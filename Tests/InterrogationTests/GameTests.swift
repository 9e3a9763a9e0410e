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
        var closure = ClosureOracle { .code(set.answer(of: function, to: $0)) }
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
      var exact = try AdversaryOracle(set, .exact)
      let forced = try set.interrogate(.tree(optimum.strategy), &exact)
      #expect(forced.exchanges.count == optimum.bound.upper)
      var other = try AdversaryOracle(set, .exact)
      #expect(try set.interrogate(.greedy, &other).exchanges.count >= optimum.bound.upper)
      var quick = try AdversaryOracle(set, .quick)
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
    var liar: any Oracle = ClosureOracle { .code($0 == 2 ? 0 : 1) }
    let other = #expect(throws: Failure.self) { try set.interrogate(.list([2, 4]), &liar) }
    #expect(other?.message.hasPrefix("contradiction at question 2") == true)
  }

  @Test func liarsAreWithinTheirLies() throws {
    let set = try Family.make("cube", [5])
    var lies = 0
    for seed in 0..<20 {
      var oracle = try LyingOracle(set, function: 21, lies: 2, seed: UInt64(seed))
      let transcript = try set.interrogate(.list([0, 1, 2, 3, 4]), &oracle)
      let wrong = transcript.exchanges.count {
        $0.answer != .code(set.answer(of: 21, to: $0.query))
      }
      #expect(wrong == 2 - oracle.liesLeft)
      lies += wrong
    }
    #expect(lies > 20)
    var noisy = try NoisyOracle(set, function: 3, rate: 1)
    #expect(try noisy.answer(0) != .code(set.answer(of: 3, to: 0)))
    var silent = try NoisyOracle(set, function: 3, rate: 0)
    #expect(try silent.answer(0) == .code(set.answer(of: 3, to: 0)))
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

  @Test func liesAreBorne() throws {
    let set = try Family.make("thresholds", [8])
    let terms = Terms(lies: 1)
    let tree = try set.interactive(on: terms).strategy
    let list = try #require(try set.noninteractive(on: terms))
    for function in 0..<8 {
      for seed in 0..<4 {
        for interrogator in [Interrogator.tree(tree), .greedy, .entropy, .list(list.queries)] {
          var oracle = try LyingOracle(set, function: function, lies: 1, seed: UInt64(seed))
          let transcript = try set.interrogate(interrogator, &oracle, rules: Rules(lies: 1))
          #expect(transcript.verdict == .identified(function))
          #expect(transcript.isCorrect == true)
          #expect(transcript.exchanges.count { $0.isWrong } == 1 - oracle.liesLeft)
        }
      }
    }
    var twice: any Oracle = ClosureOracle { .code($0 < 4 ? 0 : 1) }
    let failure = #expect(throws: Failure.self) {
      try set.interrogate(.list([0, 1, 4, 5]), &twice, rules: Rules(lies: 1))
    }
    #expect(
      failure?.message
        == "contradiction at question 4: no function left answers \"1\" to x5, with up to 1 lie")
  }

  @Test func labelsEndTheGame() throws {
    let set = try Family.make("cube", [3])
    let labels = (0..<8).map { $0 % 2 == 0 ? "even" : "odd" }
    let tree = try set.interactive(on: Terms(labels: labels)).strategy
    for interrogator in [Interrogator.tree(tree), .greedy, .entropy] {
      var oracle = try HonestOracle(set, function: 5)
      let transcript = try set.interrogate(interrogator, &oracle, rules: Rules(labels: labels))
      #expect(transcript.verdict == .labelled("odd"))
      #expect(transcript.exchanges.count == 1)
      #expect(transcript.description.hasSuffix("Its label is odd, after 1 question."))
    }
  }

  @Test func interrogatorsOfOnesOwn() throws {
    let set = try thresholds()
    var oracle = try HonestOracle(set, function: 4)
    let scan = Interrogator.custom { transcript in
      transcript.candidates.count > 1 ? .ask(transcript.exchanges.count) : .stop
    }
    #expect(try set.interrogate(scan, &oracle).exchanges.count == 5)
    let hasty = Interrogator.custom { $0.exchanges.isEmpty ? .ask(2) : .verdict(3) }
    #expect(
      try set.interrogate(hasty, &oracle).description == """
        1. x2? 1   3 of 6 left
        The verdict is t3, after 1 question; 3 functions are left.
        That is wrong: it was t4.
        """)
    let endless = Interrogator.custom { _ in .ask(0) }
    #expect(throws: Failure.self) { try set.interrogate(endless, &oracle) }
    var contrary: any Oracle = ClosureOracle { .code($0 == 0 ? 0 : 1) }
    let patient = Interrogator.custom {
      $0.exchanges.count < 2 ? .ask($0.exchanges.count) : .verdict(1)
    }
    let transcript = try set.interrogate(patient, &contrary, rules: Rules(isStrict: false))
    #expect(transcript.candidates.isEmpty)
    #expect(transcript.verdict == .named(1))
    #expect(throws: Failure.self) { try set.interrogate(patient, &contrary) }
  }

  @Test func playsWithAPerson() throws {
    let lines = ["x0", "foo", "hint", "x9", "t3", "3", "guess t2", "left", "x1"]
    let console = RecordingConsole(answers: lines)
    let result = try thresholds().play(on: console, role: .ask(.function(3)))
    #expect(
      console.output == """
        I am one of 6 functions: t0, t1, t2, t3, t4, t5.
        Queries: x0, x1, x2, x3, x4.
        Ask a query, or say: hint, queries, left, show NAME, guess NAME, give up.
        question 1> x0
          x0 = 1   5 of 6 left: t1, t2, t3, t4, t5.
          ·■■■■■
        question 2> foo
          There is no query "foo". Say hint, queries, left, show NAME, guess NAME or
          give up.
        question 2> hint
          Ask x2: at worst 3 of 5 are left then.
        question 2> x9
          There is no query "x9". Say hint, queries, left, show NAME, guess NAME or give
          up.
        question 2> t3
          That is a function. To name me say: guess t3
        question 2> 3
          x3 = 0   3 of 6 left: t1, t2, t3.
          ·■■■··
        question 3> guess t2
          No, I am not t2. That counts as a question.
        question 4> left
          Left: t1, t3.
        question 4> x1
          x1 = 1   1 of 6 left: t3.
          ···■··
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
    let result = try thresholds().play(on: console, role: .ask(.random(seed: 5)))
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
    let given = try set.play(on: other, role: .ask(.adversary(.exact)))
    #expect(given.outcome == .gaveUp)
    #expect(given.questionCount == 2)
    #expect(
      other.output.hasSuffix(
        """
        question 1> 002
          002 = 1 black, 0 white   17 of 64 left: 011, 013, 031, 033, 101, 103, 112,
          122, 132, 212, 222, 232, 301, 303, 312, 322, 332.
          ·····■·■·····■·■·■·■··■···■···■·······■···■···■··■·■··■···■···■·
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
    let result = try thresholds().play(on: console, role: .ask(.function(4)))
    #expect(result.outcome == .found(4))
    #expect(result.questionCount == 0)
    let alone = RecordingConsole(answers: ["x0"])
    #expect(try FunctionSet([[1]]).play(on: alone).outcome == .found(0))
    #expect(alone.answers == ["x0"])
  }

  @Test func theMachineAsks() throws {
    let lines = ["1", "perhaps", "show t4", "0", "sure", "yes"]
    let console = RecordingConsole(style: ConsoleStyle(columns: 40), answers: lines)
    let result = try thresholds().play(on: console, role: .answer)
    #expect(
      console.output == """
        Have one of 6 functions in mind: t0, t1,
          t2, t3, t4, t5.
        Answer, or say: show NAME, left, back,
          give up.
        question 1: x2? (0 or 1) 1
          3 of 6 left: t3, t4, t5.
          ···■■■
        question 2: x3? (0 or 1) perhaps
          x3 is answered by: 0, 1.
        question 2: x3? (0 or 1) show t4
          t4: x0=1, x1=1, x2=1, x3=1, x4=0.
        question 2: x3? (0 or 1) 0
          1 of 6 left: t3.
          ···■··
        Is it t3? (yes or no) sure
          Say yes, no, or back to take an answer
          back.
        Is it t3? (yes or no) yes
        You have t3 in mind. I asked 2
          questions.
        The best strategy needs at most 3
          questions.

        """)
    #expect(result.outcome == .found(3))
    let other = RecordingConsole(answers: ["1", "back", "back", "0", "left", "give up"])
    #expect(try thresholds().play(on: other, role: .answer).outcome == .gaveUp)
    #expect(other.output.contains("6 of 6 left: t0, t1, t2, t3, t4, t5."))
    #expect(other.output.contains("There is no answer to take back."))
    #expect(
      other.output.hasSuffix(
        """
        It could still have been t0, t1, t2.
        The best strategy needs at most 3 questions.

        """))
  }

  /// What the machine says after "no", once all answers were given.
  private func denied(_ answers: [String], labels: [String]? = nil) throws -> String {
    let console = RecordingConsole(answers: answers)
    let result = try thresholds().play(on: console, role: .answer, terms: Terms(labels: labels))
    #expect(!result.isFound)
    guard let place = console.output.firstRange(of: "(yes or no) no\n")?.upperBound else {
      Issue.record("nobody was asked: \(console.output)")
      return ""
    }
    return String(console.output[place...])
  }

  @Test func aVerdictThatIsDeniedIsHeldAgainstTheAnswers() throws {
    #expect(
      try denied(["1", "0", "no", "t5"]) == """
        Which function do you have in mind? t5
          t5 contradicts one answer of yours:
          question 2: x3 is 1 for t5, you said 0.
        By your answers it is t3, which you deny. I asked 2 questions.
        The best strategy needs at most 3 questions.

        """)
    let same = try denied(["1", "0", "no", "t3"])
    #expect(same.contains("t3 answers as you did: that is what I say."))
    let nameless = try denied(["1", "0", "no", "sine"])
    #expect(nameless.contains("There is no function \"sine\" in the set"))
    #expect(nameless.contains("No other function fits all your answers."))
    #expect(nameless.contains("Only one answer speaks against t0, t1, t2, t4, t5."))
  }

  @Test func aVerdictCanBeTakenBackWithItsAnswer() throws {
    let console = RecordingConsole(answers: ["1", "0", "back", "1", "1", "y"])
    let result = try thresholds().play(on: console, role: .answer)
    #expect(result.isFound && result.outcome != .found(3))
    #expect(console.output.contains("Is it t3? (yes or no) back\n  3 of 6 left: t3, t4, t5."))
  }

  @Test func labelsArePlayedFor() throws {
    let labels = (0..<8).map { $0 % 2 == 0 ? "even" : "odd" }
    let set = try Family.make("cube", [3])
    let console = RecordingConsole(answers: ["hint", "guess even", "digit0"])
    let result = try set.play(on: console, role: .ask(.function(5)), terms: Terms(labels: labels))
    #expect(result.outcome == .foundLabel("odd"))
    #expect(result.optimum.upper == Fraction(1))
    #expect(console.output.contains("Find out which label I have: even, odd."))
    #expect(console.output.contains("Ask digit2: at worst 4 of 8 are left then."))
    #expect(console.output.contains("No, my label is not even."))
    let answering = RecordingConsole(answers: ["1"])
    let other = try set.play(on: answering, role: .answer, terms: Terms(labels: labels))
    #expect(other.outcome == .foundLabel("odd"))
  }
}
