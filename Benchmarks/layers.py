"""Layers: whether they are the picture, what they are like, and how long they take.

    Benchmarks/.venv/bin/python Benchmarks/layers.py exact
    Benchmarks/.venv/bin/python Benchmarks/layers.py time
    Benchmarks/.venv/bin/python Benchmarks/layers.py quality [--peers FOLDER]
    Benchmarks/.venv/bin/python Benchmarks/layers.py palettes

`exact` puts the layers of 20 photos of CQ100, and of pictures with 16 bits and alpha made
of them, together as scripts/check_layers.py does, in all formats, and counts the checks
that find a sample which differs.

`time` runs the command on 25 megapixels with and without layers, medians of `--runs`
alternating runs, with the most memory that a run took.

`quality` measures layers of 8 photos: the error of the picture that they make, 0 to 255;
sparsity, the mean of sum(a)/sum(a^2) - 1; the variance of colours within layers; and the
mean difference of the shares of neighbouring pixels. With --peers it measures layers of
other programs in the same way: files METHOD_PHOTO.npz with the arrays `alpha` (k, h, w)
and `colour` (k, h, w, 3) or `palette` (k, 3), 0 to 1.

`palettes` compares palettes of 7 colours for the image and for recolouring: the mean
distance of pixels to the nearest colour, and to the nearest mixture of the colours (their
convex hull), 0 to 255 in sRGB.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent))
from min_region import ROOT, run
from stages import make_big

sys.path.insert(0, str(ROOT / "scripts"))
PHOTOS = (
    "macaws", "girl", "venetian_lagoon", "macarons", "siberian_tiger", "cosmic_vista",
    "marrakech_museum", "race_car",
)


def exact(arguments: argparse.Namespace) -> None:
    import check_layers
    import imagecodecs

    photos = sorted(arguments.data.glob("*.png"))[::5][:20]
    noise = numpy.random.default_rng(3)
    checks = 0
    original = check_layers.check

    def counted(what, made, picture):
        nonlocal checks
        checks += 1
        before = check_layers.failures
        original(what, made, picture)
        if check_layers.failures > before:
            print(f"differs: {what}", file=sys.stderr)

    check_layers.check = counted
    check_layers.program = lambda name, *others: None
    for n, photo in enumerate(photos):
        with Image.open(photo) as image:
            picture = numpy.asarray(image.convert("RGB"))
        pictures = {"8 bits": picture}
        if n % 5 == 0:
            # Every 16-bit value, and every alpha, occurs.
            deep = picture.astype(numpy.uint16) * 257
            deep = deep ^ noise.integers(0, 256, deep.shape).astype(numpy.uint16)
            alpha = noise.integers(0, 256, picture.shape[:2] + (1,)).astype(numpy.uint8)
            pictures |= {
                "16 bits": deep,
                "alpha": numpy.concatenate([picture, alpha], 2),
            }
        for kind, picture in pictures.items():
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "picture.png"
                path.write_bytes(imagecodecs.png_encode(picture))
                blends = ("normal", "add") if picture.shape[2] == 3 else ("normal",)
                sys.stdout.flush()
                quiet = open("/dev/null", "w")
                sys.stdout, shown = quiet, sys.stdout
                try:
                    check_layers.run(
                        arguments.command, f"{photo.stem} {kind}", path, picture,
                        "-k", "8", "-c", "3", blends=blends)
                finally:
                    sys.stdout = shown
    print(f"{len(photos)} photos: {checks} checks, {check_layers.failures} differ")


COMMANDS = {
    "quantise": [],
    "--layers .ora": ["--layers", "l.ora"],
    "--layers .psd": ["--layers", "l.psd"],
    "--layers .tif": ["--layers", "l.tif"],
    "--layers folder/": ["--layers", "layers/"],
    "--layers .ora, add": ["--layers", "l.ora", "--layer-blend", "add"],
    "--layers .exr": ["--layers", "l.exr"],
}


def time(arguments: argparse.Namespace) -> None:
    photos = sorted(arguments.data.glob("*.png"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        picture = make_big(photos, folder)
        found = {label: [] for label in COMMANDS}
        for _ in range(arguments.runs):
            for label, words in COMMANDS.items():
                command = [str(arguments.command), str(picture), "-k", "8", "-c", "3"]
                command += ["-o", str(folder / "o.png"), "--force", "-q"]
                command += [
                    f"{folder}/{word}" if word.startswith("l") else word for word in words
                    if word != "add"]
                command += ["add"] if "add" in words else []
                found[label].append(run(command))
                subprocess.run(["rm", "-rf", folder / "layers"], check=True)
    first = [seconds for seconds, _ in found["quantise"]]
    print("| command | seconds | times the first | memory |")
    print("|---|---|---|---|")
    for label, runs in found.items():
        ratio = statistics.median(s / f for (s, _), f in zip(runs, first))
        seconds = statistics.median(s for s, _ in runs)
        memory = max(bytes for _, bytes in runs) / (1 << 20)
        print(f"| {label} | {seconds:.2f} | {ratio:.2f} | {memory:.0f} MiB |")


def figures(alpha, colour, picture):
    made = (alpha[..., None] * colour).sum(0)
    error = 255 * numpy.sqrt(((numpy.clip(made, 0, 1) - picture) ** 2).mean())
    sparsity = (alpha.sum(0) / (alpha**2).sum(0) - 1).mean()
    weights = alpha.sum((1, 2))
    means = (alpha[..., None] * colour).sum((1, 2)) / numpy.maximum(weights, 1e-12)[:, None]
    squares = ((colour - means[:, None, None]) ** 2).sum(3)
    variance = (alpha * squares).sum() / alpha.sum()
    across = abs(numpy.diff(alpha, axis=2)).sum(0) / 2
    down = abs(numpy.diff(alpha, axis=1)).sum(0) / 2
    smooth = (across.sum() + down.sum()) / (across.size + down.size)
    return error, sparsity, variance, smooth


def read_folder(folder: Path):
    index = json.loads((folder / "index.json").read_text())
    through, alphas, colours = 1.0, [], []
    for layer in index["layers"]:
        with Image.open(folder / layer["file"]) as image:
            samples = numpy.asarray(image.convert("RGBA")) / 255.0
        alphas.append(through * samples[:, :, 3])
        colours.append(samples[:, :, :3])
        through = through * (1 - samples[:, :, 3])
    return numpy.stack(alphas), numpy.stack(colours)


def quality(arguments: argparse.Namespace) -> None:
    found: dict[str, list] = {}
    for photo in PHOTOS:
        path = next(arguments.data.glob(f"*{photo}.png"))
        with Image.open(path) as image:
            picture = numpy.asarray(image.convert("RGB")) / 255.0
        for cprime in (1, 2, 3, 7):
            with tempfile.TemporaryDirectory() as folder:
                command = [arguments.command, path, "-k", "7", "-c", cprime, "-q"]
                command += ["-o", f"{folder}/o.png", "--layers", f"{folder}/layers/"]
                subprocess.run([str(word) for word in command], check=True)
                row = figures(*read_folder(Path(folder) / "layers"), picture)
            found.setdefault(f"quantize, C' = {cprime}", []).append(row)
        if not arguments.peers:
            continue
        for file in sorted(arguments.peers.glob(f"*_{photo}.npz")):
            with numpy.load(file) as data:
                alpha = data["alpha"].astype(float)
                colour = data["colour"] if "colour" in data else numpy.broadcast_to(
                    data["palette"][:, None, None], alpha.shape + (3,))
                row = figures(alpha, colour.astype(float), picture)
            found.setdefault(file.name.removesuffix(f"_{photo}.npz"), []).append(row)
    print("| method | photos | error | sparsity | variance | neighbours |")
    print("|---|---|---|---|---|---|")
    for method, rows in found.items():
        mean = numpy.mean(rows, 0)
        print(f"| {method} | {len(rows)} | {mean[0]:.2f} | {mean[1]:.3f} | "
              f"{mean[2]:.5f} | {mean[3]:.4f} |")


def palettes(arguments: argparse.Namespace) -> None:
    from scipy.optimize import nnls

    sums: dict[str, list] = {}
    for photo in PHOTOS:
        path = next(arguments.data.glob(f"*{photo}.png"))
        with Image.open(path) as image:
            pixels = numpy.asarray(image.convert("RGB")).reshape(-1, 3)[::97].astype(float)
        for aim in ("image", "recolor"):
            command = [arguments.command, "palette", path, "-k", "7", "--for", aim]
            lines = subprocess.run(
                [str(word) for word in command], capture_output=True, text=True,
                check=True).stdout.split()
            colours = numpy.array([[int(line[i:i + 2], 16) for i in (0, 2, 4)]
                                   for line in lines], float)
            nearest = numpy.sqrt(
                ((pixels[:, None] - colours) ** 2).sum(2).min(1)).mean()
            # Shares that sum to 1: a heavy row more.
            system = numpy.vstack([colours.T, numpy.full(len(colours), 1e4)])
            mixture = numpy.mean([
                nnls(system, numpy.append(pixel, 1e4))[1] for pixel in pixels])
            sums.setdefault(aim, []).append((nearest, mixture))
    print("| --for | to the nearest colour | to the nearest mixture |")
    print("|---|---|---|")
    for aim, rows in sums.items():
        mean = numpy.mean(rows, 0)
        print(f"| {aim} | {mean[0]:.1f} | {mean[1]:.1f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("part", choices=("exact", "time", "quality", "palettes"))
    add("--command", type=Path, default=ROOT / ".build/command/release/quantize")
    add("--data", type=Path, default=ROOT / "../shared/data/cq100")
    add("--peers", type=Path)
    add("--runs", type=int, default=3)
    arguments = parser.parse_args()
    parts = {"exact": exact, "time": time, "quality": quality, "palettes": palettes}
    parts[arguments.part](arguments)


if __name__ == "__main__":
    main()
