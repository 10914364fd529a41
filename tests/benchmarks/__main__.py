"""Run the benchmarks and print one table: ``python -m tests.benchmarks [NAME ...]``.

A name is a module's, less its ``bench_``. A missed goal is said in the table and is no failure:
only a benchmark that crashes ends in an exit code of 1.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import pkgutil
import sys
import traceback

import tests.benchmarks
from tests.benchmarks.figures import Figure, draw_table
from tests.benchmarks.running import running_site


def benchmark_names() -> list[str]:
    modules = pkgutil.iter_modules(tests.benchmarks.__path__)
    return [name.removeprefix("bench_") for _, name, _ in modules if name.startswith("bench_")]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(benchmark_names()))
    wanted = parser.parse_args().names or benchmark_names()
    if unknown := set(wanted) - set(benchmark_names()):
        parser.error(f"There is no benchmark {', '.join(sorted(unknown))}.")
    figures: list[Figure] = []
    crashed: list[str] = []
    with running_site():
        logging.disable(logging.INFO)
        for name in wanted:
            print(f"Measuring: {name} …", file=sys.stderr)
            try:
                figures += importlib.import_module(f"tests.benchmarks.bench_{name}").measure()
            except Exception:
                traceback.print_exc()
                crashed.append(name)
    print(draw_table(figures))
    if crashed:
        print(f"Crashed: {', '.join(crashed)}. The traces are above.", file=sys.stderr)
    return 1 if crashed else 0


if __name__ == "__main__":
    sys.exit(main())
