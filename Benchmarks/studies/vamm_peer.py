"""The authors' own engine, vamm, where it can be imported.

It is https://github.com/variational-sublinear-clustering/vamm (measured at commit 0170bc7),
installed with pip, with Eigen and Boost 1.81 or newer at hand.
"""

from __future__ import annotations

import time

import numpy

try:
    from vamm import Gaussian
except ImportError:
    Gaussian = None

IS_HERE = Gaussian is not None


def fit(points: numpy.ndarray, components: int, cprime: int, *, seed: int = 0,
        means: numpy.ndarray | None = None, **options):
    """Fits equal weights and one variance, as the paper does.

    Returns the means, the variance, F per point, the distances of each E-step, and the
    seconds it took.
    """
    start = {} if means is None else {"init_means": means}
    model = Gaussian(
        C=components, D=points.shape[1], covariance_type="isotropic", shared=True,
        flat_prior=True, **start)
    begun = time.perf_counter()
    objective, log = model.fit(
        numpy.ascontiguousarray(points), rng=numpy.random.default_rng(seed),
        C_prime=cprime, **options)
    seconds = time.perf_counter() - begun
    return (
        numpy.array(model.means), float(numpy.mean(model.variance)), -float(objective),
        [int(count) for count in log["eval"]], seconds)
