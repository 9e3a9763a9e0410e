import Glibc

/// Lower bounds of what functions cost in the mean where answers may be wrong.
struct ErringMeanBounds {
  private let game: ErringGame
  private let weights: [Int]
  /// What each function costs at least from the start on.
  private let first: [Int]
  private let cheapest: Int

  init(_ game: ErringGame, weights: [Int]) {
    self.game = game
    self.weights = weights
    cheapest = game.costs.min() ?? 1
    first = ErringMeanBounds.questions(game, game.start).map { $0 * (game.costs.min() ?? 1) }
  }

  /// Per function the least number of questions: another one of another label makes it use its own
  /// lies up, and the other's, and one answer more decides.
  private static func questions(_ game: ErringGame, _ position: [UInt8]) -> [Int] {
    let left = game.liesLeft(position)
    // The most lies left of any label, and of any other label than that.
    var best = (label: -1, lies: -1)
    var second = -1
    for function in left.indices where left[function] >= 0 {
      let label = game.label(of: function)
      if label == best.label {
        best.lies = max(best.lies, left[function])
      } else if left[function] > best.lies {
        second = best.lies
        best = (label, left[function])
      } else {
        second = max(second, left[function])
      }
    }
    return left.indices.map { function in
      let others = game.label(of: function) == best.label ? second : best.lies
      return left[function] < 0 || others < 0 ? 0 : left[function] + others + 1
    }
  }

  /// Per function the least that it still costs.
  func least(_ position: [UInt8]) -> [Int] {
    ErringMeanBounds.questions(game, position).map { $0 * cheapest }
  }

  /// The least that functions out of play have cost in all.
  func gone(_ position: [UInt8]) -> Int128 {
    let left = game.liesLeft(position)
    return left.indices.reduce(0) {
      $0 + (left[$1] < 0 ? Int128(weights[$1]) * Int128(first[$1]) : 0)
    }
  }

  /// The least total cost of a strategy that comes to a position having spent so much.
  func total(_ position: [UInt8], spent: Int) -> Int128 {
    let left = game.liesLeft(position)
    let alive = left.indices.filter { left[$0] >= 0 }
    let least = least(position)
    var (apart, all) = (Int128(0), Int128(0))
    for function in alive {
      let own = Int128(max(spent + least[function], first[function]))
      apart += Int128(weights[function]) * own
      all += Int128(weights[function])
    }
    let together = Int128(spent) * all + transcripts(position, left) * Int128(cheapest)
    return gone(position) + max(apart, together)
  }

  /// The least weighted number of questions for which there are transcripts enough.
  ///
  /// Of k^d transcripts of length d each function needs as many as it can bring about: a share that
  /// falls with its number of questions. Shares add up to at most 1; fractions of questions are
  /// allowed.
  private func transcripts(_ position: [UInt8], _ left: [Int]) -> Int128 {
    let questions = ErringMeanBounds.questions(game, position)
    var groups: [Int: Group] = [:]
    for function in left.indices where left[function] >= 0 {
      let label = game.label(of: function)
      var group =
        groups[label] ?? Group(weight: 0, lies: left[function], least: questions[function])
      group.weight += weights[function]
      group.lies = min(group.lies, left[function])
      group.least = min(group.least, questions[function])
      groups[label] = group
    }
    var (sum, share) = (0.0, 0.0)
    var steps: [Step] = []
    for (_, group) in groups.sorted(by: { $0.key < $1.key }) where group.weight > 0 {
      sum += Double(group.weight) * Double(group.least)
      share += append(&steps, group)
    }
    steps.sort { $0.gain > $1.gain }
    // Rounding must not raise a bound: shares may add up to a little more, and the sum is lowered.
    let whole = 1 + 1e-9
    for step in steps where share > whole {
      let part = min(1, (share - whole) / step.share)
      sum += part * step.cost
      share -= part * step.share
    }
    return Int128((sum * (1 - 1e-9) - 1e-6).rounded(.up))
  }

  private struct Group {
    var weight: Int
    var lies: Int
    var least: Int
  }

  /// More questions for a label: what they cost, and by how much its share falls.
  private struct Step {
    let cost: Double
    let share: Double
    var gain: Double { share / cost }
  }

  /// Adds the steps of the lower hull of a label's share, by falling gain.
  ///
  /// - Returns: the share that they can take away.
  private func append(_ steps: inout [Step], _ group: Group) -> Double {
    let reach = 12 + 4 * group.lies
    let shares = (0...reach).map { game.share(group.least + $0, lies: group.lies) }
    var place = 0
    while place < reach {
      var best = (place: place + 1, slope: shares[place] - shares[place + 1])
      for next in place + 1...reach {
        let slope = (shares[place] - shares[next]) / Double(next - place)
        if slope >= best.slope { best = (next, slope) }
      }
      guard best.slope > 0 else { break }
      let length = best.place - place
      steps.append(
        Step(
          cost: Double(group.weight) * Double(length), share: best.slope * Double(length)))
      place = best.place
    }
    // What more questions than these could take away is given for nothing.
    return shares[0] - shares[place]
  }
}
