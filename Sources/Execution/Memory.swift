import Glibc
import Synchronization

/// The budget of memory: how much this process may hold before work fails with an error, long before
/// the system would end the process.
///
/// A large piece is asked for by `reserve` before it is made. All else is watched by a thread: where
/// too much is held, work stops as on Ctrl-C, but with an error. What a file maps does not count.
public enum Memory {
  /// Bytes from which a piece is asked for; smaller ones cost nothing.
  @usableFromInline static let large = 1 << 24
  /// The least budget that may be set.
  static let smallest = 64 << 20

  /// Bytes that this process may hold: `RNR_MEMORY`, or half of what the machine has.
  ///
  /// Half, so that what doubles as it grows (an array of Swift's) still fits beside its copy.
  public static let budget: Int = {
    let whole = MemoryOfMachine.size
    let wanted = wantedText.flatMap { bytes($0, of: whole) } ?? whole / 2
    return max(smallest, min(wanted, MemoryOfMachine.allowed / 2))
  }()

  /// What may be held for now: the budget, and a little more while what is held is beyond it.
  private static let limit = Atomic<Int>(budget)

  /// Bytes that this process holds: its own, without what files map and what is being freed.
  public static var held: Int {
    max(0, MemoryOfMachine.held - freed.load(ordering: .relaxed))
  }

  /// Bytes that are on their way back to the system.
  private static let freed = Atomic<Int>(0)

  /// Says that so many bytes are being freed by another thread, or (negative) that they are.
  static func free(_ bytes: Int) { freed.wrappingAdd(bytes, ordering: .relaxed) }

  // MARK: - Asking

  /// Asks for memory before it is taken.
  ///
  /// - Parameter what: what needs it, for the message: "a list of 5 items".
  /// - Throws: `Failure` if there is no room for so many bytes.
  @inlinable
  @inline(__always)
  public static func reserve(_ bytes: Int, for what: @autoclosure () -> String) throws {
    if bytes >= large { try check(bytes, what()) }
  }

  /// The same for `count` pieces of some size.
  @inlinable
  @inline(__always)
  public static func reserve(
    _ count: Int, of size: Int, for what: @autoclosure () -> String
  ) throws {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
    if overflow || bytes >= large { try check(overflow ? Int.max : bytes, what()) }
  }

  /// Says that memory is taken where no error can be thrown: if there is no room for it, the work
  /// that takes it is stopped before it uses much of it.
  @inlinable
  @inline(__always)
  public static func announce(_ bytes: Int) {
    if bytes >= large, bytes > room(for: bytes) { exhaust(unless: bytes) }
  }

  @usableFromInline
  @inline(never)
  static func exhaust(unless bytes: Int) {
    giveBack()
    if bytes > room(for: bytes) { Cancellation.current.exhaust() }
  }

  // MARK: - What is free but kept

  /// Gives back memory that is kept for its next use; `ifIdle`: unless there was such a use of late.
  public typealias Keeper = @Sendable (_ ifIdle: Bool) -> Void

  private static let keepers = Mutex<[Keeper]>([])

  /// Tells of somebody who keeps free memory: it is asked to give it back where memory becomes scarce,
  /// and now and then if idle.
  public static func add(_ keeper: @escaping Keeper) { keepers.withLock { $0.append(keeper) } }

  private static func askKeepers(ifIdle: Bool) {
    for keeper in keepers.withLock({ $0 }) { keeper(ifIdle) }
  }

  private static func giveBack() {
    askKeepers(ifIdle: false)
    MemoryOfMachine.giveBack()
  }

  @usableFromInline
  @inline(never)
  static func check(_ bytes: Int, _ what: String) throws {
    if bytes <= room(for: bytes) { return }
    // What was freed may still be kept for reuse.
    giveBack()
    let left = room(for: bytes)
    if bytes <= left { return }
    throw Failure(
      "\(what) \(bytes < Int.max ? "needs \(text(of: bytes))" : "is too large"), but the budget of"
        + " memory, \(text(of: budget)), has \(text(of: max(0, left))) left",
      hint: "what is no longer needed is given up by x = none; RNR_MEMORY sets the budget")
  }

