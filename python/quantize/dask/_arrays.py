"""Arrays of Dask, and their chunks as rows and images."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import dask.array as da
import numpy as np

from .._options import choice, whole

#: The results that one task of a tree merges.
_SPLIT_EVERY = 8

#: In `kind="auto"`, more channels of whole numbers than this are taken for a mistake.
_MOST_CHANNELS = 64


def _array(source: Any, name: str = "array") -> Any:
    """A dask array, in chunks of its own if it has any."""
    if isinstance(source, da.Array):
        array = source
    elif (
        isinstance(source, (np.ndarray, np.generic, list, tuple))
        or hasattr(source, "to_dask_array")
        or type(source).__module__.partition(".")[0] == "xarray"
        or not all(hasattr(source, one) for one in ("shape", "dtype", "__getitem__"))
    ):
        array = da.asarray(source)
    else:
        # Zarr and HDF5: da.asarray would make it a single chunk.
        array = da.from_array(source)
    if any(math.isnan(size) for size in array.shape):
        raise ValueError(
            f"the shape of {name} is not known: {array.shape}; "
            f"call {name}.compute_chunk_sizes() first"
        )
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must have real numbers, not {array.dtype}")
    return array


def _axis(array: Any, channel_axis: int | None) -> int | None:
    """The axis of channels, counted from 0."""
    if channel_axis is None:
        return None
    axis = whole("channel_axis", channel_axis, -(2**31))
    if not -array.ndim <= axis < array.ndim:
        raise ValueError(
            f"channel_axis is {axis}, but the array has the shape {array.shape}"
        )
    return axis % int(array.ndim)


def _last(array: Any, axis: int) -> Any:
    """The array with the channels last, those of a pixel in one chunk."""
    array = da.moveaxis(array, axis, -1)
    return array if array.numblocks[-1] == 1 else array.rechunk({array.ndim - 1: -1})


def _colors(array: Any, channel_axis: int | None) -> tuple[Any, bool]:
    """An array of images, and whether it has an axis of channels, which is the last."""
    if array.dtype.kind in "iu" and array.dtype.newbyteorder("=") not in (
        np.uint8, np.uint16,
    ):
        raise TypeError(
            f"colours are samples of uint8, uint16 or floats, not {array.dtype}; "
            'kind="points" takes all numbers'
        )
    axis = _axis(array, channel_axis)
    if array.ndim < 2:
        raise ValueError(f"images have at least two axes, not the shape {array.shape}")
    if axis is None or (array.ndim == 2 and channel_axis == -1):
        return array, False
    if not 1 <= array.shape[axis] <= 4:
        raise ValueError(
            f"axis {axis} has {array.shape[axis]} channels, colours 1 to 4; "
            'channel_axis=None is for grey, kind="points" for more channels'
        )
    return _last(array, axis), True


def _coordinates(array: Any, channel_axis: int | None) -> tuple[Any, bool]:
    """An array of points, and whether it has an axis of channels, which is the last."""
    axis = _axis(array, channel_axis)
    if axis is None:
        return array, False
    if array.shape[axis] == 0:
        raise ValueError(f"points have at least one channel; they are {array.shape}")
    return _last(array, axis), True


def _is_colors(array: Any, kind: str, channel_axis: int | None) -> bool:
    if choice("kind", kind, ("auto", "colors", "points")) != "auto":
        return kind == "colors"
    if array.dtype.newbyteorder("=") not in (np.uint8, np.uint16, np.bool_):
        return False
    axis = _axis(array, channel_axis)
    if axis is None or (array.ndim == 2 and channel_axis == -1):
        return True
    channels = int(array.shape[axis])
    if channels > _MOST_CHANNELS:
        raise ValueError(
            f"axis {axis} has {channels} channels; channel_axis=None is for grey "
            'images, kind="points" for that many channels'
        )
    return 1 <= channels <= 4


def _rows(chunk: Any) -> Any:
    """The points of a chunk whose last axis is that of the channels, (N, D)."""
    array = np.asarray(chunk)
    exact = array.dtype.newbyteorder("=") in (np.float16, np.float32)
    array = array.astype(np.float32 if exact else np.float64, copy=False)
    return np.ascontiguousarray(array.reshape(-1, array.shape[-1]))


def _finite(rows: Any) -> Any:
    if not np.isfinite(rows).all():
        raise ValueError(
            "points must be finite numbers, but the array has NaN or infinity; "
            "replace them, for example with 0 and a weight of 0"
        )
    return rows


def _image(chunk: Any, has_channels: bool) -> Any:
    """A chunk as an image: pixels in rows, whatever axes it has."""
    array = np.asarray(chunk)
    tail = array.shape[-2:] if has_channels else array.shape[-1:]
    return np.ascontiguousarray(array.reshape(-1, *tail))


def _tree(merge: Callable[[Sequence[Any]], Any], leaves: list[Any]) -> Any:
    """Merges delayed values, in an order that only their number decides."""
    while len(leaves) > 1:
        leaves = [
            merge(leaves[first : first + _SPLIT_EVERY])
            for first in range(0, len(leaves), _SPLIT_EVERY)
        ]
    return leaves[0]


def _blocks(array: Any) -> list[Any]:
    return list(array.to_delayed().ravel())
