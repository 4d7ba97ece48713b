"""Palettes that were fitted, and colours of files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._library import Handle, check, made, value
from ._model import Model
from ._options import colors


class _Colors(Sequence[tuple[int, int, int, int]]):
    """Colours that are a sequence of red, green, blue and alpha."""

    _rgba: NDArray[np.uint8]

    @property
    def rgba(self) -> NDArray[np.uint8]:
        """Red, green, blue and alpha, of shape (n, 4)."""
        return self._rgba

    @property
    def rgb(self) -> NDArray[np.uint8]:
        """Red, green and blue, of shape (n, 3)."""
        return self._rgba[:, :3]

    @property
    def colors(self) -> NDArray[np.uint8]:
        """`rgb` if all entries are opaque, otherwise `rgba`."""
        return self.rgb if (self._rgba[:, 3] == 255).all() else self._rgba

    @property
    def hex(self) -> list[str]:
        """The entries as ``#rrggbb``, or ``#rrggbbaa`` if they are not opaque."""
        return [
            "#" + bytes(row[: 3 if row[3] == 255 else 4]).hex() for row in self._rgba
        ]

    def __len__(self) -> int:
        return len(self._rgba)

    def __getitem__(self, place: Any) -> Any:
        rows = self._rgba[place]
        if rows.ndim == 1:
            return tuple(int(sample) for sample in rows)
        return [tuple(int(sample) for sample in row) for row in rows]

    def __repr__(self) -> str:
        shown = ", ".join(self.hex[:8]) + (", …" if len(self) > 8 else "")
        return f"<{type(self).__name__} of {len(self)}: {shown}>"


class Palette(_Colors):
    """The entries of a palette, the most used first, and the fit behind them.

    `fit` and `Result` make it.

    Examples
    --------
    >>> import numpy as np, quantize
    >>> image = np.zeros((4, 4, 3), np.uint8)
    >>> image[:, 3] = 255, 128, 0
    >>> palette = quantize.fit(image, 2)
    >>> palette.hex
    ['#000000', '#ff8000']
    >>> palette.counts
    array([12,  4], dtype=uint64)
    """

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        count = value("palette_count", handle.pointer)
        self._rgba = np.empty((count, 4), dtype=np.uint8)
        self._counts = np.empty(count, dtype=np.uint64)
        self._components = np.empty(count, dtype=np.int32)
        check(
            "palette_get",
            handle.pointer,
            self._rgba.ctypes.data,
            self._counts.ctypes.data,
            self._components.ctypes.data,
        )

    @property
    def counts(self) -> NDArray[np.uint64]:
        """How many pixels have each entry, of shape (n,)."""
        return self._counts

    @property
    def components(self) -> NDArray[np.int32]:
        """The component of `model` that each entry comes from; -1 of none."""
        return self._components

    @property
    def model(self) -> Model:
        """The mixture, in the working space."""
        return Model._of(made("model", "palette_model", self._handle.pointer))


class Swatches(_Colors):
    """The colours of a palette file, in its order, and their names.

    Taken wherever colours are: ``quantize.map(image, swatches)``.

    Parameters
    ----------
    values : list of colours
        "#rrggbb", "#rrggbbaa", (r, g, b) or (r, g, b, a); at least one.
    names : list of str or None, optional
        A name for each.

    Examples
    --------
    >>> import quantize
    >>> swatches = quantize.Swatches(["#ff0000", "#0000ff"], ["red", None])
    >>> swatches.names, swatches[1]
    (['red', None], (0, 0, 255, 255))
    """

    def __init__(
        self, values: Any, names: Iterable[str | None] | None = None
    ) -> None:
        if isinstance(values, _Colors):
            values = values.hex
        self._rgba = colors("palette", values, 4)
        self._rgba.flags.writeable = False
        if not len(self._rgba):
            raise ValueError("a palette has at least one colour")
        self._names = [None] * len(self._rgba) if names is None else list(names)
        if len(self._names) != len(self._rgba):
            raise ValueError(
                f"there are {len(self._names)} names for {len(self._rgba)} colours"
            )

    @property
    def names(self) -> list[str | None]:
        """The name of each colour, `None` of one without."""
        return list(self._names)
