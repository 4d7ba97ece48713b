"""Fits of tables: a start from a sample, then EM over all rows."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyspark.ml.functions import vector_to_array
from pyspark.ml.linalg import VectorUDT
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, NumericType
from pyspark.storagelevel import StorageLevel

from .. import _model
from .._coreset import Coreset, Spread
from .._model import Points, Statistics, fit_points
from .._options import whole
from . import _blocks, _points
from ._parameters import _Shared
from ._session import explained, room


@dataclasses.dataclass(frozen=True)
class TrainingSummary:
    """How a fit went.

    Attributes
    ----------
    k : int
        The number of components.
    numIter : int
        The iterations over all rows.
    count : int
        The rows that have weight.
    freeEnergy : list of float
        F of each iteration, in nats per unit of weight.
    trainingCosts : list of float
        The sum of weighted squared distances to the nearest mean, of each
        iteration; the last is that of the model.
    logLikelihoods : list of float
        The log-likelihood of each iteration, of all rows together; only the last
        if ``C' < k`` and it is not tracked. Empty of k-means.
    converged : bool
        Whether the tolerance was reached.
    """

    k: int
    numIter: int
    count: int
    freeEnergy: list[float]
    trainingCosts: list[float]
    logLikelihoods: list[float]
    converged: bool

    @property
    def trainingCost(self) -> float:
        """The sum of weighted squared distances to the nearest mean."""
        return self.trainingCosts[-1]

    @property
    def logLikelihood(self) -> float:
        """The log-likelihood of all rows; NaN of k-means."""
        return self.logLikelihoods[-1] if self.logLikelihoods else math.nan


def _features(dataset: DataFrame, name: str) -> Any:
    """The features of rows as an array of numbers."""
    field = _field(dataset, name)
    if isinstance(field.dataType, VectorUDT):
        return vector_to_array(F.col(name))
    if isinstance(field.dataType, ArrayType) and isinstance(
        field.dataType.elementType, NumericType
    ):
        single = field.dataType.elementType.typeName() == "float"
        return F.col(name).cast("array<float>" if single else "array<double>")
    raise TypeError(
        f"the column {name!r} must be a vector or an array of numbers, not "
        f"{field.dataType.simpleString()}; VectorAssembler makes one of columns"
    )


def _field(dataset: DataFrame, name: str) -> Any:
    if name not in dataset.columns:
        known = ", ".join(dataset.columns)
        raise ValueError(f"there is no column {name!r}; there are {known}")
    return dataset.schema[name]


class _Fit:
    """A fit of a table: its blocks, and passes over them."""

    def __init__(self, dataset: DataFrame, estimator: _Shared) -> None:
        columns = [_features(dataset, estimator.getFeaturesCol()).alias("features")]
        if estimator.isDefined(estimator.weightCol):
            name = estimator.getWeightCol()
            if not isinstance(_field(dataset, name).dataType, NumericType):
                raise TypeError(f"the column {name!r} must have numbers")
            columns.append(F.col(name).cast("double").alias("weight"))
        columns.append(F.spark_partition_id().alias("part"))
        self._frame = dataset.select(*columns).mapInArrow(
            _points.blocks, _points.BLOCK_SCHEMA
        )
        self._frame = self._frame.persist(StorageLevel.MEMORY_AND_DISK)
        spark = dataset.sparkSession
        self._tasks = spark.sparkContext.defaultParallelism
        self._keeping = _blocks.Keeping.for_fit(room(spark))
        # Where the blocks are that processes keep.
        self._places: dict[str, str] = {}

    def __enter__(self) -> _Fit:
        return self

    def __exit__(self, *_: object) -> None:
        # An executor that is gone has no blocks any more, and one that is not told
        # frees them with the next fit.
        with contextlib.suppress(Exception):
            self._free()
        self._frame.unpersist()

    def _free(self) -> None:
        places = sorted(set(self._places.values()))
        if places:
            run = functools.partial(
                _points.freed, keeping=self._keeping, places=places
            )
            names = self._frame.select(*_points.BLOCK_NAMES).coalesce(self._tasks)
            names.mapInArrow(run, _points.STATISTICS_SCHEMA).collect()

    def survey(self, k: int) -> None:
        """Reads all rows for the first time."""
        rows = self._frame.drop("points", "weights").collect()
        for row in rows:
            if row.problem is not None:
                raise ValueError(row.problem)
        if not rows:
            raise ValueError("there are no rows with weight to fit")
        if len({row.dimension for row in rows}) > 1:
            sizes = sorted({row.dimension for row in rows})
            raise ValueError(
                "rows have different numbers of features, such as "
                f"{sizes[0]} and {sizes[-1]}"
            )
        rows.sort(key=lambda row: (row.part, row.number))
        self.blocks = [
            _points.Block(
                row.part, row.number, row["count"],
                Spread(row.weight, np.array(row["mean"]), row.scatter),
            )
            for row in rows
        ]
        self.count = sum(block.count for block in self.blocks)
        if self.count < k:
            raise ValueError(
                f"k is {k}, but there are only {self.count} rows with weight"
            )

    def sample(self, size: int, seed: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """A lightweight coreset, or all rows where they are few."""
        coreset = None
        if self.count > size:
            coreset = Coreset([block.spread for block in self.blocks], size, seed)
        places = {
            (block.part, block.number): place for place, block in enumerate(self.blocks)
        }
        draw = functools.partial(_points.samples, places=places, coreset=coreset)
        rows = self._frame.mapInArrow(draw, _points.SAMPLE_SCHEMA).collect()
        rows.sort(key=lambda row: (row.part, row.number))
        points = np.concatenate([np.frombuffer(row.points) for row in rows])
        weights = np.concatenate([np.frombuffer(row.weights) for row in rows])
        return points.reshape(len(weights), -1), weights

    def step(
        self, model: _model.Model, cprime: int, has_likelihood: bool,
        kinds: dict[str, str],
    ) -> tuple[Statistics, float]:
        """One E-step over all rows."""
        # With one variance and equal weights the E-step is a faster one.
        is_tied = kinds["covariance_type"] == "tied"
        parameters = (
            model.means,
            float(model.variances[0]) if is_tied else model.variances,
            None if kinds["weights"] == "equal" else model.weights,
        )
        run = functools.partial(
            _points.statistics, keeping=self._keeping, places=self._places,
            run=_blocks.Pass(parameters, cprime, has_likelihood),
        )
        rows = []
        if self._places:
            # A pass takes less time than the start of a task.
            names = self._frame.select(*_points.BLOCK_NAMES).coalesce(self._tasks)
            rows = names.mapInArrow(run, _points.STATISTICS_SCHEMA).collect()
        missing = [row.id for row in rows if row.statistics is None]
        if missing or not rows:
            rows = [row for row in rows if row.statistics is not None]
            frame = self._frame
            if rows:
                frame = frame.where(F.col("id").isin(missing))
            rows += frame.mapInArrow(run, _points.STATISTICS_SCHEMA).collect()
        if len(rows) != len(self.blocks):
            raise RuntimeError(
                f"of {len(self.blocks)} blocks of rows {len(rows)} came back; do the "
                "rows of the table change while it is read?"
            )
        self._places = {row.id: row.place for row in rows if row.place is not None}
        # In one order, whichever executor was first.
        rows.sort(key=lambda row: (row.part, row.number))
        total = sum(Statistics(np.frombuffer(row.statistics)) for row in rows)
        assert isinstance(total, Statistics)
        return total, math.fsum(row.likelihood or 0.0 for row in rows)


def _fitted(
    dataset: DataFrame, estimator: _Shared, covariance: str, weights: str,
    *, tracks: bool, is_mixture: bool,
) -> tuple[_model.Model, TrainingSummary]:
    """Fits a model: a start from a sample, then EM over all rows."""
    k = whole("k", estimator.getK(), 1, 65_536)
    cprime = min(k, whole("cprime", estimator.getCprime(), 1))
    most = whole("maxIter", estimator.getMaxIter(), 0)
    size = whole("sampleSize", estimator.getSampleSize(), 1)
    effort = whole("effort", estimator.getEffort(), 1, 10)
    seed = estimator.getSeed() % 2**64
    tolerance = estimator.getTol()
    if not tolerance >= 0:
        raise ValueError(f"tol must be 0 or greater, not {tolerance}")
    kinds: dict[str, Any] = {"weights": weights, "covariance_type": covariance}
    energies: list[float] = []
    costs: list[float] = []
    likelihoods: list[float] = []
    converged = False
    with explained(), _Fit(dataset, estimator) as fit:
        fit.survey(k)
        points, shares = fit.sample(max(size, 16 * k), seed)
        model = fit_points(
            Points(points, shares), k, cprime, seed=seed, effort=effort, **kinds
        )
        # The E-step after the last M-step gives the figures of the model.
        for iteration in range(most + 1):
            is_last = iteration == most
            has_likelihood = is_mixture and (tracks or cprime == k)
            total, likelihood = fit.step(model, cprime, has_likelihood, kinds)
            energies.append(total.free_energy / total.total_weight)
            costs.append(total.inertia)
            if has_likelihood:
                likelihoods.append(likelihood)
            history = energies if is_mixture else costs
            if iteration > 0:
                change = abs(history[-1] - history[-2])
                converged = change <= tolerance * abs(history[-2])
            if converged or is_last:
                break
            model = model.maximized(total, **kinds)
        if is_mixture and not likelihoods:
            _, likelihood = fit.step(model, cprime, True, kinds)
            likelihoods.append(likelihood)
        return model, TrainingSummary(
            k, len(energies) - 1, fit.count, energies, costs, likelihoods, converged
        )
