/// A file, a part of the library, or the prompt: names and their values.
public final class Module {
  /// Names that one module may define; its values lie at fixed places.
  static let slotLimit = 16_000
  /// Room behind the names for what statements at the top compute with.
  private static let temporaryRoom = 65_000

  /// What messages call it.
  public let name: String
  /// The folder from which `use "..."` paths count.
  var folder: String
  /// Whether it belongs to the library, whose names are shared.
  let isLibrary: Bool
  private(set) var slots: [String: Int] = [:]
  /// The values of the names; the room behind them serves statements at the top.
  let storage: UnsafeMutablePointer<Value>
  /// The shared names for which it has definitions by type.
  var methodNames: Set<String> = []
  /// `##` text at the top of the file.
  var documentation: String?

  init(name: String, folder: String, isLibrary: Bool) {
    self.name = name
    self.folder = folder
    self.isLibrary = isLibrary
    storage = .allocate(capacity: Module.slotLimit + Module.temporaryRoom)
  }

  /// How many places were given away.
  private(set) var slotCount = 0
  /// How many places of `storage` are initialised.
  private var initialized = 0

  deinit {
    storage.deinitialize(count: initialized)
    storage.deallocate()
  }

  /// Makes sure that the registers of a statement at the top can be used.
  func reserve(_ count: Int) {
    guard count > initialized else { return }
    (storage + initialized).initialize(repeating: .unset, count: count - initialized)
    initialized = count
  }

  /// Gives a name its place.
  @discardableResult
  func addSlot(_ name: String) -> Int {
    if let slot = slots[name] { return slot }
    let slot = min(slotCount, Module.slotLimit - 1)
    slotCount += 1
    reserve(slot + 1)
    slots[name] = slot
    return slot
  }

  /// Takes a name's place away, where its value is a function; gives the function.
  func removeFunction(_ name: String) -> FunctionObject? {
    guard let slot = slots[name], case .function(let function) = storage[slot] else { return nil }
    slots[name] = nil
    storage[slot] = .unset
    return function
  }

  /// Gives another value to a name that has its place.
  func set(_ name: String, _ value: Value) {
    if let slot = slots[name] { storage[slot] = value }
  }

  /// The value of a name, if it has one.
  func value(_ name: String) -> Value? {
    guard let slot = slots[name], !storage[slot].isUnset else { return nil }
    return storage[slot]
  }

  /// The names with a value that begin so.
  func boundNames(beginningWith beginning: String) -> [String] {
    slots.compactMap { name, slot in
      name.hasPrefix(beginning) && !storage[slot].isUnset ? name : nil
    }
  }

  /// The name under which it knows another module.
  func name(of module: Module) -> String? {
    slots.first { _, slot in
      if case .module(let known) = storage[slot] { known === module } else { false }
    }?.key
  }

  /// The names that have a value.
  var boundNames: [String] { slots.keys.filter { value($0) != nil } }
}
