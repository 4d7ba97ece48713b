#!/usr/bin/env python3
"""Compares `quantize metrics` with scikit-image on photos.

Each photo is quantised with each number of colours; the measures that the
command prints are compared with scikit-image's, which has no Oklab, so those
are compared with NumPy's. The table has the largest differences over all
files, and the time that both take.

    Benchmarks/.venv/bin/python Benchmarks/metrics.py

The photos are those of CQ100, in ../shared/data/cq100 or where --data says.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile
import time

import numpy as np
from PIL import Image
from skimage.color import deltaE_ciede2000, rgb2lab, rgb2xyz
from skimage.metrics import mean_squared_error, structural_similarity

DATA = pathlib.Path(__file__).resolve().parents[2] / "shared/data/cq100"
# Oklab (B. Ottosson, 2020): to the cones' responses, and from their cube roots.
M1 = np.array([
    [0.8189330101, 0.3618667424, -0.1288597137],
    [0.0329845436, 0.9293118715, 0.0361456387],
    [0.0482003018, 0.2643662691, 0.6338517070],
])
M2 = np.array([
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
])
NAMES = ["MSE", "PSNR dB", "SSIM", "mean ΔE₀₀", "95th percentile ΔE₀₀",
         "Oklab MSE"]


def read(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def oklab(image):
    return np.cbrt(rgb2xyz(image) @ M1.T) @ M2.T


def expected(original, image):
    mse = 3 * mean_squared_error(original, image)
    difference = deltaE_ciede2000(rgb2lab(original), rgb2lab(image))
    return [
        mse,
        10 * np.log10(3 * 255**2 / mse),
        structural_similarity(
            original, image, gaussian_weights=True, sigma=1.5,
            use_sample_covariance=False, data_range=255, channel_axis=-1),
        difference.mean(),
        np.percentile(difference, 95),
        ((oklab(original) - oklab(image)) ** 2).sum(axis=2).mean(),
    ]


def printed(tool, original, image):
    """The measures of the command, and its seconds."""
    start = time.perf_counter()
    output = subprocess.run(
        [tool, "metrics", original, image, "--json"], check=True,
        capture_output=True).stdout
    seconds = time.perf_counter() - start
    found = json.loads(output)["images"][0]
    return [
        found["mse"], found["psnr"], found["ssim"],
        found["deltaE2000"]["mean"], found["deltaE2000"]["p95"],
        found["oklabMse"],
    ], seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, default=DATA)
    parser.add_argument("--photos", type=int, default=100)
    parser.add_argument("--colors", default="4,32,256")
    parser.add_argument("--quantize", default=".build/command/release/quantize")
    arguments = parser.parse_args()
    paths = sorted(arguments.data.glob("*.png"))
    count = min(arguments.photos, len(paths))
    photos = [paths[i * len(paths) // count] for i in range(count)]
    rows, ours, theirs = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        output = pathlib.Path(folder) / "out.png"
        for photo in photos:
            for colors in arguments.colors.split(","):
                subprocess.run(
                    [arguments.quantize, photo, "-k", colors, "-o", output,
                     "--force", "--quiet"], check=True)
                found, seconds = printed(arguments.quantize, photo, output)
                start = time.perf_counter()
                wanted = expected(read(photo), read(output))
                theirs.append(time.perf_counter() - start)
                ours.append(seconds)
                rows.append((found, wanted))
    found, wanted = (np.array(values) for values in zip(*rows))
    absolute = np.abs(found - wanted)
    print(f"{len(photos)} photos, {arguments.colors} colours, "
          f"{len(rows)} pairs.\n")
    print("| | from | to | largest difference | relative |")
    print("|---|---|---|---|---|")
    for i, name in enumerate(NAMES):
        print(f"| {name} | {wanted[:, i].min():.3g} | {wanted[:, i].max():.4g} "
              f"| {absolute[:, i].max():.1e} "
              f"| {(absolute[:, i] / np.abs(wanted[:, i])).max():.1e} |")
    print(f"\nMedian time: {1000 * statistics.median(ours):.0f} ms the command, "
          f"{1000 * statistics.median(theirs):.0f} ms scikit-image, reading the "
          "files included.")


if __name__ == "__main__":
    main()
