import Synchronization

/// A name of a field, keyword or type as a number: compared in one step.
public struct Symbol: Hashable, Sendable {
  let id: Int32

  init(id: Int32) { self.id = id }

  private static let table = Mutex<(ids: [String: Int32], names: [String])>(([:], []))

  /// The symbol of a name.
  public init(_ name: String) {
    id = Symbol.table.withLock { table in
      if let known = table.ids[name] { return known }
      let new = Int32(table.names.count)
      table.ids[name] = new
      table.names.append(name)
      return new
    }
  }

  /// The name.
  public var name: String { Symbol.table.withLock { $0.names[Int(id)] } }

  /// The symbol of a place in a record without names: `0`, `1`, ...
  public static func place(_ number: Int) -> Symbol {
    number < places.count ? places[number] : Symbol(String(number))
  }

  private static let places = (0..<16).map { Symbol(String($0)) }
}
