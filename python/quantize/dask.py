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

from __future__ import annotations

import collections
import hashlib
import math
import pickle
import threading
import uuid
import weakref
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

try:
    import dask.array as da
    from dask.base import compute, tokenize
    from dask.delayed import delayed
except ImportError as missing:
    raise ImportError(f"{missing}: pip install quantize-em[dask]") from None

from . import _images, _quantize
from ._histogram import Histogram
from ._model import Model, Points, fit_points
from ._options import choice, colors, options, real, whole
from ._palette import Palette
from ._quantize import Result

__all__ = ["fit", "map", "responsibilities", "segment"]

#: The results that one task of a tree merges.
_SPLIT_EVERY = 8

#: In `kind="auto"`, more channels of whole numbers than this are taken for a mistake.
_MOST_CHANNELS = 64


# ---- Arrays ----------------------------------------------------------------------


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


# ---- Fit -------------------------------------------------------------------------


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


def _spread(chunk: Any, mass: Any) -> tuple[float, NDArray[np.float64], float]:
    """The weight, the mean, and the sum of squared distances to it, of a chunk."""
    rows = _finite(_rows(chunk)).astype(np.float64, copy=False)
    masses = _masses(mass, len(rows))
    total = float(masses.sum())
    if total == 0:
        return 0.0, np.zeros(rows.shape[1]), 0.0
    # Sums of NumPy; those of a matrix product can depend on the threads of BLAS.
    mean = (masses[:, np.newaxis] * rows).sum(axis=0) / total
    return total, mean, float((masses * ((rows - mean) ** 2).sum(axis=1)).sum())


def _coreset(
    blocks: list[Any], parts: list[Any], sample: int, seed: int
) -> tuple[Any, NDArray[np.float64]]:
    """Points and weights that stand for all.

    A point of weight w is drawn with the probability q = w/2W + w d²/2S: d is its
    distance from the mean, W the sum of the weights, S that of w d². First it is drawn
    how many are from each chunk, then which.
    """
    spread = delayed(_spread, pure=False)
    (found,) = compute([spread(*pair) for pair in zip(blocks, parts, strict=True)])
    totals = np.array([one[0] for one in found])
    means = np.array([one[1] for one in found])
    if not totals.sum() > 0:
        raise ValueError("weights are all 0")
    mean = (totals[:, np.newaxis] * means).sum(axis=0) / totals.sum()
    within = np.array([one[2] for one in found])
    squares = within + totals * ((means - mean) ** 2).sum(axis=1)
    total, square = float(totals.sum()), float(squares.sum())
    odds = totals / total
    if square > 0:
        odds = (odds + squares / square) / 2
    counts = np.random.default_rng([seed, 0]).multinomial(sample, odds / odds.sum())
    draw = delayed(_drawn, pure=False)
    (drawn,) = compute([
        draw(block, part, int(count), sample, mean, total, square, [seed, 1, place])
        for place, (block, part, count) in enumerate(
            zip(blocks, parts, counts, strict=True)
        )
        if count
    ])
    return (
        np.concatenate([one[0] for one in drawn]),
        np.concatenate([one[1] for one in drawn]),
    )


def _drawn(
    chunk: Any, mass: Any, count: int, sample: int, mean: Any, total: float,
    square: float, seed: list[int],
) -> tuple[Any, NDArray[np.float64]]:
    rows = _rows(chunk)
    masses = _masses(mass, len(rows))
    odds = masses / total
    if square > 0:
        odds = (odds + masses * ((rows - mean) ** 2).sum(axis=1) / square) / 2
    ends = np.cumsum(odds)
    # Below the last end, also where the product is rounded up.
    places = np.random.default_rng(seed).random(count) * ends[-1]
    last = int(np.flatnonzero(odds)[-1])
    chosen = np.minimum(np.searchsorted(ends, places, side="right"), last)
    chosen, times = np.unique(chosen, return_counts=True)
    return rows[chosen], times * masses[chosen] / (sample * odds[chosen])


