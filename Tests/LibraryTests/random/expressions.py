"""Writes expressions.rnr: random expressions, and what NumPy makes of them.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install numpy
    /tmp/venv/bin/python Tests/LibraryTests/random/expressions.py [--cases 1000] [--seed 1] [--out FILE]

Tensors are drawn as float32 numbers, among them zeros, infinities, NaN, and very small and large ones.
A result is computed in float64; how far float32 may be from it follows from the same in float32, once
plainly and twice with each step off by up to one unit in the last place: four times the difference and
2e-6 of the number. What jumps (order, whole parts, comparison) is applied to
numbers as they were drawn alone, where both agree. Plain numbers, lists and ranges are held to float64.
Where rnr's rule is not NumPy's, the rule is written out here: quantiles beside infinities, orders with
NaN, the variance of one number.
"""

import argparse
import math
import warnings

import numpy as np

warnings.simplefilter("ignore")
np.seterr(all="ignore")
LEAST = float(np.finfo(np.float32).tiny)


class Node:
    """An expression: its text, its value in float64, and values in float32 that show its rounding."""

    random = np.random.default_rng(0)

    def __init__(self, code, exact, nears=None):
        self.code = code
        self.exact = np.asarray(exact, np.float64)
        if nears is None:
            nears = [exact]
        self.nears = [np.asarray(near, np.float32) for near in nears]

    @staticmethod
    def of(code, function, *nodes):
        """A function of other expressions."""
        result = Node(code, function(*[node.exact for node in nodes]), [])
        for sample in range(3):
            near = function(*[node.nears[min(sample, len(node.nears) - 1)] for node in nodes])
            near = np.asarray(near, np.float32)
            if sample > 0:
                near = np.asarray(near * (1 + Node.random.uniform(-1.2e-7, 1.2e-7, near.shape)),
                                  np.float32)
            result.nears.append(near)
        return result

    @property
    def shape(self):
        return self.exact.shape


def literal(number):
    if math.isnan(number):
        return "nan"
    if math.isinf(number):
        return "infinity" if number > 0 else "-infinity"
    text = repr(float(number))
    return text[:-2] if text.endswith(".0") else text


def short(number):
    if not math.isfinite(number):
        return literal(number)
    text = str(np.float32(number))
    return text[:-2] if text.endswith(".0") else text


def nested(array, text):
    if array.ndim == 0:
        return text(array.item())
    return "[" + ", ".join(nested(part, text) for part in array) + "]"


