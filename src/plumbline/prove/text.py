"""How surprised models are by text: general text, and the data's own held-out answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from plumbline.errors import InputError
from plumbline.measure.methods import model_text
from plumbline.prove import messages as m
from plumbline.prove.findings import Paired
from plumbline.rows import read_rows

if TYPE_CHECKING:
    from plumbline.models import Model

GENERAL = Path(__file__).parent / "data" / "general.jsonl"
TEXTS = "general-text"
"""What general text is called where suites are named."""


def read_general(path: str | Path = GENERAL) -> list[tuple[str, str]]:
    """Read general text as `(language, text)`; a file needs a column `text`, and may have `language`.

    Raises:
        InputError: There is no column `text`, or no text.
    """
    rows = [
        (str(row.values.get("language") or ""), str(row.values["text"]))
        for row in read_rows(path)
        if row.values.get("text")
    ]
    if not rows:
        raise InputError(m.NO_TEXT(), where=str(path), mend=m.GIVE_TEXT())
    return rows


def surprise(model: Model, texts: Sequence[tuple[str, str]]) -> tuple[float, ...] | None:
    """Return nats per character of each text `[n]`, or None when the model gives no likelihoods.

    Per character and not per token, so that models with other tokenizers can be compared.
    """
    scorer = model.scorer()
    if scorer is None:
        return None
    scores = scorer.rolling([text for _, text in texts])
    return tuple(
        float(-logprob / len(text)) for logprob, (_, text) in zip(scores.logprob, texts, strict=True)
    )


def answer_surprise(model: Model, pairs: Sequence[tuple[str, str]]) -> tuple[float, ...] | None:
    """Return nats per character of each answer after its question `[n]`, or None without likelihoods."""
    scorer = model.scorer()
    if scorer is None:
        return None
    scores = scorer.loglikelihood([(model_text(model, question), answer) for question, answer in pairs])
    return tuple(float(x) for x in -scores.logprob / scores.chars)


def held_out_answers(data: Sequence[str | Path]) -> list[tuple[str, str]]:
    """Return questions and answers of the test rows of built data sets; files have no test rows."""
    from plumbline.build import open_data_set
    from plumbline.tune.data import is_built

    sets = [open_data_set(path) for path in map(Path, data) if is_built(path)]
    return [
        (one.question, one.output)
        for found in sets
        for one in found.samples()
        if one.split == "test" and one.output
    ]


def text_quantities(
    texts: Sequence[tuple[str, str]], before: Sequence[float], after: Sequence[float]
) -> list[Paired]:
    """Return the surprise at general text, by language where there are several."""
    languages = list(dict.fromkeys(language for language, _ in texts))
    return [
        Paired(
            name="surprise-general",
            family="side",
            better="lower",
            unit="nats",
            suite=TEXTS,
            method="",
            part=language,
            before=tuple(x for x, (one, _) in zip(before, texts, strict=True) if one == language),
            after=tuple(x for x, (one, _) in zip(after, texts, strict=True) if one == language),
            clusters=tuple(str(n) for n, (one, _) in enumerate(texts) if one == language),
        )
        for language in languages
    ]


def answer_quantity(before: Sequence[float], after: Sequence[float]) -> Paired:
    """Return the surprise at held-out answers of the data."""
    clusters = tuple(map(str, range(len(before))))
    return Paired(
        "surprise-answers", "aim", "lower", "nats", "", "", "", tuple(before), tuple(after), clusters
    )
