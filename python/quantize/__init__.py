"""Palettes, soft segmentation and truncated EM for Gaussian mixtures.

    >>> import numpy as np, quantize
    >>> image = np.random.default_rng(0).random((32, 32, 3))
    >>> result = quantize.quantize(image, k=8)
    >>> result.palette.shape
    (8, 3)

`quantize` reduces an image to a palette; `fit` only fits the palette and `map`
only maps to one. `segment` and `superpixels` cut an image into regions; `metrics` compares
two. `read`, `write_png` and `read_palette` are the command's readers and writers of
files. `Histogram` counts the colours of many images. `fit_points` and
`Model` are the engine for any points; `quantize.sklearn` has estimators;
`quantize.dask` takes chunked arrays.
"""

from ._files import read, read_palette, write_jpeg, write_palette, write_png
from ._histogram import Histogram
from ._images import Picture
from ._library import QuantizeError, value
from ._metrics import metrics
from ._model import Model, Points, Statistics, fit_points
from ._palette import Palette, Swatches
from ._quantize import Result, fit, map, quantize
from ._segment import segment, superpixels

__version__: str = value("version").decode()

__all__ = [
    "Histogram",
    "Model",
    "Palette",
    "Picture",
    "Points",
    "QuantizeError",
    "Result",
    "Statistics",
    "Swatches",
    "__version__",
    "fit",
    "fit_points",
    "map",
    "metrics",
    "quantize",
    "read",
    "read_palette",
    "segment",
    "superpixels",
    "write_jpeg",
    "write_palette",
    "write_png",
]
