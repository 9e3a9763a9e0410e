"""Nanoseconds of one step of small programs; programs.rnr and programs.lua are the same ones."""

from functools import reduce
from time import perf_counter


def measure(name, count, run):
    best = float("inf")
    for _ in range(3):
        start = perf_counter()
        run(count)
        best = min(best, perf_counter() - start)
    print(f"{name}\t{1e9 * best / count:.2f}")


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def calls(count):
    add = lambda a, b: a + b
    x = 0
    for k in range(count):
        x = add(x, k)
    return x


def keywords(count):
    def area(width, height=1, scale=1):
        return width * height * scale

    x = 0
    for k in range(count):
        x += area(k, scale=2)
    return x


def closures(count):
    k = 3
    odd = filter(lambda x: x % 2 == 0, range(count))
    return reduce(lambda a, b: a + b, map(lambda x: x * k, odd))


def append(count):
    xs = []
    for k in range(count):
        xs += [k]
    return xs


def read_index(count):
    xs = list(range(100))
    x = 0
    for k in range(count):
        x += xs[k % 100]
    return x


def assign_index(count):
    xs = list(range(100))
    for k in range(count):
        xs[k % 100] = k
    return xs


def comprehension(count):
    return [2 * k for k in range(count) if k % 3 != 0]


def slices(count):
    xs = list(range(100))
    x = 0
    for k in range(count):
        x += len(xs[10:30])
    return x


def loop_list(count):
    xs = list(range(count))
    total = 0
    for x in xs:
        total += x
    return total


class Settings:
    def __init__(self, hidden, layers, rate):
        self.hidden = hidden
        self.layers = layers
        self.rate = rate


def read_field(count):
    r = Settings(32, 2, 0.5)
    x = 0
    for k in range(count):
        x += r.rate
    return x


def write_field(count):
    r = Settings(32, 2, 0)
    for k in range(count):
        r.rate = k
    return r


def update_field(count):
    r = Settings(32, 2, 0)
    for k in range(count):
        r.rate += 1
    return r


def make_record(count):
    x = 0
    for k in range(count):
        r = {"a": k, "b": 1}
        x += r["a"]
    return x


def append_in_record(count):
    r = Settings([], 0, 0)
    for k in range(count):
        r.hidden += [k]
    return r


def keys_by_name(count):
    r = {"start": 0}
    names = [f"key {k}" for k in range(1000)]
    for name in names:
        r[name] = 0
    for k in range(count):
        r[names[k % 1000]] += 1
    return r


def build_string(count):
    s = ""
    for k in range(count):
        s += "x"
    return s


def join_strings(count):
    return ", ".join(["ab" for k in range(count)])


def split_string(count):
    return ("ab " * count).split(" ")


def replace_string(count):
    return ("abc" * count).replace("b", "xy")


def format_number(count):
    n = 0
    for k in range(count):
        n += len(f"{k / 7:.4f}")
    return n


def format_values(count):
    n = 0
    for k in range(count):
        n += len(f"step {k}: {k / 8}")
    return n


def string_letters(count):
    s = "abcdefghij" * 10
    n = 0
    for k in range(count):
        if s[k % 100] == "c":
            n += 1
    return n


def compare_strings(count):
    names = ["alpha", "alphabet", "beta", "gamma"]
    n = 0
    for k in range(count):
        if names[k % 4] < names[(k + 1) % 4]:
            n += 1
    return n


def equal_strings(count):
    names = ["alpha", "alphabet", "beta", "gamma"]
    n = 0
    for k in range(count):
        if names[k % 4] == "beta":
            n += 1
    return n


def sort_numbers(count):
    x = 1
    xs = []
    for k in range(count):
        x = (x * 16807) % 2147483647
        xs += [x]
    return sorted(xs)


def sort_strings(count):
    x = 1
    xs = []
    for k in range(count):
        x = (x * 16807) % 2147483647
        xs += [f"{x}"]
    return sorted(xs)


def sort_by(count):
    return sorted(list(range(count)), key=lambda x: -x)


def fail():
    raise ValueError("no")


def fail_and_catch(count):
    n = 0
    for k in range(count):
        try:
            fail()
        except ValueError as e:
            n += 1
    return n


def while_loop(count):
    sum = 0.0
    i = 0.0
    while i < count:
        sum = sum + i * i
        i = i + 1
    return sum


def branches(count):
    a = 0
    b = 0
    for k in range(count):
        if k % 3 == 0:
            a += 1
        elif k % 3 == 1 and k > 10:
            b += 1
        else:
            a -= 1
    return a + b


measure("while loop", 2_000_000, while_loop)
measure("for loop, branches", 1_000_000, branches)
measure("recursion: fib", 832_040, lambda count: fib(28))
measure("function call", 1_000_000, calls)
measure("call with keyword", 300_000, keywords)
measure("map, filter, reduce", 300_000, closures)
measure("list append", 1_000_000, append)
measure("list index", 1_000_000, read_index)
measure("list assignment", 1_000_000, assign_index)
measure("list loop", 1_000_000, loop_list)
measure("comprehension", 1_000_000, comprehension)
measure("slice of 20", 300_000, slices)
measure("record field", 1_000_000, read_field)
measure("record assignment", 1_000_000, write_field)
measure("record update", 1_000_000, update_field)
measure("record made", 500_000, make_record)
measure("list in record", 500_000, append_in_record)
measure("1,000 keys", 300_000, keys_by_name)
measure("string built", 500_000, build_string)
measure("join", 500_000, join_strings)
measure("split", 300_000, split_string)
measure("replace", 300_000, replace_string)
measure("format .4f", 200_000, format_number)
measure("format values", 200_000, format_values)
measure("string index", 500_000, string_letters)
measure("string order", 500_000, compare_strings)
measure("string equality", 500_000, equal_strings)
measure("sort numbers", 100_000, sort_numbers)
measure("sort strings", 100_000, sort_strings)
measure("sort by key", 100_000, sort_by)
measure("fail and catch", 200_000, fail_and_catch)
