"""Images to palettes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from . import _images
from ._histogram import Histogram
from ._library import Handle, check, long_call, made, value
from ._model import Model
from ._options import options, whole
from ._palette import Palette
from ._progress import progress_function

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._options import Settings


class Result:
    """An image that is reduced to a palette.

    `quantize` and `map` make it.
    """

    def __init__(
        self, handle: Handle, image: _images.Image, settings: dict[str, Any]
    ) -> None:
        self._handle = handle
        self._image = image
        self._settings = settings
        self._palette = Palette(made("palette", "result_palette", handle.pointer))
        few = len(self._palette) <= 256
        self._indices = np.empty(
            (image.height, image.width), dtype=np.uint8 if few else np.uint16
        )
        check(
            "result_indices8" if few else "result_indices",
            handle.pointer,
            self._indices.ctypes.data,
        )

    @property
    def indices(self) -> NDArray[Any]:
        """The palette's entry of each pixel, of shape (H, W): ``uint8``, or
        ``uint16`` with more than 256 entries."""
        return self._indices

    @property
    def palette(self) -> NDArray[np.uint8]:
        """The colours, of shape (n, 3), or (n, 4) if not all are opaque."""
        return self._palette.colors

    @property
    def entries(self) -> Palette:
        """The palette with its counts and its model."""
        return self._palette

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The image in the colours of the palette, of shape (H, W, 3 or 4)."""
        return self.palette[self._indices]

    @property
    def image(self) -> Any:
        """A Pillow image, of mode P with up to 256 entries."""
        try:
            from PIL import Image
        except ImportError:
            raise ImportError(
                "Result.image needs Pillow: pip install quantize-em[images]"
            ) from None
        if len(self._palette) > 256:
            return Image.fromarray(self.pixels)
        picture = Image.fromarray(self._indices, mode="L")
        picture.putpalette(self._palette.rgb.tobytes(), rawmode="RGB")
        alphas = self._palette.rgba[:, 3]
        if (alphas < 255).any():
            picture.info["transparency"] = alphas.tobytes()
        return picture

    @property
    def model(self) -> Model:
        """The fitted mixture, in the working space."""
        return self._palette.model

    @property
    def free_energy(self) -> NDArray[np.float64]:
        """F of each iteration, in nats per pixel."""
        return self.model.free_energy

    @property
    def error(self) -> float:
        """The mean squared error per pixel, summed over its samples of 8 bits."""
        return float(value("result_error", self._handle.pointer))

    @property
    def report(self) -> dict[str, Any]:
        """The figures of the result, which JSON can hold."""
        model = self.model
        samples = self.palette.shape[1]
        error = self.error
        return {
            "k": self._settings.get("k"),
            "cprime": self._settings.get("cprime", 1),
            "width": self._image.width,
            "height": self._image.height,
            "colors": len(self._palette),
            "palette": [
                {"color": color, "count": int(count)}
                for color, count in zip(
                    self._palette.hex, self._palette.counts, strict=True
                )
            ],
            "mse": error,
            "psnr": None
            if error == 0
            else float(10 * np.log10(255**2 * samples / error)),
            "free_energy": model.free_energy.tolist(),
            "iterations": len(model.free_energy),
            "converged": model.converged,
            "sigma2": float(model.variances.mean()),
        }

    def _soft(self, cprime: int | None) -> Handle:
        return _soft(
            self._palette,
            self._image,
            self._settings.get("cprime", 1) if cprime is None else cprime,
            self._settings.get("threads"),
        )

    @overload
    def responsibilities(
        self, format: Literal["dense"] = ..., cprime: int | None = ...
    ) -> NDArray[np.float32]: ...
    @overload
    def responsibilities(
        self, format: Literal["truncated"], cprime: int | None = ...
    ) -> tuple[NDArray[np.uint16], NDArray[np.float32]]: ...
    @overload
    def responsibilities(
        self, format: Literal["sparse"], cprime: int | None = ...
    ) -> Any: ...

    def responsibilities(
        self, format: str = "dense", cprime: int | None = None
    ) -> Any:
        """How much each component is responsible for each pixel.

        Parameters
        ----------
        format : {"dense", "truncated", "sparse"}
        cprime : int, optional
            C', 1 to the number of components; that of the fit if it is left out.

        Returns
        -------
        array of shape (H, W, C), or
        (components, responsibilities), each of shape (H, W, C'), or
        scipy.sparse.csr_array of shape (H × W, C)
            The sum of a pixel's responsibilities is 1.

        Examples
        --------
        >>> import numpy as np, quantize
        >>> ramp = np.tile(np.arange(64, dtype=np.uint8), (8, 1))
        >>> masks = quantize.quantize(ramp, k=4, cprime=2).responsibilities()
        >>> masks.shape, bool(np.allclose(masks.sum(axis=2), 1))
        ((8, 64, 4), True)
        """
        if format not in ("dense", "truncated", "sparse"):
            raise ValueError(
                f"format must be 'dense', 'truncated' or 'sparse', not {format!r}"
            )
        soft = self._soft(cprime)
        kept = value("soft_cprime", soft.pointer)
        total = value("soft_components", soft.pointer)
        height, width = self._image.height, self._image.width
        if format == "dense":
            dense = np.zeros((height, width, total), dtype=np.float32)
            step = max(1, (1 << 20) // (width * kept))
            for first in range(0, height, step):
                rows = min(step, height - first)
                components, shares = _rows(soft, first, rows, width, kept)
                np.put_along_axis(
                    dense[first : first + rows], components.astype(np.intp), shares, 2
                )
            return dense
        components, shares = _rows(soft, 0, height, width, kept)
        if format == "truncated":
            return components, shares
        try:
            from scipy.sparse import csr_array
        except ImportError:
            raise ImportError("format='sparse' needs SciPy") from None
        starts = np.arange(height * width + 1) * kept
        matrix = csr_array(
            (shares.ravel(), components.ravel().astype(np.int32), starts),
            shape=(height * width, total),
        )
        matrix.sort_indices()
        return matrix

    @property
    def uncertainty(self) -> NDArray[np.float32]:
        """The entropy of each pixel's posterior in nats, of shape (H, W)."""
        shares = self.responsibilities("truncated")[1]
        logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
        return np.maximum(0, -(shares * logs).sum(axis=2))

    def __repr__(self) -> str:
        height, width = self._indices.shape
        return f"<Result of {width} x {height} pixels, {len(self._palette)} colours>"


def _soft(
    palette: Palette, image: _images.Image, cprime: int, threads: int | None
) -> Handle:
    """The responsibilities of the mixture of a palette for an image."""
    call = options(cprime=cprime, threads=threads)
    return made(
        "soft",
        "soft_create",
        palette._handle.pointer,
        image.handle.pointer,
        call.pointer,
    )


def _rows(
    soft: Handle, first: int, rows: int, width: int, kept: int
) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    components = np.empty((rows, width, kept), dtype=np.uint16)
    shares = np.empty((rows, width, kept), dtype=np.float32)
    check(
        "soft_rows",
        soft.pointer,
        first,
        rows,
        components.ctypes.data,
        shares.ctypes.data,
    )
    return components, shares


def quantize(
    image: Any,
    k: int | None = None,
    cprime: int | None = None,
    *,
    progress: Any = None,
    **settings: Unpack[Settings],
) -> Result:
    """Reduces an image to a palette that is fitted to it.

    The result is that of the command ``quantize`` with the same options, bit for
    bit, on any number of threads.

    Parameters
    ----------
    image : array of shape (H, W) or (H, W, 1 to 4), Pillow image, or path
        Grey, grey and alpha, RGB or RGBA; ``uint8``, ``uint16``, ``bool``, or
        floats from 0 to 1. Encoded as sRGB, alpha not premultiplied. It is not
        modified.
    k : int, default 16
        The number of colours, 1 to 65,536.
    cprime : int, default 2
        C', for how many clusters a colour's responsibilities are kept: 1 is
        k-means, which gives the least error, `k` is full EM.
    seed : int, default 0
        The seed of the search.
    effort : int, default 5
        How hard to search, 1 (fastest) to 10 (best).
    space : {"srgb", "linear", "oklab", "lab"}
        Where colours are clustered and compared.
    dither : str, default "none"
        A method, such as "floyd-steinberg", "riemersma", "blue-noise", "bayer8".
    dither_strength : float, default 0.85
        The share of a pixel's error that others make up for, 0 to 1.
    perceptual : bool
        Whether to choose what looks best: Oklab, importance, error diffusion.
    weights : {"equal", "learned"}
        The mixing weights.
    covariance_type : {"tied", "spherical"}
        One variance, or one for each component.
    balance : float, default 1
        The power of its number of pixels by which a colour counts, 0 to 1.
    min_region : int, default 1
        The fewest pixels of a region of one colour: smaller ones get the colour of
        a neighbour. Not with dithering.
    importance : "auto" or image, optional
        How much pixels count: smooth areas more, or by the brightness of an
        image of the same size.
    pinned : list of colours, optional
        Colours that the palette has exactly: "#rrggbb" or (r, g, b).
    palette : list of colours, optional
        Colours to map to; nothing is fitted. With `k`, the best `k` of them.
    keep_palette : bool
        Whether the result has all entries of `palette`, in its order, also those
        that no pixel has; at most 256.
    init : array of shape (k, 3 or 4), optional
        Means to start from, 0 to 255; no search.
    quality : (int, int), optional
        Uses the fewest colours, at most `k`, that reach the second number, on
        pngquant's scale.
    from_image : bool
        Whether the palette has only colours of the image.
    posterize : int, default 0
        The low bits of palette samples to drop, 0 to 4.
    max_iter, tol : int and float, optional
        When EM ends; by default `effort` decides.
    threads : int, optional
        The most threads; one for each processor if it is left out.
    progress : bool or callable, optional
        `True` shows a bar of tqdm. A function gets the stage and a fraction.

    Returns
    -------
    Result

    Raises
    ------
    ValueError, TypeError
        If an argument is wrong.
    QuantizeError
        If the image cannot be reduced like this.

    Examples
    --------
    >>> import numpy as np, quantize
    >>> image = np.zeros((2, 3, 3), np.uint8)
    >>> image[:, 2] = 200
    >>> result = quantize.quantize(image, k=2)
    >>> result.indices
    array([[0, 0, 1],
           [0, 0, 1]], dtype=uint8)
    >>> result.palette
    array([[  0,   0,   0],
           [200, 200, 200]], dtype=uint8)
    >>> result.error
    0.0
    """
    source = _images.image(image)
    chosen = _sized(settings, k, cprime)
    call = options(**chosen)
    with progress_function(progress) as tell:
        handle = long_call(
            "result",
            "image_quantize",
            source.handle.pointer,
            call.pointer,
            progress=tell,
        )
    return Result(handle, source, chosen)


def fit(
    source: Any,
    k: int | None = None,
    cprime: int | None = None,
    *,
    progress: Any = None,
    **settings: Unpack[Settings],
) -> Palette:
    """Fits a palette to an image or a histogram, without mapping pixels.

    Parameters
    ----------
    source : Histogram, array, Pillow image or path
    k, cprime, progress, **settings
        As in `quantize`. Options of dithering have no effect.

    Returns
    -------
    Palette

    Examples
    --------
    >>> import numpy as np, quantize
    >>> images = [np.full((8, 8, 3), level, np.uint8) for level in (0, 80, 255)]
    >>> quantize.fit(quantize.Histogram(*images), k=3).hex
    ['#000000', '#505050', '#ffffff']
    """
    chosen = _sized(settings, k, cprime)
    if isinstance(source, Histogram):
        histogram = source
    else:
        histogram = Histogram().add(
            source,
            importance=chosen.pop("importance", None)
            or ("auto" if chosen.get("perceptual") else None),
            threads=chosen.get("threads"),
        )
    call = options(**chosen)
    with progress_function(progress) as tell:
        handle = long_call(
            "palette",
            "histogram_fit",
            histogram._handle.pointer,
            call.pointer,
            progress=tell,
        )
    return Palette(handle)


def map(  # noqa: A001
    image: Any, palette: Palette | Result | Any, *, progress: Any = None,
    **settings: Any,
) -> Result:
    """Maps an image to a palette, whose colours stay as they are.

    Parameters
    ----------
    image : array, Pillow image or path
    palette : Palette, Result, or list of colours
    progress, **settings
        As in `quantize`: `dither`, `dither_strength`, `space`, `effort`,
        `keep_palette` and `threads`.

    Returns
    -------
    Result
        With the entries that pixels use, in the order of their use, or with
        `keep_palette` all of them.

    Examples
    --------
    >>> import numpy as np, quantize
    >>> ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    >>> quantize.map(ramp, ["#000000", "#ffffff"]).entries.counts
    array([128, 128], dtype=uint64)
    """
    if isinstance(palette, Result):
        palette = palette.entries
    if not isinstance(palette, Palette):
        return quantize(
            image, cprime=settings.pop("cprime", 1), palette=palette,
            progress=progress, **settings,
        )
    source = _images.image(image)
    call = options(**settings)
    with progress_function(progress) as tell:
        handle = long_call(
            "result",
            "palette_map",
            palette._handle.pointer,
            source.handle.pointer,
            call.pointer,
            progress=tell,
        )
    return Result(handle, source, settings)


def _sized(
    settings: Any, k: int | None, cprime: int | None
) -> dict[str, Any]:
    """Settings with the numbers that are meant where none are given."""
    given = settings.get("init") is not None or settings.get("palette") is not None
    if k is None and not given:
        k = 16
    if cprime is None:
        cprime = 2
    whole("cprime", cprime, 1)
    if k is not None:
        cprime = min(cprime, whole("k", k, 1, 65_536))
    return {**settings, "k": k, "cprime": cprime}
