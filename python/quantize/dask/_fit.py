"""Palettes and mixtures of chunked arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from dask.base import compute
from dask.delayed import delayed
from numpy.typing import NDArray

from .. import _quantize
from .._coreset import Coreset, Spread
from .._histogram import Histogram
from .._model import Model, Points, fit_points
from .._options import options, real, whole
from .._palette import Palette
from ._arrays import (
    _array,
    _blocks,
    _colors,
    _coordinates,
    _finite,
    _image,
    _is_colors,
    _rows,
    _tree,
)
from ._chunks import _recipes


def fit(
    array: Any,
    k: int | None = None,
    cprime: int | None = None,
    *,
    channel_axis: int | None = -1,
    kind: Literal["auto", "colors", "points"] = "auto",
    weights: Any = None,
    sample: int = 1 << 18,
    iterations: int = 0,
    seed: int = 0,
    **settings: Any,
) -> Palette | Model:
    """Fits a palette or a mixture to a chunked array.

    The array is read chunk by chunk, when this is called.

    **Colours.** The colours of each chunk are counted, and the counts are added in a
    tree. Counts are whole numbers: the palette is the same, bit for bit, however the
    array is chunked, and equal to that of `quantize.fit` of the whole array. Memory
    grows with the number of distinct colours, not with that of pixels.

    **Points.** If there are at most `sample`, the fit is that of `quantize.fit_points`
    of all points, in the order of the array. If there are more, `sample` of them are
    drawn for a lightweight coreset (Bachem, Lucic and Krause, KDD 2018): half of them
    evenly, half in proportion to the squared distance from the mean; their weights
    make up for that. The array is then read twice, once for its mean and once to
    draw. The same array in the same chunks with the same seed gives the same model.
    Other chunks give another sample, and only through it another model.

    Parameters
    ----------
    array : dask array, or what becomes one
        Also NumPy's, Zarr's and HDF5's arrays.
    k : int
        The number of colours, by default 16, or of components.
    cprime : int
        C'; by default 2 for colours and 1 for points.
    channel_axis : int or None, default -1
        The axis of the channels; None if there is none, as in a stack of grey images.
        An array of colours with two axes is a grey image.
    kind : {"auto", "colors", "points"}
        "auto" takes ``uint8`` and ``uint16`` with 1 to 4 channels for colours, all
        else for points. Floats are colours only if it is said; they are then 0 to 1.
    weights : array, optional
        How often each point counts, of the shape of the array without its channels.
    sample : int, default 262,144
        The most points that the mixture is fitted to, at least `k`.
    iterations : int, default 0
        Iterations of EM over all points that follow the fit to a sample, each of
        which reads the array once.
    seed : int, default 0
        The seed of the sample and of the search.
    **settings
        As in `quantize.fit` or `quantize.fit_points`; what is `weights` there is
        `mixing` here. `importance` and `perceptual` need the neighbours of pixels,
        which may be in other chunks: they are refused.

    Returns
    -------
    Palette
        Of colours.
    Model
        Of points, in the array's own units.

    Raises
    ------
    ValueError, TypeError
        If an argument is wrong, the array is empty, or points are not finite.

    Examples
    --------
    >>> import dask.array as da, numpy as np, quantize.dask
    >>> image = da.zeros((100, 100, 3), chunks=30, dtype=np.uint8)
    >>> quantize.dask.fit(image, k=4).hex
    ['#000000']
    >>> points = da.concatenate([da.ones((500, 2)) * 3, da.ones((500, 2))])
    >>> model = quantize.dask.fit(points, k=2)
    >>> np.sort(model.means[:, 0]).tolist()
    [1.0, 3.0]
    """
    source = _array(array)
    is_colors = _is_colors(source, kind, channel_axis)
    if 0 in source.shape:
        raise ValueError(f"there is nothing to fit in the shape {source.shape}")
    if "mixing" in settings:
        settings["weights"] = settings.pop("mixing")
    settings["seed"] = whole("seed", seed, 0, 2**64 - 1)
    whole("iterations", iterations, 0)
    whole("sample", sample, 1)
    if is_colors:
        if weights is not None:
            raise ValueError(
                'weights are those of points, which kind="points" makes of colours; '
                "mixing weights are called mixing"
            )
        if iterations:
            raise ValueError("iterations are for points; colours are all in the fit")
        return _fit_colors(*_colors(source, channel_axis), k, cprime, settings)
    points, has_channels = _coordinates(source, channel_axis)
    if not has_channels:
        points = points[..., np.newaxis]
    if cprime is not None:
        settings["cprime"] = cprime
    return _fit_points(points, k, weights, sample, iterations, settings)


def _fit_colors(
    array: Any, has_channels: bool, k: int | None, cprime: int | None, settings: Any
) -> Palette:
    for name in ("importance", "perceptual"):
        if settings.get(name) is not None and settings[name] is not False:
            raise ValueError(
                f"{name} needs the neighbours of each pixel, which may be in another "
                "chunk; fit without it"
            )
    progress = settings.pop("progress", None)
    # Wrong options are found before anything is read.
    options(**_quantize._sized(settings, k, cprime))
    count = delayed(_counted, pure=False)
    merge = delayed(_merged, pure=False)
    leaves = [count(block, has_channels) for block in _blocks(array)]
    (histogram,) = compute(_tree(merge, leaves))
    palette = _quantize.fit(histogram, k, cprime, progress=progress, **settings)
    _recipes[palette] = (histogram, {**settings, "k": k, "cprime": cprime})
    return palette


def _counted(chunk: Any, has_channels: bool) -> Histogram:
    image = _image(chunk, has_channels)
    return Histogram().add(image, threads=1) if image.size else Histogram()


def _merged(histograms: Sequence[Histogram]) -> Histogram:
    return sum(histograms, Histogram())


def _fit_points(
    array: Any, k: int | None, weights: Any, sample: int, iterations: int,
    settings: dict[str, Any],
) -> Model:
    if k is None and settings.get("init") is None:
        raise TypeError("a fit of points needs k or init")
    if k is not None and whole("k", k, 1, 65_536) > sample:
        raise ValueError(f"sample is {sample}, less than k, {k}")
    progress = settings.pop("progress", None)
    options(**settings)
    masses = None
    if weights is not None:
        masses = _array(weights, "weights")
        if masses.shape != array.shape[:-1]:
            raise ValueError(
                f"weights must have the shape {array.shape[:-1]}, not {masses.shape}"
            )
        masses = masses.rechunk(array.chunks[:-1])
    if math.prod(array.shape[:-1]) <= sample:
        chunk, mass = compute(array, masses)
        rows = _finite(_rows(chunk))
        given = Points(rows, None if mass is None else _masses(mass, len(rows)))
        return fit_points(given, k, progress=progress, **settings)
    blocks = _blocks(array)
    parts = [None] * len(blocks) if masses is None else _blocks(masses)
    points, shares = _coreset(blocks, parts, sample, settings["seed"])
    model = fit_points(Points(points, shares), k, progress=progress, **settings)
    for _ in range(iterations):
        model = _iterated(blocks, parts, model, settings)
    return model


def _masses(chunk: Any, count: int) -> NDArray[np.float64]:
    """The weights of a chunk's points."""
    if chunk is None:
        return np.ones(count)
    masses = np.ascontiguousarray(chunk, dtype=np.float64).reshape(-1)
    if not (np.isfinite(masses) & (masses >= 0)).all():
        raise ValueError("weights must be finite and not negative")
    return masses


