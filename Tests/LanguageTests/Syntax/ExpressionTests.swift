import Testing

@testable import Language

@Suite struct ExpressionTests {
  @Test(arguments: [
    // Powers bind tighter than a sign on their left, and take their right neighbour first.
    ("-2^2", "(- (^ 2 2))"), ("2^-1", "(^ 2 (- 1))"), ("2^3^2", "(^ 2 (^ 3 2))"),
    ("2^-x^3", "(^ 2 (- (^ x 3)))"), ("-x.a[0]^2", "(- (^ (index (. x a) 0) 2))"),
    // Products before sums, from the left.
    ("a + b * c", "(+ a (* b c))"), ("a - b - c", "(- (- a b) c)"), ("a / b / c", "(/ (/ a b) c)"),
    ("a @ b + c", "(+ (@ a b) c)"), ("a // b % c", "(% (// a b) c)"), ("-a * b", "(* (- a) b)"),
    ("a * -b", "(* a (- b))"), ("a - -b", "(- a (- b))"), ("+a", "(+ a)"),
    ("(a + b) * c", "(* (+ a b) c)"),
    // Ranges bind weaker than sums, stronger than comparisons.
    ("0..n + 1", "(.. 0 (+ n 1))"), ("0..=n", "(..= 0 n)"), ("1..3", "(.. 1 3)"),
    ("1.5..2", "(.. 1.5 2)"), ("x in 0..3", "(in x (.. 0 3))"),
    // Comparisons, then not, and, or.
    ("a + 1 == b", "(== (+ a 1) b)"), ("not a == b", "(not (== a b))"),
    ("a and b or c", "(or (and a b) c)"), ("a or b and c", "(or a (and b c))"),
    ("not a and b", "(and (not a) b)"), ("a and not b", "(and a (not b))"),
    ("not not a", "(not (not a))"), ("a not in b", "(not in a b)"), ("a != b", "(!= a b)"),
    ("a < b and b <= c", "(and (< a b) (<= b c))"), ("a >= b or a > c", "(or (>= a b) (> a c))"),
    // Pipes bind weakest but for lambdas.
    ("x |> f", "(call f x)"), ("x |> f(k=1)", "(call f x k=1)"), ("x |> f()", "(call f x)"),
    ("x |> f(1) |> g", "(call g (call f x 1))"), ("a or b |> f", "(call f (or a b))"),
    ("x |> (y -> y + 1)", "(call (-> (y) {(+ y 1)}) x)"), ("x |> (f(1))", "(call (call f 1) x)"),
    ("x |> m.f", "(call (. m f) x)"), ("x |> m.f(1)", "(call (. m f) x 1)"),
    ("x |> (f)(1)", "(call f x 1)"), ("x |> fs[0]", "(call (index fs 0) x)"),
  ])
  func precedence(_ text: String, _ tree: String) { #expect(dump(text) == tree) }

  @Test(arguments: [
    ("x -> x^2", "(-> (x) {(^ x 2)})"), ("(a, b) -> a + b", "(-> (a b) {(+ a b)})"),
    ("() -> 1", "(-> () {1})"), ("(a, b=2) -> a", "(-> (a b=2) {a})"),
    ("(a=1) -> a", "(-> (a=1) {a})"), ("(..rest) -> rest", "(-> (..rest) {rest})"),
    ("(x) -> x", "(-> (x) {x})"), ("x -> y -> x |> f", "(-> (x) {(-> (y) {(call f x)})})"),
    ("x -> { a = x; a }", "(-> (x) {(= a x); | a})"), ("x -> {}", "(-> (x) {})"),
    ("map(xs, x -> x + 1, 3)", "(call map xs (-> (x) {(+ x 1)}) 3)"),
    ("f = x ->\n  x + 1", "(= f (-> (x) {(+ x 1)}))"),
  ])
  func lambdas(_ text: String, _ tree: String) { #expect(dump(text) == tree) }

  @Test(arguments: [
    ("f()", "(call f)"), ("f(1, k=2, ..r)", "(call f 1 k=2 ..r)"), ("f(a,)", "(call f a)"),
    ("f(x)(y)[0].z", "(. (index (call (call f x) y) 0) z)"), ("x.T", "(. x T)"),
    ("x.type.in", "(. (. x type) in)"), ("f(type=1)", "(call f type=1)"),
    ("f (x)", "(call f x)"), ("x[0]", "(index x 0)"), ("x[:, 0, -1]", "(index x :: 0 (- 1))"),
    ("x[2:5]", "(index x 2:5:)"), ("x[a:b:c]", "(index x a:b:c)"), ("x[::2]", "(index x ::2)"),
    ("x[..., 0]", "(index x ... 0)"), ("x[0..10]", "(index x (.. 0 10))"), ("x[m]", "(index x m)"),
    ("x[1:]", "(index x 1::)"), ("x[:n - 1]", "(index x :(- n 1):)"),
    ("x[f(a=1):]", "(index x (call f a=1)::)"),
  ])
  func postfixes(_ text: String, _ tree: String) { #expect(dump(text) == tree) }

  @Test(arguments: [
    ("()", "{}"), ("(x)", "x"), ("(a,)", "{a}"), ("(a, b)", "{a b}"), ("(a=1, b)", "{a=1 b}"),
    ("(..r, hidden=64)", "{..r hidden=64}"), ("(..r)", "{..r}"), ("((x))", "x"),
    ("(\n  a = 1,\n  b = 2,\n)", "{a=1 b=2}"),
    ("[]", "[]"), ("[1, 2,]", "[1 2]"), ("[..xs, 1]", "[..xs 1]"), ("[[1], [2]]", "[[1] [2]]"),
    ("[x^2 for x in xs]", "[(^ x 2) (for x xs)]"),
    (
      "[f(x) for x in xs if c if d for y in ys]",
      "[(call f x) (for x xs (if c) (if d)) (for y ys)]"
    ),
    ("[(a, b) for (a, b) in ps]", "[{a b} (for (a b) ps)]"),
    ("[x for x in xs |> f if x in ys]", "[x (for x (call f xs) (if (in x ys)))]"),
    ("[if c { 1 } else { 2 }, 3]", "[(if c {1} {2}) 3]"),
    ("[\n  x\n  for x in xs\n  if x > 0\n]", "[x (for x xs (if (> x 0)))]"),
  ])
  func collections(_ text: String, _ tree: String) { #expect(dump(text) == tree) }

  @Test(arguments: [
    ("3", 3.0), ("1.5", 1.5), ("1e-4", 1e-4), ("20_000", 20_000), ("2.5E3", 2500), ("1e22", 1e22),
    ("0.1", 0.1), ("9007199254740992", 9_007_199_254_740_992),
    ("1.7976931348623157e308", 1.7976931348623157e308),
    ("123456789012345.678", 123_456_789_012_345.678), ("0.000001234567", 0.000001234567),
    ("4.35", 4.35), ("007", 7),
  ])
  func numbers(_ text: String, _ value: Double) throws {
    let statement = try #require(
      Parser.parse(Source(name: "t", text: text)).program.statements.first)
    guard case .expression(let expression) = statement.kind,
      case .number(let found) = expression.kind
    else { return #expect(Bool(false), "no number") }
    #expect(found == value)
  }

  @Test(arguments: [
    (#""plain""#, #""plain""#), (#""a\n\t\\""#, #""a\n\t\""#), (#""\{x\}""#, #""{x}""#),
    (#""\u{3bb}""#, #""λ""#), (#"'raw \n {x}'"#, #""raw \n {x}""#), (#""""#, #""""#),
    (#""loss {loss:.4f}\n""#, #"(str "loss " loss:.4f "\n")"#), (#""{x}""#, "(str x)"),
    (#""{a}{b}""#, "(str a b)"),
    (#""{f("}")} {r["k"]:>10}""#, #"(str (call f "}") " " (index r "k"):>10)"#),
    (#""{x[1:2]:8.2f}""#, "(str (index x 1:2:):8.2f)"), (#""{ (a=1) }""#, "(str {a=1})"),
    (#""{"in {"deep {x}"}"}""#, #"(str (str "in " (str "deep " x)))"#),
    (#""{if c { 1 } else { 2 }}%""#, #"(str (if c {1} {2}) "%")"#),
    ("\"\"\"\nline \"one\"\nline {x}\n\"\"\"", #"(str "line \"one\"\nline " x "\n")"#),
    ("\"\"\"a\nb\"\"\"", #""a\nb""#), (#"r["a b"]"#, #"(index r "a b")"#),
  ])
  func strings(_ text: String, _ tree: String) { #expect(dump(text) == tree) }

  @Test func spansCoverWhatWasWritten() throws {
    let source = Source(name: "t", text: "y = (a + b) @ w.T |> f(k=1)")
    let statement = try #require(Parser.parse(source).program.statements.first)
    #expect(source.text(statement.span) == "y = (a + b) @ w.T |> f(k=1)")
    guard case .assign(_, let value) = statement.kind, case .call(_, let arguments) = value.kind
    else { return #expect(Bool(false), "no call") }
    #expect(source.text(value.span) == "(a + b) @ w.T |> f(k=1)")
    #expect(source.text(arguments[0].span) == "(a + b) @ w.T")
    #expect(source.text(arguments[1].span) == "k=1")
    guard case .binary(_, let left, let right, let sign) = arguments[0].value.kind
    else { return #expect(Bool(false), "no product") }
    #expect(source.text(left.span) == "(a + b)")
    #expect(source.text(right.span) == "w.T")
    #expect(source.text(sign) == "@")
  }
}
