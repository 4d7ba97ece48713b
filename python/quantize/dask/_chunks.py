"""What maps a chunk: palettes and mixtures that other processes can have."""

from __future__ import annotations

import collections
import hashlib
import pickle
import threading
import uuid
import weakref
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _images, _quantize
from .._histogram import Histogram
from .._model import Model
from .._palette import Palette
from ._arrays import _finite, _image, _rows

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
