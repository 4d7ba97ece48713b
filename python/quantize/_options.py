"""Options, from Python's values to those of the library."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypedDict

import numpy as np
from numpy.typing import ArrayLike

from . import _images
from ._library import Handle, check, made

Space = Literal["srgb", "linear", "oklab", "lab"]
Weights = Literal["equal", "learned"]
Covariance = Literal["tied", "spherical"]
Color = str | Sequence[int]


class PointSettings(TypedDict, total=False):
    """The keyword arguments of fits of points, for type checkers."""

    seed: int
    effort: int
    threads: int | None
    max_iter: int | None
    tol: float | None
    weights: Weights
    covariance_type: Covariance
    least_variance: float
    init: ArrayLike | None


class Settings(PointSettings, total=False):
    """The keyword arguments of images, for type checkers."""

    space: Space
    balance: float
    min_region: int
    importance: Any
    dither: str
    dither_strength: float | None
    perceptual: bool
    pinned: Sequence[Color] | None
    palette: Any
    keep_palette: bool
    quality: tuple[int, int] | None
    from_image: bool
    posterize: int


_SPACES = {"srgb": 0, "linear": 1, "oklab": 2, "lab": 3}


def whole(name: str, number: Any, least: int, most: int | None = None) -> int:
    """A whole number within bounds."""
    if isinstance(number, (bool, np.bool_)) or not isinstance(
        number, (int, np.integer)
    ):
        raise TypeError(f"{name} must be a whole number, not {number!r}")
    number = int(number)
    if number < least or (most is not None and number > most):
        bounds = f"at least {least}" if most is None else f"{least} to {most}"
        raise ValueError(f"{name} must be {bounds}, not {number}")
    return number


def real(name: str, number: Any) -> float:
    """A number."""
    if isinstance(number, (bool, np.bool_, str)) or not np.isscalar(number):
        raise TypeError(f"{name} must be a number, not {number!r}")
    return float(number)  # type: ignore[arg-type]


def choice(name: str, value: Any, choices: Iterable[str]) -> str:
    """One of several names."""
    choices = list(choices)
    if value not in choices:
        names = ", ".join(repr(known) for known in choices)
        raise ValueError(f"{name} must be one of {names}, not {value!r}")
    return str(value)


def colors(name: str, values: Any, channels: int) -> np.ndarray:
    """Colours as samples: ``#rrggbb``, ``#rrggbbaa`` or numbers from 0 to 255."""
    if isinstance(values, str):
        values = [values]
    if not isinstance(values, Iterable):
        raise TypeError(f"{name} must be a list of colours, not {values!r}")
    rows = []
    for color in values:
        if isinstance(color, str):
            if not re.fullmatch(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8})", color):
                raise ValueError(f"{name}: {color!r} is no colour; write #rrggbb")
            row = list(bytes.fromhex(color[1:]))
        else:
            row = [whole(f"a sample of {name}", sample, 0, 255) for sample in color]
        if len(row) not in (3, channels):
            raise ValueError(
                f"{name}: a colour has 3 to {channels} samples, not {len(row)}"
            )
        rows.append(row + [255] * (channels - len(row)))
    return np.array(rows, dtype=np.uint8).reshape(-1, channels)


def options(
    *,
    k: int | None = None,
    cprime: int = 1,
    seed: int = 0,
    effort: int = 5,
    threads: int | None = None,
    max_iter: int | None = None,
    tol: float | None = None,
    space: Space = "srgb",
    weights: Weights = "equal",
    covariance_type: Covariance = "tied",
    least_variance: float = 0.0,
    balance: float = 1.0,
    min_region: int = 1,
    importance: Literal["auto"] | ArrayLike | None = None,
    dither: str = "none",
    dither_strength: float | None = None,
    perceptual: bool = False,
    pinned: Sequence[Color] | None = None,
    init: ArrayLike | None = None,
    palette: Any = None,
    keep_palette: bool = False,
    quality: tuple[int, int] | None = None,
    from_image: bool = False,
    posterize: int = 0,
    **unknown: Any,
) -> Handle:
    """The options of a call of the library."""
    if unknown:
        name = next(iter(unknown))
        known = options.__kwdefaults__ or {}
        near = difflib.get_close_matches(name, known, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise TypeError(f"there is no option {name!r}{hint}")
    handle = made("options", "options_create")
    at = handle.pointer
    if k is not None:
        check("options_set_colors", at, whole("k", k, 1, 65_536))
    check("options_set_cprime", at, whole("cprime", cprime, 1))
    check("options_set_seed", at, whole("seed", seed, 0, 2**64 - 1))
    check("options_set_effort", at, whole("effort", effort, 1, 10))
    if threads is not None:
        check("options_set_threads", at, whole("threads", threads, 1, 1024))
    if max_iter is not None:
        check("options_set_iterations", at, whole("max_iter", max_iter, 0, 2**31))
    if tol is not None:
        if not real("tol", tol) >= 0:
            raise ValueError(f"tol must be 0 or greater, not {tol}")
        check("options_set_tolerance", at, float(tol))
    if perceptual:
        check("options_set_perceptual", at)
    if space != "srgb" or not perceptual:
        check("options_set_space", at, _SPACES[choice("space", space, _SPACES)])
    learned = choice("weights", weights, ("equal", "learned")) == "learned"
    check("options_set_learned_weights", at, learned)
    kinds = ("tied", "spherical")
    separate = choice("covariance_type", covariance_type, kinds) == "spherical"
    check("options_set_separate_variances", at, separate)
    check("options_set_least_variance", at, real("least_variance", least_variance))
    check("options_set_balance", at, real("balance", balance))
    check("options_set_min_region", at, whole("min_region", min_region, 1, 2**31 - 1))
    if isinstance(importance, str):
        choice("importance", importance, ("auto",))
        check("options_set_importance", at, True)
    elif importance is not None:
        weighted = _images.image(importance)
        check("options_set_importance_map", at, weighted.handle.pointer)
    if dither != "none" or dither_strength is not None:
        if not isinstance(dither, str):
            raise TypeError(f"dither must be a name, not {dither!r}")
        strength = (
            -1.0
            if dither_strength is None
            else real("dither_strength", dither_strength)
        )
        if dither_strength is not None and not 0 <= strength <= 1:
            raise ValueError(f"dither_strength must be 0 to 1, not {strength}")
        check("options_set_dither", at, dither.encode(), strength)
    if pinned is not None:
        samples = colors("pinned", pinned, 3)
        check("options_set_pinned", at, samples.ctypes.data, len(samples))
    if init is not None:
        means = np.ascontiguousarray(init, dtype=np.float64)
        if means.ndim != 2 or not means.size:
            raise ValueError(
                f"init must have one row a mean, not the shape {means.shape}"
            )
        check("options_set_means", at, means.ctypes.data, *means.shape)
    if palette is not None:
        samples = colors("palette", palette, 4)
        if not len(samples):
            raise ValueError("palette has no colours")
        check("options_set_palette", at, samples.ctypes.data, len(samples))
    if keep_palette:
        check("options_set_keep_palette", at, True)
    if quality is not None:
        least, most = quality
        check(
            "options_set_quality",
            at,
            whole("quality", least, 0, 100),
            whole("quality", most, 0, 100),
        )
    check("options_set_from_image", at, bool(from_image))
    check("options_set_posterize", at, whole("posterize", posterize, 0, 4))
    return handle
