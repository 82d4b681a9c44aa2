"""What every evaluator offers, and how one is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from plumbline.errors import InputError
from plumbline.frameworks import Framework
from plumbline.graders.evaluator import messages as m
from plumbline.graders.evaluator.folder import read_folder

EMBEDDED = Path(__file__).parent / "embedded"
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Contribution:
    """What one piece of text adds to a logit."""

    piece: str
    weight: float


@dataclass(frozen=True)
class Explanation:
    """Why a value's logit is what it is.

    Attributes:
        value: Id of the value.
        logit: Of the calibrated probability.
        intercept: The part no piece of the text accounts for.
        grams: Each distinct n-gram's part; together with the intercept they sum to the logit. Empty for
            evaluators that are not linear.
        sentences: Each sentence's part, in the order of the text; likewise, or for an encoder the fall of
            the logit when the sentence is left out.
        exact: Whether the parts sum to the logit.
    """

    value: str
    logit: float
    intercept: float
    grams: tuple[Contribution, ...]
    sentences: tuple[Contribution, ...]
    exact: bool


@dataclass(frozen=True)
class HeldOut:
    """Probabilities of labelled rows the evaluator was not trained on: what it knows about its own errors.

    Attributes:
        probabilities: [n, values].
        labels: 0 or 1 [n, values].
        how: `leave-one-out` or `validation`.
    """

    probabilities: Array
    labels: npt.NDArray[np.int64]
    how: str


class Evaluator(Protocol):
    """A classifier that sees values in text. To add a kind, write its folder and give it to `_KINDS`."""

    name: str
    framework: Framework
    labels: tuple[str, ...]
    """Value ids, the columns of every array."""
    thresholds: Array
    held_out: HeldOut
    card: dict[str, Any]
    """Where it comes from: data, settings, measured quality."""

    def predict(self, texts: Sequence[str]) -> Array:
        """Return calibrated probabilities [n, labels]."""
        ...

    def decide(self, texts: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Return decisions at the evaluator's thresholds, bool [n, labels]."""
        ...

    def explain(self, text: str) -> tuple[Explanation, ...]:
        """Return why each value's logit is what it is, in the order of `labels`."""
        ...

    def coverage(self, texts: Sequence[str]) -> Array:
        """Return the share of each text's pieces that training met [n]: how much at home it is there."""
        ...


def load_evaluator(reference: str | Path, *, framework: str | Framework | None = None) -> Evaluator:
    """Load an evaluator.

    Args:
        reference: Its folder, or `embedded` for the small demonstration one.
        framework: The framework its labels are to be read by; the one it names by default.

    Raises:
        InputError: No evaluator there, one that was changed, or one of another framework.
        MissingExtra: An encoder without torch installed.
    """
    saved = read_folder(EMBEDDED if str(reference) == "embedded" else reference, framework)
    kind = saved.manifest["kind"]
    if kind == "linear":
        from plumbline.graders.evaluator.linear import LinearEvaluator

        return LinearEvaluator.from_folder(saved)
    if kind == "encoder":
        from plumbline.graders.evaluator.encoder import EncoderEvaluator

        return EncoderEvaluator.from_folder(saved)
    raise InputError(m.UNKNOWN_KIND(kind=kind), where=str(saved.path), mend=m.TRAIN_AGAIN())
