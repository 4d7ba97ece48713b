"""Compares the error of quantised icons with alpha, on three backgrounds.

For icons with alpha of several themes (Debian: adwaita-icon-theme,
oxygen-icon-theme, tango-icon-theme), of 64 to 512 pixels a side, and each number of
colours: the mean squared error, summed over three channels, of the written file
shown on black, mid-grey and white, beside pngquant's, both without dithering. Sizes
that a theme does not have are drawn from its SVGs (rsvg-convert, of Debian's
librsvg2-bin).

    Benchmarks/.venv/bin/python Benchmarks/icons.py [--count 140] [--list-worse]
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image

SIZES = (64, 128, 256, 512)
THEMES = ",".join(
    f"/usr/share/icons/{name}" for name in ("Adwaita", "oxygen", "Tango"))
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


def evenly(paths, count):
    """So many of the paths, or all."""
    step = max(1, len(paths) // count)
    return paths[::step][:count]


def drawn(svg, size, folder):
    """An SVG as a PNG, or None where it cannot be drawn."""
    target = pathlib.Path(folder) / f"{svg.parent.name}-{svg.stem}-{size}.png"
    done = subprocess.run(
        ["rsvg-convert", "-w", str(size), "-h", str(size), "-o", target, svg],
        stderr=subprocess.DEVNULL)
    return target if done.returncode == 0 else None


def chosen(theme, count, folder):
    """Icons of a theme, as many of each size, evenly from all there are."""
    files = [p for p in sorted(pathlib.Path(theme).rglob("*"))
             if not p.is_symlink()]
    svgs = [p for p in files if p.suffix == ".svg"
            and "symbolic" not in str(p)]
    found = []
    for size in SIZES:
        wanted = count // len(SIZES)
        paths = [p for p in files
                 if p.suffix == ".png" and f"{size}x{size}" in str(p)]
        if len(paths) < 2 * wanted:
            paths = [drawn(p, size, folder)
                     for p in evenly(svgs, 2 * wanted)]
        icons = [p for p in evenly(paths, 4 * wanted)
                 if p and is_translucent(p)]
        found += evenly(icons, wanted)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--themes", default=THEMES)
    parser.add_argument("--count", type=int, default=140, help="of each theme")
    parser.add_argument("--colors", default="8,16,32,64,256")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--quantize", default=".build/command/release/quantize")
    parser.add_argument("--pngquant", default="pngquant")
    parser.add_argument("--list-worse", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report(arguments, folder)


def report(arguments, folder):
    themes = arguments.themes.split(",")
    icons = [(pathlib.Path(theme).name, icon) for theme in themes
             for icon in chosen(theme, arguments.count, folder)]
    if not icons:
        sys.exit(f"no icons with alpha in {arguments.themes}")
    print(f"{len(icons)} icons of {arguments.themes}.\n")
    print(
        "| k | theme | icons | mean MSE, ours | pngquant | geometric mean of the "
        "ratio | largest ratio | not worse on the mean of three | on each of "
        "three | bytes, ours | pngquant |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for colors in map(int, arguments.colors.split(",")):
        with ThreadPoolExecutor(arguments.jobs) as pool:
            rows = list(pool.map(
                lambda icon: measured(arguments, icon[1], colors), icons))
        names = list(dict.fromkeys(name for name, _ in icons))
        for name in names + (["all"] if len(names) > 1 else []):
            own = [row for (theme, _), row in zip(icons, rows)
                   if name in ("all", theme)]
            print(f"| {colors} | {name} | {line(own)} |", flush=True)
        if arguments.list_worse:
            for (_, icon), (a, b, _) in zip(icons, rows):
                if a.mean() > b.mean() + 1e-9:
                    print(f"  k {colors}, {icon}: {a.round(3)} against "
                          f"{b.round(3)}", file=sys.stderr)


def measured(arguments, icon, colors):
    """The errors of both on each background, and their sizes."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = f"{folder}/a.png", f"{folder}/b.png"
        subprocess.run(
            [arguments.quantize, icon, "-k", str(colors), "-o", ours,
             "--force"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(
            [arguments.pngquant, "--nofs", "--speed", "4", str(colors),
             "--force", "-o", theirs, icon], check=True)
        source = rgba(icon)
        return (errors(source, rgba(ours)), errors(source, rgba(theirs)),
                [pathlib.Path(p).stat().st_size for p in (ours, theirs)])


def line(rows):
    """The figures of some icons, as cells of a table."""
    means = np.array([[a.mean(), b.mean()] for a, b, _ in rows])
    each = sum((a <= b + 1e-9).all() for a, b, _ in rows)
    both = (means > 0).all(axis=1)
    ratios = means[both, 0] / means[both, 1]
    not_worse = int((means[:, 0] <= means[:, 1] + 1e-9).sum())
    size = np.mean([sizes for _, _, sizes in rows], axis=0)
    return (f"{len(rows)} | {means[:, 0].mean():.2f} | {means[:, 1].mean():.2f}"
            f" | {np.exp(np.log(ratios).mean()):.3f} | {ratios.max():.2f}"
            f" | {not_worse} | {each} | {size[0]:.0f} | {size[1]:.0f}")


if __name__ == "__main__":
    main()
