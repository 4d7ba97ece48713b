"""Labels and soft masks, chunk by chunk."""

from __future__ import annotations

from typing import Any, Literal

import dask.array as da
import numpy as np
from dask.base import tokenize

from .._model import Model
from .._options import choice, colors, options, real, whole
from .._palette import Palette
from .._quantize import Result
from ._arrays import _array, _colors, _coordinates
from ._chunks import _PAIR, _Colors, _label_type, _Nearest, _Shares
from ._fit import fit


def map(  # noqa: A001
    array: Any,
    fitted: Palette | Result | Model | Any,
    *,
    channel_axis: int | None = -1,
    dither: str = "none",
    **settings: Any,
) -> Any:
    """The entry or the component of each pixel, lazily.

    Each pixel is mapped for itself, so that the chunks do not matter. Indices are
    those of the palette that is given, in its order, while `quantize.map` numbers the
    entries that an image uses.

    Parameters
    ----------
    array : dask array, or what becomes one
        Of colours for a palette, of points for a model; see `fit`.
    fitted : Palette, Result, list of colours, or Model
    channel_axis : int or None, default -1
        As in `fit`.
    dither : "none"
        Dithering passes errors on to neighbours, which may be in another chunk: other
        methods are refused.
    **settings
        Of palettes: `space`, as in `quantize.map`.

    Returns
    -------
    dask array
        Of the shape of the array without its channels: ``uint8``, or ``uint16`` with
        more than 256 entries. A pixel has the nearest entry, or mean. If two entries
        are equal, the first is used. An array with a channel of alpha is mapped like
        an image with translucent pixels, and with transparent ones if the palette has
        an entry for them.

    Examples
    --------
    >>> import dask.array as da, numpy as np, quantize.dask
    >>> ramp = da.arange(256, chunks=64, dtype=np.uint8).reshape(16, 16)
    >>> indices = quantize.dask.map(ramp, ["#ffffff", "#000000"])
    >>> np.bincount(indices.compute().ravel()).tolist()
    [128, 128]
    >>> model = quantize.Model([[0.0, 0.0], [4.0, 0.0]])
    >>> points = da.from_array(np.array([[3.0, 1.0], [1.0, 1.0]]), chunks=1)
    >>> quantize.dask.map(points, model).compute()
    array([1, 0], dtype=uint8)
    """
    if dither != "none":
        raise ValueError(
            f"dither={dither!r} passes errors on from chunk to chunk; only 'none' is "
            "possible here, quantize.map dithers images in memory"
        )
    source = _array(array)
    if isinstance(fitted, Model):
        _no_more(settings)
        source, has_channels = _given(source, fitted, channel_axis)
        return _labels(source, _Nearest(fitted, has_channels, by_share=False))
    if isinstance(fitted, (Palette, Result)):
        rgba = fitted.rgba if isinstance(fitted, Palette) else fitted.entries.rgba
    else:
        rgba = colors("palette", fitted, 4)
    if not (rgba[:, 3] == 255).any():
        raise ValueError("a palette needs at least one opaque colour")
    chosen = {"space": settings.pop("space", "srgb"), "threads": 1}
    _no_more(settings)
    options(**chosen)
    source, has_channels = _colors(source, channel_axis)
    rgba = np.array(rgba, dtype=np.uint8)
    return _labels(source, _Colors(rgba, has_channels, chosen))


def _no_more(settings: dict[str, Any]) -> None:
    if settings:
        raise TypeError(f"there is no option {next(iter(settings))!r} here")


def _given(array: Any, model: Model, channel_axis: int | None) -> tuple[Any, bool]:
    array, has_channels = _coordinates(array, channel_axis)
    dimension = model.means.shape[1]
    found = array.shape[-1] if has_channels else 1
    if found != dimension:
        raise ValueError(
            f"the model has {dimension} dimensions, but the array {found} channels; "
            "channel_axis says which axis they are"
        )
    return array, has_channels


def _labels(array: Any, function: _Colors | _Nearest) -> Any:
    kind = _label_type(function.count)
    gone = [array.ndim - 1] if function.has_channels else []
    return da.map_blocks(
        function,
        array,
        drop_axis=gone,
        dtype=kind,
        meta=np.empty((0,) * (array.ndim - len(gone)), kind),
        name=f"quantize-map-{tokenize(array.name, function)}",
    )


