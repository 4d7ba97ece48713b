#!/usr/bin/env python3
"""Times the decoder and the encoder of quantize beside a bare loop over libjpeg
and libpng (codecs.c) on an image of 24 megapixels, by turns, and prints medians.

The bare loop encodes the very palette image that quantize wrote, with the same
level of zlib and no filters.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile

import numpy
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parent.parent
LEVEL = "5"


def photo(width=6000, height=4000):
    """Smooth colours with grain: as hard to compress as a photo."""
    y, x = numpy.mgrid[0:height, 0:width].astype(numpy.float32)
    numbers = numpy.random.default_rng(1)
    planes = [
        128 + 100 * numpy.sin(x / 700 + 1) * numpy.cos(y / 500),
        128 + 90 * numpy.sin(x / 300 - y / 400),
        120 + 80 * numpy.cos(x / 900) * numpy.sin(y / 250 + 2),
    ]
    grain = numbers.normal(0, 4, (height, width, 1)).astype(numpy.float32)
    image = numpy.clip(numpy.stack(planes, 2) + grain, 0, 255)
    return Image.fromarray(image.astype(numpy.uint8))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quantize", default=ROOT / ".build/command/release/quantize", help="the binary"
    )
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print("| 24 megapixels | step | quantize, s | bare, s | ratio |")
    print("| --- | --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        bare = folder / "bare"
        source = ROOT / "Benchmarks/codecs.c"
        command = ["cc", "-O2", "-o", bare, source, "-ljpeg", "-lpng"]
        subprocess.run(command, check=True)
        image = photo()
        image.save(folder / "photo.jpg", quality=90)
        image.save(folder / "photo.png", compress_level=6)
        for kind in ["jpg", "png"]:
            ours, theirs = [], []
            out, report = folder / "out.png", folder / "report.json"
            for _ in range(options.runs):
                command = [options.quantize, folder / f"photo.{kind}", "-o", out]
                command += ["--force", "--quiet", "--report", report]
                command += ["-k", "256", "--effort", "1", "--compression", LEVEL]
                subprocess.run(command, check=True)
                seconds = json.loads(report.read_text())["seconds"]
                ours.append((seconds["decode"], seconds["encode"]))
                command = [bare, folder / f"photo.{kind}", out, LEVEL]
                run = subprocess.run(command, check=True, stdout=subprocess.PIPE)
                theirs.append(tuple(map(float, run.stdout.split()[:2])))
            for step, pick in {
                "decode": lambda pair: pair[0],
                "encode": lambda pair: pair[1],
                "both": sum,
            }.items():
                mine = statistics.median(map(pick, ours))
                least = statistics.median(map(pick, theirs))
                print(
                    f"| {kind} | {step} | {mine:.3f} | {least:.3f} "
                    f"| {mine / least:.2f} |"
                )


if __name__ == "__main__":
    main()
