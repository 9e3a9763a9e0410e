import Execution
import Glibc
import Language
import Testing

@testable import Library

/// Long loops of built-in functions look at whether work is to stop.
///
/// In a process of its own, as the wish to stop is one for the whole process. There it stands before
/// each entry begins: whoever looks ends in a part of the time that the entry takes.
@Suite struct StoppedLoopTests {
  @Test func eachLooks() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) {
      let late = try StoppedLoops().late
      if !late.isEmpty { fail(late.joined(separator: "\n")) }
    }
    let said = result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } ?? ""
    #expect(said.isEmpty, "\(said)")
  }
}

/// Says what is wrong and ends the process.
private func fail(_ text: String) -> Never {
  _ = Array((text + "\n").utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  _exit(1)
}

/// Measures how soon entries end where work is to stop.
private struct StoppedLoops {
  private static let preparation = """
    n = 1_000_000
    x = list(0..n); y = list(1..=n); z = x + []; t = tensor(0..n); m = t > -1
    s = repeat("abcdefgh", n); u = s + ""; w = repeat("äbcdefg ", n // 4)
    pairs = [[k, k] for k in 0..n // 4]
    seed(1)
    nets = normal([400, 566])
    asks = interactive_probing(inputs=6, outputs=6, hidden=8, layers=1, core=64)
    knows = noninteractive_probing(inputs=6, outputs=6, hidden=8, layers=1, core=64)
    """

  /// Each takes some ten milliseconds.
  private static let entries = [
    "sum(x)", "mean(x)", "std(x)", "norm(x)", "max(x)", "argmin(x)", "median(x)",
    "quantile(x, [0.1, 0.9])", "cumsum(x)", "sort(x)", "sort(x, descending=true)", "argsort(x)",
    "tensor(x)", "tensor(pairs)", "sum(pairs)", "exp(x)", "all(y)", "any(t * 0)", "all(m)",
    "x == z", "x[1:]", "x[::-1]", "x[::2]", "x + x", "x * 3", "[..x, ..x]", "x[m]", "zip(x, x)",
    "enumerate(x)", "reversed(x)", "unique(x)", "flatten(pairs)", "index_of(x, -1)",
    "count(x, -1)", "list(t)",
    "join(x, \",\")", "t[m]", "t[x]", "gather(t, t)",
    "gather(t, 0..n)", "gather(t, x)", "one_hot(t % 5, 5)", "sort(t)", "argsort(t)", "unique(t)",
    "round(t, 1)", "is_finite(t)", "-1 in t", "-1 in x", "arange(0, n)", "normal([n], seed=1)",
    "permutation(n, seed=1)", "shuffle(x, seed=1)", "words(w)", "lines(w)",
    "w[n // 2]", "w[10:]", "length(w)", "upper(w)", "\"zz\" in s", "split(s, \"a\")", "reversed(s)",
    "encode(asks, nets)", "encode(knows, nets)", "gradient(e -> sum(encode(e, nets)), asks)",
  ]

  /// The entries that go on to their end.
  let late: [String]

  init() throws {
    let session = Session(
      console: RecordingConsole(), library: try LibrarySource.standard(), natives: NativeTable.all,
      cancellation: .current)
    guard session.evaluate(Self.preparation, name: "preparation", echo: false) == .ok else {
      throw Failure("the preparation fails")
    }
    var late: [String] = []
    for entry in Self.entries {
      let (whole, stopped) = (Self.time(entry, session), Self.time(entry, session, stops: true))
      // What is so short may end as it likes.
      if stopped > max(0.02, 0.6 * whole) { late.append("\(entry): \(stopped) of \(whole) s") }
    }
    self.late = late
  }

  /// The time that an entry takes; of a stopped one the less of two, as others are at work here.
  private static func time(_ entry: String, _ session: Session, stops: Bool = false) -> Double {
    (0..<(stops ? 2 : 1)).map { _ in
      Cancellation.current.clear()
      if stops { Cancellation.current.request() }
      let began = Clock.now
      _ = session.evaluate("(() -> \(entry))();", name: "entry", echo: false)
      return Clock.now - began
    }.min() ?? 0
  }
}
