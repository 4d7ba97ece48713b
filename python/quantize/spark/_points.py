"""What executors do for fits of tables: points in blocks, samples, E-steps.

The rows of a partition become blocks: arrays of points as bytes, which Spark keeps
in memory or on disk. An iteration is one pass over the blocks, in which executors give
back statistics, and nothing else. A process keeps the blocks that it has seen, as far
as it has room; so most passes send it the names of blocks only.
"""

from __future__ import annotations

import collections
import dataclasses
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .._coreset import Coreset, Spread
from .._model import Model, Points

BLOCK_SCHEMA = (
    "id string, part int, number int, count long, dimension int, points binary, "
    "weights binary, weight double, mean array<double>, scatter double, problem string"
)
SAMPLE_SCHEMA = "part int, number int, points binary, weights binary"
STATISTICS_SCHEMA = (
    "id string, part int, number int, statistics binary, likelihood double"
)

#: What a block is known by.
BLOCK_NAMES = ("id", "part", "number")

# Points of a block are at most so many bytes.
_BLOCK_BYTES = 64 << 20

# An executor's process keeps the trees of so many bytes of points.
_KEPT_BYTES = 1 << 30


@dataclasses.dataclass(frozen=True)
class Block:
    """What the driver knows of a block."""

    part: int
    number: int
    count: int
    spread: Spread


def _partition() -> int:
    from pyspark import TaskContext

    context = TaskContext.get()
    return -1 if context is None else context.partitionId()


def _rows(batch: pa.RecordBatch, dimension: int | None) -> tuple[Any, Any, str | None]:
    """Points and weights of a batch, or what is wrong with them."""
    column = batch.column("features")
    if column.null_count:
        return None, None, "a row has no features"
    lengths = np.diff(column.offsets.to_numpy())
    values = column.flatten()
    if values.null_count:
        return None, None, "a feature of a row is null"
    if len(lengths) and (lengths != lengths[0]).any():
        return None, None, (
            f"rows have different numbers of features, such as {lengths.min()} and "
            f"{lengths.max()}"
        )
    width = int(lengths[0]) if len(lengths) else dimension
    if dimension is not None and width != dimension:
        return None, None, (
            f"rows have different numbers of features, such as {dimension} and {width}"
        )
    if width == 0:
        return None, None, "a row has no features"
    points = values.to_numpy(zero_copy_only=False).reshape(-1, width or 1)
    if not np.isfinite(points).all():
        return None, None, "a feature of a row is NaN or infinite"
    weights = None
    if "weight" in batch.schema.names:
        column = batch.column("weight")
        weights = column.to_numpy(zero_copy_only=False).astype(np.float64)
        if column.null_count or not np.isfinite(weights).all() or (weights < 0).any():
            return None, None, "a weight is null, negative, NaN or infinite"
        kept = weights > 0
        if not kept.all():
            points, weights = points[kept], weights[kept]
    return points, weights, None


