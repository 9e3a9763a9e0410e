/// What is certain about a value before anything runs.
indirect enum Knowledge {
  case unknown
  /// A number, and which one if that is certain.
  case number(Double?)
  /// A list, item by item.
  case list([Knowledge])
  /// A tensor of this shape.
  case tensor([Int])
  /// An instance that a constructor made.
  case instance(Signature)
  /// A function that has one of these forms; the library's under its name there.
  case function([Signature], library: String?)
  /// An LSTM.
  case net(inputs: Int, outputs: Int)
  case module(ModuleNames)

  /// What a `use` statement makes known.
  struct ModuleNames {
    var name: String
    var values: [String: Knowledge]
  }

  /// The whole number, if it is known and one.
  var integer: Int? {
    guard case .number(let number?) = self else { return nil }
    return Int(whole: number, in: -1_000_000_000...1_000_000_000)
  }

  /// The shape that a list of whole numbers, or one number, stands for.
  var extents: [Int]? {
    switch self {
    case .number: integer.map { [$0] }
    case .list(let items):
      items.allSatisfy { $0.integer != nil } ? items.compactMap(\.integer) : nil
    default: nil
    }
  }

  /// The shape of the tensor that nested lists of numbers make.
  var shapeAsTensor: [Int]? {
    switch self {
    case .number: return []
    case .tensor(let shape): return shape
    case .list(let items):
      guard let first = items.first?.shapeAsTensor else { return nil }
      return items.allSatisfy { $0.shapeAsTensor == first } ? [items.count] + first : nil
    default: return nil
    }
  }

  /// What is certain where a value comes from one of two branches.
  func joined(_ other: Knowledge) -> Knowledge {
    switch (self, other) {
    case (.number(let a), .number(let b)): .number(a == b ? a : nil)
    case (.tensor(let a), .tensor(let b)) where a == b: self
    case (.net(let a, let b), .net(let c, let d)) where a == c && b == d: self
    case (.function(_, let a?), .function(_, let b?)) where a == b: self
    case (.instance(let a), .instance(let b)) where a.text == b.text: self
    default: .unknown
    }
  }
}
