"""Gaussian mixtures, fitted or given."""

from __future__ import annotations

import ctypes
import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._library import Handle, check, long_call, made, value
from ._options import choice, options, whole

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._options import PointSettings


class Points:
    """Points with weights, which models are fitted to and evaluated on.

    Parameters
    ----------
    points : array of shape (N, D), or (N,) for D = 1
        Finite numbers; ``float32`` is taken as it is, all else as ``float64``.
    weights : array of shape (N,), optional
        How often each point counts: finite, not negative, not all 0.

    Examples
    --------
    >>> import quantize
    >>> points = quantize.Points([[0.0], [1.0], [10.0]], weights=[1, 1, 2])
    >>> len(points), points.dimension
    (3, 1)
    """

    def __init__(self, points: ArrayLike, weights: ArrayLike | None = None) -> None:
        array = np.asarray(points)
        if array.dtype != np.float32:
            if array.dtype.kind not in "biuf":
                raise TypeError(f"points must be real numbers, not {array.dtype}")
            array = np.asarray(array, dtype=np.float64)
        if array.ndim == 1:
            array = array[:, np.newaxis]
        if array.ndim != 2:
            raise ValueError(f"points must have the shape (N, D), not {array.shape}")
        array = np.ascontiguousarray(array)
        share = None
        if weights is not None:
            share = np.ascontiguousarray(weights, dtype=np.float64)
            if share.shape != array.shape[:1]:
                raise ValueError(
                    f"weights must have the shape {array.shape[:1]}, not {share.shape}"
                )
        self._count, self._dimension = array.shape
        self._handle = made(
            "points",
            "points_create",
            array.ctypes.data,
            8 * array.dtype.itemsize,
            *array.shape,
            None if share is None else share.ctypes.data,
        )

    def __len__(self) -> int:
        return self._count

    @property
    def dimension(self) -> int:
        """D, the coordinates of a point."""
        return self._dimension


def _points(points: Points | ArrayLike) -> Points:
    return points if isinstance(points, Points) else Points(points)


