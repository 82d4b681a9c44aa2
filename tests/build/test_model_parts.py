"""The parts model steps are made of: replies, elimination rules, pairs, chrF, lexicon, IFD, prompts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.build.prompts import fill, load_prompts
from plumbline.build.replies import json_list, json_object, plain_text, with_score, with_texts
from plumbline.build.step import run_step
from plumbline.build.steps import Pairs
from plumbline.build.steps.evolve import says_nothing, unusable_answer, unusable_instruction
from plumbline.build.steps.principles import PRINCIPLES, PrincipleBook
from plumbline.build.text.chrf import chrf
from plumbline.build.text.lexicon import learn_lexicon
from plumbline.documents import load_document
from plumbline.errors import InputError
from plumbline.frameworks import load_framework
from plumbline.rows import read_rows
from tests.build.factories import sample

OBJECTS = st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=10) | st.integers(), max_size=4)


@given(OBJECTS, st.text(alphabet="好的，如下：\n", max_size=10))
def test_json_is_found_among_other_words(data: dict[str, object], words: str) -> None:
    text = f"{words}```json\n{json.dumps(data, ensure_ascii=False)}\n```{words}"
    assert json_object(text) == data
    assert json_list(f"{words}{json.dumps([data])}。") == [data]


@given(st.text(max_size=60))
def test_any_reply_can_be_read_without_an_error(text: str) -> None:
    json_object(text)
    json_list(text)
    plain_text(text)
    with_score(1, 5)(text)
    with_texts("output")(text)


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("改写后的指令：怎么道歉？", "怎么道歉？"),
        ("“怎么道歉？”", "怎么道歉？"),
        ("```\n怎么道歉？\n```", "怎么道歉？"),
        ("#新指令#：怎么道歉？", "怎么道歉？"),
        ("“好”与“坏”", "“好”与“坏”"),
        ("  \n ", None),
    ],
)
def test_wrappings_of_plain_replies_fall_off(reply: str, text: str | None) -> None:
    assert plain_text(reply) == text


def test_scores_outside_their_bounds_are_malformed() -> None:
    assert with_score(1, 5)('{"score": "4", "reason": null}') == {"score": 4.0, "reason": ""}
    assert with_score(1, 5)('{"score": 7}') is None
    assert with_score(1, 5)('{"score": "高"}') is None


@pytest.mark.parametrize(
    ("evolved", "reason"),
    [
        ("给定的指令要求我想想怎么道歉", "copies-prompt"),
        ("……？！", "only-punctuation"),
        ("怎么 道歉？", "no-gain"),
        ("弄坏了室友的电脑，怎么道歉？", None),
    ],
)
def test_evolved_instructions_are_eliminated_by_the_rules(evolved: str, reason: str | None) -> None:
    assert unusable_instruction(evolved, "怎么道歉？") == reason


def test_short_apologies_and_empty_words_show_a_bad_instruction() -> None:
    assert unusable_answer("抱歉，我不太明白您的意思。") == "short-apology"
    assert unusable_answer("抱歉，" + "这件事要分开来看。" * 12) is None
    assert unusable_answer("的，了。") == "only-punctuation"
    assert says_nothing("！！") and not says_nothing("好")


def test_pairs_make_preference_rows_and_training_rows() -> None:
    rows = [
        sample(1, worse="随便他去。", scores={"grade": 3.0, "worse_grade": 1.0}),
        sample(2),
        sample(3, worse="算了吧。", scores={"grade": 1.0, "worse_grade": 2.0}),
        sample(4, worse=sample(4).output + "。"),
        sample(5, worse="别管。", scores={"grade": 2.0, "worse_grade": 1.0}),
    ]
    kept, rejected = run_step(Pairs(min_grade=3), rows)
    assert [(one.id, bool(one.worse), one.use) for one in kept] == [
        ("s-0001", True, "preference"), ("s-0001.sft", False, ""), ("s-0005", True, "preference"),
    ]  # fmt: skip
    assert {one.sample.id: one.reason for one in rejected} == {
        "s-0002": "no-worse-answer", "s-0003": "grades-contradict", "s-0004": "alike-answers",
    }  # fmt: skip


@settings(deadline=None)
@given(st.text(alphabet="abc de.", max_size=25), st.text(alphabet="abc de.", min_size=1, max_size=25))
def test_chrf_is_what_sacrebleu_computes(one: str, other: str) -> None:
    sacrebleu = pytest.importorskip("sacrebleu")
    if not other.split() or not one.split():
        return
    expected = sacrebleu.sentence_chrf(one, [other], eps_smoothing=False).score
    assert abs(chrf(one, other) - expected) < 1e-6


def test_true_translations_rank_above_shuffled_ones(shared_data: Path) -> None:
    """JADE-RAG: a lexicon learnt from one half tells pairs of the other half from shuffled ones."""
    folder = shared_data / "jade-rag"
    chinese = [
        str(row.values["Rule"]) for row in read_rows(folder / "jade-rag-v1.0_data_jade_rag_v1_1k_zh.csv")
    ]
    english = [
        str(row.values["Rule"]) for row in read_rows(folder / "jade-rag-v1.0_data_jade_rag_v1_1k_en.csv")
    ]
    order = np.random.default_rng(0).permutation(len(chinese)).tolist()
    known, held = order[: len(order) // 2], order[len(order) // 2 :]
    lexicon = learn_lexicon([(chinese[at], english[at]) for at in known])
    true = np.array([lexicon.score(chinese[at], english[at]) for at in held])
    shuffled = np.array([lexicon.score(chinese[at], english[held[n - 1]]) for n, at in enumerate(held)])
    area = (true[:, None] > shuffled[None, :]).mean()
    assert area >= 0.95


def test_every_domain_and_value_has_principles_in_both_languages() -> None:
    book = load_document(PRINCIPLES, PrincipleBook)
    wanted = {
        f"{name}/{value.id}"
        for name in ("cvalues-responsibility", "core-socialist-values")
        for value in load_framework(name).values
    }
    assert {one.value for one in book.principles} == wanted
    assert all(len(one.principles) >= 4 for one in book.principles)


def test_ones_own_prompts_replace_ours_and_unknown_slots_are_named(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("answer: '答：{question}'\n", encoding="utf-8")
    prompts = load_prompts("evolve", path)
    assert prompts["answer"] == "答：{question}"
    assert prompts["deepen"] == load_prompts("evolve")["deepen"]
    assert fill(prompts["answer"], question="用 {x} 括起来") == "答：用 {x} 括起来"
    bad = tmp_path / "bad.yaml"
    bad.write_text("answer: '{questoin}'\n", encoding="utf-8")
    with pytest.raises(InputError, match="questoin"):
        load_prompts("evolve", bad)


def test_ifd_scores_every_row_and_keeps_the_hardest(shared_data: Path) -> None:
    pytest.importorskip("torch")
    from plumbline.build.steps import Ifd

    rows = [
        sample(row.number, instruction=row.values["instruction"], output=str(row.values["output"])[:80])
        for row, _ in zip(
            read_rows(shared_data / "llamafactory" / "alpaca_zh_demo.json"), range(8), strict=False
        )
    ]
    kept, rejected = run_step(Ifd(top_share=0.5, below=5.0), rows)
    assert len(kept) + len(rejected) == len(rows)
    scored = [one for one in kept if "ifd" in one.scores]
    assert scored == kept and kept
    lowest = min(one.scores["ifd"] for one in kept)
    dropped = [one.sample.scores["ifd"] for one in rejected if one.reason == "ifd-not-selected"]
    assert all(value <= lowest for value in dropped)
