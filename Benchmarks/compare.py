"""Times six C' in one `quantize compare` beside six runs of the command.

Each round, on each photo: the six runs as they are, the six with --report, which
measures what a comparison does and SSIM, one cold comparison, one warm, and one
that writes a page, in turns; their time and the time of all processors. What the
cold comparison says of each C' must be what the runs say. (The warm one fits from
other means.)

    python3 Benchmarks/compare.py [--photos 10] [--runs 3]
"""

import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time


NAMES = ["six runs", "six runs with --report", "compare", "compare --warm",
         "compare -o"]


def timed(commands):
    """Seconds, and seconds of processors."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    for command in commands:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, (after.ru_utime + after.ru_stime
                     - before.ru_utime - before.ru_stime)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="../shared/data/cq100")
    parser.add_argument("--photos", type=int, default=10)
    parser.add_argument("--colors", default="16,64,256")
    parser.add_argument("--cprime", default="1,2,3,4,8,16")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quantize", default=".build/command/release/quantize")
    arguments = parser.parse_args()
    photos = sorted(map(str, pathlib.Path(arguments.data).glob("*.png")))
    photos = photos[::max(1, len(photos) // arguments.photos)]
    photos = photos[:arguments.photos]
    if not photos:
        sys.exit(f"no photos in {arguments.data}")
    lists = arguments.cprime.split(",")
    print(f"{len(photos)} photos, C' {arguments.cprime}, medians over the photos "
          f"of the best of {arguments.runs}; load average "
          f"{os.getloadavg()[0]:.1f} before.\n")
    print("| k | | s | processor, s | of six runs | processor | "
          "of six with --report | processor |")
    print("|--:|---|--:|--:|--:|--:|--:|--:|")
    for k in arguments.colors.split(","):
        photo_rows = []
        for photo in photos:
            with tempfile.TemporaryDirectory() as folder:
                photo_rows.append(measure(arguments, photo, k, lists, folder))
        for way, name in enumerate(NAMES):
            cells = [statistics.median(row[way][unit] for row in photo_rows)
                     for unit in (0, 1)]
            cells += [statistics.median(row[way][unit] / row[base][unit]
                                        for row in photo_rows)
                      for base in (0, 1) for unit in (0, 1)]
            print(f"| {k} | {name} | "
                  + " | ".join(f"{cell:.2f}" for cell in cells) + " |",
                  flush=True)


def measure(arguments, photo, k, lists, folder):
    quantize = arguments.quantize
    main = [quantize, photo, "-k", k, "-q", "--force"]
    runs = [[*main, "-o", f"{folder}/a.png", "-c", c] for c in lists]
    reports = [[*main, "-o", f"{folder}/{c}.png", "-c", c, "--report",
                f"{folder}/{c}.json"] for c in lists]
    compare = [quantize, "compare", photo, "-k", k, "-c", ",".join(lists)]
    ways = [runs, reports, [[*compare, "--json"]], [[*compare, "--json", "--warm"]],
            [[*compare, "-q", "--force", "-o", f"{folder}/page"]]]
    rounds = [[timed(way) for way in ways] for _ in range(arguments.runs)]
    times = [tuple(min(values) for values in zip(*column))
             for column in zip(*rounds)]
    with open(f"{folder}/page/report.json") as file:
        rows = json.load(file)["rows"]
    for c, row in zip(lists, rows, strict=True):
        with open(f"{folder}/{c}.json") as file:
            report = json.load(file)
        same = (row["mse"] == report["mse"] and row["bytes"] == report["outputBytes"]
                and row["fit"]["curve"] == report["freeEnergy"])
        if not same:
            sys.exit(f"{photo}, k {k}, C' {c}: a run says something else")
    return times


if __name__ == "__main__":
    main()