class Model:
    """A Gaussian mixture whose covariances are multiples of the identity.

    Parameters
    ----------
    means : array of shape (C, D)
        Finite numbers.
    variance : float or array of shape (C,)
        The variance in each dimension, of all components or of each.
    weights : array of shape (C,), optional
        Mixing weights, their sum 1; 1/C each if they are left out.

    Examples
    --------
    >>> import quantize
    >>> model = quantize.Model([[0.0, 0.0], [4.0, 0.0]], variance=1.0)
    >>> model.predict([[3.0, 1.0]])
    array([1], dtype=uint16)
    >>> model.posterior([[2.0, 0.0]])[1]
    array([[0.5, 0.5]], dtype=float32)
    """

    def __init__(
        self,
        means: ArrayLike,
        variance: float | ArrayLike = 1.0,
        weights: ArrayLike | None = None,
    ) -> None:
        array = np.ascontiguousarray(means, dtype=np.float64)
        if array.ndim != 2:
            raise ValueError(f"means must have the shape (C, D), not {array.shape}")
        variances = np.asarray(variance, dtype=np.float64, order="C")
        if variances.ndim and variances.shape != array.shape[:1]:
            raise ValueError(
                f"variance must be a number or have the shape {array.shape[:1]}, "
                f"not {variances.shape}"
            )
        mixing = None
        if weights is not None:
            mixing = np.ascontiguousarray(weights, dtype=np.float64)
            if mixing.shape != array.shape[:1]:
                raise ValueError(
                    f"weights must have the shape {array.shape[:1]}, "
                    f"not {mixing.shape}"
                )
        self._take(
            made(
                "model",
                "model_create",
                array.ctypes.data,
                *array.shape,
                0.0 if variances.ndim else float(variances),
                variances.ctypes.data if variances.ndim else None,
                None if mixing is None else mixing.ctypes.data,
            )
        )

    @classmethod
    def _of(cls, handle: Handle) -> Model:
        model = cls.__new__(cls)
        model._take(handle)
        return model

    def _take(self, handle: Handle) -> None:
        self._handle = handle
        at = handle.pointer
        shape = value("model_components", at), value("model_dimension", at)
        self._means = np.empty(shape)
        self._variances = np.empty(shape[0])
        self._weights = np.empty(shape[0])
        check(
            "model_get",
            at,
            self._means.ctypes.data,
            self._variances.ctypes.data,
            self._weights.ctypes.data,
        )
        count = value("model_iterations", at)
        self._free_energy = np.empty(count)
        self._inertia = np.empty(count)
        check(
            "model_history", at, self._free_energy.ctypes.data, self._inertia.ctypes.data
        )
        self._converged = bool(value("model_converged", at))

    @property
    def means(self) -> NDArray[np.float64]:
        """The means, of shape (C, D)."""
        return self._means

    @property
    def variances(self) -> NDArray[np.float64]:
        """The variance of each component in each dimension, of shape (C,)."""
        return self._variances

    @property
    def weights(self) -> NDArray[np.float64]:
        """The mixing weights, of shape (C,); their sum is 1."""
        return self._weights

    @property
    def free_energy(self) -> NDArray[np.float64]:
        """F of each iteration, in nats per unit of weight; empty if not fitted."""
        return self._free_energy

    @property
    def inertia(self) -> NDArray[np.float64]:
        """The mean squared distance to the nearest mean, of each iteration."""
        return self._inertia

    @property
    def converged(self) -> bool:
        """Whether the fit reached its tolerance."""
        return self._converged

    def __repr__(self) -> str:
        components, dimension = self._means.shape
        return f"<Model of {components} components in {dimension} dimensions>"

    def __reduce__(self) -> Any:
        return _restored, (
            self._means, self._variances, self._weights, self._free_energy,
            self._inertia, self._converged,
        )

    def predict(
        self, points: Points | ArrayLike, *, threads: int | None = None
    ) -> NDArray[np.uint16]:
        """The number of the nearest mean of each point, of shape (N,)."""
        given = _points(points)
        nearest = np.empty(len(given), dtype=np.uint16)
        check(
            "points_nearest",
            given._handle.pointer,
            self._handle.pointer,
            threads or 0,
            nearest.ctypes.data,
        )
        return nearest

    def posterior(
        self,
        points: Points | ArrayLike,
        cprime: int | None = None,
        *,
        threads: int | None = None,
    ) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
        """The C' most responsible components of each point, and how much each is.

        Parameters
        ----------
        points : Points or array of shape (N, D)
        cprime : int, optional
            C', 1 to C; all if it is left out.

        Returns
        -------
        components : array of shape (N, C')
            The most responsible first.
        responsibilities : array of shape (N, C')
            0 to 1; the sum of a row is 1.
        """
        given = _points(points)
        most = len(self._means)
        count = most if cprime is None else whole("cprime", cprime, 1, most)
        components = np.empty((len(given), count), dtype=np.uint16)
        responsibilities = np.empty((len(given), count), dtype=np.float32)
        check(
            "points_posterior",
            given._handle.pointer,
            self._handle.pointer,
            count,
            threads or 0,
            components.ctypes.data,
            responsibilities.ctypes.data,
        )
        return components, responsibilities

    def evaluate(
        self,
        points: Points | ArrayLike,
        cprime: int | None = None,
        *,
        threads: int | None = None,
    ) -> dict[str, float]:
        """How well the model describes points, per unit of weight.

        Returns
        -------
        dict
            ``free_energy``: F in nats, which is the log-likelihood if C' is the
            number of components, as it is if `cprime` is left out;
            ``inertia``: the mean squared distance to the nearest mean;
            ``entropy``: that of the posteriors, in nats.
        """
        given = _points(points)
        count = len(self._means) if cprime is None else whole("cprime", cprime, 1)
        energy, inertia, entropy = (ctypes.c_double(math.nan) for _ in range(3))
        check(
            "points_evaluate",
            given._handle.pointer,
            self._handle.pointer,
            count,
            threads or 0,
            ctypes.byref(energy),
            ctypes.byref(inertia),
            ctypes.byref(entropy),
        )
        return {
            "free_energy": energy.value,
            "inertia": inertia.value,
            "entropy": entropy.value,
        }


    def statistics(
        self,
        points: Points | ArrayLike,
        cprime: int | None = None,
        *,
        threads: int | None = None,
    ) -> Statistics:
        """The E-step over some of the points: what `maximized` needs of them.

        Parameters
        ----------
        points : Points or array of shape (N, D)
        cprime : int, optional
            C', 1 to C; all if it is left out.

        Returns
        -------
        Statistics
            Add those of all parts.

        Examples
        --------
        >>> import numpy as np, quantize
        >>> parts = np.array([[0.0], [1.0]]), np.array([[9.0], [11.0]])
        >>> model = quantize.Model([[1.0], [8.0]])
        >>> total = sum(model.statistics(part, 1) for part in parts)
        >>> model.maximized(total).means.ravel().tolist()
        [0.5, 10.0]
        """
        given = _points(points)
        most = len(self._means)
        count = most if cprime is None else whole("cprime", cprime, 1, most)
        numbers = np.empty(value("model_statistics_count", self._handle.pointer))
        check(
            "points_statistics",
            given._handle.pointer,
            self._handle.pointer,
            count,
            threads or 0,
            numbers.ctypes.data,
        )
        return Statistics(numbers)

    def maximized(
        self,
        statistics: Statistics,
        *,
        weights: str = "equal",
        covariance_type: str = "tied",
    ) -> Model:
        """The M-step: the parameters that are best for an E-step's statistics.

        Parameters
        ----------
        statistics : Statistics
            Those of all points under this model.
        weights : {"equal", "learned"}
        covariance_type : {"tied", "spherical"}

        Returns
        -------
        Model
            Components without points stay as they are.
        """
        learned = choice("weights", weights, ("equal", "learned")) == "learned"
        kinds = ("tied", "spherical")
        separate = choice("covariance_type", covariance_type, kinds) == "spherical"
        numbers = np.ascontiguousarray(statistics.numbers, dtype=np.float64)
        if numbers.shape != (value("model_statistics_count", self._handle.pointer),):
            raise ValueError("the statistics are of another model")
        return Model._of(
            made(
                "model",
                "model_maximize",
                self._handle.pointer,
                numbers.ctypes.data,
                learned,
                separate,
            )
        )