def _spread(chunk: Any, mass: Any) -> Spread:
    rows = _finite(_rows(chunk))
    return Spread.of(rows, _masses(mass, len(rows)))


def _coreset(
    blocks: list[Any], parts: list[Any], sample: int, seed: int
) -> tuple[Any, NDArray[np.float64]]:
    """Points and weights that stand for all."""
    spread = delayed(_spread, pure=False)
    (found,) = compute([spread(*pair) for pair in zip(blocks, parts, strict=True)])
    coreset = Coreset(found, sample, seed)
    draw = delayed(_drawn, pure=False)
    (drawn,) = compute([
        draw(block, part, coreset, place)
        for place, (block, part) in enumerate(zip(blocks, parts, strict=True))
        if coreset.counts[place]
    ])
    return (
        np.concatenate([one[0] for one in drawn]),
        np.concatenate([one[1] for one in drawn]),
    )


def _drawn(
    chunk: Any, mass: Any, coreset: Coreset, place: int
) -> tuple[Any, NDArray[np.float64]]:
    rows = _rows(chunk)
    return coreset.draw(place, rows, _masses(mass, len(rows)))


def _iterated(
    blocks: list[Any], parts: list[Any], model: Model, settings: dict[str, Any]
) -> Model:
    """One iteration of EM over all points."""
    cprime = min(settings.get("cprime", 1), len(model.means))
    step = delayed(_statistics, pure=False)
    merge = delayed(_added, pure=False)
    leaves = [step(*pair, model, cprime) for pair in zip(blocks, parts, strict=True)]
    (statistics,) = compute(_tree(merge, leaves))
    return _maximized(model, statistics, settings)


def _statistics(chunk: Any, mass: Any, model: Model, cprime: int) -> Any:
    """The E-step over a chunk's points; `None` of a chunk without any."""
    rows = _finite(_rows(chunk))
    weights = _masses(mass, len(rows))
    kept = weights > 0
    if not kept.any():
        return None
    points = Points(rows[kept], weights[kept])
    return model.statistics(points, cprime, threads=1)


def _added(statistics: Sequence[Any]) -> Any:
    return sum(one for one in statistics if one is not None) or None


def _maximized(model: Model, statistics: Any, settings: dict[str, Any]) -> Model:
    """The mixture with the greatest F, given the responsibilities."""
    if statistics is None:
        return model
    kinds = {
        name: settings[name]
        for name in ("weights", "covariance_type")
        if name in settings
    }
    found = model.maximized(statistics, **kinds)
    least = real("least_variance", settings.get("least_variance", 0.0))
    if (found.variances >= least).all():
        return found
    weights = found.weights if kinds.get("weights") == "learned" else None
    return Model(found.means, np.maximum(found.variances, least), weights)
