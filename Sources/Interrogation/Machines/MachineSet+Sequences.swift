import Execution

/// The shortest play that tells machines apart without reset, or that there is none.
public struct SequenceSolution<Witness: Sendable>: Sendable {
  /// The least number of inputs; `Int.max` at both ends where no play identifies every machine, at
  /// the upper end where none is known yet.
  public let bound: Bound<Int>
  /// A verified play of `bound.upper` inputs.
  public let witness: Witness?
  /// Whether the search ended because of its budget of memory, not of time.
  public var isOutOfMemory = false

  /// Whether it is proved that no play identifies every machine.
  public var isImpossible: Bool { bound.lower == Int.max }
}

extension MachineSet {
  /// A position without reset: the classes of states that no output has told apart yet.
  ///
  /// Machines identified already are dropped. States are in ascending order, classes too.
  typealias Classes = [[Int32]]

  /// What an input does to a class of states: the parts by output, or nil where two of them merge
  /// for ever, or the horizon is passed.
  func parts(_ states: [Int32], _ input: Int) -> [(output: Int32, states: [Int32])]? {
    var parts: [(output: Int32, states: [Int32])] = []
    for state in states {
      let place = Int(state) &* inputCount &+ input
      let (target, answer) = (next[place], output[place])
      if let part = parts.firstIndex(where: { $0.output == answer }) {
        parts[part].states.append(target)
      } else {
        parts.append((answer, [target]))
      }
    }
    for place in parts.indices where parts[place].states.count > 1 {
      var seen: Set<Int32> = []
      for state in parts[place].states {
        guard state >= 0, seen.insert(classes[Int(state)]).inserted else { return nil }
      }
      parts[place].states.sort()
    }
    return parts.sorted { $0.output < $1.output }
  }

  // MARK: - Preset

  /// The shortest input word whose outputs differ for all machines, by breadth-first search.
  public func preset(within seconds: Double = 10) throws -> SequenceSolution<[Int]> {
    if count == 1 {
      return SequenceSolution(
        bound: Bound(lower: 0, upper: 0, reason: .trivial), witness: [])
    }
    var deadline = Deadline(within: seconds)
    var entries: [(parent: Int, input: Int)] = [(-1, -1)]
    var seen: Set<Classes> = [[initial.sorted()]]
    var layer: [(place: Int, classes: Classes)] = [(0, [initial.sorted()])]
    var length = 0
    while !layer.isEmpty {
      length += 1
      var following: [(place: Int, classes: Classes)] = []
      for position in layer {
        for input in 0..<inputCount {
          if deadline.tick(200 &* position.classes.count &+ 2000) || seen.count > 5_000_000 {
            return SequenceSolution(
              bound: Bound(
                lower: length, upper: Int.max, reason: .search(nodes: entries.count)),
              witness: nil, isOutOfMemory: deadline.isOutOfMemory || seen.count > 5_000_000)
          }
          guard let classes = after(position.classes, input) else { continue }
          entries.append((position.place, input))
          if classes.isEmpty { return try finished(entries) }
          if seen.insert(classes).inserted { following.append((entries.count - 1, classes)) }
        }
      }
      layer = following
    }
    return SequenceSolution(
      bound: Bound(lower: Int.max, upper: Int.max, reason: .search(nodes: entries.count)),
      witness: nil)
  }

  private func after(_ position: Classes, _ input: Int) -> Classes? {
    var classes: Classes = []
    for states in position {
      guard let parts = parts(states, input) else { return nil }
      for part in parts where part.states.count > 1 { classes.append(part.states) }
    }
    return classes.sorted { $0.lexicographicallyPrecedes($1) }
  }

  private func finished(_ entries: [(parent: Int, input: Int)]) throws -> SequenceSolution<[Int]> {
    var word: [Int] = []
    var place = entries.count - 1
    while entries[place].parent >= 0 {
      word.append(entries[place].input)
      place = entries[place].parent
    }
    word.reverse()
    try verify(word: word)
    return SequenceSolution(
      bound: Bound(
        lower: word.count, upper: word.count, reason: .search(nodes: entries.count)),
      witness: word)
  }

  /// The outputs of a machine along a word.
  ///
  /// - Throws: `Failure` for an input that does not exist, or beyond the horizon.
  public func outputs(of machine: Int, to word: [Int]) throws -> [String] {
    var state = Int(initial[machine])
    return try word.enumerated().map { step, input in
      guard inputNames.indices.contains(input) else {
        throw Failure("there is no input \(input) among \(inputCount)")
      }
      guard state >= 0 else {
        throw Failure("the word has \(word.count) inputs, beyond the horizon of \(step)")
      }
      let place = state * inputCount + input
      state = Int(next[place])
      return outputTexts[Int(output[place])]
    }
  }

  /// Checks a word: the outputs of all machines must differ.
  ///
  /// - Throws: `Failure` that names two machines of equal outputs.
  public func verify(word: [Int]) throws {
    var seen: [[String]: Int] = [:]
    for machine in 0..<count {
      let answers = try outputs(of: machine, to: word)
      if let other = seen[answers] {
        throw Failure("the word does not separate \(names[other]) from \(names[machine])")
      }
      seen[answers] = machine
    }
  }
}