def blocks(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Puts rows together in blocks; a row of the result is one."""
    part = _partition()
    number = 0
    waiting: list[tuple[Any, Any]] = []
    size = 0
    dimension: int | None = None
    for batch in batches:
        if batch.num_rows == 0:
            continue
        points, weights, problem = _rows(batch, dimension)
        if problem is not None:
            yield _record({"id": "", "part": part, "problem": problem}, BLOCK_SCHEMA)
            return
        dimension = points.shape[1]
        if len(points):
            waiting.append((points, weights))
            size += points.nbytes
        if size >= _BLOCK_BYTES:
            yield _block(waiting, part, number)
            number, waiting, size = number + 1, [], 0
    if waiting:
        yield _block(waiting, part, number)


def _block(waiting: list[tuple[Any, Any]], part: int, number: int) -> pa.RecordBatch:
    points = np.ascontiguousarray(np.concatenate([one for one, _ in waiting]))
    weights = None
    if waiting[0][1] is not None:
        weights = np.concatenate([one for _, one in waiting])
    spread = Spread.of(points, np.ones(len(points)) if weights is None else weights)
    return _record(
        {
            "id": uuid.uuid4().hex,
            "part": part,
            "number": number,
            "count": len(points),
            "dimension": points.shape[1],
            "points": points.tobytes(),
            "weights": None if weights is None else weights.tobytes(),
            "weight": spread.weight,
            "mean": spread.mean.tolist(),
            "scatter": spread.scatter,
        },
        BLOCK_SCHEMA,
    )


_ARROW_TYPES = {
    "string": pa.string(),
    "int": pa.int32(),
    "long": pa.int64(),
    "double": pa.float64(),
    "binary": pa.binary(),
    "array<double>": pa.list_(pa.float64()),
}


def _record(row: dict[str, Any], schema: str) -> pa.RecordBatch:
    fields = [field.split(" ", 1) for field in schema.split(", ")]
    return pa.RecordBatch.from_pydict(
        {
            name: pa.array([row.get(name)], _ARROW_TYPES[kind])
            for name, kind in fields
        }
    )


def _given(batch: pa.RecordBatch, n: int) -> tuple[NDArray[Any], Any]:
    """The points and weights of a block."""
    dimension = batch.column("dimension")[n].as_py()
    count = batch.column("count")[n].as_py()
    data = batch.column("points")[n].as_buffer()
    kind = np.float32 if data.size == 4 * count * dimension else np.float64
    points = np.frombuffer(data, kind).reshape(count, dimension)
    weights = batch.column("weights")[n]
    if not weights.is_valid:
        return points, None
    return points, np.frombuffer(weights.as_buffer(), np.float64)


# Trees of points take longer to build, and points longer to come here, than a pass
# over them.
_kept: collections.OrderedDict[str, tuple[int, Points]] = collections.OrderedDict()


def _tree(batch: pa.RecordBatch, n: int) -> Points | None:
    """The points of a block; `None` where they are not here."""
    name = batch.column("id")[n].as_py()
    if name in _kept:
        _kept.move_to_end(name)
        return _kept[name][1]
    if "points" not in batch.schema.names:
        return None
    points, weights = _given(batch, n)
    tree = Points(points, weights)
    # A tree has numbers of 64 bits, and boxes.
    _kept[name] = (16 * points.size, tree)
    while len(_kept) > 1 and sum(size for size, _ in _kept.values()) > _KEPT_BYTES:
        _kept.popitem(last=False)
    return tree


def statistics(
    batches: Iterable[pa.RecordBatch],
    parameters: tuple[Any, Any, Any],
    cprime: int,
    has_likelihood: bool,
) -> Iterator[pa.RecordBatch]:
    """The E-step over blocks. One that is not here and comes without its points has
    no statistics."""
    model = Model(*parameters)
    for batch in batches:
        for n in range(batch.num_rows):
            row = {name: batch.column(name)[n].as_py() for name in BLOCK_NAMES}
            points = _tree(batch, n)
            if points is not None:
                found = model.statistics(points, cprime, threads=1)
                row["statistics"] = found.numbers.tobytes()
                if has_likelihood:
                    energy = model.evaluate(points, threads=1)["free_energy"]
                    row["likelihood"] = energy * found.total_weight
            yield _record(row, STATISTICS_SCHEMA)


def samples(
    batches: Iterable[pa.RecordBatch],
    places: dict[tuple[int, int], int],
    coreset: Coreset | None,
) -> Iterator[pa.RecordBatch]:
    """Draws the points of a coreset; all points where there is none."""
    for batch in batches:
        for n in range(batch.num_rows):
            part, number = (batch.column(name)[n].as_py() for name in BLOCK_NAMES[1:])
            place = places[part, number]
            if coreset is not None and not coreset.counts[place]:
                continue
            points, weights = _given(batch, n)
            points = points.astype(np.float64)
            if weights is None:
                weights = np.ones(len(points))
            if coreset is not None:
                points, weights = coreset.draw(place, points, weights)
            row = {
                "part": part,
                "number": number,
                "points": points.tobytes(),
                "weights": weights.tobytes(),
            }
            yield _record(row, SAMPLE_SCHEMA)
