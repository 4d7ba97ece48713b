"""What executors count: histograms of many images, and sums of histograms."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .. import Histogram, read
from ._session import check_version

#: One row for each sum of colours, and one for each image that cannot be read.
SCHEMA = (
    "path string, error string, images long, pixels long, level int, "
    "bytes long, parts long, place int, data binary"
)

_ARROW = pa.schema(
    [
        ("path", pa.string()),
        ("error", pa.string()),
        ("images", pa.int64()),
        ("pixels", pa.int64()),
        ("level", pa.int32()),
        ("bytes", pa.int64()),
        ("parts", pa.int64()),
        ("place", pa.int32()),
        ("data", pa.binary()),
    ]
)

#: With so many colours a row ends, and another begins: some 12 MB at most of
#: images of 8 bits, so that the memory of a task has a bound.
_MOST_COLORS = 1 << 22

#: How many pixels are counted between two looks at the number of colours, which
#: cost a merge.
_PIXELS_BETWEEN_LOOKS = 1 << 24

#: An image weighs so much where all count the same: its pixels' weights are
#: whole numbers, and sums of whole numbers below 2^53 are exact in any order.
IMAGE_WEIGHT = 1 << 24

#: How many low bits of a sample's 16 are dropped, at each level. Fewer than 8
#: would change no number of colours of files of 8 bits.
_DROPPED_BITS = (0, 8, 9, 10, 11, 12, 13, 14, 15)

#: The least of the greatest numbers of colours: the last level has fewer.
LEAST_CAP = 64


@dataclass(frozen=True)
class Counting:
    """How images are counted."""

    #: Whether each image weighs the same, and not each pixel.
    by_image: bool
    max_colors: int | None
    max_pixels: int
    threads: int

    #: The version of the driver's package.
    version: str


class Summary:
    """The colours of some images, no more of them than a cap.

    Level b drops bits: a colour moves to the centre of its cell, of 2^b samples
    of 16 bits a side. The level is the smallest at which the colours fit the cap.

    The sum over any parts is the same, however they are cut and in whatever
    order they are added:

    - Cells are nested, so that to drop bits at level a and then at level b > a
      is to drop them at level b: `coarse(coarse(x, a), b) == coarse(x, b)`. A
      cell's centre is in it, and in each larger cell around it. Opaque and fully
      transparent alphas stay, and no centre is one of them.
    - The colours of a part are some of those of the whole, at each level. So if
      the whole fits at level b, all parts and partial sums do, and none of them
      is at a level above b.
    - The sum is at level b or above as soon as the whole is in it, for it does
      not fit below. So it ends at level b, with the counts of the whole's cells.
    """

    def __init__(self, how: Counting) -> None:
        self.histogram = Histogram()
        self.images = self.pixels = self.level = 0
        self._how = how
        self._unseen = 0

    def add(self, image: Any) -> None:
        """Counts an image."""
        how = self._how
        height, width = image.shape[:2]
        size = height * width
        if how.by_image:
            colors, counts, _ = Histogram().add(image, threads=how.threads)._get()
            weights = np.maximum(np.rint(counts * (IMAGE_WEIGHT / size)), 1)
            self.histogram.add_colors(colors, counts, weights)
        else:
            self.histogram.add(image, threads=how.threads)
        self.images += 1
        self.pixels += size
        self._unseen += size
        if self._unseen >= _PIXELS_BETWEEN_LOOKS:
            self.fit_cap()

    def merge(self, histogram: Histogram, images: int, pixels: int, level: int) -> None:
        """Adds another sum."""
        if level > self.level:
            self.histogram = self._coarse(self.histogram, level)
            self.level = level
        elif level < self.level:
            histogram = self._coarse(histogram, self.level)
        self.histogram.merge(histogram)
        self.images += images
        self.pixels += pixels
        self.fit_cap()

    def fit_cap(self) -> None:
        """Drops as many bits as the cap asks for."""
        self._unseen = 0
        cap = self._how.max_colors
        if cap is None or (not self.level and len(self.histogram) <= cap):
            return
        # At a level above 0, images were added since that are not at it.
        colors = self.histogram.colors
        self.level = max(self.level, 1)
        while len(np.unique(_codes(coarse_colors(colors, self.level)))) > cap:
            self.level += 1
        self.histogram = self._coarse(self.histogram, self.level)

    def _coarse(self, histogram: Histogram, level: int) -> Histogram:
        """A histogram with the colours of a level."""
        if not level or not len(histogram):
            return histogram
        colors, counts, weights = histogram._get()
        moved = coarse_colors(colors, level)
        # Both are whole numbers: what is in one cell is added exactly.
        return Histogram().add_colors(
            moved, counts, weights if self._how.by_image else None
        )

    @property
    def is_full(self) -> bool:
        """Whether a row should end here."""
        return self._unseen == 0 and len(self.histogram) > _MOST_COLORS

    def row(self, place: int, size: int = 0, parts: int = 1) -> dict[str, Any]:
        """The row that says all this."""
        self.fit_cap()
        data = packed(self.histogram)
        return {
            "images": self.images,
            "pixels": self.pixels,
            "level": self.level,
            "bytes": size or len(data),
            "parts": parts,
            "place": place,
            "data": data,
        }


def bound(level: int) -> float:
    """By how much a sample of 0 to 255 moves at most, at a level."""
    return 2.0 ** (_DROPPED_BITS[level] - 1) / 257 if level else 0.0


def coarse_colors(colors: NDArray[np.uint16], level: int) -> NDArray[np.uint16]:
    """The centres of the cells of colours."""
    bits = _DROPPED_BITS[level]
    moved: NDArray[np.uint16] = (colors >> np.uint16(bits)) << np.uint16(bits)
    moved |= np.uint16(1 << (bits - 1))
    alphas = colors[:, 3]
    moved[:, 3] = np.where((alphas == 0) | (alphas == 65_535), alphas, moved[:, 3])
    moved[alphas == 0, :3] = 0
    return moved


def _codes(colors: NDArray[np.uint16]) -> NDArray[np.uint64]:
    """A number for each colour."""
    return np.ascontiguousarray(colors).view(np.uint64).reshape(-1)


def packed(histogram: Histogram) -> bytes:
    """A histogram for the way between executors."""
    return zlib.compress(histogram.to_bytes(), 1)


def unpacked(data: bytes) -> Histogram:
    """What `packed` packed."""
    return Histogram.from_bytes(zlib.decompress(data))


def one_line(error: BaseException) -> str:
    """What an error says, on one line."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split()) or type(error).__name__