  /// Bytes that may still be taken by a piece of so many.
  @usableFromInline
  static func room(for bytes: Int) -> Int {
    let own = limit.load(ordering: .relaxed) - held
    // The question takes as long as 100 KB are cleared: only for what is far larger.
    guard bytes >= 1 << 28 else { return own }
    return min(own, MemoryOfMachine.available - MemoryOfMachine.size / 50)
  }

  // MARK: - Watching

  /// Watches what is held from here on; called once, by the program.
  public static func watch() {
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    // Signals are for the thread that waits for input.
    pthread_sigmask(SIG_SETMASK, &all, &before)
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { _ in
        Memory.watchOn()
        return nil
      }, nil)
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }

  private static func watchOn() {
    var (trimmed, asked) = (-1.0, Clock.now)
    while true {
      if Clock.now - asked > 1 {
        askKeepers(ifIdle: true)
        asked = Clock.now
      }
      let held = held
      var room = limit.load(ordering: .relaxed) - held
      if held > budget / 8 {
        room = min(room, MemoryOfMachine.available - MemoryOfMachine.size / 100)
      }
      if held < budget { limit.store(budget, ordering: .relaxed) }
      if room <= 0 {
        if Clock.now - trimmed > 0.25 {
          giveBack()
          trimmed = Clock.now
          continue
        }
        Cancellation.current.exhaust()
      }
      // Memory is filled by at most some 8 GB/s.
      usleep(UInt32(min(max(room / 8_000, 2_000), 200_000)))
    }
  }

  /// Goes on after work was stopped for lack of memory and has given up what it held.
  ///
  /// What variables hold may still be more than the budget: a little more is allowed then, so that
  /// the session can be put in order.
  public static func recover() {
    giveBack()
    let held = held
    let more = held < budget + budget / 8 ? held + 32 << 20 : held + 4 << 20
    limit.store(max(budget, more), ordering: .relaxed)
    Cancellation.current.recover()
  }

  /// What stopped work is told.
  static var reached: Failure {
    Failure(
      "the budget of memory, \(text(of: budget)), is reached",
      hint: "what is no longer needed is given up by x = none; RNR_MEMORY sets the budget")
  }

  // MARK: - Texts

  private static var wantedText: String? {
    getenv("RNR_MEMORY").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// - Throws: `Failure` if `RNR_MEMORY` is no amount of memory.
  public static func checkEnvironment() throws {
    guard let text = wantedText else { return }
    guard let bytes = bytes(text, of: 1 << 40) else {
      throw Failure(
        "RNR_MEMORY must be an amount of memory such as 8G, 500M or 75%, but it is \"\(text)\"",
        hint: "leave it unset to use half of the machine's memory")
    }
    guard bytes >= smallest || text.hasSuffix("%") else {
      throw Failure("RNR_MEMORY must be at least 64M, but it is \"\(text)\"")
    }
  }

  /// The bytes that a text such as `8G`, `500 MB`, `75%` or `1000000000` says; nil for others.
  static func bytes(_ text: String, of whole: Int) -> Int? {
    let unit = text.drop { $0.isNumber || $0 == "." }.drop { $0 == " " }.uppercased()
    guard let number = Double(text.prefix { $0.isNumber || $0 == "." }), number > 0 else {
      return nil
    }
    if unit == "%" {
      return number <= 100 ? Int(within: 0...whole, Double(whole) * number / 100) : nil
    }
    let units = ["": 0, "B": 0, "K": 10, "M": 20, "G": 30, "T": 40]
    let plain = unit.count > 1 && unit.hasSuffix("B") ? String(unit.dropLast()) : unit
    guard
      let power = units[plain.count > 1 && plain.hasSuffix("I") ? String(plain.dropLast()) : plain]
    else { return nil }
    return Int(exactly: (number * Double(1 << power)).rounded())
  }

  /// An amount of memory in a few letters: `1.5 GB`.
  public static func text(of bytes: Int) -> String {
    for (power, unit) in [(40, "TB"), (30, "GB"), (20, "MB")] where bytes >= 1 << power {
      let amount = Double(bytes) / Double(1 << power)
      return "\(Text.fixed(amount, amount < 10 ? 1 : 0)) \(unit)"
    }
    return "\(bytes >> 10) KB"
  }
}
