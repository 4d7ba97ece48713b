"""The parameters of estimators and models, as pyspark.ml has them."""

from __future__ import annotations

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