class Statistics:
    """What an E-step over some points tells the M-step over all; see
    `Model.statistics`.

    `+` and `sum` add the statistics of parts of the points. They are pickled, and
    `numbers` has all there is.
    """

    __slots__ = ("numbers",)

    def __init__(self, numbers: ArrayLike) -> None:
        #: F, the sum of squared distances to the nearest mean, the weight of the
        #: points and the least variance; then for each component the sums of
        #: w q, w q |y - mean|^2 and w q y.
        self.numbers: NDArray[np.float64] = np.asarray(numbers, dtype=np.float64)

    @property
    def free_energy(self) -> float:
        """F in nats, of all points together."""
        return float(self.numbers[0])

    @property
    def inertia(self) -> float:
        """The sum of weighted squared distances to the nearest mean."""
        return float(self.numbers[1])

    @property
    def total_weight(self) -> float:
        """The weight of the points."""
        return float(self.numbers[2])

    def __add__(self, other: Statistics) -> Statistics:
        if not isinstance(other, Statistics):
            return NotImplemented
        if self.numbers.shape != other.numbers.shape:
            raise ValueError("the statistics are of different models")
        total = self.numbers + other.numbers
        total[3] = max(self.numbers[3], other.numbers[3])
        return Statistics(total)

    def __radd__(self, other: Any) -> Statistics:
        # sum() begins with 0.
        return self if other == 0 else NotImplemented

    def __reduce__(self) -> Any:
        return Statistics, (self.numbers,)


def _restored(
    means: Any, variances: Any, weights: Any, energy: Any, inertia: Any, converged: Any
) -> Model:
    # One variance and equal weights are a simpler mixture with faster E-steps.
    one_variance = (variances == variances[0]).all()
    model = Model(
        means,
        float(variances[0]) if one_variance else variances,
        None if (weights == 1 / len(weights)).all() else weights,
    )
    model._free_energy, model._inertia = energy, inertia
    model._converged = converged
    return model


def fit_points(
    points: Points | ArrayLike,
    k: int | None = None,
    cprime: int = 1,
    *,
    progress: Any = None,
    **settings: Unpack[PointSettings],
) -> Model:
    """Fits a Gaussian mixture to points by truncated variational EM.

    Parameters
    ----------
    points : Points or array of shape (N, D)
    k : int, optional
        The number of components, 1 to 65,536; that of `init` if it is left out.
    cprime : int
        C': 1 is k-means, `k` is full EM.
    seed, effort, threads, max_iter, tol, weights, covariance_type, \
least_variance, init
        As in `quantize`; by default at most 300 iterations, until F changes by
        less than 1e-6 of it. `init` has the means to start from, of shape (k, D).
    progress : bool or callable, optional
        As in `quantize`.

    Returns
    -------
    Model

    Examples
    --------
    >>> import numpy as np, quantize
    >>> rng = np.random.default_rng(0)
    >>> points = np.concatenate([rng.normal(m, 1, (200, 2)) for m in (0, 9)])
    >>> model = quantize.fit_points(points, 2, cprime=2)
    >>> np.sort(model.means[:, 0]).round().astype(int).tolist()
    [0, 9]
    """
    from ._progress import progress_function

    given = _points(points)
    if k is None and settings.get("init") is None:
        raise TypeError("fit_points needs k or init")
    call = options(k=k, cprime=cprime, **settings)
    with progress_function(progress) as tell:
        return Model._of(
            long_call(
                "model",
                "points_fit",
                given._handle.pointer,
                call.pointer,
                progress=tell,
            )
        )
