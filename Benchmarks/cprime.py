"""Measures what C' changes: the tables and pictures of docs/which-cprime.md.

    Benchmarks/.venv/bin/python Benchmarks/cprime.py ../shared/data/cq100
    Benchmarks/.venv/bin/python Benchmarks/cprime.py --pictures docs/images

The first command prints four tables: the hard palettes and the mixtures of
photographs, palettes from a plain start, soft outputs, and mixtures whose
parameters are known. The second one draws the crops of the README.
"""

import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import tempfile

import numpy
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parent.parent


def run(command):
    """Standard output of a command that succeeds."""
    return subprocess.run(
        [str(part) for part in command], check=True, capture_output=True
    ).stdout


def geometric(ratios):
    return math.exp(statistics.fmean(map(math.log, ratios)))


def table(titles, rows):
    print("| " + " | ".join(titles) + " |")
    print("|" + "---:|" * len(titles))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def label(cprime, k):
    return f"k = {k}" if cprime == k else str(cprime)


def palettes(quantize, photos, colors, cprimes):
    """Every C' on every photo, from the same start for all C'."""
    rows = []
    for k in colors:
        found = {}
        for photo in photos:
            listed = [c for c in cprimes if c < k] + [k]
            report = json.loads(run(
                [quantize, "compare", photo, "-k", k, "--json",
                 "-c", ",".join(map(str, listed))]))
            for row in report["rows"]:
                found.setdefault(row["settings"]["cprime"], []).append(row)
        hard = found[1]
        for cprime, those in found.items():
            def mean(name):
                return statistics.fmean(row["fit"][name] for row in those)

            def ratio(value):
                return geometric(
                    value(a) / value(b) for a, b in zip(those, hard))

            rows.append([
                str(k), label(cprime, k),
                f"{ratio(lambda row: row['mse']):.4f}",
                f"{mean('freeEnergy'):.4f}", f"{mean('gap'):.4f}",
                f"{mean('entropy'):.3f}",
                f"{ratio(lambda row: row['seconds']['fit']):.1f}",
                f"{ratio(lambda row: row['bytes']):.3f}",
            ])
    table(["k", "C'", "MSE / C' = 1", "F/N", "gap", "entropy",
           "time of the fit / C' = 1", "bytes / C' = 1"], rows)


def drawn_means(colors, counts, k, random):
    """k-means++: each colour by its squared distance to those before it."""
    means = [colors[random.choice(len(colors), p=counts / counts.sum())]]
    squares = numpy.full(len(colors), numpy.inf)
    while len(means) < k:
        squares = numpy.minimum(
            squares, ((colors - means[-1]) ** 2).sum(axis=1))
        shares = squares * counts
        means.append(
            colors[random.choice(len(colors), p=shares / shares.sum())])
    return [mean.tolist() for mean in means]


def annealed(quantize, photos, colors, best):
    """Lloyd's algorithm and C' = 3, 2, 1, from the means of k-means++."""
    rows = []
    for k in colors:
        chains = {(1,): [], (3, 2, 1): []}
        searched = []
        for photo in photos:
            least = best[str(k)][photo.stem]
            with Image.open(photo) as image:
                pixels = numpy.asarray(image.convert("RGB")).reshape(-1, 3)
            distinct, counts = numpy.unique(pixels, axis=0, return_counts=True)
            with tempfile.TemporaryDirectory() as folder:
                out = ["-q", "-f", "-o", f"{folder}/out.png", "--report", "-"]
                start = pathlib.Path(folder, "start.json")
                for seed in range(2):
                    drawn = drawn_means(
                        distinct.astype(float), counts, k,
                        numpy.random.default_rng(seed))
                    for chain, errors in chains.items():
                        means = drawn
                        for cprime in chain:
                            start.write_text(json.dumps(means))
                            report = json.loads(run(
                                [quantize, photo, "--init", start,
                                 "-c", cprime, "--max-iterations",
                                 100 if cprime == 1 else 10, *out]))
                            means = report["means"]
                        errors.append(report["mse"] / least)
                report = json.loads(run([quantize, photo, "-k", k, *out]))
                searched.append(report["mse"] / least)
        rows.append([str(k)] + [
            f"{geometric(errors):.4f}"
            for errors in (*chains.values(), searched)])
    table(["k", "C' = 1", "C' = 3, then 2, then 1", "default search, C' = 1"],
          rows)


