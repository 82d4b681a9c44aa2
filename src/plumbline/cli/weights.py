"""Model references that stand for weights on this machine, which is what likelihoods need."""

from __future__ import annotations

from plumbline.errors import InputError
from plumbline.likelihood import messages as lm
from plumbline.models.loader import EMBEDDED_WEIGHTS
from plumbline.models.reference import parse_reference


def weights_of(reference: str) -> str:
    """Return the folder or hub name behind `embedded` or `hf/PATH`.

    Raises:
        InputError: The model is of a kind that gives no likelihoods.
    """
    parsed = parse_reference(reference)
    if parsed.kind == "embedded":
        return str(EMBEDDED_WEIGHTS)
    if parsed.kind != "hf":
        raise InputError(lm.NO_WEIGHTS(reference=reference), mend=lm.USE_WEIGHTS())
    return parsed.target
