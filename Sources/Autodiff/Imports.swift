/// Variables of other tapes than the one that uses them, in the order in which they were first used.
struct Imports {
  private struct Origin: Hashable {
    var tape: ObjectIdentifier
    var slot: Int
  }

  private var origins: [Origin: Int] = [:]
  private(set) var variables: [Variable] = []
  /// Their slots on the tape that uses them.
  private(set) var slots: [Int] = []

  private static func origin(_ variable: Variable) -> Origin? {
    guard let tape = variable.tape, let slot = variable.slot else { return nil }
    return Origin(tape: ObjectIdentifier(tape), slot: slot)
  }

  /// The place of a variable among all; nil if it is not there.
  func place(of variable: Variable) -> Int? { Imports.origin(variable).flatMap { origins[$0] } }

  mutating func add(_ variable: Variable, slot: Int) {
    guard let origin = Imports.origin(variable) else { return }
    origins[origin] = variables.count
    variables.append(variable)
    slots.append(slot)
  }

  /// Gives the variables up; their slots stay.
  mutating func forget() { (origins, variables) = ([:], []) }

  /// The places of what stands in slots; nil unless all that is given there came from other tapes.
  func places(of given: [Int?]) -> [Int?]? {
    var places: [Int?] = []
    for slot in given {
      guard let slot else {
        places.append(nil)
        continue
      }
      guard let place = slots.firstIndex(of: slot) else { return nil }
      places.append(place)
    }
    return places.isEmpty ? nil : places
  }
}
