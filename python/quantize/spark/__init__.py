"""Palettes of corpora, images by the million, and mixtures of tables, with Spark.

    >>> from quantize.spark import corpus_palette, quantize_images  # doctest: +SKIP
    >>> palette, report = corpus_palette(spark, "s3a://photos/", k=64)  # doctest: +SKIP
    >>> rows = quantize_images(
    ...     spark, "s3a://photos/", "s3a://reduced/", palette=palette,
    ...     report="s3a://reduced-report/")  # doctest: +SKIP
    >>> from quantize.spark import TruncatedGaussianMixture  # doctest: +SKIP
    >>> model = TruncatedGaussianMixture(k=64).fit(table)  # doctest: +SKIP

The executors need this package too: docs/cluster.md says how they get it.
"""

try:
    import pyarrow  # noqa: F401
    import pyspark  # noqa: F401
except ImportError as missing:
    raise ImportError(
        f"quantize.spark needs {missing.name}: pip install quantize-em[spark]"
    ) from None

from ._models import TruncatedGaussianMixtureModel, TruncatedKMeansModel
from ._training import TrainingSummary
from .clustering import TruncatedGaussianMixture, TruncatedKMeans
from .corpus import Report, corpus_palette
from .images import quantize_images

__all__ = [
    "Report",
    "TrainingSummary",
    "TruncatedGaussianMixture",
    "TruncatedGaussianMixtureModel",
    "TruncatedKMeans",
    "TruncatedKMeansModel",
    "corpus_palette",
    "quantize_images",
]