def responsibilities(
    array: Any,
    fitted: Model | Palette | Result,
    cprime: int | None = None,
    *,
    channel_axis: int | None = -1,
    format: Literal["dense", "truncated"] = "dense",  # noqa: A002
) -> Any:
    """How much each component is responsible for each pixel, lazily.

    Parameters
    ----------
    array : dask array, or what becomes one
        Of colours for a palette, of points for a model; see `fit`.
    fitted : Model, Palette or Result
    cprime : int, optional
        C', 1 to the number of components C; all if it is left out.
    channel_axis : int or None, default -1
        As in `fit`.
    format : {"dense", "truncated"}

    Returns
    -------
    dask array of shape (..., C), or
    (components, responsibilities), each a dask array of shape (..., C')
        The first axes are those of the array without its channels. The sum of a
        pixel's responsibilities is 1. Components are ``uint16``, the most responsible
        first; responsibilities are ``float32``.

    Notes
    -----
    With the threads of one process, any palette can be used. A palette of
    `quantize.dask.fit` also goes to other processes: each fits it once to the counted
    colours, which gives the same palette.

    Examples
    --------
    >>> import dask.array as da, numpy as np, quantize.dask
    >>> ramp = da.arange(256, chunks=64, dtype=np.uint8).reshape(16, 16)
    >>> palette = quantize.dask.fit(ramp, k=4, cprime=2)
    >>> masks = quantize.dask.responsibilities(ramp, palette, 2)
    >>> masks.shape, bool(np.allclose(masks.sum(axis=-1), 1))
    ((16, 16, 4), True)
    >>> components, shares = quantize.dask.responsibilities(
    ...     ramp, palette, 2, format="truncated")
    >>> components.shape, components.dtype, shares.dtype
    ((16, 16, 2), dtype('uint16'), dtype('float32'))
    """
    choice("format", format, ("dense", "truncated"))
    source = _array(array)
    if isinstance(fitted, Result):
        fitted = fitted.entries
    if isinstance(fitted, Model):
        count = len(fitted.means)
        source, has_channels = _given(source, fitted, channel_axis)
    elif isinstance(fitted, Palette):
        count = len(fitted.model.means)
        source, has_channels = _colors(source, channel_axis)
    else:
        raise TypeError(
            f"responsibilities are those of a Model or a Palette, not {fitted!r}"
        )
    kept = count if cprime is None else whole("cprime", cprime, 1, count)
    is_dense = format == "dense"
    function = _Shares(fitted, count, kept, has_channels, is_dense)
    kind = np.dtype(np.float32) if is_dense else _PAIR
    pixels = source.chunks[:-1] if has_channels else source.chunks
    both = da.map_blocks(
        function,
        source,
        new_axis=[] if has_channels else [source.ndim],
        chunks=(*pixels, (count if is_dense else kept,)),
        dtype=kind,
        meta=np.empty((0,) * (len(pixels) + 1), kind),
        name=f"quantize-shares-{tokenize(source.name, function)}",
    )
    return both if is_dense else (both["component"], both["share"])


def segment(
    array: Any,
    k: int = 8,
    cprime: int = 1,
    *,
    spatial: float = 0.0,
    min_region: int = 1,
    channel_axis: int | None = -1,
    **settings: Any,
) -> Any:
    """Labels each pixel with a component of a mixture.

    The mixture is fitted when this is called, as by `fit`; the labels are lazy. Those
    of an opaque image are the labels of `quantize.segment`: components are numbered
    from dark to light.

    Parameters
    ----------
    array : dask array, or what becomes one
        See `fit`.
    k : int, default 8
        The number of components.
    cprime : int, default 1
        C', 1 to `k`.
    spatial, min_region : 0 and 1
        Others need the whole image, and are refused: positions have no place in the
        counts of colours, and a region can cross any number of chunks.
        `quantize.segment` has them for images in memory.
    channel_axis, **settings
        As in `fit`.

    Returns
    -------
    dask array
        The most responsible component of each pixel, from 0, of the shape of the
        array without its channels: ``uint8``, or ``uint16`` with more than 256.

    Examples
    --------
    >>> import dask.array as da, numpy as np, quantize.dask
    >>> stack = np.zeros((3, 8, 8), np.uint16)
    >>> stack[:, :, 4:] = 900
    >>> chunked = da.from_array(stack, chunks=(1, 8, 4))
    >>> labels = quantize.dask.segment(chunked, k=2, channel_axis=None)
    >>> labels.shape, bool((labels[..., :4] != labels[..., 4:]).all())
    ((3, 8, 8), True)
    """
    whole("k", k, 1, 65_536)
    whole("cprime", cprime, 1, k)
    if real("spatial", spatial) != 0:
        raise ValueError(
            f"spatial={spatial} clusters positions, which chunks do not have; "
            "quantize.segment does it for images in memory"
        )
    if whole("min_region", min_region, 0) > 1:
        raise ValueError(
            f"min_region={min_region} merges regions, which may cross chunks; "
            "quantize.segment does it for images in memory"
        )
    source = _array(array)
    fitted = fit(source, k, cprime, channel_axis=channel_axis, **settings)
    if isinstance(fitted, Model):
        source, has_channels = _given(source, fitted, channel_axis)
        labels = _labels(source, _Nearest(fitted, has_channels, by_share=True))
        return _ordered(labels, fitted.means.sum(axis=1))
    components, _ = responsibilities(
        source, fitted, 1, channel_axis=channel_axis, format="truncated"
    )
    means = fitted.model.means
    labels = components[..., 0].astype(_label_type(len(means)))
    return _ordered(labels, means @ _brightness(means.shape[1], **settings))


def _brightness(dimension: int, space: str = "srgb", **_: Any) -> Any:
    """The weights of coordinates of a mean in how light its colour is, and in how
    much there is of it."""
    colors = [1.0, 0.0, 0.0] if space in ("oklab", "lab") else [0.2126, 0.7152, 0.0722]
    return np.array((colors[:1] if dimension < 3 else colors) + [1.0])[:dimension]


def _ordered(labels: Any, brightness: Any) -> Any:
    """Labels numbered from dark to light."""
    ranks = np.empty(len(brightness), labels.dtype)
    ranks[np.argsort(brightness, kind="stable")] = np.arange(len(brightness))
    return labels.map_blocks(_renumbered, ranks, dtype=labels.dtype)


def _renumbered(block: Any, ranks: Any) -> Any:
    return np.take(ranks, block, mode="clip")
