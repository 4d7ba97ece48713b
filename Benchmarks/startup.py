#!/usr/bin/env python3
"""What a start of the command costs: before and after a change.

    Benchmarks/startup.py BASE NEW [--photo FILE] [--runs 60] [--priority]

BASE and NEW are built commands. Prints, as Markdown, the size of each, the
instructions that Valgrind counts, and medians of wall times: of `--version`, of
a job whose input does not exist, which parses all options, and of a whole photo
at k = 16 and effort 1. Runs alternate between the two. --priority runs them
with real-time priority, which needs root and makes times on a busy machine
comparable. Needs no packages.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def instructions(command: list[str]) -> float | None:
    """Millions, counted by Valgrind; None where it is not installed."""
    if not shutil.which("valgrind"):
        return None
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
        capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", run.stderr)
    return int(found[1]) / 1e6 if found else None


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def medians(commands: list[list[str]], runs: int) -> list[float]:
    """Milliseconds; the first round does not count."""
    times: list[list[float]] = [[] for _ in commands]
    for round in range(runs + 1):
        for number, command in enumerate(commands):
            taken = seconds(command)
            if round:
                times[number].append(1e3 * taken)
    return [statistics.median(each) for each in times]


def main() -> None:
    parser = argparse.ArgumentParser(description="What a start costs.")
    parser.add_argument("base", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--photo", default=ROOT / "samples/still-life.jpg")
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--priority", action="store_true")
    options = parser.parse_args()
    if options.priority:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))
    with tempfile.TemporaryDirectory(prefix="startup-") as name:
        folder = Path(name)
        tools = []
        for which in ("base", "new"):
            # Copies, both in whole: a file that a linker wrote in pieces lies
            # in smaller pages of the cache, and starts more slowly.
            tools.append(folder / which)
            shutil.copy(getattr(options, which), tools[-1])
        output = ["-o", str(folder / "out.png"), "--force"]
        jobs = {
            "`--version`": ["--version"],
            "no such file": [str(folder / "none.png"), *output],
            "a photo": [str(options.photo), "-k", "16", "--effort", "1", *output],
        }
        sizes = [tool.stat().st_size / 1e6 for tool in tools]
        print("| | base | new | difference | ratio |")
        print("|---|---:|---:|---:|---:|")
        print(f"| size, MB | {sizes[0]:.1f} | {sizes[1]:.1f} "
              f"| {sizes[1] - sizes[0]:.1f} | {sizes[1] / sizes[0]:.2f} |")
        for job, arguments in jobs.items():
            # On one thread: none waits for another.
            one = [] if job == "`--version`" else ["--threads", "1"]
            old, new = [instructions([str(tool), *arguments, *one]) for tool in tools]
            if old and new:
                print(f"| {job}, million instructions | {old:.3f} | {new:.3f} "
                      f"| {new - old:.3f} | {new / old:.4f} |", flush=True)
        for job, arguments in jobs.items():
            old, new = medians(
                [[str(tool), *arguments] for tool in tools], options.runs)
            print(f"| {job}, ms | {old:.2f} | {new:.2f} | {new - old:.2f} "
                  f"| {new / old:.3f} |", flush=True)


if __name__ == "__main__":
    main()
