"""Palettes of corpora, and images by the million, with Spark.

    >>> from quantize.spark import corpus_palette, quantize_images  # doctest: +SKIP
    >>> palette, report = corpus_palette(spark, "s3a://photos/", k=64)  # doctest: +SKIP
    >>> rows = quantize_images(
    ...     spark, "s3a://photos/", "s3a://reduced/", palette=palette,
    ...     report="s3a://reduced-report/")  # doctest: +SKIP

The executors need this package too: docs/cluster.md says how they get it.
"""

try:
    import pyarrow  # noqa: F401
    import pyspark  # noqa: F401
except ImportError as missing:
    raise ImportError(
        f"quantize.spark needs {missing.name}: pip install quantize-em[spark]"
    ) from None

from .corpus import Report, corpus_palette
from .images import quantize_images

__all__ = ["Report", "corpus_palette", "quantize_images"]
