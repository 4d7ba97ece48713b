"""Images, from arrays, Pillow's images and files to those of the library."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._library import Handle, made

_DEPTHS = {np.dtype(np.uint8): 8, np.dtype(np.uint16): 16, np.dtype(np.float32): 32}


@dataclass(frozen=True)
class Image:
    """An image that the library has a copy of."""

    handle: Handle
    height: int
    width: int


def image(source: Any) -> Image:
    """Gives an image to the library.

    Parameters
    ----------
    source : array of shape (H, W), (H, W, 1), (H, W, 2), (H, W, 3) or (H, W, 4), \
Pillow image, or path
        Grey, grey and alpha, RGB or RGBA; ``uint8``, ``uint16``, ``bool`` (0 and
        255), or floats from 0 to 1. Alpha is not premultiplied. Paths are read
        with Pillow.
    """
    if isinstance(source, Image):
        return source
    if isinstance(source, (str, os.PathLike)):
        source = _read(source)
    if hasattr(source, "convert") and hasattr(source, "mode"):
        source = _samples(source)
    array = np.asarray(source)
    if array.ndim not in (2, 3) or (array.ndim == 3 and not 1 <= array.shape[2] <= 4):
        raise ValueError(
            "an image has the shape (height, width) or (height, width, channels) "
            f"with 1 to 4 channels, not {array.shape}"
        )
    height, width = array.shape[:2]
    if height == 0 or width == 0:
        raise ValueError(f"an image has at least one pixel; the shape is {array.shape}")
    if array.dtype == np.bool_:
        array = array.astype(np.uint8) * np.uint8(255)
    elif array.dtype.kind == "f":
        array = np.asarray(array, dtype=np.float32)
        # Rounding may lead a little beyond; samples of 0 to 255 are a mistake.
        if (largest := float(array.max())) > 1.001:
            raise ValueError(
                f"floats are samples from 0 to 1, but the largest is {largest:g}; "
                "divide them by their maximum, or clip them"
            )
    if array.dtype.newbyteorder("=") not in _DEPTHS:
        raise TypeError(
            f"an image has samples of uint8, uint16 or floats, not {array.dtype}; "
            "convert it, as with .astype(np.uint8)"
        )
    array = np.asarray(array, dtype=array.dtype.newbyteorder("="))
    channels = 1 if array.ndim == 2 else array.shape[2]
    size = array.dtype.itemsize
    # Rows may be anywhere; the pixels of a row have to follow each other.
    row = array.strides[1:] if height else ()
    packed = (size,) if array.ndim == 2 else (channels * size, size)
    if row != packed or abs(array.strides[0]) < width * channels * size:
        array = np.ascontiguousarray(array)
    return Image(
        made(
            "image",
            "image_create",
            array.ctypes.data,
            width,
            height,
            array.strides[0],
            channels,
            _DEPTHS[array.dtype],
        ),
        height,
        width,
    )


def _read(path: str | os.PathLike[str]) -> Any:
    try:
        from PIL import Image as pillow
        from PIL import ImageOps
    except ImportError:
        raise ImportError(
            "reading a file needs Pillow: pip install quantize-em[images]"
        ) from None
    with pillow.open(path) as file:
        return ImageOps.exif_transpose(file)


def _samples(picture: Any) -> np.ndarray:
    """The samples of a Pillow image."""
    mode: str = picture.mode
    if mode == "I;16":
        return np.asarray(picture, dtype=np.uint16)
    if mode == "1":
        return np.asarray(picture)
    has_alpha = mode in ("RGBA", "LA", "PA", "RGBa", "La") or (
        "transparency" in getattr(picture, "info", {})
    )
    grey = mode in ("L", "LA", "La") and "transparency" not in picture.info
    target = ("LA" if has_alpha else "L") if grey else ("RGBA" if has_alpha else "RGB")
    return np.asarray(picture if mode == target else picture.convert(target))
