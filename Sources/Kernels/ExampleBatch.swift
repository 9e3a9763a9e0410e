/// Distinct examples and how often each was drawn: what a step of training reads.
///
/// S examples of T steps; a net has D inputs and O outputs.
public struct ExampleBatch: Sendable {
  /// What a net reads at each step.
  public enum Inputs: Sendable {
    /// Symbols [S,T], or [S,T+1] where the next one is the target.
    case tokens([UInt8])
    /// Numbers [S,T,D].
    case numbers([Float])
  }

  /// What a net should give at each step.
  public enum Targets: Sendable {
    /// The symbol that is read next.
    case next
    /// A class [S,T].
    case classes([UInt16])
    /// Numbers [S,T,O].
    case numbers([Float])
  }

  /// What is read.
  public var inputs: Inputs
  /// What should come out.
  public var targets: Targets
  /// How often each example was drawn, [S].
  public var counts: [Int]
  /// What each step counts, [S,T]; nil where all count alike.
  public var stepWeights: [Float]?

  /// A batch of examples.
  public init(inputs: Inputs, targets: Targets, counts: [Int], stepWeights: [Float]? = nil) {
    self.inputs = inputs
    self.targets = targets
    self.counts = counts
    self.stepWeights = stepWeights
  }

  /// Whether its arrays fit each other and a net that goes `steps` steps.
  public func fits(_ extents: RecurrentExtents, steps: Int) -> Bool {
    let rows = counts.count * steps
    let read: Bool
    switch (inputs, targets) {
    case (.tokens(let tokens), .next):
      read =
        tokens.count == rows + counts.count
        && tokens.allSatisfy { $0 < min(extents.inputs, extents.outputs) }
    case (.tokens(let tokens), _):
      read = tokens.count == rows && tokens.allSatisfy { $0 < extents.inputs }
    case (.numbers, .next): read = false
    case (.numbers(let numbers), _): read = numbers.count == rows * extents.inputs
    }
    let given: Bool
    switch targets {
    case .next: given = true
    case .classes(let classes):
      given = classes.count == rows && classes.allSatisfy { $0 < extents.outputs }
    case .numbers(let numbers): given = numbers.count == rows * extents.outputs
    }
    return !counts.isEmpty && read && given && counts.allSatisfy { $0 >= 0 && $0 <= 1 << 24 }
      && counts.contains { $0 > 0 } && (stepWeights.map { $0.count == rows } ?? true)
  }
}
