#!/usr/bin/env python3
"""What --quality gives on photos, icons and pages, beside pngquant.

    Benchmarks/pages.py pages
    Benchmarks/.venv/bin/python Benchmarks/quality_sets.py --photos CQ100 \
      --pages pages [--icons 140] [--dithered]

For each picture and each largest quality it runs `pngquant --quality 0-MAX` and
`quantize --quality 0-MAX`, both without dithering, or both with Floyd-Steinberg
(--dithered). It prints the means over each set: the number of colours that the
visible pixels have, and SSIMULACRA2 on black and on white (100 is identical).
Icons are those of Debian's themes Adwaita, Oxygen and Tango, of 64 to 512
pixels, with alpha (icons.py). Needs Pillow, NumPy and ssimulacra2, which
Benchmarks/setup installs, and rsvg-convert for sizes that a theme lacks.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

try:
    import numpy as np
    from PIL import Image
    from ssimulacra2 import compute_ssimulacra2
except ImportError as missing:
    sys.exit(f"{missing}: run Benchmarks/setup, then Benchmarks/.venv/bin/python")

import icons

GROUNDS = {"black": 0.0, "white": 255.0}


def shown(pixels: np.ndarray, ground: float, path: Path) -> Path:
    """The picture on a ground, as a file."""
    alpha = pixels[..., 3:] / 255
    flat = np.rint(pixels[..., :3] * alpha + ground * (1 - alpha))
    Image.fromarray(flat.astype(np.uint8)).save(path, compress_level=1)
    return path


def colors(pixels: np.ndarray) -> int:
    flat = pixels.reshape(-1, 4).astype(np.uint8)
    return len(np.unique(flat[flat[:, 3] > 0], axis=0))


def measured(work: tuple) -> list[tuple[int, list[float]]]:
    """Colours and scores of the original, then of each command's file."""
    picture, commands = work
    original = icons.rgba(picture)
    grounds = dict(GROUNDS)
    if (original[..., 3] == 255).all():
        grounds.pop("white")
    figures = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # pngquant reads PNG only, and both are to read the same pixels.
        source = folder / "source.png"
        Image.fromarray(original.astype(np.uint8)).save(
            source, compress_level=1)
        for command in commands:
            output = folder / "output.png"
            subprocess.run(
                [*command, "--force", "-o", output, "--", source], check=True)
            written = icons.rgba(output)
            scores = [
                compute_ssimulacra2(
                    str(shown(original, ground, folder / "a.png")),
                    str(shown(written, ground, folder / "b.png")))
                for ground in grounds.values()
            ]
            figures.append((colors(written), [scores[0], scores[-1]]))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, help="a folder")
    parser.add_argument("--pages", type=Path, help="a folder of PNG files")
    parser.add_argument(
        "--icons", default=140, type=int, help="of each theme")
    parser.add_argument("--every", default=1, type=int, help="of each set")
    parser.add_argument("--qualities", default="50,65,80,90")
    parser.add_argument("--dithered", action="store_true")
    parser.add_argument("--jobs", default=2, type=int)
    parser.add_argument("--quantize", default=".build/command/release/quantize")
    parser.add_argument("--pngquant", default="pngquant")
    options = parser.parse_args()

    qualities = [int(q) for q in options.qualities.split(",")]
    methods = (["--floyd=1"], ["--floyd"]) if options.dithered else (
        ["--nofs"], ["--nofs"])
    commands = [
        [command, *method, "--quality", f"0-{quality}"]
        for quality in qualities
        for command, method in zip(
            (options.pngquant, options.quantize), methods)
    ]
    print("| set | MAX | colours, pngquant | ours | SSIMULACRA2 on black, "
          "pngquant | ours | on white, pngquant | ours |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, \
            ProcessPoolExecutor(options.jobs) as pool:
        sets = {
            "photos": sorted(options.photos.glob("*.png"))
            if options.photos else [],
            "icons": [icon for theme in icons.THEMES.split(",")
                      for icon in icons.chosen(
                          theme, options.icons, folder)]
            if options.icons else [],
            "pages": sorted(options.pages.glob("*.png"))
            if options.pages else [],
        }
        for name, pictures in sets.items():
            pictures = pictures[::options.every]
            rows = list(pool.map(
                measured, [(picture, commands) for picture in pictures]))
            for i, quality in enumerate(qualities if rows else []):
                cells = [f"{len(rows)} {name}", str(quality)]
                pair = [[row[2 * i + j] for row in rows] for j in (0, 1)]
                cells += [
                    f"{np.mean([count for count, _ in side]):.1f}"
                    for side in pair]
                for ground in (0, 1):
                    cells += [
                        f"{np.mean([score[ground] for _, score in side]):.2f}"
                        for side in pair]
                print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
