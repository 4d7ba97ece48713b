"""Images, from arrays, Pillow's images and files to those of the library."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pathlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._library import Handle, check, made, value

_DEPTHS = {np.dtype(np.uint8): 8, np.dtype(np.uint16): 16, np.dtype(np.float32): 32}


@dataclass(frozen=True)
class Image:
    """An image that the library has a copy of."""

    handle: Handle
    height: int
    width: int

    #: What it was read from, if it was.
    picture: Handle | None = None


class Picture:
    """An image that was read from a file: see `read`.

    Attributes
    ----------
    shape : (int, int, int)
        Height, width and channels: 3, or 4 where a pixel is not opaque.
    dtype : numpy.dtype
        ``uint8``, or ``uint16`` of a PNG with more than 8 bits a sample.
    format : str
        "png" or "jpeg".
    color_space : str
        "srgb", "p3", or "input".
    omitted_frames : int
        The frames of an animation that were passed over.
    warnings : list of str
        What else was passed over.
    """

    def __init__(self, handle: Handle) -> None:
        at = handle.pointer
        image = made("image", "picture_image", at)
        width, height = ctypes.c_size_t(), ctypes.c_size_t()
        channels, depth = ctypes.c_int(), ctypes.c_int()
        form = (width, height, channels, depth)
        check("image_form", image.pointer, *(ctypes.byref(one) for one in form))
        self._image = Image(image, height.value, width.value, handle)
        self.shape: tuple[int, int, int] = (height.value, width.value, channels.value)
        self.dtype = np.dtype(np.uint8 if depth.value == 8 else np.uint16)
        self.format: str = value("picture_format", at).decode()
        self.color_space: str = value("picture_space", at).decode()
        self.omitted_frames: int = value("picture_omitted_frames", at)
        self.warnings: list[str] = []
        while (line := value("picture_warning", at, len(self.warnings))) is not None:
            self.warnings.append(line.decode())

    @property
    def pixels(self) -> NDArray[Any]:
        """The samples, of shape `shape`: a new array each time."""
        samples = np.empty(self.shape, self.dtype)
        check("image_samples", self._image.handle.pointer, samples.ctypes.data)
        return samples

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        if copy is False:
            raise ValueError("the pixels of a Picture can only be copied")
        samples = self.pixels
        return samples if dtype is None else samples.astype(dtype)

    def __repr__(self) -> str:
        height, width, channels = self.shape
        return f"<Picture of {width} x {height} pixels, {channels} x {self.dtype}>"


@contextlib.contextmanager
def named(name: str) -> Iterator[None]:
    """Says which file is wrong."""
    try:
        yield
    except ValueError as error:
        if not name:
            raise
        raise ValueError(f"{name}: {error}") from None


def read(
    data: bytes,
    *,
    name: str = "",
    color_space: str = "srgb",
    page: int = 0,
    max_pixels: int = 0,
    keep_going: bool = False,
    threads: int = 0,
) -> Picture:
    """Reads the bytes of an image file."""
    spaces = ("srgb", "p3", "input")
    if color_space not in spaces:
        raise ValueError(f"color_space must be one of {spaces}, not {color_space!r}")
    with named(name):
        handle = made(
            "picture",
            "picture_read",
            data,
            len(data),
            color_space.encode(),
            page,
            max_pixels,
            keep_going,
            threads,
        )
    return Picture(handle)


def image(source: Any) -> Image:
    """Gives an image to the library.

    Parameters
    ----------
    source : array of shape (H, W), (H, W, 1), (H, W, 2), (H, W, 3) or (H, W, 4), \
Pillow image, or path
        Grey, grey and alpha, RGB or RGBA; ``uint8``, ``uint16``, ``bool`` (0 and
        255), or floats from 0 to 1. Alpha is not premultiplied. PNGs, JPEGs,
        WebPs, GIFs and BMPs are read by the library, other files with Pillow.
    """
    if isinstance(source, Image):
        return source
    if isinstance(source, (str, os.PathLike)):
        source = _opened(source)
    if isinstance(source, Picture):
        return source._image
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


def _opened(path: str | os.PathLike[str]) -> Any:
    data = pathlib.Path(path).read_bytes()
    starts = (b"\x89PNG", b"\xff\xd8", b"GIF8", b"BM")
    if not data or data.startswith(starts) or data[8:12] == b"WEBP":
        return read(data, name=os.fspath(path))
    try:
        from PIL import Image as pillow
        from PIL import ImageOps, UnidentifiedImageError
    except ImportError:
        # The library says what it is.
        return read(data, name=os.fspath(path))
    try:
        with pillow.open(path) as file:
            return ImageOps.exif_transpose(file)
    except UnidentifiedImageError:
        return read(data, name=os.fspath(path))


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