# ---- EM over chunks --------------------------------------------------------------


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


# ---- What chunks are mapped with -------------------------------------------------

#: What palettes were fitted to, so that other processes can fit them too.
_recipes: weakref.WeakKeyDictionary[Palette, tuple[Histogram, dict[str, Any]]]
_recipes = weakref.WeakKeyDictionary()

_fitted: collections.OrderedDict[bytes, Palette] = collections.OrderedDict()
_fitting = threading.Lock()


def _refitted(recipe: bytes) -> Palette:
    """The palette of a recipe, fitted once in each process."""
    key = hashlib.sha256(recipe).digest()
    with _fitting:
        if key not in _fitted:
            histogram, settings = pickle.loads(recipe)
            _fitted[key] = _quantize.fit(histogram, **settings)
            _recipes[_fitted[key]] = (histogram, settings)
            if len(_fitted) > 4:
                _fitted.popitem(last=False)
        return _fitted[key]


class _Colors:
    """The nearest of given colours."""

    def __init__(
        self, rgba: NDArray[np.uint8], has_channels: bool, settings: dict[str, Any]
    ) -> None:
        self.rgba = rgba
        self.count = len(rgba)
        self.has_channels = has_channels
        self.settings = settings

    def __dask_tokenize__(self) -> Any:
        return self.rgba.tobytes(), self.has_channels, sorted(self.settings.items())

    def __call__(self, chunk: Any) -> Any:
        chunk = np.asarray(chunk)
        shape = chunk.shape[:-1] if self.has_channels else chunk.shape
        kind = _label_type(self.count)
        if not chunk.size:
            return np.empty(shape, kind)
        image = _image(chunk, self.has_channels)
        count = len(image)
        clear = bool((self.rgba[:, 3] == 0).any())
        image = np.concatenate([image, *_anchors(image, has_clear=clear)])
        result = _quantize.map(
            image, [tuple(row) for row in self.rgba.tolist()], **self.settings
        )
        # The result has its own order, and only the entries that pixels use.
        places: dict[tuple[int, ...], int] = {}
        for place, row in enumerate(self.rgba.tolist()):
            places.setdefault(tuple(row) if row[3] else (0, 0, 0, 0), place)
        table = np.array(
            [places.get(tuple(row), -1) for row in result.entries.rgba.tolist()]
        )
        indices = table[result.indices[:count]]
        if (indices < 0).any():
            raise ValueError(
                "the array has transparent pixels, but the palette no transparent "
                "entry; add (0, 0, 0, 0) to it"
            )
        return indices.astype(kind).reshape(shape)


def _anchors(
    image: Any, *, has_hue: bool = True, has_clear: bool = False
) -> list[Any]:
    """Rows of pixels that a chunk gets, so that all chunks are compared alike.

    An image that has only grey or only opaque pixels has fewer coordinates, and one
    without transparent pixels does without their entry: whether a chunk does must
    not matter.
    """
    channels = 1 if image.ndim == 2 else image.shape[2]
    if channels == 1:
        return []
    top = 1 if image.dtype.kind in "fb" else np.iinfo(image.dtype).max
    half = 0.5 if image.dtype.kind == "f" else top // 2
    hue = top if has_hue else 0
    pixels = [{2: [0, half], 3: [hue, 0, 0], 4: [hue, 0, 0, half]}[channels]]
    if has_clear and channels != 3:
        pixels.append([0] * channels)
    return [
        np.broadcast_to(np.array(pixel, image.dtype), (1, *image.shape[1:]))
        for pixel in pixels
    ]


def _label_type(count: int) -> Any:
    return np.dtype(np.uint8 if count <= 256 else np.uint16)


