#!/usr/bin/env python3
"""What the formats of a batch's outputs cost: PNGs of JPEG photos against the
same formats, for photographs that are JPEGs.

    Benchmarks/.venv/bin/python Benchmarks/formats.py [--photos 100]

Prints Markdown: the sizes of all outputs against the inputs, how many outputs
are larger than their inputs, and the mean PSNR against the inputs. The last row
is what a plain re-encoding at the same quality does. Needs the photos of CQ100
(see README.md) and Pillow and NumPy, which Benchmarks/setup installs.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
INPUT_QUALITY = 85


def psnr(a: Path, b: Path) -> float:
    first, second = (
        np.asarray(Image.open(p).convert("RGB"), dtype=float) for p in (a, b)
    )
    error = np.mean((first - second) ** 2)
    return 10 * np.log10(255**2 / error) if error else 99.0


def row(name: str, inputs: list[Path], outputs: list[Path]) -> None:
    sizes = [(i.stat().st_size, o.stat().st_size) for i, o in zip(inputs, outputs)]
    total = sum(o for _, o in sizes) / sum(i for i, _ in sizes)
    larger = sum(o > i for i, o in sizes)
    copies = sum(o == i for i, o in sizes)
    quality = np.mean([psnr(i, o) for i, o in zip(inputs, outputs)])
    print(f"| {name} | {100 * total:.0f} % | {larger} | {copies} | {quality:.2f} |",
          flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quantize", default=ROOT / ".build/command/release/quantize", type=Path)
    parser.add_argument("--data", default=ROOT.parent / "shared/data/cq100", type=Path)
    parser.add_argument("--photos", default=100, type=int)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        inputs = []
        for photo in sorted(options.data.glob("*.png"))[: options.photos]:
            inputs.append(folder / "in" / (photo.stem + ".jpg"))
            Image.open(photo).convert("RGB").save(inputs[-1], quality=INPUT_QUALITY)
        print(f"{len(inputs)} photos as JPEGs of quality {INPUT_QUALITY}\n")
        print("| outputs | size | larger | copied | PSNR, dB |")
        print("|---|---|---|---|---|")
        for k in (16, 64, 256):
            for kind in ("png", "same"):
                out = folder / f"{kind}-{k}"
                subprocess.run(
                    [options.quantize, "batch", folder / "in", "-k", str(k),
                     "--format", kind, "-o", out, "-q"], check=True)
                ending = ".png" if kind == "png" else ".jpg"
                row(f"`-k {k} --format {kind}`", inputs,
                    [out / (i.stem + ending) for i in inputs])
        again = folder / "again"
        again.mkdir()
        for image in inputs:
            Image.open(image).save(again / image.name, quality=INPUT_QUALITY)
        row(f"encoded again at {INPUT_QUALITY}", inputs,
            [again / i.name for i in inputs])


if __name__ == "__main__":
    main()
