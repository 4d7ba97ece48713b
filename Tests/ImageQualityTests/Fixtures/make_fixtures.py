#!/usr/bin/env python3
"""Pairs of real images and how far they are apart, from scikit-image.

    python3 -m venv .venv && .venv/bin/pip install scikit-image==0.26.0
    .venv/bin/python make_fixtures.py

cuts pieces out of samples/, reduces or compresses them with Pillow, writes both
as PNG beside this script, and their measures as scikit-image.json. Run it only
to add cases.

Images with alpha are shown on black, 127.5 and white, blended as they are
encoded; every measure is the average over the three, ΔE of each pixel before
its percentile is taken. scikit-image's CIELAB has a matrix of six digits and a
white of its own, which moves large differences by some thousandths: "exact" is
its CIEDE2000 of CIELAB by the definition of sRGB. It has no Oklab: those numbers
are computed here, from XYZ and the matrices of B. Ottosson, "A perceptual color
space for image processing", 2020.
"""

import io
import json
from pathlib import Path

import numpy as np
from PIL import Image
from skimage.color import deltaE_ciede2000, rgb2lab, rgb2xyz
from skimage.metrics import mean_squared_error, structural_similarity

HERE = Path(__file__).parent
SAMPLES = HERE.parents[2] / "samples"

# To the cones' responses, and from their cube roots.
M1 = np.array([
    [0.8189330101, 0.3618667424, -0.1288597137],
    [0.0329845436, 0.9293118715, 0.0361456387],
    [0.0482003018, 0.2643662691, 0.6338517070],
])
M2 = np.array([
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
])


def oklab(encoded):
    return np.cbrt(rgb2xyz(encoded / 255) @ M1.T) @ M2.T


def from_chromaticities():
    """Linear sRGB to XYZ relative to white, by IEC 61966-2-1."""
    x = np.array([0.64, 0.30, 0.15, 0.3127])
    y = np.array([0.33, 0.60, 0.06, 0.3290])
    xyz = np.array([x / y, np.ones(4), (1 - x - y) / y])
    white = xyz[:, 3]
    matrix = xyz[:, :3] * np.linalg.solve(xyz[:, :3], white)
    return matrix / white[:, np.newaxis]


def exact_lab(encoded):
    share = encoded / 255
    light = np.where(
        share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    relative = light @ from_chromaticities().T
    f = np.where(
        relative > 216 / 24389, np.cbrt(relative),
        (24389 / 27 * relative + 16) / 116)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def differences(pairs, lab):
    """The mean and the 95th percentile of CIEDE2000."""
    pixels = np.mean(
        [deltaE_ciede2000(lab(x), lab(y)) for x, y in pairs], axis=0)
    return {
        "mean": float(pixels.mean()), "p95": float(np.percentile(pixels, 95))}


def shown(image, level):
    """Float samples of an image on a background."""
    samples = np.asarray(image, dtype=np.float64)
    if samples.shape[2] == 3:
        return samples
    share = samples[..., 3:] / 255
    return samples[..., :3] * share + level * (1 - share)


def measures(original, other):
    has_alpha = "A" in original.mode + other.mode
    levels = (0.0, 127.5, 255.0) if has_alpha else (0.0,)
    pairs = [(shown(original, l), shown(other, l)) for l in levels]
    mse = 3 * np.mean([mean_squared_error(x, y) for x, y in pairs])
    return {
        "mse": float(mse),
        "psnr": float(10 * np.log10(3 * 255**2 / mse)),
        "ssim": float(np.mean([
            structural_similarity(
                x, y, gaussian_weights=True, sigma=1.5,
                use_sample_covariance=False, data_range=255, channel_axis=-1)
            for x, y in pairs])),
        "deltaE": {
            "rounded": differences(pairs, lambda x: rgb2lab(x / 255)),
            "exact": differences(pairs, exact_lab),
        },
        "oklabMse": float(np.mean([
            ((oklab(x) - oklab(y)) ** 2).sum(axis=2).mean()
            for x, y in pairs])),
    }


def reduced(image, colors, dither=Image.Dither.NONE):
    small = image.quantize(colors, method=Image.Quantize.MEDIANCUT, dither=0)
    return image.quantize(palette=small, dither=dither).convert("RGB")


def compressed(image, quality):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def cut(name, mode, left, top, width, height):
    image = Image.open(SAMPLES / name).convert(mode)
    return image.crop((left, top, left + width, top + height))


def transparent(image, colors):
    """A reduction of red, green and blue, and alpha in steps of 17."""
    alpha = image.getchannel("A").point(lambda a: a // 17 * 17)
    result = reduced(image.convert("RGB"), colors)
    result.putalpha(alpha)
    return result


bowl = cut("still-life.jpg", "RGB", 200, 150, 96, 80)
sky = cut("sunset.jpg", "RGB", 120, 90, 77, 61)
cells = cut("cells.png", "RGB", 40, 60, 80, 80)
logo = cut("logo.png", "RGBA", 260, 310, 90, 70)
strip = bowl.crop((0, 0, 96, 11))
CASES = {
    "bowl": {"bowl-8": reduced(bowl, 8), "bowl-jpeg": compressed(bowl, 30)},
    "sky": {
        "sky-16": reduced(sky, 16),
        "sky-dithered": reduced(sky, 6, Image.Dither.FLOYDSTEINBERG),
    },
    "cells": {"cells-4": reduced(cells, 4)},
    "logo": {
        "logo-12": transparent(logo, 12),
        "logo-flat": reduced(logo.convert("RGB"), 30),
    },
    # As high as the window of the structural similarity.
    "strip": {"strip-5": reduced(strip, 5)},
}
ORIGINALS = dict(bowl=bowl, sky=sky, cells=cells, logo=logo, strip=strip)

cases = []
for name, images in CASES.items():
    original = ORIGINALS[name]
    original.save(HERE / f"{name}.png", optimize=True)
    for other, image in images.items():
        image.save(HERE / f"{other}.png", optimize=True)
        cases.append(
            {"original": name, "image": other} | measures(original, image))
text = ",\n".join(json.dumps(case) for case in cases)
(HERE / "scikit-image.json").write_text(f"[\n{text}\n]\n")
