/// A name that is known in every module: the library's, and names that are defined for types.
struct SharedName {
  let name: String
  /// The modules of the library that define it, by number.
  var modules: [Int]
  /// The definitions for types, if there are any.
  var generic: Generic?
  /// The value, once it is known.
  var value: Value?
  /// Whether all its modules have run.
  var isReady: Bool
}

/// The values of the shared names that are at hand, in memory that the machine reads without asking
/// the session.
final class ReadyValues {
  /// One value for each shared name, unset where it is not at hand.
  private(set) var base = UnsafeMutablePointer<Value>.allocate(capacity: 64)
  private var capacity = 64
  private var count = 0

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  /// Makes room for one more name.
  func append() {
    if count == capacity {
      let larger = UnsafeMutablePointer<Value>.allocate(capacity: 2 * capacity)
      larger.moveInitialize(from: base, count: count)
      base.deallocate()
      base = larger
      capacity *= 2
    }
    (base + count).initialize(to: .unset)
    count += 1
  }

  /// Forgets all names.
  func removeAll() {
    base.deinitialize(count: count)
    count = 0
  }

  /// Notes what a shared name stands for, unset if that must be found out anew.
  func set(_ place: Int, _ value: Value) {
    precondition(place >= 0 && place < count, "no such shared name")
    base[place] = value
  }
}

extension Session {
  /// The names that are known everywhere.
  var sharedNames: some Sequence<String> { sharedPlaces.keys }

  /// Every name that the prompt's module or the library knows.
  var knownNames: [String] { Array(sharedPlaces.keys) + prompt.boundNames }

  /// The number of a shared name.
  func sharedIndex(of name: String) -> Int? { sharedPlaces[name] }

  func hasMethods(_ name: String) -> Bool {
    library.methodNames.contains(name)
      || sharedPlaces[name].map { shared[$0].generic != nil } ?? false
  }

  /// Makes a name known everywhere.
  @discardableResult
  func declareShared(_ name: String) -> Int {
    if let place = sharedPlaces[name] { return place }
    let modules = library.definitions[name] ?? []
    shared.append(
      SharedName(name: name, modules: modules, generic: nil, value: nil, isReady: modules.isEmpty))
    readyValues.append()
    sharedPlaces[name] = shared.count - 1
    return shared.count - 1
  }

  /// The value of a shared name; runs the modules that define it if they have not run.
  func value(ofShared index: Int) throws -> Value {
    if !shared[index].isReady {
      for module in shared[index].modules { _ = try loadLibrary(module) }
      shared[index].isReady = true
    }
    if let value = shared[index].value {
      readyValues.set(index, value)
      return value
    }
    throw missing(shared[index].name)
  }

  /// The definition of a shared function for the type of a value, none if there is no such one.
  public func method(_ name: String, for subject: Value) throws -> Value? {
    guard let place = sharedPlaces[name] else { return nil }
    if !shared[place].isReady { _ = try value(ofShared: place) }
    return shared[place].generic?.method(for: subject.typeSymbol).map { .function($0) }
  }

  /// Adds a definition for a type, or (type `any`) for all types that have none of their own.
  ///
  /// The library goes on with its own definition for all types: that of a file is for this file.
  func addMethod(
    _ function: FunctionObject, name: String, type: String, in module: Module? = nil
  ) {
    let generic = generic(name)
    if type != Generic.anyType {
      generic.add(function, for: Symbol(type))
    } else if let module = module ?? function.code?.module, keepsOwn(name, in: module) {
      let own = FunctionObject(.generic(Generic(generic, fallback: function)))
      module.set(name, .function(own))
    } else {
      generic.fallback = function
    }
  }

  /// Whether a definition without a type in a module leaves that of the library as it is.
  func keepsOwn(_ name: String, in module: Module) -> Bool {
    !module.isLibrary && library.definitions[name] != nil
  }

  /// The choice among definitions for types that a shared name stands for from now on.
  private func generic(_ name: String) -> Generic {
    let place = declareShared(name)
    if let generic = shared[place].generic { return generic }
    let generic = Generic(name: name)
    if case .function(let before) = shared[place].value { generic.fallback = before }
    shared[place].generic = generic
    shared[place].value = .function(FunctionObject(.generic(generic)))
    readyValues.set(place, .unset)
    for number in shared[place].modules {
      if let module = libraryModules[number] { redirect(place, in: module) }
    }
    return generic
  }

  /// Makes a module of the library, in which a name stands for its own function, see all definitions.
  private func redirect(_ place: Int, in module: Module) {
    guard case .function(let function)? = module.value(shared[place].name),
      case .closure = function.kind, let value = shared[place].value
    else { return }
    module.set(shared[place].name, value)
  }

  /// Publishes the names of a module of the library that has run.
  func publish(_ module: Module) {
    for name in module.boundNames where !name.hasPrefix("_") {
      guard let place = sharedPlaces[name], let value = module.value(name) else { continue }
      if let generic = shared[place].generic {
        // Someone else has defined it for types before this module ran.
        if generic.fallback == nil, case .function(let function) = value {
          generic.fallback = function
        }
        redirect(place, in: module)
      } else {
        shared[place].value = value
        readyValues.set(place, .unset)
      }
      if shared[place].modules.count == 1 { shared[place].isReady = true }
    }
  }
}