class Expressions:
    def __init__(self, seed):
        self.random = np.random.default_rng(seed)

    def pick(self, items):
        return items[self.random.integers(len(items))]

    # Drawing

    def numbers(self, shape, special=True):
        kind = self.random.integers(6)
        if kind == 0:
            values = self.random.integers(-4, 5, shape).astype(float)
        elif kind == 1:
            values = self.random.normal(size=shape) * 10.0 ** self.random.integers(-6, 6)
        elif kind == 2:
            values = np.round(self.random.uniform(-3, 3, shape), 1)
        else:
            values = np.round(self.random.normal(size=shape) * 2, 3)
        values = np.array(values, np.float32)
        if special and self.random.random() < 0.25:
            chosen = [0.0, -0.0, np.inf, -np.inf, np.nan, 1e-30, 3e38, 16777216, 90, -90]
            for place in np.ndindex(*values.shape):
                if self.random.random() < 0.3:
                    values[place] = self.pick(chosen)
        return values

    def shape(self, rank=None):
        rank = self.random.integers(4) if rank is None else rank
        sizes = [1, 2, 3, 4] if rank > 1 else [1, 2, 3, 5, 7]
        return tuple(int(self.pick(sizes)) for _ in range(rank))

    def drawn(self, shape=None, special=True):
        values = self.numbers(self.shape() if shape is None else shape, special)
        text = "tensor(" + nested(values, short) + ")"
        return Node(text, values.astype(np.float64), [values])

    # Functions without jumps

    def smooth(self, depth):
        if depth == 0:
            return self.drawn(special=self.random.random() < 0.5)
        kind = self.random.integers(10)
        x = self.smooth(depth - 1)
        if kind < 3:
            return self.unary(x)
        if kind < 6:
            return self.binary(x)
        if kind < 8 and x.shape:
            return self.reduction(x)
        if kind == 8 and x.shape:
            return self.along(x)
        return self.product(x) if len(x.shape) in (1, 2) else self.unary(x)

    UNARY = {
        "exp": np.exp, "tanh": np.tanh, "abs": np.abs, "sin": np.sin,
        "sigmoid": lambda x: np.where(x < 0, np.exp(np.minimum(x, 0)), 1) / (1 + np.exp(-np.abs(x))),
        "relu": lambda x: np.where(x <= 0, 0, x), "-": np.negative,
        "sqrt": lambda x: np.sqrt(x), "log": lambda x: np.log(x),
    }

    def unary(self, x):
        name = self.pick(list(self.UNARY))
        function = self.UNARY[name]
        if name in ("log", "sqrt"):
            x = Node.of(f"abs({x.code})", np.abs, x)
        if name == "sin" and not np.all(np.abs(x.exact) < 50):
            name, function = "tanh", np.tanh
        return Node.of(f"{name}({x.code})", function, x)

    def binary(self, x):
        sign = self.pick(["+", "-", "*", "/", "max", "min"])
        shape = tuple(1 if self.random.random() < 0.3 else size for size in x.shape)
        if shape and self.random.random() < 0.3:
            shape = shape[1:]
        y = self.drawn(shape)
        if sign in ("max", "min"):
            name, function = sign + "imum", np.maximum if sign == "max" else np.minimum
            return Node.of(f"{name}({x.code}, {y.code})", function, x, y)
        function = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}[sign]
        return Node.of(f"({x.code} {sign} {y.code})", function, x, y)

    @staticmethod
    def variance(x, axis):
        count = x.size if axis is None else x.shape[axis]
        return np.var(x, axis=axis, ddof=0 if count == 1 else 1)

    @staticmethod
    def norm(x, axis):
        return np.sqrt(np.sum(np.asarray(x, np.float64) ** 2, axis=axis)).astype(x.dtype)

    REDUCTIONS = {
        "sum": np.sum, "mean": np.mean, "max": np.max, "min": np.min,
        "variance": lambda x, axis: Expressions.variance(x, axis),
        "std": lambda x, axis: np.sqrt(Expressions.variance(x, axis)),
        "norm": lambda x, axis: Expressions.norm(x, axis),
    }

    def axis(self, x):
        if self.random.random() < 0.4:
            return None
        return int(self.random.integers(-len(x.shape), len(x.shape)))

    def reduction(self, x):
        name = self.pick(list(self.REDUCTIONS))
        function, axis = self.REDUCTIONS[name], self.axis(x)
        rest = "" if axis is None else f", axis={axis}"
        return Node.of(f"{name}({x.code}{rest})", lambda x: function(x, axis=axis), x)

    @staticmethod
    def log_softmax(x, axis):
        shifted = x - np.max(x, axis=axis, keepdims=True)
        return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))

    ALONG = {
        "softmax": lambda x, axis: np.exp(Expressions.log_softmax(x, axis)),
        "log_softmax": lambda x, axis: Expressions.log_softmax(x, axis),
        "cumsum": lambda x, axis: np.cumsum(x, axis=axis, dtype=x.dtype),
    }

    def along(self, x):
        name = self.pick(list(self.ALONG))
        axis = int(self.random.integers(-len(x.shape), len(x.shape)))
        function = self.ALONG[name]
        return Node.of(f"{name}({x.code}, axis={axis})", lambda x: function(x, axis), x)

    def product(self, x):
        y = self.drawn((x.shape[-1], int(self.pick([1, 2, 5]))), special=False)
        return Node.of(f"({x.code} @ {y.code})", np.matmul, x, y)

    # Functions with jumps, of numbers as they were drawn

    def jump(self):
        return self.pick([self.whole, self.divided, self.compared, self.placed, self.ordered,
                          self.quantile, self.truth, self.taken])()

    def whole(self):
        x = self.drawn()
        name, function = self.pick([("floor", np.floor), ("ceil", np.ceil), ("round", np.round)])
        return Node(f"{name}({x.code})", function(x.exact))

    def divided(self):
        x = self.drawn()
        y = self.drawn(x.shape if self.random.random() < 0.6 else ())
        if self.random.random() < 0.5:
            result = np.remainder(x.exact, y.exact)
            return Node(f"({x.code} % {y.code})", result)
        result = np.floor_divide(x.exact, y.exact)
        return Node(f"({x.code} // {y.code})", result)

    def compared(self):
        x = self.drawn()
        y = self.drawn(x.shape)
        sign, function = self.pick([("<", np.less), ("<=", np.less_equal), (">", np.greater),
                                    (">=", np.greater_equal), ("==", np.equal), ("!=", np.not_equal)])
        result = function(x.exact, y.exact)
        return Node(f"({x.code} {sign} {y.code}) * 1", result)

    def placed(self):
        x = self.drawn(self.shape(int(self.random.integers(1, 4))))
        name, function = self.pick([("argmax", np.argmax), ("argmin", np.argmin)])
        axis = self.axis(x)
        rest = "" if axis is None else f", axis={axis}"
        result = function(x.exact, axis=axis)
        return Node(f"{name}({x.code}{rest})", result)

    @staticmethod
    def order(values, descending):
        key = lambda i: (math.isnan(values[i]), 0 if math.isnan(values[i]) else values[i])
        places = sorted(range(len(values)), key=key)
        if descending:
            classes = {}
            for place in places:
                classes.setdefault(key(place), []).append(place)
            places = [place for same in reversed(list(classes.values())) for place in same]
        return places

    def ordered(self):
        x = self.drawn(self.shape(int(self.random.integers(1, 4))))
        axis = int(self.random.integers(-len(x.shape), len(x.shape)))
        descending = bool(self.random.random() < 0.5)
        order = np.apply_along_axis(lambda row: self.order(row, descending), axis, x.exact)
        name = self.pick(["sort", "argsort"])
        result = order if name == "argsort" else np.take_along_axis(x.exact, order, axis)
        rest = f"axis={axis}, descending={str(descending).lower()}"
        return Node(f"{name}({x.code}, {rest})", result)

    @staticmethod
    def share(values, share):
        if any(math.isnan(value) for value in values):
            return math.nan
        values = sorted(values)
        place = share * (len(values) - 1)
        low = math.floor(place)
        a, b = values[low], values[min(low + 1, len(values) - 1)]
        weight = place - low
        if weight == 0 or a == b:
            return a
        if math.isfinite(a) and math.isfinite(b):
            return a + (b - a) * weight
        return a * (1 - weight) + b * weight

    def quantile(self):
        x = self.drawn(self.shape(int(self.random.integers(1, 4))))
        axis, share = self.axis(x), float(self.pick([0, 0.1, 0.25, 0.5, 0.9, 1]))
        if axis is None:
            result = self.share(list(x.exact.ravel()), share)
        else:
            result = np.apply_along_axis(lambda row: self.share(list(row), share), axis, x.exact)
        rest = "" if axis is None else f", axis={axis}"
        code = f"median({x.code}{rest})" if share == 0.5 else f"quantile({x.code}, {share}{rest})"
        return Node(code, result)

    def truth(self):
        x = self.drawn(self.shape(int(self.random.integers(1, 4))))
        name, function = self.pick([("all", np.all), ("any", np.any)])
        axis = int(self.random.integers(-len(x.shape), len(x.shape)))
        result = function(x.exact != 0, axis=axis)
        return Node(f"{name}({x.code}, axis={axis}) * 1", result)

    def taken(self):
        x = self.drawn(self.shape(2))
        rows = self.random.integers(-x.shape[0], x.shape[0], self.random.integers(1, 4))
        names = "[" + ", ".join(str(row) for row in rows) + "]"
        if self.random.random() < 0.5:
            return Node(f"gather({x.code}, {names})", x.exact[rows])
        step = int(self.pick([1, 2, -1]))
        return Node(f"{x.code}[{names}, ::{step}]", x.exact[rows][:, ::step])

    # Gradients

    SLOPES = {
        "tanh(x)": lambda x: 1 - np.tanh(x) ** 2,
        "sigmoid(x)": lambda x: (1 - 1 / (1 + np.exp(-x))) / (1 + np.exp(-x)),
        "x % 3": lambda x: np.ones_like(x),
        "5 % x": lambda x: -np.floor_divide(5, x),
        "7 // x": lambda x: np.zeros_like(x),
        "x^3": lambda x: 3 * x**2,
        "sqrt(abs(x))": lambda x: np.sign(x) / (2 * np.sqrt(np.abs(x))),
        "-x": lambda x: -np.ones_like(x),
        "maximum(x, 1) * 2": lambda x: np.where(x > 1, 2, np.where(x == 1, 1, 0)),
        "sort(x)": lambda x: np.ones_like(x),
        "std(x)": lambda x: Expressions.std_slope(x),
        "variance(x)": lambda x: 2 * (x - x.mean()) / max(x.size - 1, 1),
        "norm(x)": lambda x: x / np.sqrt(np.sum(x * x)) if np.any(x) else np.zeros_like(x),
    }

    @staticmethod
    def std_slope(x):
        std = np.sqrt(Expressions.variance(x, None))
        return (x - x.mean()) / (max(x.size - 1, 1) * std) if std > 0 else np.zeros_like(x)

    def gradient(self):
        name = self.pick(list(self.SLOPES))
        kind = self.random.integers(4)
        size = (int(self.random.integers(1, 6)),)
        if kind == 0:
            values = np.full(size, self.random.integers(1, 5))
        else:
            values = np.round(self.random.normal(size=size) * 2, 2)
            values = np.where(values == 0, 1, values)
        near = values.astype(np.float32)
        x = near.astype(np.float64)
        result = self.SLOPES[name](x)
        code = f"gradient(x -> sum({name}), tensor({nested(near, short)}))"
        nears = [self.SLOPES[name](near * np.float32(1 + k * 1e-7)) for k in (0, 1, -1)]
        if name in ("tanh(x)", "sigmoid(x)"):
            # They come from the result y, whose last place counts in 1 - y.
            nears.append(result + 1.2e-7)
        return Node(code, result, nears)

    # Plain numbers, lists and ranges, in float64

    def number(self, depth):
        if depth == 0:
            kind = self.random.integers(4)
            if kind == 0:
                return self.signed(float(self.random.integers(-9, 10)))
            if kind == 1:
                return self.signed(float(self.random.integers(2**24, 2**40)))
            return self.signed(round(float(self.random.normal() * 3), int(self.random.integers(1, 5))))
        (a, x), (b, y) = self.number(depth - 1), self.number(depth - 1)
        sign = self.pick(["+", "-", "*", "/", "%", "//"])
        if y == 0:
            sign = "+"
        result = {"+": lambda: x + y, "-": lambda: x - y, "*": lambda: x * y, "/": lambda: x / y,
                  "%": lambda: x % y, "//": lambda: x // y}[sign]()
        return f"({a} {sign} {b})", result

    @staticmethod
    def signed(number):
        return (literal(number) if number >= 0 else f"({literal(number)})"), number

    def listed(self):
        count = int(self.random.integers(1, 8))
        if self.random.random() < 0.3:
            start = int(self.random.integers(0, 2**30))
            values, code = [float(start + k) for k in range(count)], f"{start}..{start + count}"
            code = f"({code})"
        else:
            values = []
            for _ in range(count):
                kind = self.random.integers(12)
                if kind < 5:
                    values.append(float(self.random.integers(2**24, 2**45)))
                elif kind < 11:
                    values.append(round(float(self.random.normal() * 100), 3))
                else:
                    values.append(float(self.pick([math.inf, -math.inf, math.nan, 0.0])))
            code = "[" + ", ".join(literal(value) for value in values) + "]"
        x = np.array(values)
        name = self.pick(["sum", "mean", "variance", "std", "norm", "max", "min", "median",
                          "quantile", "argmax", "argmin", "argsort", "sort", "cumsum"])
        descending = bool(self.random.random() < 0.5)
        order = self.order(values, descending)
        flag = f", descending={str(descending).lower()}"
        results = {
            "sum": lambda: (code, math.fsum(values) if np.all(np.isfinite(x)) else x.sum()),
            "mean": lambda: (code, x.mean()), "variance": lambda: (code, self.variance(x, None)),
            "std": lambda: (code, np.sqrt(self.variance(x, None))),
            "norm": lambda: (code, np.sqrt(np.sum(x * x))), "max": lambda: (code, x.max()),
            "min": lambda: (code, x.min()), "median": lambda: (code, self.share(values, 0.5)),
            "quantile": lambda: (code + ", 0.3", self.share(values, 0.3)),
            "argmax": lambda: (code, np.argmax(x)), "argmin": lambda: (code, np.argmin(x)),
            "argsort": lambda: (code + ", descending=" + str(descending).lower(), np.array(order)),
            "sort": lambda: (code + flag, x[order]), "cumsum": lambda: (code, np.cumsum(x)),
        }
        arguments, result = results[name]()
        return f"{name}({arguments})", np.asarray(result, np.float64)


def case(code, result, slack):
    values = ", ".join(literal(number) for number in result.ravel())
    slacks = ", ".join("0" if s == 0 else f"{s:.0e}" for s in slack.ravel())
    shape = ", ".join(str(size) for size in result.shape)
    return f"  ('{code}', () -> {code}, [{shape}], [{values}], [{slacks}]),"


def exact_case(code, result, share):
    result = np.asarray(result, np.float64)
    slack = np.where(np.isfinite(result), np.abs(result) * share, 0)
    return case(code, result, slack)


def near_case(node):
    exact = node.exact
    finite = np.where(np.isfinite(exact), exact, 0)
    off = [np.where(np.isfinite(near), np.abs(finite - near), 0) for near in node.nears]
    slack = 4 * np.max(off, axis=0) + 2e-6 * np.abs(finite) + LEAST
    return case(node.code, exact, np.where(np.isfinite(exact), slack, 0))


def in_range(node):
    """Whether float32 and float64 agree on what is a number, and what is infinite."""
    exact = node.exact
    finite = np.isfinite(exact)
    for near in node.nears:
        same = (near == exact) | (np.isnan(near) & np.isnan(exact))
        if not np.all(np.where(finite, np.isfinite(near), same)):
            return False
    return bool(np.all(np.abs(np.where(finite, exact, 0)) < 1e38)) and 0 < exact.size <= 24


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default=__file__.replace(".py", ".rnr"))
    options = parser.parse_args()
    expressions = Expressions(options.seed)
    Node.random = np.random.default_rng(options.seed)
    lines = []
    while len(lines) < options.cases:
        kind = len(lines) % 10
        if kind < 4:
            node = expressions.smooth(int(expressions.random.integers(1, 4)))
        elif kind < 7:
            node = expressions.jump()
        elif kind == 7:
            node = expressions.gradient()
        elif kind == 8:
            code, result = expressions.number(int(expressions.random.integers(1, 3)))
            lines.append(exact_case(code, result, 1e-15))
            continue
        else:
            code, result = expressions.listed()
            lines.append(exact_case(code, result, 1e-12))
            continue
        if in_range(node):
            lines.append(near_case(node))
    head = f"# {len(lines)} random expressions and what NumPy {np.__version__} makes of them, written by expressions.py\n"
    head += f"# with --seed {options.seed}: the text, the expression, the shape, the numbers, and how far each may be off.\n"
    with open(options.out, "w") as file:
        file.write(head + "cases = [\n" + "\n".join(lines) + "\n]\n")


main()
