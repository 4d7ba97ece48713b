#!/usr/bin/env python3
"""How small files become: --optimize beside the optimisers of PNG files.

Each image is reduced by `quantize --compression 9`; that file is what optipng
and zopflipng get, and --optimize writes the same pixels by itself. Prints
Markdown tables: the geometric mean of the sizes relative to that file, and the
median time. Every written file is decoded and compared pixel by pixel.

    Benchmarks/.venv/bin/python Benchmarks/optimize.py [--photos 20] [--icons 60]

Needs optipng and zopflipng (Debian: optipng, zopfli), the photos of CQ100, and
for the icons Debian's oxygen-icon-theme; what is not there is left out and
named.
"""

from __future__ import annotations

import argparse
import math
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
ICONS = Path("/usr/share/icons/oxygen/base")


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGBA"))


def run(command: list[str]) -> float:
    """The wall time of a command; any failure ends the benchmark."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def spread(paths: list[Path], count: int) -> list[Path]:
    """So many of them, evenly spread."""
    count = min(count, len(paths))
    return [paths[i * len(paths) // count] for i in range(count)]


def table(title: str, tool: Path, images: list[Path], colors: list[int]) -> None:
    commands = {
        "quantize --compression 9": None,
        "quantize --optimize": None,
        "optipng -o2": ["optipng", "-quiet", "-o2", "-clobber"],
        # By itself it would drop the sRGB chunk, which counts in an icon.
        "zopflipng --keepchunks=sRGB": ["zopflipng", "-y", "--keepchunks=sRGB"],
    }
    print(f"\n### {title}\n")
    print("| k | | size | median bytes | median time |")
    print("|--:|---|--:|--:|--:|")
    for k in colors:
        sizes: dict[str, list[int]] = {}
        times: dict[str, list[float]] = {}
        for image in images:
            with tempfile.TemporaryDirectory(prefix="optimize-") as name:
                folder = Path(name)
                plain = folder / "plain.png"
                expected = None
                for label, command in commands.items():
                    out = folder / "out.png"
                    if command is None:
                        options = label.split()[1:]
                        out = plain if "--compression" in options else out
                        seconds = run(
                            [str(tool), str(image), "-k", str(k), "-o", str(out)]
                            + ["--force", "--quiet", *options]
                        )
                    elif not shutil.which(command[0]):
                        continue
                    elif command[0] == "optipng":
                        seconds = run([*command, "-out", str(out), str(plain)])
                    else:
                        seconds = run([*command, str(plain), str(out)])
                    if expected is None:
                        expected = pixels(out)
                    elif not np.array_equal(expected, pixels(out)):
                        raise SystemExit(f"{label} changed {image.name}")
                    sizes.setdefault(label, []).append(out.stat().st_size)
                    times.setdefault(label, []).append(seconds)
        base = sizes["quantize --compression 9"]
        for label, counts in sizes.items():
            mean = math.exp(
                statistics.mean(math.log(a / b) for a, b in zip(counts, base))
            )
            print(
                f"| {k} | {label} | {mean:.3f} | {statistics.median(counts):.0f} "
                f"| {statistics.median(times[label]):.2f} s |",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--quantize", type=Path, default=ROOT / ".build/command/release/quantize"
    )
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared/data/cq100"
    )
    parser.add_argument("--photos", type=int, default=20)
    parser.add_argument("--icons", type=int, default=60)
    parser.add_argument("--colors", default="16,64,256")
    options = parser.parse_args()
    colors = [int(k) for k in options.colors.split(",")]
    for name in ("optipng", "zopflipng"):
        if not shutil.which(name):
            print(f"{name} is not installed and left out")
    photos = spread(sorted(options.data.glob("*.png")), options.photos)
    icons = spread(
        sorted(p for p in ICONS.glob("*/apps/*.png") if not p.is_symlink()),
        options.icons,
    )
    for title, images in (
        (f"{len(photos)} photos of CQ100", photos),
        (f"{len(icons)} icons of oxygen-icon-theme, 8 to 256 pixels", icons),
    ):
        if images:
            table(title, options.quantize, images, colors)
        else:
            print(f"\n{title}: not there, left out")


if __name__ == "__main__":
    main()
