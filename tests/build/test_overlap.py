"""Decontamination: real suites of ours, edited copies, unrelated text."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from plumbline.build.step import Context, run_step
from plumbline.build.steps import Decontaminate, ItemFile
from plumbline.build.steps.decontaminate import item_texts, suites_of
from plumbline.build.text.fold import fold_text
from plumbline.rows import read_rows
from plumbline.suites import load_suite
from tests.build.factories import sample, text_of, write_rows


def items() -> list[str]:
    return [item_texts(item)[0] for name in suites_of("core-socialist-values") for item in load_suite(name)]


def edit(text: str, rng: random.Random) -> str:
    """Change 3 % of the characters, one at least."""
    signs = list(text)
    for at in rng.sample(range(len(signs)), max(1, round(0.03 * len(signs)))):
        signs[at] = text_of(rng, 1)
    return "".join(signs)


def repunctuate(text: str, rng: random.Random) -> str:
    """Change every mark, and put blanks between words."""
    marks = str.maketrans({mark: rng.choice(" ;—…\n") for mark in "，。！？；：、“”（）,.?"})
    return " ".join(text.translate(marks))


def found(texts: list[str], side: str) -> float:
    rows = [sample(at, **{side: f"请看这一段。{text}以上就是全部。"}) for at, text in enumerate(texts)]
    _, rejected = run_step(Decontaminate(), rows)
    return len(rejected) / len(rows)


@pytest.mark.parametrize("side", ["instruction", "input", "output", "worse"])
def test_verbatim_items_are_found_on_every_side(side: str) -> None:
    assert found(items(), side) >= 0.98


@pytest.mark.parametrize("change", [edit, repunctuate])
def test_changed_copies_of_items_are_found(change: object) -> None:
    rng = random.Random(1)
    texts = [change(text, rng) for text in items()]  # type: ignore[operator]
    assert found(texts, "instruction") >= 0.98


def test_unrelated_rows_pass() -> None:
    kept, rejected = run_step(Decontaminate(), [sample(number) for number in range(500)])
    assert (len(kept), len(rejected)) == (500, 0)


def test_the_item_is_shown() -> None:
    item = next(iter(load_suite("plumb-choice")))
    _, [rejected] = run_step(Decontaminate(), [sample(1, output=item_texts(item)[0])])
    assert rejected.reason == "test-item-in-answer"
    assert f"plumb-choice/{item.id} (1.00, output)" in rejected.detail


def test_a_short_item_counts_only_as_a_whole_field(tmp_path: Path) -> None:
    write_rows(tmp_path / "tested.jsonl", [{"q": "为什么要守信？"}])
    step = Decontaminate(suites=(), files=(ItemFile(path="tested.jsonl", columns=("q",)),))
    rows = [
        sample(1, instruction="为什么要守信"),
        sample(2, instruction="同事问我为什么要守信，我该怎么回答？"),
    ]
    kept, rejected = run_step(step, rows, Context(base=tmp_path))
    assert [one.sample.id for one in rejected] == ["s-0001"]
    assert [one.id for one in kept] == ["s-0002"]


def test_cvalues_prompts_are_found_inside_other_questions(shared_data: Path) -> None:
    """The questions of quest100 that repeat a CValues prompt, by plain folding, are found and show which one."""
    prompts = shared_data / "cvalues" / "cvalues_responsibility_prompts.jsonl"
    column = next(name for name in ("prompt", "question") if name in next(read_rows(prompts)).values)
    known = {fold_text(str(one.values[column])) for one in read_rows(prompts)}
    questions = [
        str(cell)
        for one in read_rows(shared_data / "valuecsv" / "quest100.xlsx")
        for cell in [next(iter(one.values.values()))]
        if cell
    ]
    held = [text for text in questions if any(len(k) >= 13 and k in fold_text(text) for k in known)]
    rows = [sample(at, instruction=text) for at, text in enumerate(questions)]
    step = Decontaminate(suites=(), files=(ItemFile(path=str(prompts), columns=(column,)),))
    _, rejected = run_step(step, rows)
    assert {one.sample.instruction for one in rejected} >= set(held)


def test_real_unrelated_text_raises_few_false_alarms(shared_data: Path) -> None:
    rows = [
        sample(one.number, instruction=one.values["instruction"], output=one.values["output"])
        for one in read_rows(shared_data / "llamafactory" / "alpaca_zh_demo.json")
    ]
    _, rejected = run_step(Decontaminate(), rows)
    assert len(rejected) <= 0.001 * len(rows)
