#!/usr/bin/env python3
"""Makes a stack of micrographs of two 16-bit channels with known labels.

    python samples/cells.py cells.tif --pages 4 --truth truth.npy

Cells are ellipses. Two of three are stained in the second channel, with a nucleus in
the first; the others are bright in both. The labels are 0 background, 1 cell, 2
nucleus, 3 bright cell. Needs NumPy and tifffile.
"""

import argparse

import numpy

#: The mean of both channels in each label, of 65,535.
MEANS = numpy.array([[900, 800], [1100, 3200], [3400, 1500], [3600, 3900]])


def page(size, cells, noise, random):
    """The labels of a page, and its two channels."""
    labels = numpy.zeros((size, size), numpy.uint8)
    rows, columns = numpy.mgrid[:size, :size]
    for _ in range(cells):
        y, x = random.uniform(0, size, 2)
        long, short = sorted(random.uniform(10, 26, 2))[::-1]
        angle = random.uniform(0, numpy.pi)
        is_bright = random.uniform() < 1 / 3
        reach = int(long) + 2
        top, bottom = max(0, int(y) - reach), min(size, int(y) + reach)
        left, right = max(0, int(x) - reach), min(size, int(x) + reach)
        dy = rows[top:bottom, left:right] - y
        dx = columns[top:bottom, left:right] - x
        u = (dx * numpy.cos(angle) + dy * numpy.sin(angle)) / long
        v = (dy * numpy.cos(angle) - dx * numpy.sin(angle)) / short
        radius = numpy.hypot(u, v)
        part = labels[top:bottom, left:right]
        part[radius < 1] = 3 if is_bright else 1
        if not is_bright:
            part[radius < 0.6] = 2
    means = MEANS[labels].astype(float)
    channels = means + random.normal(0, noise, means.shape)
    return labels, numpy.clip(channels, 0, 65_535).astype(numpy.uint16)


def stack(pages, size, noise=600, seed=1):
    """Labels, pages × rows × columns, and channels, pages × 2 × rows × columns."""
    random = numpy.random.default_rng(seed)
    made = [page(size, (size // 56) ** 2, noise, random) for _ in range(pages)]
    return (
        numpy.stack([labels for labels, _ in made]),
        numpy.stack([numpy.moveaxis(channels, -1, 0) for _, channels in made]),
    )


def main():
    import tifffile

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output")
    parser.add_argument("--pages", type=int, default=1)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--noise", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--truth", help="a .npy file for the labels")
    arguments = parser.parse_args()
    labels, channels = stack(
        arguments.pages, arguments.size, arguments.noise, arguments.seed
    )
    names = ["nuclei", "cytoplasm"]
    tifffile.imwrite(
        arguments.output, channels, imagej=True,
        metadata={"axes": "ZCYX", "Labels": names * arguments.pages},
    )
    if arguments.truth:
        numpy.save(arguments.truth, labels)


if __name__ == "__main__":
    main()
