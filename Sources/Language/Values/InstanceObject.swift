/// A type made by `type Name(fields)`.
public final class TypeObject {
  /// The name it was defined by.
  public let name: Symbol
  /// The names of its fields, in the order of the constructor.
  public let fields: [Symbol]
  /// The function that makes an instance: arguments and defaults as for any function.
  let constructor: FunctionObject
  /// The `##` lines above the definition.
  public let documentation: String?

  init(name: Symbol, fields: [Symbol], constructor: FunctionObject, documentation: String?) {
    self.name = name
    self.fields = fields
    self.constructor = constructor
    self.documentation = documentation
  }
}

/// What an instance knows of itself beside its values.
public struct InstanceHeader: ItemHeader {
  var memory: ItemMemory
  let type: TypeObject
  var depth: Int32
}

/// A value of a type made by `type`.
public final class InstanceObject: ManagedBuffer<InstanceHeader, Value> {
  /// An instance with the values of its fields, in order.
  static func holding(_ type: TypeObject, _ values: some Collection<Value>) -> InstanceObject {
    let instance = empty(type)
    for value in values { instance.header.memory.append(value) }
    instance.depth = Value.depth(of: values)
    return instance
  }

  /// An instance of values that are moved out of registers, which are left unset.
  static func taking(
    _ type: TypeObject, from first: UnsafeMutablePointer<Value>
  ) -> InstanceObject {
    let instance = empty(type)
    let count = type.fields.count
    instance.depth = Value.depth(of: UnsafeBufferPointer(start: first, count: count))
    instance.header.memory.append(taking: first, count)
    return instance
  }

  /// An instance whose values are still to come.
  private static func empty(_ type: TypeObject) -> InstanceObject {
    let made = InstanceObject.create(minimumCapacity: type.fields.count) {
      InstanceHeader(
        memory: ItemMemory(behind: $0, capacity: type.fields.count), type: type, depth: 1)
    }
    return unsafeDowncast(made, to: InstanceObject.self)
  }

  deinit { header.memory.destroy() }

  /// Its type.
  public var type: TypeObject { header.type }

  /// The values, one for each field of the type.
  public var values: Items<InstanceObject> { Items(of: self, header.memory) }

  func copy() -> InstanceObject {
    let copy = InstanceObject.empty(type)
    withExtendedLifetime(self) {
      copy.header.memory.append(copying: header.memory, 0..<header.memory.count)
    }
    copy.depth = depth
    return copy
  }
}