class _Nearest:
    """The nearest mean, or the most responsible component."""

    def __init__(self, model: Model, has_channels: bool, *, by_share: bool) -> None:
        self.model = model
        self.count = len(model.means)
        self.has_channels = has_channels
        self.by_share = by_share

    def __dask_tokenize__(self) -> Any:
        return _model_token(self.model), self.has_channels, self.by_share

    def __call__(self, chunk: Any) -> Any:
        chunk = np.asarray(chunk)
        shape = chunk.shape[:-1] if self.has_channels else chunk.shape
        kind = _label_type(self.count)
        if not chunk.size:
            return np.empty(shape, kind)
        rows = _finite(_rows(chunk if self.has_channels else chunk[..., np.newaxis]))
        if self.by_share:
            nearest = self.model.posterior(rows, 1, threads=1)[0][:, 0]
        else:
            nearest = self.model.predict(rows, threads=1)
        return nearest.astype(kind).reshape(shape)


def _model_token(model: Model) -> Any:
    return tuple(one.tobytes() for one in (model.means, model.variances, model.weights))


class _Shares:
    """Components and responsibilities, of C' or of all."""

    def __init__(
        self, fitted: Model | Palette, count: int, cprime: int, has_channels: bool,
        is_dense: bool,
    ) -> None:
        self.fitted = fitted
        self.count = count
        self.cprime = cprime
        self.has_channels = has_channels
        self.is_dense = is_dense

    def __dask_tokenize__(self) -> Any:
        token: Any = uuid.uuid4().hex
        if isinstance(self.fitted, Model):
            token = _model_token(self.fitted)
        return token, self.cprime, self.has_channels, self.is_dense

    def __getstate__(self) -> dict[str, Any]:
        state = dict(self.__dict__)
        if isinstance(self.fitted, Palette):
            if self.fitted not in _recipes:
                raise TypeError(
                    "only a palette of quantize.dask.fit can go to other processes"
                )
            state["fitted"] = None
            state["recipe"] = pickle.dumps(_recipes[self.fitted])
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        recipe = state.pop("recipe", None)
        self.__dict__.update(state)
        if recipe is not None:
            self.fitted = _refitted(recipe)

    def __call__(self, chunk: Any) -> Any:
        chunk = np.asarray(chunk)
        shape = chunk.shape[:-1] if self.has_channels else chunk.shape
        if not chunk.size:
            components = np.empty((0, self.cprime), np.uint16)
            shares = np.empty((0, self.cprime), np.float32)
        elif isinstance(self.fitted, Model):
            rows = _rows(chunk if self.has_channels else chunk[..., np.newaxis])
            components, shares = self.fitted.posterior(
                _finite(rows), self.cprime, threads=1
            )
        else:
            pixels = _image(chunk, self.has_channels)
            count = len(pixels)
            if (dimension := self.fitted.model.means.shape[1]) in (2, 4):
                anchors = _anchors(pixels, has_hue=dimension == 4)
                pixels = np.concatenate([pixels, *anchors])
            image = _images.image(pixels)
            soft = _quantize._soft(self.fitted, image, self.cprime, 1)
            components, shares = _quantize._rows(
                soft, 0, count, image.width, self.cprime
            )
        if self.is_dense:
            components = components.reshape(-1, self.cprime)
            dense = np.zeros((len(components), self.count), np.float32)
            np.put_along_axis(
                dense, components.astype(np.intp), shares.reshape(-1, self.cprime), 1
            )
            return dense.reshape(*shape, self.count)
        both = np.empty((*shape, self.cprime), _PAIR)
        both["component"] = components.reshape(both.shape)
        both["share"] = shares.reshape(both.shape)
        return both


_PAIR = np.dtype([("component", np.uint16), ("share", np.float32)])


# ---- Lazy results ----------------------------------------------------------------


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
    of an opaque image are the labels of `quantize.segment`.

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
        return _labels(source, _Nearest(fitted, has_channels, by_share=True))
    components, _ = responsibilities(
        source, fitted, 1, channel_axis=channel_axis, format="truncated"
    )
    return components[..., 0].astype(_label_type(len(fitted.model.means)))
