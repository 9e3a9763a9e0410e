"""The optima of small tables by general solvers: interrogation_peer.py FOLDER, with the tables as .npy files.

Prints name, goal and solver, result and seconds, one line each. N, the fewest fixed queries, is a set cover for
HiGHS and CP-SAT; I, the fewest adaptive ones, is asked of pydl8.5 as the least depth of a tree without errors.
"""

import itertools
import pathlib
import sys
import time

import numpy

LIMIT = 60.0


def pairs(table):
    """For each pair of functions the queries that tell them apart, each set of them once."""
    rows = {tuple(numpy.flatnonzero(a != b)) for a, b in itertools.combinations(table, 2)}
    return [row for row in rows if row]


def by_highs(table):
    import highspy

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", LIMIT)
    chosen = [solver.addBinary(obj=1) for _ in range(table.shape[1])]
    for row in pairs(table):
        solver.addConstr(sum(chosen[query] for query in row) >= 1)
    solver.run()
    upper = round(solver.getInfo().objective_function_value)
    lower = int(numpy.ceil(solver.getInfo().mip_dual_bound - 1e-6))
    return lower, upper


def by_cp_sat(table):
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    chosen = [model.new_bool_var(f"q{query}") for query in range(table.shape[1])]
    for row in pairs(table):
        model.add_bool_or([chosen[query] for query in row])
    model.minimize(sum(chosen))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = LIMIT
    solver.solve(model)
    return int(numpy.ceil(solver.best_objective_bound - 1e-6)), round(solver.objective_value)


def by_pydl85(table):
    from pydl85 import DL85Classifier

    functions = numpy.arange(len(table))
    depth = int(numpy.ceil(numpy.log2(len(table))))
    end = time.perf_counter() + LIMIT
    while time.perf_counter() < end:
        tree = DL85Classifier(max_depth=depth, min_sup=1, time_limit=max(1, int(end - time.perf_counter())))
        tree.fit(table, functions)
        if tree.timeout_:
            break
        if tree.error_ == 0:
            return depth, depth
        depth += 1
    return depth, None


def main():
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.npy")):
        table = numpy.load(path).astype(int)
        for goal, name, solve in [("N", "HiGHS", by_highs), ("N", "CP-SAT", by_cp_sat), ("I", "pydl8.5", by_pydl85)]:
            start = time.perf_counter()
            try:
                lower, upper = solve(table)
            except ImportError:
                continue
            took = time.perf_counter() - start
            result = f"{upper}" if lower == upper else f"{lower}..{'' if upper is None else upper}"
            print(f"{path.stem}: {goal} by {name}\t{result}\t{took:.4f}", flush=True)


main()
