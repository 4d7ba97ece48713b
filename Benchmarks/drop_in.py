#!/usr/bin/env python3
"""Runs Debian's pngquant with libimagequant and with our drop-in in its place, in
turns, on photos and icons: error and time. See README.md."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

try:
    import numpy as np
    from PIL import Image
except ImportError as missing:
    sys.exit(f"{missing}: run Benchmarks/setup, then Benchmarks/.venv/bin/python")

ROOT = Path(__file__).resolve().parent.parent


def error(original: np.ndarray, path: Path) -> float:
    """The squared error on black and on white, the worse of them."""
    mapped = np.asarray(Image.open(path).convert("RGBA")).astype(float)
    worst = 0.0
    for ground in (0.0, 255.0):
        shown = []
        for image in (original, mapped):
            alpha = image[..., 3:] / 255
            shown.append(image[..., :3] * alpha + ground * (1 - alpha))
        worst = max(worst, float(((shown[0] - shown[1]) ** 2).sum(axis=2).mean()))
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--photos", type=Path, default=ROOT.parent / "shared/data/cq100")
    add("--icons", type=Path, default=Path("/usr/share/icons/oxygen/base"))
    add("--library", type=Path, default=ROOT / ".build/library/out/drop-in")
    add("--count", type=int, default=20)
    add("--runs", type=int, default=3)
    arguments = parser.parse_args()
    sets = {}
    for name, files in (
        ("photos", sorted(arguments.photos.glob("*.png"))),
        ("icons", sorted(arguments.icons.glob("64x64/*/*.png"))),
    ):
        files = files[:: max(1, len(files) // arguments.count)][: arguments.count]
        if files:
            sets[name] = files
        else:
            print(f"there are no {name}; they are left out", file=sys.stderr)
    print(f"load {os.getloadavg()[0]:.1f}; ratios of ours to libimagequant's\n")
    print("| images | options | error, geometric mean | error, worst | time |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, files in sets.items():
            for options in (["--nofs", "256"], ["--nofs", "32"], ["256"], ["32"]):
                errors, times = [], []
                for file in files:
                    original = np.asarray(Image.open(file).convert("RGBA"))
                    found: list[list[float]] = [[], []]
                    least = [0.0, 0.0]
                    for _ in range(arguments.runs):
                        for side in (0, 1):
                            out = Path(folder, f"{side}.png")
                            environment = dict(os.environ)
                            if side:
                                environment["LD_LIBRARY_PATH"] = str(
                                    arguments.library.resolve()
                                )
                            began = time.perf_counter()
                            subprocess.run(
                                ["pngquant", *options, "--force", "-o", out, file],
                                check=True, env=environment,
                            )
                            found[side].append(time.perf_counter() - began)
                            least[side] = error(original.astype(float), out)
                    times.append(
                        statistics.median(found[1]) / statistics.median(found[0])
                    )
                    errors.append((least[1] + 0.1) / (least[0] + 0.1))
                print(
                    f"| {len(files)} {name} | `{' '.join(options)}` "
                    f"| {np.exp(np.mean(np.log(errors))):.3f} | {max(errors):.2f} "
                    f"| {statistics.median(times):.2f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
