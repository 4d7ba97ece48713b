"""Estimators of pyspark.ml: k-means and Gaussian mixtures by truncated EM."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyspark import keyword_only
from pyspark.ml import Estimator, Model as SparkModel
from pyspark.ml.functions import array_to_vector, vector_to_array
from pyspark.ml.linalg import VectorUDT
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import (
    HasFeaturesCol,
    HasMaxIter,
    HasPredictionCol,
    HasProbabilityCol,
    HasSeed,
    HasTol,
    HasWeightCol,
)
from pyspark.ml.util import (
    DefaultParamsReadable,
    DefaultParamsReader,
    DefaultParamsWritable,
    DefaultParamsWriter,
    MLReadable,
    MLReader,
    MLWritable,
    MLWriter,
)
from pyspark.sql import DataFrame, SparkSession, functions as F
from pyspark.sql.types import ArrayType, NumericType
from pyspark.storagelevel import StorageLevel

from .. import _model
from .._model import Points, Statistics, fit_points
from .._options import choice, whole
from . import _points
from ._session import explained

class _Shared(
    HasFeaturesCol, HasPredictionCol, HasWeightCol, HasMaxIter, HasTol, HasSeed
):
    """The parameters of all estimators and models."""

    k: Param[int] = Param(
        Params._dummy(), "k", "the number of components", TypeConverters.toInt
    )
    cprime: Param[int] = Param(
        Params._dummy(),
        "cprime",
        "C', for how many components a point's responsibilities are kept",
        TypeConverters.toInt,
    )
    sampleSize: Param[int] = Param(
        Params._dummy(),
        "sampleSize",
        "the points of the sample that the start is fitted to",
        TypeConverters.toInt,
    )
    effort: Param[int] = Param(
        Params._dummy(),
        "effort",
        "how hard the start is searched, 1 to 10",
        TypeConverters.toInt,
    )

    def getK(self) -> int:
        """k, the number of components."""
        return int(self.getOrDefault(self.k))

    def getCprime(self) -> int:
        """C', for how many components a point's responsibilities are kept."""
        return int(self.getOrDefault(self.cprime))

    def getSampleSize(self) -> int:
        """The points of the sample that the start is fitted to."""
        return int(self.getOrDefault(self.sampleSize))

    def getEffort(self) -> int:
        """How hard the start is searched."""
        return int(self.getOrDefault(self.effort))


class _MixtureParams(_Shared, HasProbabilityCol):
    """The parameters of mixtures."""

    covarianceType: Param[str] = Param(
        Params._dummy(),
        "covarianceType",
        '"spherical", a variance for each component, or "tied", one for all',
        TypeConverters.toString,
    )
    mixingWeights: Param[str] = Param(
        Params._dummy(),
        "mixingWeights",
        '"learned", or "equal", 1/k each',
        TypeConverters.toString,
    )
    trackLikelihood: Param[bool] = Param(
        Params._dummy(),
        "trackLikelihood",
        "whether the log-likelihood of each iteration is computed where C' < k",
        TypeConverters.toBoolean,
    )

    def getCovarianceType(self) -> str:
        """The kind of variances."""
        return str(self.getOrDefault(self.covarianceType))

    def getMixingWeights(self) -> str:
        """The kind of mixing weights."""
        return str(self.getOrDefault(self.mixingWeights))

    def getTrackLikelihood(self) -> bool:
        """Whether the log-likelihood of each iteration is computed."""
        return bool(self.getOrDefault(self.trackLikelihood))


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
        self._frame = dataset.select(*columns).mapInArrow(
            _points.blocks, _points.BLOCK_SCHEMA
        )
        self._frame = self._frame.persist(StorageLevel.MEMORY_AND_DISK)
        self._tasks = dataset.sparkSession.sparkContext.defaultParallelism

    def __enter__(self) -> _Fit:
        return self

    def __exit__(self, *_: object) -> None:
        self._frame.unpersist()

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
                row.part, row.number, row["count"], row.weight,
                np.array(row.total), row.squares,
            )
            for row in rows
        ]
        self.count = sum(block.count for block in self.blocks)
        self.weight = math.fsum(block.weight for block in self.blocks)
        if self.count < k:
            raise ValueError(
                f"k is {k}, but there are only {self.count} rows with weight"
            )

    def sample(self, size: int, seed: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """A lightweight coreset, or all rows where they are few."""
        center = np.sum([block.total for block in self.blocks], axis=0) / self.weight
        scatters = np.array([block.scatter(center) for block in self.blocks])
        scatter = float(scatters.sum())
        wanted = None
        if self.count > size:
            shares = np.array([block.weight for block in self.blocks]) / self.weight
            if scatter > 0:
                shares = (shares + scatters / scatter) / 2
            drawn = np.random.default_rng(seed).multinomial(size, shares / shares.sum())
            wanted = {
                (block.part, block.number): int(count)
                for block, count in zip(self.blocks, drawn, strict=True)
            }
        draw = functools.partial(
            _points.samples, wanted=wanted, center=center, scatter=scatter,
            weight=self.weight, size=size, seed=seed,
        )
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
            _points.statistics, parameters=parameters, cprime=cprime,
            has_likelihood=has_likelihood,
        )
        # A pass takes less time than the start of a task.
        names = self._frame.select(*_points.BLOCK_NAMES).coalesce(self._tasks)
        rows = names.mapInArrow(run, _points.STATISTICS_SCHEMA).collect()
        missing = [row.id for row in rows if row.statistics is None]
        if missing:
            rows = [row for row in rows if row.statistics is not None]
            frame = self._frame
            if rows:
                frame = frame.where(F.col("id").isin(missing))
            rows += frame.mapInArrow(run, _points.STATISTICS_SCHEMA).collect()
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


class _Clusters(SparkModel, MLWritable, MLReadable, _Shared):  # type: ignore[misc]
    """A fitted model: its parameters, and how rows get their components."""

    _mixture: _model.Model
    _summary: TrainingSummary | None = None

    @classmethod
    def _made(cls, mixture: _model.Model) -> Any:
        made = cls()
        made._mixture = mixture
        return made

    @property
    def hasSummary(self) -> bool:
        """Whether the model comes from `fit` and not from a file."""
        return self._summary is not None

    @property
    def summary(self) -> TrainingSummary:
        """How the fit went.

        Raises
        ------
        RuntimeError
            If the model was loaded.
        """
        if self._summary is None:
            raise RuntimeError("the model was loaded, and has no summary")
        return self._summary

    @property
    def model(self) -> _model.Model:
        """The mixture, as the rest of the package knows it."""
        return self._mixture

    def clusterCenters(self) -> list[NDArray[np.float64]]:
        """The means."""
        return list(self._mixture.means)

    def _transform(self, dataset: DataFrame) -> DataFrame:
        features = _features(dataset, self.getFeaturesCol())
        return dataset.withColumn(self.getPredictionCol(), self._nearest()(features))

    def _parameters(self) -> tuple[Any, Any, Any]:
        return self._mixture.means, self._mixture.variances, self._mixture.weights

    def _nearest(self) -> Any:
        parameters = self._parameters()

        def nearest(batches: Any) -> Any:
            import pandas

            model = _model.Model(*parameters)
            for batch in batches:
                points = _stacked(batch, len(parameters[0][0]))
                found = model.predict(points, threads=1) if len(points) else []
                yield pandas.Series(found, dtype="int32")

        return _vectorized(nearest, "int", is_table=False)

    def write(self) -> MLWriter:
        return _Writer(self)

    @classmethod
    def read(cls) -> MLReader[Any]:
        return _Reader(cls)


def _vectorized(function: Any, result: str, *, is_table: bool) -> Any:
    """A function of batches of rows as one of columns."""
    import pandas

    # Spark reads annotations, which are text in this module.
    function.__annotations__ = {
        "batches": Iterator[pandas.Series],
        "return": Iterator[pandas.DataFrame if is_table else pandas.Series],
    }
    return F.pandas_udf(function, result)  # type: ignore[call-overload]


def _stacked(batch: Any, dimension: int) -> NDArray[Any]:
    """Rows of features as an array."""
    points = np.array(batch.tolist(), dtype=np.float64)
    if len(points) and points.shape[1:] != (dimension,):
        raise ValueError(f"the model has {dimension} features, not {points.shape[1:]}")
    if not np.isfinite(points).all():
        raise ValueError("a feature of a row is NaN or infinite")
    return points


class _Writer(MLWriter):
    """Saves a model: parameters as metadata, components as Parquet."""

    def __init__(self, model: _Clusters) -> None:
        super().__init__()
        self._model = model

    def saveImpl(self, path: str) -> None:
        spark = SparkSession.active()
        DefaultParamsWriter.saveMetadata(self._model, path, spark)
        means, variances, weights = self._model._parameters()
        rows = [
            (n, mean.tolist(), float(variance), float(weight))
            for n, (mean, variance, weight) in enumerate(
                zip(means, variances, weights, strict=True)
            )
        ]
        spark.createDataFrame(
            rows, "component int, mean array<double>, variance double, weight double"
        ).coalesce(1).write.parquet(f"{path}/data")


class _Reader(MLReader):  # type: ignore[type-arg]
    """Loads what `_Writer` saved."""

    def __init__(self, kind: type[_Clusters]) -> None:
        super().__init__()
        self._kind = kind

    def load(self, path: str) -> Any:
        spark = SparkSession.active()
        metadata = DefaultParamsReader.loadMetadata(path, spark)
        rows = spark.read.parquet(f"{path}/data").orderBy("component").collect()
        made = self._kind._made(
            _model.Model(
                np.array([row["mean"] for row in rows]),
                np.array([row["variance"] for row in rows]),
                np.array([row["weight"] for row in rows]),
            )
        )
        made._resetUid(metadata["uid"])
        DefaultParamsReader.getAndSetParams(made, metadata)
        return made


class TruncatedKMeansModel(_Clusters):
    """k-means that was fitted; `transform` adds the column of predictions."""

    def predict(self, value: Any) -> int:
        """The cluster of one vector."""
        return int(self._mixture.predict(np.asarray(value)[np.newaxis])[0])


class TruncatedGaussianMixtureModel(_Clusters, _MixtureParams):
    """A mixture that was fitted; `transform` adds the columns of predictions and
    of probabilities."""

    @property
    def weights(self) -> list[float]:
        """The mixing weights."""
        return [float(weight) for weight in self._mixture.weights]

    def _transform(self, dataset: DataFrame) -> DataFrame:
        features = _features(dataset, self.getFeaturesCol())
        prediction, probability = self.getPredictionCol(), self.getProbabilityCol()
        found = dataset.withColumn("__posterior", self._posterior()(features))
        if prediction:
            found = found.withColumn(prediction, F.col("__posterior.component"))
        if probability:
            dense = array_to_vector(F.col("__posterior.shares"))
            found = found.withColumn(probability, dense)
        return found.drop("__posterior")

    def _posterior(self) -> Any:
        parameters = self._parameters()
        cprime = min(self.getCprime(), len(parameters[0]))

        def posterior(batches: Any) -> Any:
            import pandas

            model = _model.Model(*parameters)
            count, dimension = parameters[0].shape
            for batch in batches:
                points = _stacked(batch, dimension)
                shares = np.zeros((len(points), count))
                first = np.zeros(len(points), dtype=np.int32)
                if len(points):
                    components, kept = model.posterior(points, cprime, threads=1)
                    np.put_along_axis(
                        shares, components.astype(np.int64), kept.astype(float), axis=1
                    )
                    first = components[:, 0].astype(np.int32)
                yield pandas.DataFrame({"component": first, "shares": list(shares)})

        return _vectorized(
            posterior, "component int, shares array<double>", is_table=True
        )


class TruncatedKMeans(Estimator, DefaultParamsReadable, DefaultParamsWritable, _Shared):
    """k-means of a table, with the parameters of Spark's `KMeans`.

    The start is fitted on the driver to a sample of `sampleSize` rows: a lightweight
    coreset (Bachem, Lucic and Krause 2018). Each iteration is one pass over the rows,
    of which executors give back sums.

    Parameters
    ----------
    k : int, default 2
    featuresCol : str, default "features"
        Vectors, or arrays of numbers.
    weightCol : str, optional
    predictionCol : str, default "prediction"
    maxIter : int, default 20
    tol : float, default 1e-4
        The relative change of the cost that ends the fit.
    seed : int, default 0
    sampleSize : int, default 131,072
    effort : int, default 5

    Examples
    --------
    >>> from quantize.spark import TruncatedKMeans
    >>> model = TruncatedKMeans(k=8).fit(table)  # doctest: +SKIP
    >>> model.summary.trainingCost  # doctest: +SKIP
    """

    @keyword_only
    def __init__(
        self, *, featuresCol: str = "features", predictionCol: str = "prediction",
        k: int = 2, cprime: int = 1, weightCol: str | None = None, maxIter: int = 20,
        tol: float = 1e-4, seed: int = 0, sampleSize: int = 1 << 17, effort: int = 5,
    ) -> None:
        super().__init__()
        self._setDefault(
            k=2, cprime=1, maxIter=20, tol=1e-4, seed=0, sampleSize=1 << 17, effort=5
        )
        _set(self, self._input_kwargs)

    def _fit(self, dataset: DataFrame) -> TruncatedKMeansModel:
        mixture, summary = _fitted(
            dataset, self, "tied", "equal", tracks=False, is_mixture=False
        )
        made = self._copyValues(TruncatedKMeansModel._made(mixture))
        made._summary = summary
        return made  # type: ignore[no-any-return]


class TruncatedGaussianMixture(
    Estimator, DefaultParamsReadable, DefaultParamsWritable, _MixtureParams
):
    """A mixture of Gaussians whose covariances are multiples of the identity, with
    the parameters of Spark's `GaussianMixture`.

    Parameters
    ----------
    k : int, default 2
    cprime : int, default 3
        C', for how many components a row's responsibilities are kept: 1 is hard,
        `k` is full EM.
    featuresCol, weightCol, predictionCol, maxIter, seed, sampleSize, effort
        As in `TruncatedKMeans`.
    probabilityCol : str, default "probability"
    tol : float, default 1e-6
        The relative change of F that ends the fit.
    covarianceType : {"spherical", "tied"}
    mixingWeights : {"learned", "equal"}
    trackLikelihood : bool
        Whether the log-likelihood of each iteration is computed where C' < k. It
        takes a full E-step.

    Examples
    --------
    >>> from quantize.spark import TruncatedGaussianMixture
    >>> mixture = TruncatedGaussianMixture(k=8, cprime=3)
    >>> mixture.fit(table).transform(table).show()  # doctest: +SKIP
    """

    @keyword_only
    def __init__(
        self, *, featuresCol: str = "features", predictionCol: str = "prediction",
        probabilityCol: str = "probability", k: int = 2, cprime: int = 3,
        weightCol: str | None = None, maxIter: int = 100, tol: float = 1e-6,
        seed: int = 0, sampleSize: int = 1 << 17, effort: int = 5,
        covarianceType: str = "spherical", mixingWeights: str = "learned",
        trackLikelihood: bool = False,
    ) -> None:
        super().__init__()
        self._setDefault(
            k=2, cprime=3, maxIter=100, tol=1e-6, seed=0, sampleSize=1 << 17,
            effort=5, covarianceType="spherical", mixingWeights="learned",
            trackLikelihood=False,
        )
        _set(self, self._input_kwargs)

    def _fit(self, dataset: DataFrame) -> TruncatedGaussianMixtureModel:
        mixture, summary = _fitted(
            dataset,
            self,
            choice("covarianceType", self.getCovarianceType(), ("spherical", "tied")),
            choice("mixingWeights", self.getMixingWeights(), ("learned", "equal")),
            tracks=self.getTrackLikelihood(),
            is_mixture=True,
        )
        made = self._copyValues(TruncatedGaussianMixtureModel._made(mixture))
        made._summary = summary
        return made  # type: ignore[no-any-return]


def _set(estimator: Any, values: dict[str, Any]) -> None:
    """Sets parameters that are given."""
    estimator._set(**{name: one for name, one in values.items() if one is not None})


def _setters() -> None:
    """Gives each parameter the setter that pyspark's estimators have."""
    for kind in (
        TruncatedKMeans, TruncatedGaussianMixture, TruncatedKMeansModel,
        TruncatedGaussianMixtureModel,
    ):
        names = [
            name for name in dir(kind)
            if isinstance(getattr(kind, name, None), Param)
        ]
        for name in names:

            def setter(self: Any, value: Any, _name: str = name) -> Any:
                return self._set(**{_name: value})

            setter.__name__ = f"set{name[0].upper()}{name[1:]}"
            setter.__doc__ = f"Sets `{name}`."
            setattr(kind, setter.__name__, setter)


_setters()
