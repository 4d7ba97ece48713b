"""Many images, each to its own palette or to a given one."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from pyspark.sql import Window
from pyspark.sql import functions as F

from .. import Palette, __version__
from .._options import options, whole
from .._quantize import _sized
from . import _reduction, _session, _storage

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

#: A task has no more images than this, unless the partitions are given, and no
#: more bytes of files, so that what is lost with an executor is little.
_MOST_IMAGES, _MOST_BYTES = 2_000, 256 << 20


def quantize_images(
    spark: SparkSession,
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    k: int | None = None,
    cprime: int | None = None,
    *,
    palette: Any = None,
    report: str | os.PathLike[str] | None = None,
    recursive: bool = True,
    glob: str = _session.IMAGES,
    overwrite: bool = False,
    max_pixels: int = _session.MOST_PIXELS,
    partitions: int | None = None,
    threads: int = 1,
    optimize: bool = False,
    figures: bool = True,
    **settings: Any,
) -> DataFrame:
    """Reduces the images of folders, files or patterns, on all executors.

    The files have the bytes that ``quantize batch`` writes with the same
    options, and the same names: what is in a folder keeps its place below the
    output. An output that exists is kept, and its image is not read again.

    Parameters
    ----------
    spark : SparkSession
    paths : path, or list of paths
        Anything that Hadoop lists: folders, files, patterns.
    output : path
        A folder that all executors reach.
    k, cprime : int
        As in `quantize`: 16 and 2 by default.
    palette : Palette, Swatches or list of colours, optional
        Colours to map to; nothing is fitted. Of a `Palette` (of `corpus_palette`
        or `fit`), each image has all entries in their order, as of ``quantize
        batch --shared-palette``; of other colours, those that it uses.
    report : path, optional
        A folder for the rows as Parquet; one that is there is replaced.
    recursive : bool, default True
        Whether folders in folders are read.
    glob : str
        Which names in folders are images: those of PNGs and JPEGs.
    overwrite : bool
        Whether outputs that exist are made again.
    max_pixels : int, default 268,435,456
        An image with more is a failure. It bounds the memory of a task.
    partitions : int, optional
        How many tasks there are.
    threads : int, default 1
        The threads of a task, which ``spark.task.cpus`` should allow.
    optimize : bool
        As in `write_png`: smaller files, in about ten times the time.
    figures : bool, default True
        Whether rows have the figures that take as long as the reduction: `ssim`,
        `delta_e2000`, `delta_e2000_p95` and `oklab_mse`. Images of more than 32
        megapixels never have them.
    **settings
        As in `quantize`.

    Returns
    -------
    DataFrame
        A row for each image: path, output, status ("written", "kept" or
        "failed"), error, width, height, colors, k, cprime, mse, psnr, ssim,
        delta_e2000, delta_e2000_p95, oklab_mse, free_energy (the last),
        iterations, converged, seconds, input_bytes, output_bytes. The images are
        all done.

    Raises
    ------
    FileNotFoundError
        If a path stands for nothing.
    ValueError, TypeError
        If an argument is wrong, or there are no images.

    Examples
    --------
    >>> rows = quantize_images(spark, "photos", "reduced", k=32)  # doctest: +SKIP
    >>> rows.groupBy("status").count().show()  # doctest: +SKIP
    +-------+-----+
    | status|count|
    +-------+-----+
    |written|  495|
    | failed|    5|
    +-------+-----+
    """
    if partitions is not None:
        whole("partitions", partitions, 1)
    whole("max_pixels", max_pixels, 1)
    whole("threads", threads, 1, 1024)
    target = _session.qualified(spark, output).rstrip("/")
    _storage.check(target)
    place = None if report is None else _session.qualified(spark, report)
    how = _how(
        k,
        cprime,
        palette,
        settings | {"threads": threads},
        optimize=bool(optimize),
        figures=bool(figures),
        max_pixels=max_pixels,
        parts=_storage.temporary(target),
        version=__version__,
        threads=threads,
    )
    found = _session.roots(spark, paths)
    _session.check_apart(found, recursive)
    for root in found:
        if root.path.rstrip("/") == target:
            raise ValueError(f"{target} is the output folder; name another one")
    try:
        with _session.explained():
            plan = _plan(spark, found, target, recursive, glob, overwrite)
            # Lists are made once: what is there now decides what is to do.
            plan = plan.persist()
            rows = _rows(spark, plan, how, partitions, found)
            if place is not None:
                rows.write.mode("overwrite").parquet(place)
                rows = spark.read.parquet(place)
                plan.unpersist()
            else:
                rows = rows.persist()
                rows.count()
    finally:
        _session.remove(spark, how.parts)
    return rows


def _how(
    k: Any, cprime: Any, palette: Any, settings: dict[str, Any], **others: Any
) -> _reduction.Reduction:
    """How to reduce images, refused before anything is read."""
    metadata: dict[str, Any] = {}
    for name in ("metadata", "compression"):
        if name in settings:
            metadata[name] = settings.pop(name)
    if isinstance(palette, Palette):
        if k is not None:
            raise ValueError("k is that of the palette; leave it out")
        entries = [tuple(row) for row in palette.rgba.tolist()]
        # As in a batch, where the smallest file decides on the order.
        keeps = len(entries) <= 256 and not others["optimize"]
        chosen = {"cprime": 1 if cprime is None else cprime, **settings}
        chosen.setdefault("keep_palette", keeps)
        options(**chosen)
        _reduction.fitted(entries)
        return _reduction.Reduction(
            chosen, entries, k=len(entries), cprime=chosen["cprime"],
            metadata=metadata, **others,
        )
    if palette is not None:
        # As colours of a file, which are not of a fit.
        colors = [tuple(color) if not isinstance(color, str) else color
                  for color in palette]
        settings = settings | {"palette": colors}
        cprime = 1 if cprime is None else cprime
    sized = _sized(settings, k, cprime)
    options(**sized)
    count = sized["k"] if palette is None or k is not None else len(settings["palette"])
    return _reduction.Reduction(
        sized, None, k=count, cprime=sized["cprime"], metadata=metadata, **others
    )


def _plan(
    spark: SparkSession,
    found: list[_session.Root],
    target: str,
    recursive: bool,
    glob: str,
    overwrite: bool,
) -> DataFrame:
    """All images: path, length, output, and what is known without reading them:
    status and error, and the length of an output that exists."""
    images = _session.images(spark, found, recursive, glob).select("path", "length")
    if any(root.holds(target) for root in found):
        images = images.filter(~F.col("path").startswith(target + "/"))
    order, name = _named(found)
    images = images.withColumn("order", order).withColumn(
        "output", F.concat(F.lit(target + "/"), _renamed(name))
    )
    # The first image by root and name has an output, as in a batch. Folders
    # come before what sorts between their name and the slash.
    by_name = F.translate("path", "/", "\0")
    first = Window.partitionBy("output").orderBy("order", by_name)
    images = images.withColumn("owner", F.first("path").over(first))
    clash = F.when(
        F.col("owner") != F.col("path"),
        F.concat(
            F.lit("its output would be that of "), "owner", F.lit("; rename one"),
        ),
    )
    images = images.withColumn("error", clash)
    if any(root.path.startswith(target + "/") for root in found):
        inputs = images.select(F.col("path").alias("output"), F.lit(True).alias("is_input"))
        images = images.join(inputs, "output", "left").withColumn(
            "error",
            F.when(F.col("is_input"), F.lit("its output is an input"))
            .otherwise(F.col("error")),
        )
    if overwrite or not _session.exists(spark, target):
        images = images.withColumn("made", F.lit(None).cast("long"))
    else:
        # `content` would be read before any join: only names are listed here,
        # and executors read what is left.
        outputs = _session.files(spark, [target], "*.png").select(
            F.col("path").alias("output"), F.col("length").alias("made")
        )
        images = images.join(outputs, "output", "left")
    status = F.when(F.col("error").isNotNull(), "failed").when(
        F.col("made").isNotNull(), "kept"
    )
    return images.select("path", "length", "output", status.alias("status"), "error", "made")


def _named(found: list[_session.Root]) -> tuple[Column, Column]:
    """The place among the roots of an image's root, and its name below it."""
    path = F.col("path")
    order, name = F.lit(len(found)), F.regexp_extract(path, "[^/]*$", 0)
    files = {root.path: n for n, root in enumerate(found) if not root.is_folder}
    if files:
        known = F.create_map(*(F.lit(one) for pair in files.items() for one in pair))
        order = F.coalesce(known[path], order)
    for n, root in enumerate(found):
        if root.is_folder:
            start = root.path.rstrip("/") + "/"
            inside = path.startswith(start) & (order == len(found))
            order = F.when(inside, F.lit(n)).otherwise(order)
            name = F.when(
                path.startswith(start), F.substring(path, len(start) + 1, 2**31 - 1)
            ).otherwise(name)
    return order, name


