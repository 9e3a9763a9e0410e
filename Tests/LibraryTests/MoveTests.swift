import Execution
import Language
import Testing

@testable import Library

/// Values that are changed in place stay the same object: no copy is made where nobody else holds
/// them.
@Suite struct MoveTests {
  /// The library with a function that tells objects apart.
  private func said(_ program: String) throws -> String {
    let console = RecordingConsole()
    var entries = try LibrarySource.standard().entries
    entries.append(
      LibrarySource.Entry(name: "identity", text: "native fn identity(x)\n", isShared: true))
    let identity = NativeFunction("identity") { call in
      switch call[0] {
      case .list(let list): .text("\(UInt(bitPattern: ObjectIdentifier(list).hashValue))")
      case .record(let record): .text("\(UInt(bitPattern: ObjectIdentifier(record).hashValue))")
      case .string(let text): .text("\(UInt(bitPattern: ObjectIdentifier(text).hashValue))")
      case .tensor(let object):
        .text("\(UInt(bitPattern: ObjectIdentifier(object.variable.value.buffer).hashValue))")
      default: .none
      }
    }
    let session = Session(
      console: console, library: LibrarySource(entries), natives: NativeTable.all + [identity],
      cancellation: Cancellation())
    _ = session.runScript(program, path: "test", arguments: [])
    return console.output + console.notes
  }

  @Test func variablesAtTheTopChangeInPlace() throws {
    let text = try said(
      """
      xs = list(0..4)
      s = "a" + "b"
      r = (xs=list(0..4), s="a" + "b")
      before = [identity(xs), identity(s), identity(r), identity(r.xs), identity(r.s)]
      for k in 0..100 {
        xs += [k]
        xs[k] = 1
        s += "x"
        r.xs += [k]
        r.xs[k] = 2
        r.s += "y"
      }
      print(before == [identity(xs), identity(s), identity(r), identity(r.xs), identity(r.s)])
      """)
    #expect(text == "true\n")
  }

  @Test func lastUsesMoveThroughFunctions() throws {
    let text = try said(
      """
      fn grown(xs, k) {
        xs += [k]
        xs
      }
      fn through(xs, k) = grown(xs, k)
      fn named(more, xs) {
        xs[0] = more
        xs
      }
      fn run() {
        xs = list(0..4)
        before = identity(xs)
        for k in 0..100 {
          xs = through(xs, k)
          xs = named(xs=xs, more=k)
          (xs, n) = (xs, k)
        }
        before == identity(xs)
      }
      print(run())
      """)
    #expect(text == "true\n")
  }

  @Test func recordsMoveThroughFunctions() throws {
    let text = try said(
      """
      fn step(state, k) {
        state.losses += [k]
        state.count += 1
        state
      }
      fn run() {
        state = (losses=list(0..4), count=0)
        before = (identity(state), identity(state.losses))
        for k in 0..100 { state = step(state, k) }
        (before == (identity(state), identity(state.losses)), length(state.losses))
      }
      print(run())
      print(reduce(0..5, (xs, k) -> { xs += [k]; xs }, []))
      """)
    #expect(text == "(true, 104)\n[0, 1, 2, 3, 4]\n")
  }

  @Test func optimiserStepsUpdateInPlace() throws {
    let text = try said(
      """
      fn run() {
        parameters = (w=normal([40, 50]), layers=[normal([60])])
        optimizer = adamw(parameters)
        slope = gradient(p -> sum(p.w^2) + sum(p.layers[0]^2), parameters)
        before = (identity(parameters.w), identity(parameters.layers[0]))
        for k in 0..5 { (parameters, optimizer) = update(optimizer, parameters, slope) }
        (before == (identity(parameters.w), identity(parameters.layers[0])), optimizer.step)
      }
      print(run())
      """)
    #expect(text == "(true, 5)\n")
  }

  @Test func aSecondHolderMakesACopy() throws {
    let text = try said(
      """
      fn run() {
        xs = list(0..4)
        ys = xs
        xs += [1]
        (identity(xs) == identity(ys), length(ys))
      }
      print(run())
      """)
    #expect(text == "(false, 4)\n")
  }
}
