#!/usr/bin/env python3
"""What the numbers of pngquant's --quality give: squared error and colours.

For photos of CQ100 and each largest quality it runs `pngquant --nofs --quality
0-MAX`, reads the quality that it reports, and measures the file it wrote. With
--ours it runs `quantize --quality 0-MAX` as well. docs/pngquant.md has the
table and what follows from it.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import numpy as np
    from PIL import Image
except ImportError as missing:
    sys.exit(f"{missing}: run Benchmarks/setup, then Benchmarks/.venv/bin/python")

HERE = Path(__file__).resolve().parent
REPORTED = re.compile(r"MSE=([0-9.]+) \(Q=(\d+)\)")


def pixels(path: Path) -> np.ndarray:
    """The pixels of an opaque image."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), dtype=np.int64)


def measured(original: np.ndarray, path: Path) -> dict[str, float]:
    """PSNR in dB (squared error summed over the channels) and colours."""
    written = pixels(path)
    error = ((original - written) ** 2).sum() / (written.size // 3)
    colors = len(np.unique(written.reshape(-1, 3), axis=0))
    psnr = 10 * math.log10(3 * 255**2 / error) if error else math.inf
    return {"psnr": psnr, "colors": colors}


def pngquant(
    command: str, photo: Path, original: np.ndarray, most: int, output: Path
) -> dict[str, float]:
    run = subprocess.run(
        [command, "--nofs", "--verbose", "--force", "--quality", f"0-{most}",
         "--output", str(output), "--", str(photo)],
        capture_output=True, text=True, check=True,
    )
    found = REPORTED.search(run.stderr)
    if found is None:
        sys.exit(f"{photo}: pngquant reports no quality")
    return measured(original, output) | {"reported": int(found[2])}


def ours(
    command: str, photo: Path, original: np.ndarray, most: int, output: Path
) -> dict[str, float]:
    subprocess.run(
        [command, str(photo), "--quiet", "--force", "--quality", f"0-{most}",
         "--output", str(output)],
        check=True,
    )
    return measured(original, output)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE / "../../shared/data/cq100")
    parser.add_argument("--pngquant", default="/usr/bin/pngquant")
    parser.add_argument("--ours", help="our command, to run it as well")
    parser.add_argument("--photos", type=int, default=100)
    parser.add_argument("--qualities", default="40,50,60,65,70,75,80,85,90,95")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()

    photos = sorted(options.data.glob("*.png"))
    if not photos:
        sys.exit(f"{options.data}: there are no photos")
    count = min(options.photos, len(photos))
    photos = [photos[index * len(photos) // count] for index in range(count)]
    qualities = [int(quality) for quality in options.qualities.split(",")]
    runs = []
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "out.png"
        for photo in photos:
            original = pixels(photo)
            for most in qualities:
                run = {"photo": photo.stem, "max": most}
                run["pngquant"] = pngquant(
                    options.pngquant, photo, original, most, output)
                if options.ours:
                    run["ours"] = ours(
                        options.ours, photo, original, most, output)
                runs.append(run)
            print(photo.stem, file=sys.stderr)
            if options.json:
                options.json.write_text(json.dumps(runs, indent=1) + "\n")

    show(runs, qualities)
    ratios(runs)


def quartiles(numbers: list[float], digits: int) -> str:
    """The median, and between which two numbers the middle half is."""
    low, middle, high = np.percentile(numbers, [25, 50, 75])
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def show(runs: list[dict], qualities: list[int]) -> None:
    """The table: of the photos on which all programs reached the number."""
    names = [name for name in ("pngquant", "ours") if name in runs[0]]
    columns = ["max", "photos", "reported"]
    for name in names:
        columns += [f"{name}: PSNR, dB", "colours"]
    print("| " + " | ".join(columns) + " |")
    print("|" + " --- |" * len(columns))
    for most in qualities:
        # With all 256 colours the number was out of reach.
        group = [
            run for run in runs if run["max"] == most
            and all(run[name]["colors"] < 255 for name in names)
        ]
        if len(group) < 5:
            continue
        reported = statistics.median(run["pngquant"]["reported"] for run in group)
        cells = [str(most), str(len(group)), f"{reported:.0f}"]
        for name in names:
            cells.append(quartiles([run[name]["psnr"] for run in group], 2))
            colors = statistics.median(run[name]["colors"] for run in group)
            cells.append(f"{colors:.0f}")
        print("| " + " | ".join(cells) + " |")


def library_error(quality: int) -> float:
    """libimagequant's error for a quality from 1 to 99, as pngquant prints it."""
    low = max(0, 0.016 / (0.001 + quality) - 0.001)
    error = low + 2.5 / (210 + quality) ** 1.2 * (100.1 - quality) / 100
    return 65536 / 6 * error


def ratios(runs: list[dict]) -> None:
    """The squared error of pngquant's files over libimagequant's error."""
    aimed, reported = [], {}
    for run in runs:
        result = run["pngquant"]
        error = 3 * 255**2 / 10 ** (result["psnr"] / 10)
        if result["colors"] < 255:
            aimed.append(error / library_error(run["max"]))
        if 0 < result["reported"] < 100:
            key = (run["photo"], result["colors"])
            reported[key] = error / library_error(result["reported"])
    print(f"error over E(max), {len(aimed)} files: {quartiles(aimed, 2)}")
    print(
        f"error over E(reported), {len(reported)} files: "
        f"{quartiles(list(reported.values()), 2)}")


if __name__ == "__main__":
    main()
