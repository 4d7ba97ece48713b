#!/usr/bin/env python3
"""What --quality gives on icons and pages: colours and what is seen, next to
pngquant's file of the same numbers.

    Benchmarks/.venv/bin/python Benchmarks/quality_icons.py FOLDER... [--most 100]

For every PNG of the folders and each largest quality it runs `pngquant --nofs
--quality 0-MAX` and `quantize --quality 0-MAX`, and measures both files: the
number of colours, and the PSNR on black and on white over the pixels that are
seen (alpha above 0), the worse of the two. Prints Markdown. Needs Pillow and
NumPy, which Benchmarks/setup installs.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent


def rgba(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGBA"), dtype=np.float64)


def seen(original: np.ndarray, written: np.ndarray) -> float:
    """PSNR over the pixels that are seen, on the ground that shows more."""
    visible = original[..., 3] > 0
    worst = 99.0
    for ground in (0.0, 255.0):
        shown = []
        for image in (original, written):
            alpha = image[..., 3:] / 255
            shown.append(image[..., :3] * alpha + ground * (1 - alpha))
        error = np.mean((shown[0] - shown[1])[visible] ** 2)
        worst = min(worst, 10 * np.log10(255**2 / error) if error else 99.0)
    return worst


def colors(image: np.ndarray) -> int:
    flat = image.reshape(-1, 4).astype(np.uint8)
    flat = np.where(flat[:, 3:] == 0, 0, flat)
    return len(np.unique(flat, axis=0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--most", default=100, type=int)
    parser.add_argument("--qualities", default="50,65,80,90")
    parser.add_argument("--pngquant", default="/usr/bin/pngquant")
    parser.add_argument(
        "--quantize", default=ROOT / ".build/command/release/quantize")
    options = parser.parse_args()
    files = sorted(f for d in options.folders for f in d.rglob("*.png"))
    files = [f for f in files if not f.is_symlink()]
    random.Random(1).shuffle(files)
    files = files[: options.most]
    print(f"{len(files)} images of {', '.join(map(str, options.folders))}\n")
    print("| MAX | colours, pngquant | ours | PSNR of what is seen, pngquant "
          "| ours | at least as good, or within 0.5 dB |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        theirs, ours = Path(name) / "theirs.png", Path(name) / "ours.png"
        for most in options.qualities.split(","):
            rows = []
            for file in files:
                run = subprocess.run(
                    [options.pngquant, "--nofs", "--force", "--quality",
                     f"0-{most}", "--output", theirs, "--", file])
                if run.returncode:
                    continue
                subprocess.run(
                    [options.quantize, file, "-q", "-f", "--quality",
                     f"0-{most}", "-o", ours], check=True)
                original = rgba(file)
                a, b = rgba(theirs), rgba(ours)
                rows.append((colors(a), colors(b), seen(original, a),
                             seen(original, b)))
            mean = [statistics.fmean(r[i] for r in rows) for i in range(4)]
            good = sum(r[3] >= r[2] - 0.5 for r in rows)
            print(f"| {most} | {mean[0]:.1f} | {mean[1]:.1f} | {mean[2]:.2f} "
                  f"| {mean[3]:.2f} | {good} of {len(rows)} |", flush=True)


if __name__ == "__main__":
    main()
