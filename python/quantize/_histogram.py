"""The colours of any number of images."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _images
from ._library import check, made, value
from ._options import options


class Histogram:
    """The distinct colours of images, and how many pixels have each.

    It is all that a palette is fitted to. Sums do not depend on the order, so
    that the colours of many images can be counted anywhere: histograms are
    pickled, and `to_bytes` gives a documented format that is the same on all
    machines.

    Parameters
    ----------
    *images : array, Pillow image or path
        Images to count; see `quantize`.

    Examples
    --------
    >>> import numpy as np, quantize
    >>> black = np.zeros((2, 2, 3), np.uint8)
    >>> histogram = quantize.Histogram(black, black + 255)
    >>> histogram += quantize.Histogram(black)
    >>> len(histogram), histogram.pixels
    (2, 12)
    >>> quantize.Histogram.from_bytes(histogram.to_bytes()) == histogram
    True
    """

    def __init__(self, *images: Any) -> None:
        self._handle = made("histogram", "histogram_create")
        for image in images:
            self.add(image)

    def add(
        self, image: Any, *, importance: Any = None, threads: int | None = None
    ) -> Histogram:
        """Counts the pixels of an image.

        Parameters
        ----------
        image : array, Pillow image or path
        importance : "auto" or image, optional
            How much each pixel counts; see `quantize`.

        Returns
        -------
        Histogram
            This one.
        """
        counted = _images.image(image)
        call = options(importance=importance, threads=threads)
        check(
            "histogram_add_image",
            self._handle.pointer,
            counted.handle.pointer,
            call.pointer,
        )
        return self

    def add_colors(
        self, colors: ArrayLike, counts: ArrayLike, weights: ArrayLike | None = None
    ) -> Histogram:
        """Counts given colours.

        Parameters
        ----------
        colors : array of shape (n, 3) or (n, 4)
            ``uint8`` or ``uint16``, in any order; one may occur more than once.
        counts : array of shape (n,)
            How many pixels have each, at least 1.
        weights : array of shape (n,), optional
            How much each counts in a fit; by default its count.

        Returns
        -------
        Histogram
            This one.

        Examples
        --------
        >>> import numpy as np, quantize
        >>> colors = np.array([[255, 0, 0], [0, 0, 255]], np.uint8)
        >>> quantize.Histogram().add_colors(colors, [3, 1]).pixels
        4
        """
        rgba = np.asarray(colors)
        if rgba.dtype not in (np.uint8, np.uint16):
            raise TypeError(f"colors must be uint8 or uint16, not {rgba.dtype}")
        if rgba.ndim != 2 or rgba.shape[1] not in (3, 4) or not len(rgba):
            raise ValueError(
                f"colors must have the shape (n, 3) or (n, 4), not {rgba.shape}"
            )
        if rgba.dtype == np.uint8:
            rgba = rgba.astype(np.uint16) * np.uint16(257)
        if rgba.shape[1] == 3:
            rgba = np.pad(rgba, ((0, 0), (0, 1)), constant_values=65_535)
        rgba = np.ascontiguousarray(rgba)
        number = np.asarray(counts)
        if number.dtype.kind not in "iu" or (number < 0).any():
            raise ValueError("counts must be whole numbers from 1 on")
        number = np.ascontiguousarray(number, dtype=np.uint64)
        share = None
        if weights is not None:
            share = np.ascontiguousarray(weights, dtype=np.float64)
        for name, array in (("counts", number), ("weights", share)):
            if array is not None and array.shape != rgba.shape[:1]:
                raise ValueError(
                    f"{name} must have the shape {rgba.shape[:1]}, not {array.shape}"
                )
        check(
            "histogram_add_colors",
            self._handle.pointer,
            rgba.ctypes.data,
            number.ctypes.data,
            None if share is None else share.ctypes.data,
            len(rgba),
        )
        return self

    def merge(self, other: Histogram) -> Histogram:
        """Adds the colours of another histogram, and returns this one."""
        if not isinstance(other, Histogram):
            raise TypeError(f"only a Histogram can be merged, not {other!r}")
        check("histogram_add", self._handle.pointer, other._handle.pointer)
        return self

    def __iadd__(self, other: Histogram) -> Histogram:
        return self.merge(other)

    def __add__(self, other: Histogram) -> Histogram:
        if not isinstance(other, Histogram):
            return NotImplemented
        return Histogram().merge(self).merge(other)

    def __radd__(self, other: Any) -> Histogram:
        # sum() begins with 0.
        return Histogram().merge(self) if other == 0 else NotImplemented

    def __len__(self) -> int:
        return int(value("histogram_count", self._handle.pointer))

    @property
    def pixels(self) -> int:
        """The number of pixels counted."""
        return int(value("histogram_pixels", self._handle.pointer))

    @property
    def colors(self) -> NDArray[np.uint16]:
        """Red, green, blue and alpha of 16 bits, of shape (n, 4)."""
        return self._get()[0]

    @property
    def counts(self) -> NDArray[np.uint64]:
        """How many pixels have each colour, of shape (n,)."""
        return self._get()[1]

    @property
    def weights(self) -> NDArray[np.float64]:
        """How much each colour counts in a fit, of shape (n,)."""
        return self._get()[2]

    def _get(self) -> tuple[Any, Any, Any]:
        count = len(self)
        colors = np.empty((count, 4), dtype=np.uint16)
        counts = np.empty(count, dtype=np.uint64)
        weights = np.empty(count)
        check(
            "histogram_get",
            self._handle.pointer,
            colors.ctypes.data,
            counts.ctypes.data,
            weights.ctypes.data,
        )
        return colors, counts, weights

    def to_bytes(self) -> bytes:
        """The histogram in the format of docs/histogram-format.md."""
        size = ctypes.c_size_t()
        check("histogram_size", self._handle.pointer, ctypes.byref(size))
        buffer = ctypes.create_string_buffer(size.value)
        check("histogram_write", self._handle.pointer, buffer, size.value)
        return buffer.raw

    @classmethod
    def from_bytes(cls, data: bytes) -> Histogram:
        """Reads what `to_bytes` gave.

        Raises
        ------
        ValueError
            If the bytes are anything else.
        """
        data = bytes(data)
        histogram = cls.__new__(cls)
        histogram._handle = made("histogram", "histogram_read", data, len(data))
        return histogram

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Histogram):
            return NotImplemented
        if not len(self) or not len(other):
            return len(self) == len(other)
        return self.to_bytes() == other.to_bytes()

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> Any:
        if not len(self):
            return Histogram, ()
        return Histogram.from_bytes, (self.to_bytes(),)

    def __repr__(self) -> str:
        return f"<Histogram of {len(self)} colours in {self.pixels} pixels>"
