"""Compares how quantised photographs look: SSIMULACRA2 and CIEDE2000.

For each photo of CQ100 and each number of colours: our --perceptual, with and
without dithering, beside pngquant 2 (Debian) and 3 (PyPI), with and without
theirs. SSIMULACRA2 (PyPI ssimulacra2): 100 is identical; the mean CIEDE2000 is
that of `quantize metrics`.

    Benchmarks/.venv/bin/python Benchmarks/looks.py [--photos 100] [--jobs 2]
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from ssimulacra2 import compute_ssimulacra2

ROOT = pathlib.Path(__file__).resolve().parent
PNGQUANT3 = ROOT / ".venv/bin/pngquant"


def variants(quantize):
    def ours(*options):
        return lambda source, k, out: [
            quantize, source, "-k", str(k), "-o", out, "--force", "-q",
            *options]

    def pngquant(binary, *options):
        return lambda source, k, out: [
            binary, *options, str(k), "--force", "-o", out, source]

    return {
        "quantize --perceptual": ours("--perceptual"),
        "pngquant 3": pngquant(str(PNGQUANT3)),
        "pngquant 2.17": pngquant("/usr/bin/pngquant"),
        "quantize --perceptual --dither none": ours(
            "--perceptual", "--dither", "none"),
        "quantize --space oklab": ours("--space", "oklab"),
        "quantize": ours(),
        "pngquant 3 --nofs": pngquant(str(PNGQUANT3), "--nofs"),
        "pngquant 2.17 --nofs": pngquant("/usr/bin/pngquant", "--nofs"),
    }


def measured(quantize, command, source, colors):
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/out.png"
        subprocess.run(command(source, colors, out), check=True,
                       stdout=subprocess.DEVNULL)
        score = compute_ssimulacra2(source, out)
        report = json.loads(subprocess.run(
            [quantize, "metrics", "--json", source, out], check=True,
            capture_output=True).stdout)
        return score, delta_e(report)


def delta_e(report):
    """The mean CIEDE2000, wherever the report has it."""
    if isinstance(report, list):
        return delta_e(report[0])
    for key, value in report.items():
        if key == "deltaE2000":
            return value["mean"]
        if isinstance(value, (dict, list)):
            found = delta_e(value)
            if found is not None:
                return found
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="../shared/data/cq100")
    parser.add_argument("--photos", type=int, default=100)
    parser.add_argument("--colors", default="16,64,256")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--quantize", default=".build/command/release/quantize")
    parser.add_argument("--only", help="variants whose name contains this")
    arguments = parser.parse_args()
    photos = sorted(map(str, pathlib.Path(arguments.data).glob("*.png")))
    photos = photos[::max(1, len(photos) // arguments.photos)]
    photos = photos[:arguments.photos]
    if not photos:
        sys.exit(f"no photos in {arguments.data}")
    colors = list(map(int, arguments.colors.split(",")))
    print(f"{len(photos)} photos; means at k = {arguments.colors}.\n")
    print("| | SSIMULACRA2 | mean CIEDE2000 |")
    print("|---|---|---|")
    for name, command in variants(arguments.quantize).items():
        if arguments.only and arguments.only not in name:
            continue
        means = []
        for k in colors:
            with ThreadPoolExecutor(arguments.jobs) as pool:
                rows = list(pool.map(
                    lambda photo: measured(
                        arguments.quantize, command, photo, k), photos))
            means.append([sum(c) / len(rows) for c in zip(*rows)])
        print(f"| {name} | " + " / ".join(f"{s:.1f}" for s, _ in means)
              + " | " + " / ".join(f"{d:.2f}" for _, d in means) + " |",
              flush=True)


if __name__ == "__main__":
    main()
