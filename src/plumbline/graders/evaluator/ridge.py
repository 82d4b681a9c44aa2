"""Ridge regression on all labels at once, in the kernel's form.

With the centred kernel K = X X^T of n texts, alpha = (K + l I)^-1 (Y - mean Y) and weights X^T alpha (Hoerl
and Kennard 1970; Saunders, Gammerman and Vovk 1998). What a model fitted without the rows of a group G
predicts for them needs no second fit: with C = (K + l I)^-1 the residuals are (l C_GG - 11^T / n)^-1 l
alpha_G (Cook and Weisberg 1982, section 2.2, for G of several rows; the 11^T / n is the intercept's
leverage). So the choice of l rests on predictions for unseen rows, from one factorisation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Array = npt.NDArray[np.float64]
Kernel = npt.NDArray[np.float32]

LARGEST_KERNEL = 12_000
"""Rows up to which the kernel [n, n] is held; beyond, conjugate gradients do the same work."""


class Fit(NamedTuple):
    """Weights [grams, values] and intercept [values]."""

    weights: npt.NDArray[np.float32]
    intercept: Array

    def predict(self, features: csr_array) -> Array:
        """Return scores [n, values]."""
        return np.asarray(features @ self.weights, dtype=np.float64) + self.intercept


def fit_ridge(features: csr_array, labels: npt.ArrayLike, penalty: float) -> Fit:
    """Fit one ridge regression a column of `labels`.

    Args:
        features: X [n, grams], not centred.
        labels: Y [n, values].
        penalty: l > 0.
    """
    y = np.asarray(labels, dtype=np.float64)
    if len(y) > LARGEST_KERNEL:
        return _primal(features, conjugate_gradients(features, y, penalty), y)
    from scipy.linalg import lapack

    factor = _factor(features, penalty)
    right = (y - y.mean(axis=0)).astype(np.float32)
    alpha, _ = lapack.spotrs(factor, right, lower=1)
    return _primal(features, alpha.astype(np.float64), y)


def leave_group_out(
    features: csr_array, labels: npt.ArrayLike, groups: npt.ArrayLike, penalty: float
) -> Array:
    """Return the score of each row by a fit that has not seen its group [n, values]; holds the kernel.

    Args:
        features: X [n, grams].
        labels: Y [n, values].
        groups: Rows of one group are left out together [n].
        penalty: l > 0.
    """
    from scipy.linalg import lapack

    y, names = np.asarray(labels, dtype=np.float64), np.asarray(groups)
    n = len(y)
    inverse, _ = lapack.spotri(_factor(features, penalty), lower=1, overwrite_c=1)
    lower = np.tril(inverse)  # C, lower half (n, n)
    right = (y - y.mean(axis=0)).astype(np.float32)
    diagonal = np.diag(lower)[:, None]
    alpha = (lower @ right + lower.T @ right - diagonal * right).astype(np.float64)  # (n, values)
    residual = penalty * alpha / (penalty * diagonal.astype(np.float64) - 1 / n)
    for rows in _groups_of_several(names):
        block = lower[np.ix_(rows, rows)].astype(np.float64)  # rows are sorted: the lower half is there
        block = block + np.tril(block, -1).T
        residual[rows] = np.linalg.solve(penalty * block - 1 / n, penalty * alpha[rows])
    return np.asarray(y - residual)


def _factor(features: csr_array, penalty: float) -> Kernel:
    """Return the lower Cholesky factor of K + l I; what lies above the diagonal means nothing."""
    from scipy.linalg import lapack

    kernel = _centred_kernel(features)  # (n, n)
    kernel[np.diag_indices(len(kernel))] += np.float32(penalty)
    factor, failed = lapack.spotrf(kernel.T, lower=1, overwrite_a=1, clean=0)
    if failed:
        raise np.linalg.LinAlgError("the penalised kernel is not positive definite")
    lower: Kernel = factor
    return lower


def _centred_kernel(features: csr_array) -> Kernel:
    n, turned = features.shape[0], features.T.tocsr()
    kernel = np.empty((n, n), dtype=np.float32)
    for start in range(
        0, n, 512
    ):  # the sparse product of all rows would take three times the kernel's memory
        kernel[start : start + 512] = (features[start : start + 512] @ turned).toarray()
    means = kernel.mean(axis=0, dtype=np.float64)
    kernel -= means[None, :].astype(np.float32)
    kernel -= means[:, None].astype(np.float32)
    kernel += np.float32(means.mean())
    return kernel


def _groups_of_several(groups: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    names, counts = np.unique(groups, return_counts=True)
    return [np.flatnonzero(groups == name) for name in names[counts > 1]]


def _primal(features: csr_array, alpha: Array, y: Array) -> Fit:
    # alpha sums to 0 but for rounding, so the means of the features only move the intercept.
    balanced = alpha - alpha.mean(axis=0)
    weights = np.asarray(features.T @ balanced)
    means = np.asarray(features.mean(axis=0)).ravel()
    return Fit(weights.astype(np.float32), y.mean(axis=0) - means @ weights)


def conjugate_gradients(
    features: csr_array, y: Array, penalty: float, *, tolerance: float = 1e-4, most: int = 200
) -> Array:
    """Solve (K + l I) alpha = centred y without K, all values at once (Hestenes and Stiefel 1952)."""
    right = y - y.mean(axis=0)

    def times(x: Array) -> Array:
        inner = x - x.mean(axis=0)
        product = np.asarray(features @ np.asarray(features.T @ inner), dtype=np.float64)
        return np.asarray(product - product.mean(axis=0) + penalty * x)

    alpha, residual = np.zeros_like(right), right.copy()
    direction, square = residual.copy(), (residual**2).sum(axis=0)
    goal = tolerance**2 * np.maximum(square, 1e-30)
    for _ in range(most):
        if (square <= goal).all():
            break
        product = times(direction)
        step = square / np.maximum((direction * product).sum(axis=0), 1e-300)
        alpha += step * direction
        residual -= step * product
        before, square = square, (residual**2).sum(axis=0)
        direction = residual + square / np.maximum(before, 1e-300) * direction
    return np.asarray(alpha)
