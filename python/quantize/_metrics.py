"""How far an image is from another."""

from __future__ import annotations

import ctypes
import math
from typing import Any

from . import _images
from ._library import check
from ._options import whole


class _Figures(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_double)
        for name in (
            "mse", "psnr", "ssim", "delta_e2000", "delta_e2000_p95", "oklab_mse",
        )
    ]


def metrics(image: Any, original: Any, *, threads: int | None = None) -> dict[str, float]:
    """Compares an image with its original.

    Parameters
    ----------
    image, original : array, Pillow image or path
        Of the same size; see `quantize`.
    threads : int, optional

    Returns
    -------
    dict
        ``mse``: the squared error per pixel, summed over its samples of 8 bits;
        ``psnr`` in decibels, infinite of equal images; ``ssim``, NaN where a side
        has fewer than 11 pixels; ``delta_e2000`` and ``delta_e2000_p95``: the mean
        and the 95th percentile of CIEDE2000; ``oklab_mse``: the squared error in
        Oklab.

    Examples
    --------
    >>> import numpy as np, quantize
    >>> black = np.zeros((16, 16, 3), np.uint8)
    >>> figures = quantize.metrics(black + 1, black)
    >>> figures["mse"], round(figures["psnr"], 2)
    (3.0, 48.13)
    """
    ours, theirs = _images.image(image), _images.image(original)
    figures = _Figures()
    check(
        "image_compare",
        ours.handle.pointer,
        theirs.handle.pointer,
        0 if threads is None else whole("threads", threads, 1, 1024),
        ctypes.byref(figures),
    )
    found = {name: getattr(figures, name) for name, _ in _Figures._fields_}
    return {name: float(number) for name, number in found.items()} | (
        {"psnr": math.inf} if found["mse"] == 0 else {}
    )
