"""Compares the error of quantised icons with alpha, on three backgrounds.

For each icon with alpha of a folder of themes (Debian: oxygen-icon-theme,
adwaita-icon-theme) and each number of colours: the mean squared error, summed over
three channels, of the written file shown on black, mid-grey and white, beside
pngquant's, both without dithering.

    Benchmarks/.venv/bin/python Benchmarks/icons.py [--folder /usr/share/icons]
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

BACKGROUNDS = {"black": 0.0, "grey": 127.5, "white": 255.0}


def rgba(path):
    """The samples as sRGB, and alpha; a gAMA chunk is heeded."""
    with Image.open(path) as image:
        gamma = image.info.get("gamma", 0.45455)
        if "srgb" in image.info or "icc_profile" in image.info:
            gamma = 0.45455
        pixels = np.array(image.convert("RGBA"), dtype=np.float64)
    if abs(gamma - 0.45455) > 5e-5:
        linear = (pixels[..., :3] / 255) ** (1 / gamma)
        pixels[..., :3] = 255 * np.where(
            linear <= 0.0031308, 12.92 * linear,
            1.055 * linear ** (1 / 2.4) - 0.055)
    return pixels


def errors(first, second):
    """The squared error a pixel on each background."""
    result = []
    for background in BACKGROUNDS.values():
        shown = [
            p[..., :3] * p[..., 3:] / 255
            + background * (1 - p[..., 3:] / 255)
            for p in (first, second)
        ]
        result.append(((shown[0] - shown[1]) ** 2).sum() / first[..., 0].size)
    return np.array(result)


def is_translucent(path):
    try:
        alpha = rgba(path)[..., 3]
    except (OSError, SyntaxError):
        return False
    return ((alpha > 0) & (alpha < 255)).any()


def chosen(folder, count):
    """Icons of 64 to 256 pixels a side, evenly from all there are."""
    paths = sorted(
        p for p in pathlib.Path(folder).rglob("*.png")
        if any(f"{s}x{s}" in str(p) for s in (64, 128, 256))
        and not p.is_symlink()
    )
    step = max(1, len(paths) // (4 * count))
    found = [p for p in paths[::step] if is_translucent(p)]
    step = max(1, len(found) // count)
    return found[::step][:count]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", default="/usr/share/icons")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--colors", default="8,16,64,256")
    parser.add_argument("--quantize", default=".build/command/release/quantize")
    parser.add_argument("--pngquant", default="pngquant")
    parser.add_argument("--list-worse", action="store_true")
    arguments = parser.parse_args()
    icons = chosen(arguments.folder, arguments.count)
    if not icons:
        sys.exit(f"no icons with alpha in {arguments.folder}")
    print(f"{len(icons)} icons of {arguments.folder}.\n")
    print(
        "| k | icons | mean MSE, ours | pngquant | geometric mean of the ratio "
        "| not worse on the mean of three | on each of three | bytes, ours "
        "| pngquant |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = f"{folder}/a.png", f"{folder}/b.png"
        for colors in map(int, arguments.colors.split(",")):
            rows, sizes, worse = [], [], []
            for icon in icons:
                subprocess.run(
                    [arguments.quantize, icon, "-k", str(colors), "-o", ours,
                     "--force"], check=True, stdout=subprocess.DEVNULL)
                subprocess.run(
                    [arguments.pngquant, "--nofs", "--speed", "4",
                     str(colors), "--force", "-o", theirs, icon], check=True)
                source = rgba(icon)
                rows.append((errors(source, rgba(ours)),
                             errors(source, rgba(theirs))))
                sizes.append([pathlib.Path(p).stat().st_size
                              for p in (ours, theirs)])
                if rows[-1][0].mean() > rows[-1][1].mean() + 1e-9:
                    worse.append((icon, rows[-1]))
            means = np.array([[a.mean(), b.mean()] for a, b in rows])
            each = np.array([(a <= b + 1e-9).all() for a, b in rows])
            both = (means > 0).all(axis=1)
            ratio = np.exp(np.log(means[both, 0] / means[both, 1]).mean())
            not_worse = int((means[:, 0] <= means[:, 1] + 1e-9).sum())
            size = np.mean(sizes, axis=0)
            print(f"| {colors} | {len(icons)} | {means[:, 0].mean():.2f} "
                  f"| {means[:, 1].mean():.2f} | {ratio:.3f} | {not_worse} "
                  f"| {int(each.sum())} | {size[0]:.0f} | {size[1]:.0f} |",
                  flush=True)
            if arguments.list_worse:
                for icon, (a, b) in worse:
                    print(f"  {icon}: {a.round(3)} against {b.round(3)}",
                          file=sys.stderr)


if __name__ == "__main__":
    main()
