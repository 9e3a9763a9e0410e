import Execution

/// Tensors by name, in the order of their file.
public struct NamedTensors: Sendable, Equatable {
  /// One tensor and its name.
  public struct Entry: Sendable, Equatable {
    /// The name.
    public var name: String
    /// The tensor.
    public var tensor: Tensor
    /// Whether its numbers are truth values.
    public var isMask: Bool
    /// What was lost when it was read.
    public var loss: NumberLoss

    /// A tensor and its name.
    public init(
      _ name: String, _ tensor: Tensor, isMask: Bool = false, loss: NumberLoss = NumberLoss()
    ) {
      self.name = name
      self.tensor = tensor
      self.isMask = isMask
      self.loss = loss
    }
  }

  /// The tensors.
  public var entries: [Entry]
  /// Texts that a file holds besides.
  public var metadata: [String: String]

  /// Tensors in order.
  public init(_ entries: [Entry] = [], metadata: [String: String] = [:]) {
    self.entries = entries
    self.metadata = metadata
  }

  /// Throws if a name comes twice: a reader would see one of the two.
  func checkNames(_ name: String) throws {
    var seen: Set<String> = []
    for entry in entries where !seen.insert(entry.name).inserted {
      throw Failure("\(name) holds two tensors of the name \"\(entry.name)\"")
    }
  }

  /// The names in order.
  public var names: [String] { entries.map(\.name) }

  /// The tensor of a name.
  public subscript(_ name: String) -> Tensor? { entries.first { $0.name == name }?.tensor }

  /// The tensor of a name.
  ///
  /// - Throws: `Failure` with the nearest name as a hint.
  public func tensor(_ name: String) throws -> Tensor {
    if let tensor = self[name] { return tensor }
    let near = Text.nearest(name, in: names).first
    throw Failure(
      "there is no tensor \"\(name)\"", hint: near.map { "did you mean \"\($0)\"?" })
  }
}