def count(
    batches: Iterator[pa.RecordBatch], how: Counting
) -> Iterator[pa.RecordBatch]:
    """Counts the images of a partition: path and content."""
    check_version(how.version)
    place = _partition()
    summary = Summary(how)
    for batch in batches:
        failures = []
        paths, contents = batch.column("path"), batch.column("content")
        for n in range(batch.num_rows):
            path = paths[n].as_py()
            try:
                summary.add(
                    read(
                        contents[n].as_py(),
                        max_pixels=how.max_pixels,
                        threads=how.threads,
                    )
                )
            except (ValueError, ArithmeticError, MemoryError) as error:
                failures.append({"path": path, "error": one_line(error)})
            if summary.is_full:
                yield _batch([summary.row(place)])
                summary = Summary(how)
        if failures:
            yield _batch([{**row, "place": place} for row in failures])
    if summary.images:
        yield _batch([summary.row(place)])


def merge(
    batches: Iterator[pa.RecordBatch], how: Counting
) -> Iterator[pa.RecordBatch]:
    """Adds the sums of a partition; rows of failures pass."""
    place = _partition()
    summary = Summary(how)
    size = parts = 0
    for batch in batches:
        failures = []
        for row in batch.to_pylist():
            if row["path"] is not None:
                failures.append({**row, "place": place})
                continue
            summary.merge(
                unpacked(row["data"]), row["images"], row["pixels"], row["level"]
            )
            size += row["bytes"]
            parts += row["parts"]
        if failures:
            yield _batch(failures)
    if summary.images:
        yield _batch([summary.row(place, size, parts)])


def _batch(rows: list[dict[str, Any]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(rows, schema=_ARROW)


def _partition() -> int:
    from pyspark import TaskContext

    context = TaskContext.get()
    return context.partitionId() if context is not None else 0
