"""Images to regions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _images
from ._library import Handle, check, long_call
from ._options import options, real, whole
from ._progress import progress_function


def segment(
    image: Any,
    k: int = 8,
    cprime: int = 1,
    *,
    spatial: float = 0.0,
    min_region: int = 1,
    seed: int = 0,
    effort: int = 5,
    threads: int | None = None,
    progress: Any = None,
) -> NDArray[np.int32]:
    """Labels each pixel with a component of a mixture over colour and position.

    Parameters
    ----------
    image : array, Pillow image or path
        See `quantize`.
    k : int, default 8
        The number of components.
    cprime : int, default 1
        C', 1 to `k`.
    spatial : float, default 0
        How much positions count; 0 is not at all.
    min_region : int, default 1
        The pixels that a connected region has at least; smaller ones go to a
        neighbour.
    seed, effort, threads, progress
        As in `quantize`.

    Returns
    -------
    array of shape (H, W)
        Labels from 0.

    Examples
    --------
    >>> import numpy as np, quantize
    >>> image = np.zeros((4, 6), np.uint8)
    >>> image[:, 3:] = 255
    >>> labels = quantize.segment(image, k=2)
    >>> bool((labels[:, :3] != labels[:, 3:]).all())
    True
    """
    source = _images.image(image)
    size = whole("k", k, 1, 65_536)
    call = options(
        k=size, cprime=whole("cprime", cprime, 1, size), seed=seed, effort=effort,
        threads=threads,
    )
    with progress_function(progress) as tell:
        handle = long_call(
            "segments",
            "segments_create",
            source.handle.pointer,
            call.pointer,
            real("spatial", spatial),
            whole("min_region", min_region, 1),
            progress=tell,
        )
    return _labels(handle, source)


def superpixels(
    image: Any,
    count: int,
    cprime: int = 1,
    *,
    compactness: float = 3.0,
    threads: int | None = None,
    progress: Any = None,
) -> NDArray[np.int32]:
    """Cuts an image into connected regions of alike pixels.

    Parameters
    ----------
    image : array, Pillow image or path
        See `quantize`; alpha is ignored.
    count : int
        How many, 1 to 65,536.
    cprime : int, default 1
        C', 1 to 9: among how many cells of the grid a pixel is shared.
    compactness : float, default 3
        How much positions count against colours.
    threads, progress
        As in `quantize`.

    Returns
    -------
    array of shape (H, W)
        Labels from 0, in the order of their first pixels.

    Examples
    --------
    >>> import numpy as np, quantize
    >>> image = np.random.default_rng(0).random((40, 50, 3))
    >>> len(np.unique(quantize.superpixels(image, 12)))
    12
    """
    source = _images.image(image)
    with progress_function(progress) as tell:
        handle = long_call(
            "segments",
            "superpixels_create",
            source.handle.pointer,
            whole("count", count, 1, 65_536),
            whole("cprime", cprime, 1, 9),
            real("compactness", compactness),
            0 if threads is None else whole("threads", threads, 1, 1024),
            progress=tell,
        )
    return _labels(handle, source)


def _labels(handle: Handle, image: _images.Image) -> NDArray[np.int32]:
    labels = np.empty((image.height, image.width), dtype=np.int32)
    check("segments_labels", handle.pointer, labels.ctypes.data)
    return labels
