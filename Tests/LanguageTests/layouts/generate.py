"""Writes layouts.tsv: random layouts of numbers and strings as CPython's `format` writes them.

A line is a layout, a value and the text, between tabs; a value that begins with `'` is a string.
Layouts that CPython refuses are left out. Numbers without a fraction are integers where a layout
names neither decimals nor a form, as they are here.
"""

import pathlib
import random

ROWS = 3000
FILLS = ["", "", "", "*", "0", "x", "-", "é"]
FORMS = ["", "f", "e", "g", "%", "d", "F", "E", "G"]


def layout(generator, forms):
    pick = generator.choice
    alignment = pick(["", "", "<", ">", "^", "="])
    fill = pick(FILLS) if alignment else ""
    sign = pick(["", "", "+", "-", " "])
    zero = pick(["", "", "0"])
    width = pick(["", "", str(generator.randrange(1, 24))])
    group = pick(["", "", "", ",", "_"])
    decimals = pick(["", "", f".{generator.randrange(0, 14)}"])
    return fill + alignment + sign + zero + width + group + decimals + pick(forms)


def number(generator):
    kind = generator.randrange(8)
    if kind == 0:
        return generator.choice([0.0, -0.0, float("inf"), -float("inf"), float("nan"), 0.5, 2.5, 1e15, 1e16])
    if kind == 1:
        return float(generator.randrange(-10**generator.randrange(1, 12), 10**generator.randrange(1, 12)))
    if kind == 2:
        return round(generator.uniform(-2000, 2000), generator.randrange(1, 4))
    if kind == 3:
        return generator.uniform(0, 1) * 10.0 ** generator.randrange(-300, 300)
    return generator.gauss(0, 1) * 10.0 ** generator.randrange(-8, 12)


def expected(value, text):
    """CPython's text, None where it has none or where a number here is written in its own way."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        if text.endswith("d") or not (text[-1:] in list("fegFEG%") or "." in text):
            value = int(value)
        elif text[-1:].isdigit():
            return None  # significant digits of a whole number: without a point here
    elif isinstance(value, float) and text[-1:] not in list("fegFEG%d") and "." not in text[1:]:
        return None  # a number that nothing is said of has seven digits here
    try:
        return format(value, text)
    except ValueError:
        return None


def main():
    generator = random.Random(1)
    lines = []
    while len(lines) < ROWS:
        isString = generator.randrange(6) == 0
        text = layout(generator, ["", "s"] if isString else FORMS)
        value = generator.choice(["", "ab", "größe", "a longer text"]) if isString else number(generator)
        if (result := expected(value, text)) is not None:
            lines.append(f"{text}\t{chr(39) + value if isString else repr(value)}\t{result}")
    path = pathlib.Path(__file__).with_name("layouts.tsv")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


main()
