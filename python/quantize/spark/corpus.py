"""One palette for all images of a corpus."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from pyspark.sql import functions as F

from .. import Palette, QuantizeError, __version__, fit
from .._options import choice, options, real, whole
from .._quantize import _sized
from . import _session, _summary

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from pyspark.sql import DataFrame, SparkSession

#: How many sums are added in one task.
_FAN_IN = 16

#: So few sums are added by the driver.
_FEW = 4


@dataclass(frozen=True)
class Report:
    """What `corpus_palette` counted.

    Attributes
    ----------
    images, failed : int
        The images that were counted, and those that could not be read.
    pixels, colors : int
        Their pixels, and the distinct colours that the palette is fitted to.
    partitions : int
        The sums that tasks made.
    shuffle_bytes : int
        The size of these sums, as they are sent.
    level : int
        How far `max_colors` made colours coarser; 0 if not at all.
    max_shift : float
        No sample of any colour was moved by more than this, of 255.
    seconds : float
        The time of all, of which `fit_seconds` on the driver.
    fit_seconds : float
    failures : tuple of (str, str)
        The path of each image that could not be read, and why; by path.
    """

    images: int
    failed: int
    pixels: int
    colors: int
    partitions: int
    shuffle_bytes: int
    level: int
    max_shift: float
    seconds: float
    fit_seconds: float
    failures: tuple[tuple[str, str], ...] = field(repr=False, default=())

    def to_dict(self) -> dict[str, Any]:
        """The report as a dictionary, which JSON can hold."""
        found = asdict(self)
        found["failures"] = [
            {"path": path, "error": error} for path, error in self.failures
        ]
        return found


def corpus_palette(
    spark: SparkSession,
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    k: int = 16,
    cprime: int = 2,
    *,
    weights: Literal["pixels", "images"] = "pixels",
    fraction: float = 1.0,
    seed: int = 0,
    max_colors: int | None = None,
    recursive: bool = True,
    glob: str = _session.IMAGES,
    max_pixels: int = _session.MOST_PIXELS,
    partitions: int | None = None,
    mixing: Literal["equal", "learned"] = "equal",
    threads: int | None = None,
    **settings: Any,
) -> tuple[Palette, Report]:
    """Fits one palette to the images of folders, files or patterns.

    The palette is the same, bit for bit, however Spark cuts the images into
    partitions, retries them or orders them. With `weights="pixels"` and without
    `fraction` and `max_colors`, it is that of ``quantize batch --shared-palette``
    with the same options.

    Parameters
    ----------
    spark : SparkSession
    paths : path, or list of paths
        Anything that Hadoop reads: folders, files, patterns.
    k, cprime : int
        As in `quantize`.
    weights : {"pixels", "images"}
        Whether each pixel counts the same, or each image.
    fraction : float, default 1
        The share of the images that are read. They are chosen by a hash of their
        path and the seed.
    seed : int, default 0
        The seed of the search, and of `fraction`.
    max_colors : int, optional
        The most distinct colours, at least 64. With more, the low bits of all
        samples are dropped, as few as possible; the report says how far that
        moves colours at most.
    recursive : bool, default True
        Whether folders in folders are read.
    glob : str
        Which names in folders are images: those of PNGs and JPEGs.
    max_pixels : int, default 268,435,456
        An image with more is a failure. It bounds the memory of a task.
    partitions : int, optional
        About how many tasks read images; Spark chooses if it is left out.
    mixing : {"equal", "learned"}
        The mixing weights: what `quantize` calls `weights`.
    threads : int, optional
        The most threads of the fit on the driver. A task has one.
    **settings
        As in `fit`.

    Returns
    -------
    Palette, Report

    Raises
    ------
    FileNotFoundError
        If a path stands for nothing.
    ValueError, TypeError
        If an argument is wrong, or there are no images.
    QuantizeError
        If no image can be read.

    Examples
    --------
    >>> palette, report = corpus_palette(spark, "/data/photos", k=32)  # doctest: +SKIP
    >>> palette.hex[:2], report.images, report.failed  # doctest: +SKIP
    (['#1d2127', '#3a4047'], 500, 5)
    """
    start = time.monotonic()
    chosen = _checked(
        k, cprime, {**settings, "seed": seed, "weights": mixing, "threads": threads}
    )
    if real("fraction", fraction) <= 0 or fraction > 1:
        raise ValueError(f"fraction must be above 0 and at most 1, not {fraction}")
    if max_colors is not None:
        whole("max_colors", max_colors, _summary.LEAST_CAP)
    if partitions is not None:
        whole("partitions", partitions, 1)
    how = _summary.Counting(
        by_image=choice("weights", weights, ("pixels", "images")) == "images",
        max_colors=max_colors,
        max_pixels=whole("max_pixels", max_pixels, 1),
        threads=1,
        version=__version__,
    )
    found = _session.roots(spark, paths)
    _session.check_apart(found, recursive)
    batches = {"execution__arrow__maxBytesPerBatch": 16 << 20}
    if partitions is not None:
        batches |= {
            "files__minPartitionNum": partitions,
            "files__maxPartitionBytes": 1 << 50,
        }
    with _session.settings(spark, **batches), _session.explained():
        images = _session.images(spark, found, recursive, glob)
        if fraction < 1:
            images = images.filter(_chosen(fraction, seed))
        rows = _summed(images.select("path", "content"), how)
    summary = _summary.Summary(how)
    failures = []
    sums = size = 0
    for row in rows:
        if row["path"] is not None:
            failures.append((row["path"], row["error"]))
            continue
        part = _summary.unpacked(row["data"])
        summary.merge(part, row["images"], row["pixels"], row["level"])
        sums += row["parts"]
        size += row["bytes"]
    failures.sort()
    if not summary.images:
        if failures:
            path, error = failures[0]
            raise QuantizeError(f"no image can be read; the first is {path}: {error}")
        raise ValueError(
            "there are no images in " + ", ".join(root.path for root in found)
            + (" that fraction chooses" if fraction < 1 else "")
        )
    fitting = time.monotonic()
    palette = fit(summary.histogram, **chosen)
    end = time.monotonic()
    return palette, Report(
        images=summary.images,
        failed=len(failures),
        pixels=summary.pixels,
        colors=len(summary.histogram),
        partitions=sums,
        shuffle_bytes=size,
        level=summary.level,
        max_shift=_summary.bound(summary.level),
        seconds=end - start,
        fit_seconds=end - fitting,
        failures=tuple(failures),
    )


def _checked(k: Any, cprime: Any, settings: dict[str, Any]) -> dict[str, Any]:
    """The options of the fit, refused before anything is read."""
    if settings.get("perceptual") or settings.get("importance") is not None:
        raise ValueError(
            "importance and perceptual weigh pixels by fractions, whose sums depend "
            "on the order; leave them out, and set space='oklab' to fit what is seen"
        )
    for name in ("palette", "quality", "keep_palette"):
        if settings.get(name):
            raise TypeError(f"a fit of one palette has no option {name!r}")
    chosen = _sized(settings, k, cprime)
    options(**chosen)
    return chosen


def _chosen(fraction: float, seed: int) -> Any:
    """Whether a file is in the sample.

    The column is known before a file is opened: Spark opens no others.
    """
    bound = int(fraction * 2**64) - 2**63
    place = F.col("_metadata.file_path")
    return F.xxhash64(place, F.lit(str(seed))) < F.lit(min(bound, 2**63 - 1))


def _summed(images: DataFrame, how: _summary.Counting) -> list[Any]:
    """The sums of partitions, added until they are few, and the failures."""
    sums = images.mapInArrow(_counter(how), _summary.SCHEMA)
    count = images.rdd.getNumPartitions()
    while count > _FEW:
        count = -(-count // _FAN_IN)
        sums = sums.repartition(count, "place").mapInArrow(
            _merger(how), _summary.SCHEMA
        )
    return sums.collect()


def _counter(how: _summary.Counting) -> Any:
    return partial(_summary.count, how=how)


def _merger(how: _summary.Counting) -> Any:
    return partial(_summary.merge, how=how)
