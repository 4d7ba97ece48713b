"""Chunked arrays of Dask: palettes, labels and soft masks beyond the memory.

    >>> import dask.array as da
    >>> import numpy as np
    >>> import quantize.dask
    >>> ramp = np.arange(64 * 64 * 3, dtype=np.uint32).reshape(64, 64, 3) // 50
    >>> image = da.from_array(ramp.astype(np.uint8), chunks=(16, 32, 3))
    >>> palette = quantize.dask.fit(image, k=8)
    >>> indices = quantize.dask.map(image, palette)
    >>> indices.shape, indices.dtype, indices.numblocks
    ((64, 64), dtype('uint8'), (4, 2))

A stack of colour images has one palette, the same however it is chunked:

    >>> stack = da.stack([image, 255 - image, image // 2])
    >>> palette = quantize.dask.fit(stack, k=8)
    >>> palette.hex == quantize.dask.fit(stack.rechunk((2, 50, 9, 3)), k=8).hex
    True
    >>> quantize.dask.map(stack, palette).shape
    (3, 64, 64)

A micrograph has any number of channels, on any axis. Its pixels are points:

    >>> random = np.random.default_rng(0)
    >>> cells = random.normal(size=(5, 4, 32, 32)).astype(np.float32)
    >>> volume = da.from_array(cells, chunks=(1, 2, 16, 16))
    >>> model = quantize.dask.fit(volume, k=3, cprime=2, channel_axis=0)
    >>> model.means.shape
    (3, 5)
    >>> masks = quantize.dask.responsibilities(volume, model, channel_axis=0)
    >>> masks.shape, masks.dtype
    ((4, 32, 32, 3), dtype('float32'))

`fit` reads the array at once. `map`, `responsibilities` and the labels of `segment`
are lazy: Dask computes a chunk when it is asked for. The library uses one thread a
chunk, because Dask works on several chunks at a time.
"""

try:
    import dask.array  # noqa: F401
except ImportError as missing:
    raise ImportError(f"{missing}: pip install quantize-em[dask]") from None

from ._fit import fit
from ._lazy import map, responsibilities, segment  # noqa: A004

__all__ = ["fit", "map", "responsibilities", "segment"]
