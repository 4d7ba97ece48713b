"""E-steps in many dimensions: nanoseconds a point on one core.

    Benchmarks/.venv/bin/python Benchmarks/many_dimensions.py

Needs the wheel of scripts/build-wheel; that of another commit shows the difference.
Points are in clusters that lie apart, in clusters that overlap, or of one Gaussian. Each
time is the fastest of `--runs`.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

try:
    import numpy as np
    import quantize
except ImportError as missing:
    sys.exit(f"{missing}: pip install the wheel of scripts/build-wheel")


def drawn(layout: str, count: int, dimension: int) -> Any:
    random = np.random.default_rng(1)
    if layout == "one":
        return random.normal(0, 1, (count, dimension))
    centers = random.normal(0, 20 if layout == "apart" else 4, (64, dimension))
    return centers[random.integers(0, 64, count)] + random.normal(
        0, 3, (count, dimension)
    )


def seconds(run: Any, runs: int) -> float:
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        run()
        took.append(time.perf_counter() - began)
    return min(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--points", type=int, default=500_000)
    add("--dimension", type=int, default=16)
    add("--runs", type=int, default=3)
    arguments = parser.parse_args()
    print("| points | k | tree | C' = 1 | C' = 3 | C' = 3, own variances |")
    print("|---|---|---|---|---|---|")
    for layout in ("apart", "overlapping", "one"):
        rows = drawn(layout, arguments.points, arguments.dimension)
        tree = seconds(lambda rows=rows: quantize.Points(rows), arguments.runs)
        points = quantize.Points(rows)
        for k in (64, 256):
            tied = quantize.fit_points(quantize.Points(rows[:20_000]), k, 1, effort=1)
            own = quantize.Model(
                tied.means, tied.variances[0] * np.linspace(0.9, 1.1, k),
                np.full(k, 1 / k),
            )
            times = [
                seconds(
                    lambda model=model, cprime=cprime: model.statistics(
                        points, cprime, threads=1
                    ),
                    arguments.runs,
                )
                for model, cprime in ((tied, 1), (tied, 3), (own, 3))
            ]
            cells = " | ".join(
                f"{1e9 * one / arguments.points:,.0f}" for one in (tree, *times)
            )
            print(f"| {layout} | {k} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
