"""Fitted models: how rows get their components, and how models are saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyspark.ml import Model as SparkModel
from pyspark.ml.functions import array_to_vector
from pyspark.ml.util import (
    DefaultParamsReader,
    DefaultParamsWriter,
    MLReadable,
    MLReader,
    MLWritable,
    MLWriter,
)
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from .. import _model
from ._parameters import _MixtureParams, _Shared
from ._training import TrainingSummary, _features


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
