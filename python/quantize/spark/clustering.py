"""Estimators of pyspark.ml: k-means and Gaussian mixtures by truncated EM."""

from __future__ import annotations

from typing import Any

from pyspark import keyword_only
from pyspark.ml import Estimator
from pyspark.ml.param import Param
from pyspark.ml.util import (
    DefaultParamsReadable,
    DefaultParamsWritable,
)
from pyspark.sql import DataFrame

from .._options import choice
from ._models import TruncatedGaussianMixtureModel, TruncatedKMeansModel
from ._parameters import _MixtureParams, _Shared
from ._training import _fitted


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
