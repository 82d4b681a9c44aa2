"""Sorting rows into classes and values: cue words, an evaluator, a language model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from plumbline.build import build
from plumbline.build.asking import Asker
from plumbline.build.sample import Sample
from plumbline.build.step import Context, run_step
from plumbline.build.steps import Categorize
from plumbline.build.steps.load import OURS
from plumbline.build.text.words import WordIndex
from plumbline.errors import InputError
from plumbline.rows import read_rows
from tests.build.conftest import MODEL
from tests.build.factories import sample, write_recipe, write_rows
from tests.servers.openai_server import OpenAIServer

CHEATING = sample(
    1,
    instruction="同学考试作弊还想抄袭我的作业，我该说真话吗？",
    output="诚实最要紧，作弊和说谎会失信于人。",
)
VOTING = sample(
    2,
    instruction="业主大会要投票表决装电梯，怎么征求意见？",
    output="先公示方案，再协商，最后表决，少数服从多数。",
)


@pytest.mark.parametrize("by", ["rules", "evaluator"])
def test_class_and_values_are_named(by: str) -> None:
    kept, _ = run_step(Categorize(by=by), [CHEATING, VOTING])  # type: ignore[arg-type]
    assert kept[0].values[0] == "core-socialist-values/integrity"
    assert kept[0].categorization == "person"
    assert kept[1].values[0] == "core-socialist-values/democracy"
    assert kept[1].categorization == "nation"
    assert kept[0].history[-1].action == f"by {by}"


def test_labels_that_rows_bring_stay() -> None:
    brought = sample(1, categorization="nation", values=("core-socialist-values/harmony",))
    [kept], _ = run_step(Categorize(), [brought])
    assert (kept.categorization, kept.values) == (brought.categorization, brought.values)
    [half], _ = run_step(Categorize(), [sample(1, values=("core-socialist-values/justice",))])
    assert half.categorization == "social"
    [anew], _ = run_step(Categorize(only_missing=False), [replace(CHEATING, categorization="nation")])
    assert anew.categorization == "person"


def test_values_of_a_framework_without_cues_give_the_class_of_their_level() -> None:
    row = sample(1, values=("schwartz/benevolence",))
    [kept], _ = run_step(Categorize(otherwise=""), [row])
    assert kept.values == row.values


def test_ones_own_cue_words_replace_ours(tmp_path: Path) -> None:
    (tmp_path / "cues.yaml").write_text(
        "values: {core-socialist-values/freedom: [自]}\nclasses: {nation: [鲸鱼]}\n", encoding="utf-8"
    )
    rows = [sample(1, instruction="鲸鱼在哪里看得到？"), sample(2, instruction="自个儿做主行吗？")]
    kept, _ = run_step(Categorize(cues="cues.yaml"), rows, Context(base=tmp_path))
    assert [one.categorization for one in kept] == ["nation", "social"]
    assert kept[1].values == ("core-socialist-values/freedom",)


def test_an_evaluator_of_the_classes_names_them(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    from plumbline.graders.evaluator import load_labelled, train_linear

    seed = read_rows(OURS["plumbline-seed"])
    rows = [{"text": one.values["output"], "about": [one.values["categorization"]]} for one in seed]
    write_rows(tmp_path / "rows.jsonl", rows)
    (tmp_path / "classes.yaml").write_text(
        "framework: vad\nfile: rows.jsonl\ntext: text\nvalues: about\n", encoding="utf-8"
    )
    train_linear(load_labelled(tmp_path / "classes.yaml"), penalties=(1.0,)).save(tmp_path / "classes")
    asked = [Sample("1", "怎么还书？", "去图书馆当面道歉，再照价赔偿。")]
    [kept], _ = run_step(Categorize(by="evaluator", evaluator="classes"), asked, Context(base=tmp_path))
    assert kept.categorization in ("person", "social", "nation")
    assert kept.values == ()


def test_a_judge_labels_rows_and_leaves_labelled_ones_alone(loopback: OpenAIServer, tmp_path: Path) -> None:
    labelled = sample(3, categorization="nation", values=("core-socialist-values/harmony",))
    step = Categorize(by="judge", model=MODEL)
    with Asker(tmp_path / "calls") as asker:
        kept, rejected = run_step(step, [CHEATING, VOTING, labelled], Context(asker=asker))
    assert not rejected
    assert len(loopback.requests) == 2
    assert kept[2] == labelled
    for one in kept[:2]:
        assert one.categorization in ("person", "social", "nation")
        assert len(one.values) == 2
        assert (one.history[-1].model, bool(one.history[-1].prompt)) == (MODEL, True)


def test_a_judge_that_never_names_a_class_leads_to_a_rejected_row(
    loopback: OpenAIServer, tmp_path: Path
) -> None:
    loopback.reply = lambda messages: json.dumps({"category": "family", "values": ["integrity"]})
    with Asker(tmp_path / "calls") as asker:
        kept, [rejected] = run_step(
            Categorize(by="judge", model=MODEL, tries=2), [CHEATING], Context(asker=asker)
        )
    assert (kept, rejected.reason, len(loopback.requests)) == ([], "malformed-reply", 2)
    assert "family" in rejected.detail


def test_a_recipe_sorts_by_a_judge(loopback: OpenAIServer, tmp_path: Path) -> None:
    recipe = write_recipe(tmp_path, f"  - {{step: categorize, by: judge, model: {MODEL}}}", rows=10)
    data = build(recipe, tmp_path / "out", workers=1)
    assert data.rows == 11
    assert data.manifest["calls"][MODEL]["calls"] == 10  # two rows are the same
    assert all(one.categorization and one.values for one in data.samples())


def test_a_missing_evaluator_is_told_before_rows_are_read(tmp_path: Path) -> None:
    recipe = write_recipe(tmp_path, "  - {step: categorize, by: evaluator, evaluator: nowhere}", rows=10)
    with pytest.raises(InputError, match="nowhere: there is no evaluator"):
        build(recipe, tmp_path / "out", workers=1)
    assert not (tmp_path / "out" / "stages").exists()


def test_a_judge_without_a_model_is_refused() -> None:
    with pytest.raises(ValidationError, match="needs a model"):
        Categorize(by="judge")


WORDS = st.lists(st.text(alphabet="甲乙丙𠀀 ", min_size=1, max_size=4), max_size=8)


@given(WORDS, st.lists(st.text(alphabet="甲乙丙𠀀 ", max_size=12), max_size=6))
def test_words_are_found_where_they_are(words: list[str], texts: list[str]) -> None:
    index = WordIndex(words)
    found: Iterator[set[int]] = index.found(texts)
    assert [{index.words[number] for number in held} for held in found] == [
        {word for word in words if word in text} for text in texts
    ]
