/// The families that files may name.
enum Families {
  /// One of each kind, by itself unable to train.
  static let all: [any TaskFamily] = [Languages(), DigitTasks(), WrittenTasks()]

  /// The family of a kind.
  static func family(_ kind: String) -> (any TaskFamily)? {
    all.first { type(of: $0).kind == kind }
  }
}
