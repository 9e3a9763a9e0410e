"""The loop of loop.rnr in Python."""

from time import perf_counter

TURNS = 3_000_000

start = perf_counter()
sum = 0.0
i = 0.0
while i < TURNS:
    sum = sum + i * i
    i = i + 1
top = perf_counter() - start


def squares(turns):
    sum = 0.0
    i = 0.0
    while i < turns:
        sum = sum + i * i
        i = i + 1
    return sum


start = perf_counter()
squares(TURNS)
inside = perf_counter() - start

print(f"  python, top level   {top / TURNS * 1e9:7.1f} ns a turn")
print(f"  python, function    {inside / TURNS * 1e9:7.1f} ns a turn")