def _renamed(name: Column) -> Column:
    """The name of an output: the ending becomes .png."""
    return F.concat(F.regexp_replace(name, r"\.[^./]*$", ""), F.lit(".png"))


def _rows(
    spark: SparkSession,
    plan: DataFrame,
    how: _reduction.Reduction,
    partitions: int | None,
    found: list[_session.Root],
) -> DataFrame:
    """The rows of all images; those that are to do are done when they are asked
    for."""
    missing = F.col("status").isNull()
    count = plan.agg(
        F.count("*").alias("all"),
        F.count(F.when(missing, 1)).alias("missing"),
        F.coalesce(F.sum(F.when(missing, F.col("length"))), F.lit(0)).alias("bytes"),
    ).first()
    assert count is not None
    if not count["all"]:
        raise ValueError(
            "there are no images in " + ", ".join(root.path for root in found)
        )
    nothing = [
        F.lit(None).cast(kind).alias(name)
        for name, kind in (one.split() for one in _reduction.SCHEMA.split(","))
    ]
    known = plan.filter(~missing).select(
        "path", "output", "status", "error", *nothing[4:-2],
        F.col("length").alias("input_bytes"), F.col("made").alias("output_bytes"),
    )
    if not count["missing"]:
        return known
    if partitions is None:
        partitions = max(
            4 * spark.sparkContext.defaultParallelism,
            -(-count["bytes"] // _MOST_BYTES),
            -(-count["missing"] // _MOST_IMAGES),
        )
    done = (
        plan.filter(missing)
        .select("path", "output")
        .repartition(min(partitions, count["missing"]), "output")
        .mapInArrow(partial(_reduction.reduce, how=how), _reduction.SCHEMA)
    )
    return done if count["all"] == count["missing"] else done.unionByName(known)
