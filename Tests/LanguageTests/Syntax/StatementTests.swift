import Testing

@testable import Language

@Suite struct StatementTests {
  @Test(arguments: [
    ("x = 3", "(= x 3)"), ("x = 3;", "(= x 3);"), ("a = 1; b = 2", "(= a 1);\n(= b 2)"),
    ("(a, b) = f()", "(= (a b) (call f))"), ("((a, b), c) = f()", "(= ((a b) c) (call f))"),
    ("xs[0] = 5", "(= (index xs 0) 5)"), ("r.rate = 0.1", "(= (. r rate) 0.1)"),
    ("r.a[1:2].b = 1", "(= (. (index (. r a) 1:2:) b) 1)"), ("x += [v]", "(+= x [v])"),
    ("x //= 2; y ^= 2; z @= w; v %= 3", "(//= x 2);\n(^= y 2);\n(@= z w);\n(%= v 3)"),
    ("r.n -= 1", "(-= (. r n) 1)"), ("x = if c { 1 } else { 2 }", "(= x (if c {1} {2}))"),
    ("x = { a = 1; a }", "(= x {(= a 1); | a})"), (";;x;;", "x;"), ("", ""), ("\n\n# only\n", ""),
    ("λ_2 = naïve", "(= λ_2 naïve)"), ("|> f(1)", "(call f ans 1)"), ("\u{FEFF}x", "x"),
    ("f(x);", "(call f x);"), ("(a, b)", "{a b}"),
  ])
  func assignments(_ text: String, _ tree: String) { #expect(dump(text) == tree) }

  @Test(arguments: [
    ("if a { b }", "(if a {b})"), ("if a { b } else { c }", "(if a {b} {c})"),
    ("if a { b } else if c { d } else { e }", "(if a {b} {(if c {d} {e})})"),
    ("if a { b } else if c { d }", "(if a {b} {(if c {d})})"),
    ("if (a) { b }", "(if a {b})"), ("while a < 3 { a += 1 }", "(while (< a 3) {(+= a 1)})"),
    ("for i in 0..3 { print(i) }", "(for i (.. 0 3) {(call print i)})"),
    ("for (k, v) in r { break }", "(for (k v) r {break})"),
    ("for (i, (a, b)) in r { continue }", "(for (i (a b)) r {continue})"),
    ("try { f() } else e { e }", "(try {(call f)} e {e})"),
    ("x = try { f() } else e { none }", "(= x (try {(call f)} e {none}))"),
    ("assert c", "(assert c)"), ("assert c, \"m\"", "(assert c \"m\")"),
    ("fail(\"m\")", "(call fail \"m\")"),
    ("use plot", "(use plot)"), ("use plot: scatter, line", "(use plot scatter line)"),
    ("use \"mine.rnr\"", "(use \"mine.rnr\")"), ("use 'a.rnr': f", "(use \"a.rnr\" f)"),
    ("while true {\n  if a { break }\n  b\n}\nc", "(while true {(if a {break}) | b})\nc"),
  ])
  func control(_ text: String, _ tree: String) { #expect(dump(text) == tree) }

  @Test(arguments: [
    ("fn f() {}", "(fn f () {})"), ("fn f(x, k=1) { x^k }", "(fn f (x k=1) {(^ x k)})"),
    ("fn f(e: Encoder, nets) { e }", "(fn f (e: Encoder nets) {e})"),
    ("fn f(x, ..rest, k=2) { return }", "(fn f (x ..rest k=2) {return})"),
    ("fn f(x) {\n  return x\n}", "(fn f (x) {(return x)})"),
    ("native fn adamw(parameters, rate=1e-3)", "(native adamw (parameters rate=0.001))"),
    ("type Point(x, y=0)", "(type Point (x y=0))"), ("type Empty()", "(type Empty ())"),
    ("fn f(x) { fn g(y) { x + y }\n g }", "(fn f (x) {(fn g (y) {(+ x y)}) | g})"),
    ("## Adds.\n## > f(1)\nfn f(x) { x }", "(fn f \"Adds.\\n> f(1)\" (x) {x})"),
    ("## Not its.\n\nfn f(x) { x }", "(fn f (x) {x})"),
    ("#!/usr/bin/env rnr\nx", "x"), ("x # rest\ny", "x\ny"),
    ("if c {\n  ## Inner.\n  fn g() {}\n}", "(if c {(fn g \"Inner.\" () {})})"),
  ])
  func definitions(_ text: String, _ tree: String) { #expect(dump(text) == tree) }

  @Test(arguments: [
    ("a +\n b", "(+ a b)"), ("a\n+ b", "a\n(+ b)"), ("a\n-b", "a\n(- b)"),
    ("f(a,\n b)", "(call f a b)"),
    ("(a\n+ b)", "(+ a b)"), ("x\n|> f\n|> g(1)", "(call g (call f x) 1)"),
    ("x # note\n  # more\n  |> f", "(call f x)"), ("x =\n  3", "(= x 3)"),
    ("a and\nb", "(and a b)"),
    ("f(x -> {\n a = x\n a\n}, 2)", "(call f (-> (x) {(= a x) | a}) 2)"),
    ("[if c {\n a\n b\n} else { d }]", "[(if c {a | b} {d})]"), ("a\n(b)", "a\nb"),
    ("a\n[b]", "a\n[b]"),
    ("[\n [1]\n , [2]\n]", "[[1] [2]]"), ("if c { a }\nb", "(if c {a})\nb"),
    ("if c {\n} else {\n}", "(if c {} {})"), ("a = b\n\n\nc = d", "(= a b)\n(= c d)"),
    ("a\r\nb\r\n", "a\nb"),
    ("x = f(\n  a,\n\n  # note\n  b\n)\ny", "(= x (call f a b))\ny"), ("not\na", "(not a)"),
    ("{ a\n b }\n|> f", "(call f {a | b})"),
    ("r.\na", "a\n! expected the name of a field behind the dot"),
  ])
  func newlines(_ text: String, _ tree: String) { #expect(dump(text) == tree) }

  @Test func programDocumentationStandsAlone() {
    func documentation(_ text: String) -> String? {
      Parser.parse(Source(name: "t", text: text)).program.documentation
    }
    #expect(documentation("## About.\n## More.\n\nfn f() {}") == "About.\nMore.")
    #expect(documentation("## Of f.\nfn f() {}") == nil)
    #expect(documentation("#!/usr/bin/env rnr\n# Licence.\n\n## About.\n") == "About.")
    #expect(documentation("x = 1\n## Late.\n\n") == nil)
  }

  @Test(arguments: [
    ("x = 3", true), ("", true), ("f(1,", false), ("f(1,\n2)", true), ("if c {", false),
    ("if c {\n}", true), ("a +", false), ("a |>", false), ("x ->", false), ("x =", false),
    ("a,", false),
    ("a and", false), ("a # +", true), ("\"\"\"a\n", false), ("\"a {f(", true), ("\"open", true),
    ("x = [1, 2", false), ("'a'", true), ("f(1))", true), ("## Doc.", false), ("## Doc.\n", true),
    ("## Doc.\nfn f() {", false), ("x +=", false), ("not", false), ("0..", false),
    ("} else {", false),
  ])
  func completeness(_ text: String, _ isComplete: Bool) {
    #expect(Parser.isComplete(text) == isComplete)
  }
}
