"""Times dithering: a large image with and without it, and a round of fitting the
palette to it.

    Benchmarks/.venv/bin/python Benchmarks/dithering.py [--runs 5]

The large image is a photo of CQ100 enlarged to 6000 × 4000 with fine noise; the
round is that of a photo as it is. Runs with and without take turns.
"""

import argparse
import json
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image


def timed(command):
    """Wall and processor seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, (after.ru_utime - before.ru_utime
                  + after.ru_stime - before.ru_stime)


def medians(commands, runs):
    results = [[] for _ in commands]
    for _ in range(runs):
        for command, times in zip(commands, results):
            times.append(timed(command))
    return [tuple(map(statistics.median, zip(*times))) for times in results]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="../shared/data/cq100")
    parser.add_argument("--quantize", default=".build/command/release/quantize")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--colors", default="256")
    arguments = parser.parse_args()
    photo = pathlib.Path(arguments.data) / "astronaut.png"
    if not photo.exists():
        sys.exit(f"no photo {photo}")
    with tempfile.TemporaryDirectory() as folder:
        large = f"{folder}/large.png"
        with Image.open(photo) as image:
            pixels = np.asarray(
                image.convert("RGB").resize((6000, 4000)), dtype=np.int16)
        noise = np.random.default_rng(1).integers(-2, 3, pixels.shape)
        Image.fromarray(
            np.clip(pixels + noise, 0, 255).astype(np.uint8)
        ).save(large, compress_level=1)
        print("| 24 megapixels, k = " + arguments.colors
              + " | seconds | of the processor | ratio of those |")
        print("|---|---|---|---|")
        methods = ["none", "floyd-steinberg", "sierra", "riemersma",
                   "blue-noise", "bayer"]
        rows = medians(
            [[arguments.quantize, large, "-k", arguments.colors, "-o",
              f"{folder}/o.png", "--force", "-q", "--dither", method]
             for method in methods], arguments.runs)
        for method, (wall, processor) in zip(methods, rows):
            print(f"| {method} | {wall:.2f} | {processor:.2f} "
                  f"| {processor / rows[0][1]:.2f} |")
        print()
        print("| a photo, k = " + arguments.colors
              + " | milliseconds of the stage | rounds |")
        print("|---|---|---|")
        times = {}
        for effort in (1, 6):
            seconds, rounds = [], 0
            for _ in range(arguments.runs):
                report = json.loads(subprocess.run(
                    [arguments.quantize, photo, "-k", arguments.colors, "-o",
                     f"{folder}/o.png", "--force", "-q", "--dither",
                     "floyd-steinberg", "--space", "oklab", "--effort",
                     str(effort), "--report", "-"],
                    check=True, capture_output=True).stdout)
                seconds.append(report["seconds"]["map"])
                rounds = report.get("dither", {}).get("rounds", 0)
            times[effort] = (statistics.median(seconds), rounds)
            print(f"| effort {effort} | {1000 * times[effort][0]:.1f} "
                  f"| {rounds} |")
        (short, few), (long, many) = times[1], times[6]
        if many > few:
            print(f"\nA round: {1000 * (long - short) / (many - few):.1f} ms.")


if __name__ == "__main__":
    main()
