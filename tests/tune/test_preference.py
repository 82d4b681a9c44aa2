"""Preference tuning and raw text: held-out margins rise, the reference is the start, rows do not see each other."""

from pathlib import Path
from typing import Any

import pytest

from plumbline.errors import InputError
from plumbline.likelihood import load_scorer
from plumbline.tune import tune_model
from plumbline.tune.log import read_log
from tests.tune.factories import recipe_file, tiny_model, write_rows


def _pairs(numbers: range) -> list[dict[str, str]]:
    return [
        {
            "prompt": f"第{n}位客人问路，怎么办？",
            "chosen": f"请他坐下，给第{n}位客人指路。",
            "rejected": f"不理他，让第{n}位客人走开。",
        }
        for n in numbers
    ]


def _margin(model: str, pairs: list[dict[str, str]]) -> float:
    """Mean log-probability of the better answer less that of the worse."""
    scorer = load_scorer(model)
    from plumbline.tune.encode import render

    texts = [render(scorer.tokenizer, [{"role": "user", "content": one["prompt"]}]) for one in pairs]
    better = scorer.loglikelihood([(t, one["chosen"]) for t, one in zip(texts, pairs, strict=True)]).logprob
    worse = scorer.loglikelihood([(t, one["rejected"]) for t, one in zip(texts, pairs, strict=True)]).logprob
    return float((better - worse).mean())


@pytest.mark.parametrize(
    ("method", "lora"),
    [
        ("dpo", None),
        ("simpo", {"rank": 4}),
        pytest.param("dpo", {"rank": 4}, marks=pytest.mark.slow),
        pytest.param("simpo", None, marks=pytest.mark.slow),
    ],
)
def test_the_margin_rises_on_pairs_it_was_not_shown(tmp_path: Path, method: str, lora: Any) -> None:
    base = tiny_model(tmp_path / "base")
    rows = write_rows(tmp_path / "pairs.jsonl", _pairs(range(12)))
    schedule = {"epochs": 2, "batch": 4, "per_device": 4, "learning_rate": 0.003}
    recipe = recipe_file(
        tmp_path, base, rows, stage="preference", method=method, lora=lora, schedule=schedule, packing=False
    )
    tuned = tune_model(recipe, tmp_path / "out")
    unseen = _pairs(range(50, 56))
    assert _margin(str(tuned.folder), unseen) > _margin(base, unseen) + 0.5
    if method == "dpo":  # at the first step model and reference are one: -log sigmoid(0)
        first = read_log(tuned.folder / "log.csv")[0]
        assert float(first["loss"]) == pytest.approx(0.6931, abs=1e-3)


def test_a_pair_of_equal_answers_is_refused(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "p.jsonl", [{"prompt": "a", "chosen": "b", "rejected": "b"}])
    recipe = recipe_file(tmp_path, "embedded", rows, stage="preference", packing=False)
    with pytest.raises(InputError, match=r"p\.jsonl, line 1: the better and the worse answer are the same"):
        tune_model(recipe, tmp_path / "out")


def test_raw_text_is_learnt_in_packed_pieces(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "t.jsonl", [{"text": "山上有树，树下有草。" * 40} for _ in range(4)])
    schedule = {"epochs": 4, "batch": 2, "per_device": 1, "learning_rate": 0.01}
    recipe = recipe_file(tmp_path, tiny_model(tmp_path / "base"), rows, stage="cpt", schedule=schedule)
    tuned = tune_model(recipe, tmp_path / "out")
    losses = [float(row["loss"]) for row in read_log(tuned.folder / "log.csv")]
    assert losses[-1] < losses[0] / 2
    assert not tuned.record["rows"]["dropped"]


def test_wrong_columns_are_named_with_their_line(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "t.jsonl", [{"question": "a", "reply": "b"}])
    with pytest.raises(InputError, match=r"t\.jsonl, line 1: these columns are not known: question, reply"):
        tune_model(recipe_file(tmp_path, "embedded", rows), tmp_path / "out")