def soft_outputs(quantize, photos, colors, cprimes):
    """The palette image and the posterior mean, against the photograph."""
    rows = []
    for k in colors:
        for cprime in [c for c in cprimes if c < k] + [k]:
            hard, soft = [], []
            for photo in photos:
                with tempfile.TemporaryDirectory() as folder:
                    files = [f"{folder}/hard.png", f"{folder}/soft.png"]
                    run([quantize, photo, "-k", k, "-c", cprime, "-q",
                         "-o", files[0], "--soft-output", files[1]])
                    measured = json.loads(run(
                        [quantize, "metrics", photo, *files, "--json"]))
                for kept, image in zip((hard, soft), measured["images"]):
                    kept.append((image["psnr"], image["ssim"]))
            rows.append([str(k), label(cprime, k)] + [
                f"{statistics.fmean(m[i] for m in kept):.{digits}f}"
                for i, digits in ((0, 2), (1, 4)) for kept in (hard, soft)])
    table(["k", "C'", "PSNR, palette", "PSNR, soft", "SSIM, palette",
           "SSIM, soft"], rows)


def known_mixtures(quantize, cprimes):
    """Eight Gaussians at the corners of a cube, from nearly the true means."""
    random = numpy.random.default_rng(0)
    corners = numpy.array(
        [[x, y, z] for x in (-.5, .5) for y in (-.5, .5) for z in (-.5, .5)])
    sigma, rows = 10.0, []
    for edge in (2, 3, 4, 6):
        truth = 127.5 + corners * edge * sigma
        pixels = numpy.repeat(truth, 32768, axis=0)
        pixels = pixels + random.normal(0, sigma, pixels.shape)
        pixels = pixels.round().clip(0, 255).astype(numpy.uint8)
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/mixture.png"
            Image.fromarray(pixels.reshape(512, 512, 3)).save(path)
            start = pathlib.Path(folder, "start.json")
            start.write_text(json.dumps(truth.tolist()))
            row = [f"{edge} σ"]
            for cprime in [c for c in cprimes if c < 8] + [8]:
                report = json.loads(run(
                    [quantize, path, "--init", start, "-c", cprime, "-q",
                     "--max-iterations", 1000, "--tolerance", "1e-9", "-f",
                     "-o", f"{folder}/out.png", "--report", "-"]))
                off = numpy.array(report["means"]) - truth
                row.append(f"{math.sqrt((off ** 2).sum(1).mean()):.2f}, "
                           f"{math.sqrt(report['sigma2']):.2f}")
            rows.append(row)
    table(["edge"] + [f"C' = {c}" for c in cprimes if c < 8] + ["C' = 8"], rows)


def pictures(quantize, folder):
    """Crops of samples/sunset.jpg in 8 colours: soft outputs, and a mask."""
    source = ROOT / "samples/sunset.jpg"
    box = (180, 95, 420, 265)
    with Image.open(source) as image:
        image.crop(box).save(folder / "cprime-original.png", optimize=True)
    with tempfile.TemporaryDirectory() as made:
        for cprime in (1, 2):
            soft = f"{made}/{cprime}.png"
            masks = pathlib.Path(made, f"masks-{cprime}")
            run([quantize, source, "-k", 8, "-c", cprime, "-q", "-f",
                 "-o", f"{made}/out.png", "--soft-output", soft,
                 "--responsibilities", f"{masks}/", "--soft-depth", 8])
            # The component of the sky above the sun.
            index = json.loads((masks / "index.json").read_text())
            mask = min(
                index["components"],
                key=lambda component: math.dist(
                    component["mean"], (191, 146, 130)))["file"]
            for name, path in (("soft", soft), ("mask", masks / mask)):
                with Image.open(path) as image:
                    image.crop(box).save(
                        folder / f"cprime-{name}-{cprime}.png", optimize=True)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=pathlib.Path,
                        help="the folder of CQ100")
    parser.add_argument("--photos", type=int, default=10)
    parser.add_argument("--colors", default="16,64,256")
    parser.add_argument("--cprime", default="1,2,3,4")
    parser.add_argument("--quantize", default=ROOT / ".build/command/release/quantize")
    parser.add_argument("--pictures", type=pathlib.Path, metavar="FOLDER",
                        help="draw the crops of the README instead")
    arguments = parser.parse_args()
    if arguments.pictures:
        pictures(arguments.quantize, arguments.pictures)
        return
    if not arguments.data:
        parser.error("give the folder of CQ100")
    photos = sorted(arguments.data.glob("*.png"))
    photos = photos[::max(1, len(photos) // arguments.photos)]
    photos = photos[:arguments.photos]
    if not photos:
        parser.error(f"no photos in {arguments.data}")
    colors = [int(k) for k in arguments.colors.split(",")]
    cprimes = [int(c) for c in arguments.cprime.split(",")]
    best = json.loads((arguments.data / "best_known.json").read_text())
    print(f"{len(photos)} photos; load average {os.getloadavg()[0]:.1f} "
          "before.\n")
    palettes(arguments.quantize, photos, colors, cprimes)
    annealed(arguments.quantize, photos, colors, best)
    soft_outputs(arguments.quantize, photos, [8, 16, 64], cprimes)
    known_mixtures(arguments.quantize, cprimes)


if __name__ == "__main__":
    main()
