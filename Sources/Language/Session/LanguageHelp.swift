/// Help on the language's own words, signs and types, which no declaration documents.
enum LanguageHelp {
  /// A word or sign, what it does, and an example.
  struct Entry: Sendable {
    let name: String
    /// How it is written.
    let form: String
    /// What it does, the first line a summary; lines with `> ` are an example.
    let body: String

    var summary: String { String(body.prefix { $0 != "\n" }) }

    func text(columns: Int) -> String {
      HelpText.signature(form, columns: columns) + "\n"
        + HelpText.documentation(body, columns: columns)
    }
  }

  /// The help on a word or sign, if there is some.
  static func entry(_ name: String) -> Entry? { byName[name] }

  private static let byName = Dictionary(
    all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  static let all: [Entry] = words + signs + types

  private static func entry(_ name: String, _ form: String, _ body: String) -> Entry {
    Entry(name: name, form: form, body: body)
  }

  private static let mask =
    "\n\nOf tensors element by element: a mask of 0 and 1, also where it is a single number, which"
    + " serves as a condition like true and false.\n"

  private static let words = [
    entry(
      "fn", "fn name(x, k=1) { ... }    fn name(x) = expression",
      "Defines a function; its last expression is its value.\n> fn twice(x) = 2 * x\n> twice(4)\n8"),
    entry(
      "type", "type Name(field, other=1)",
      "Defines a named record with its constructor.\n> type Pair(a, b=2)\n> Pair(1).b\n2"),
    entry("native", "native fn name(x)", "Declares a function of the library written in Swift."),
    entry(
      "if", "if condition { ... } else { ... }",
      "Chooses; it is an expression too.\n> if 2 > 1 { \"yes\" } else { \"no\" }\n\"yes\""),
    entry(
      "else", "if condition { ... } else { ... }",
      "What is done where the condition is false; stands on the line of the `}` before it."),
    entry(
      "for", "for x in collection { ... }    [f(x) for x in xs if condition]",
      "Goes through a collection.\n> [x^2 for x in 0..4 if x > 1]\n[4, 9]"),
    entry(
      "while", "while condition { ... }",
      "Repeats as long as a condition holds.\n> n = 1\n> while n < 100 { n = 2 * n }\n> n\n128"),
    entry(
      "in", "x in collection",
      "Whether a collection holds a value; in `for` it names what is gone through."
        + "\n> 2 in [1, 2]\ntrue"),
    entry("break", "break", "Leaves the loop around it."),
    entry("continue", "continue", "Goes on with the next turn of the loop around it."),
    entry(
      "return", "return value",
      "Leaves the function with a value.\n> fn sign(x) {\n    if x < 0 { return -1 }\n    1\n  }"
        + "\n> sign(-3)\n-1"),
    entry(
      "use", "use plot    use plot: line, bars    use \"mine.rnr\"",
      "Makes the names of a module or file known."),
    entry(
      "assert", "assert condition, \"message\"",
      "Fails with the message unless the condition holds.\n> assert 1 < 2, \"order\""),
    entry(
      "try", "try { ... } else error { ... }",
      "Goes on where something fails; the name holds the message."
        + "\n> try { fail(\"no\") } else e { e }\n\"no\""),
    entry(
      "and", "a and b",
      "Whether both hold; of tensors element-wise.\n> 1 < 2 and 2 < 3\ntrue"),
    entry(
      "or", "a or b", "Whether one of both holds; of tensors element-wise.\n> 2 < 1 or 1 < 2\ntrue"),
    entry("not", "not a", "Whether it does not hold; of tensors element-wise.\n> not true\nfalse"),
    entry("true", "true", "A condition that holds."),
    entry("false", "false", "A condition that does not hold."),
    entry("none", "none", "No value.\n> none == none\ntrue"),
    entry(
      "ans", "ans", "The last value that the prompt has shown; `|> f` goes on with it."),
    entry(
      "out", "out[n]",
      "The value of entry n, the number before `>`. The last \(Outputs.limit) values are kept."),
  ]

  private static let signs = [
    entry(
      "+", "a + b",
      "Sum; element-wise of tensors, and joins strings and lists.\n> [1] + [2]\n[1, 2]"),
    entry("-", "a - b    -a", "Difference, or the negative.\n> 3 - 5\n-2"),
    entry("*", "a * b", "Product, element-wise; `@` is the product of matrices.\n> 3 * 4\n12"),
    entry("/", "a / b", "Quotient, element-wise.\n> 7 / 2\n3.5"),
    entry("//", "a // b", "Quotient rounded down.\n> 7 // 2\n3"),
    entry("%", "a % b", "Remainder, with the sign of b: a = (a // b) * b + a % b.\n> -1 % 5\n4"),
    entry("^", "a ^ b", "Power.\n> 2^10\n1024"),
    entry("@", "a @ b", "Product of matrices.\n> shape(ones([2, 3]) @ ones([3, 4]))\n[2, 4]"),
    entry(
      "==", "a == b", "Whether two values are equal." + LanguageHelp.mask + "> [1] == [1]\ntrue"),
    entry("!=", "a != b", "Whether two values differ." + LanguageHelp.mask + "> 1 != 2\ntrue"),
    entry("<", "a < b", "Whether a is less." + LanguageHelp.mask + "> 1 < 2\ntrue"),
    entry("<=", "a <= b", "Whether a is less or equal." + LanguageHelp.mask + "> 2 <= 2\ntrue"),
    entry(">", "a > b", "Whether a is greater." + LanguageHelp.mask + "> 1 > 2\nfalse"),
    entry(">=", "a >= b", "Whether a is greater or equal." + LanguageHelp.mask + "> 2 >= 2\ntrue"),
    entry(
      "=", "name = value    r.field = value    xs[0] = value    (a, b) = f()",
      "Binds a name, or changes the value that a variable holds.\n> (a, b) = (1, 2)\n> b\n2"),
    entry("+=", "x += a", "x = x + a; likewise -= *= /= //= %= ^= @=.\n> x = 1\n> x += 2\n> x\n3"),
    entry(
      "..", "a..b    (..r, k=1)",
      "The whole numbers from a up to b without b; spreads a record or "
        + "list.\n> list(0..3)\n[0, 1, 2]"),
    entry("..=", "a..=b", "The whole numbers from a up to b.\n> list(0..=3)\n[0, 1, 2, 3]"),
    entry("|>", "x |> f(k=1)", "Calls a function with x in front.\n> [3, 1] |> length\n2"),
    entry(
      "->", "x -> x^2    (a, b) -> a + b",
      "A function without a name.\n> map([1, 2], x -> 2 * x)\n"
        + "[2, 4]"),
    entry(".", "r.field", "A field of a record, net, zoo or module.\n> (a=1, b=2).b\n2"),
    entry(
      "[]", "x[0]    x[1:3]    x[..., -1]    x[mask]",
      "Elements by place, slice or mask, from 0."
        + "\n> [5, 6, 7][1:]\n[6, 7]"),
    entry("#", "# text", "A comment up to the end of the line."),
    entry(
      "##", "## text",
      "Documentation of the definition below; its first line is the summary, "
        + "`## > expression` with the\nresult below is an example and a test."),
    entry(";", "expression;", "Ends a statement; at the prompt its value is not shown.\n> 1 + 1;"),
    entry(
      "\"", "\"loss {loss:.4f}\"",
      "A string with values in it; `'...'` takes every character as it "
        + "is.\n> \"half: {1 / 2:.3f}\"\n\"half: 0.500\""),
    entry(
      "{}", "{ ... }",
      "A block: statements, the last of which is its value. Records are written "
        + "(a=1, b=2)."),
  ]

  private static let types = [
    entry("number", "number", "The type of numbers: 64-bit, whole ones exact to 2^53."),
    entry("string", "string", "The type of texts."),
    entry("boolean", "boolean", "The type of true and false."),
    entry("range", "range", "The type of a..b."),
  ]
}
