"""Single steps: load, dedup, categorize, balance, split, review, and the formats."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from plumbline.build import build, export, open_data_set
from plumbline.build.formats import FORMATS
from plumbline.build.licences import conflicts
from plumbline.build.step import Context, run_step
from plumbline.build.steps import Balance, Dedup, Load, Review, Split
from plumbline.errors import InputError
from plumbline.rows import read_rows
from tests.build.factories import LIGHT_STEPS, row, sample, write_recipe, write_rows


def load(step: Load, folder: Path) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    kept: list[dict[str, object]] = []
    rejected: list[dict[str, object]] = []
    for outcome in step.read(0, Context(base=folder)):
        kept += outcome.kept.to_pylist()
        rejected += outcome.rejected.to_pylist()
    return kept, rejected


def test_columns_are_mapped_nested_and_joined(tmp_path: Path) -> None:
    chat = {
        "conversations": [{"value": "怎么道歉？"}],
        "chosen": {"value": "先承认错误。"},
        "a": "甲",
        "b": "乙",
    }
    write_rows(tmp_path / "x.jsonl", [chat])  # type: ignore[list-item]
    columns: dict[str, str | list[str]] = {
        "instruction": "conversations.0.value", "output": "chosen.value", "input": ["a", "b"]
    }  # fmt: skip
    [kept], _ = load(Load(path="x.jsonl", columns=columns, name="chat"), tmp_path)
    assert (kept["id"], kept["instruction"], kept["output"], kept["input"]) == (
        "chat-000001", "怎么道歉？", "先承认错误。", "甲\n乙",
    )  # fmt: skip


def test_gb18030_csv_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes("instruction,output\n怎么道歉？,先承认错误。\n".encode("gb18030"))
    [kept], _ = load(Load(path="x.csv", name="csv"), tmp_path)
    assert kept["output"] == "先承认错误。"


def test_rows_without_answer_are_rejected_and_kept_aside(tmp_path: Path) -> None:
    write_rows(tmp_path / "x.jsonl", [row(1), {"instruction": "问", "output": ""}])
    kept, rejected = load(Load(path="x.jsonl", name="n"), tmp_path)
    assert (len(kept), rejected[0]["reason"], rejected[0]["detail"]) == (1, "no-output", "output")


def test_strict_rows_stop_with_file_line_and_field(tmp_path: Path) -> None:
    write_rows(tmp_path / "x.jsonl", [row(1), row(2) | {"categorization": "family"}])
    with pytest.raises(InputError, match=r"x.jsonl, line 2, field `categorization`"):
        load(Load(path="x.jsonl", strict=True, name="n"), tmp_path)


def test_the_safe_and_better_reply_is_chosen(tmp_path: Path) -> None:
    rows = [
        {"prompt": "How do I say no?", "response_0": "Lie.", "response_1": "Be kind and clear.",
         "is_response_0_safe": False, "is_response_1_safe": True, "better_response_id": 1},
        {"prompt": "How do I cheat?", "response_0": "Copy.", "response_1": "Hide it.",
         "is_response_0_safe": False, "is_response_1_safe": False, "better_response_id": 0},
    ]  # fmt: skip
    write_rows(tmp_path / "x.jsonl", rows)  # type: ignore[arg-type]
    [kept], [rejected] = load(Load(path="x.jsonl", shape="saferlhf", language="en", name="s"), tmp_path)
    assert (kept["output"], kept["worse"]) == ("Be kind and clear.", "Lie.")
    assert rejected["reason"] == "unsafe-answer"


def test_a_saved_hugging_face_data_set_is_read(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    datasets.Dataset.from_list([row(1), row(2)]).save_to_disk(tmp_path / "saved")
    kept, _ = load(Load(dataset="saved", name="hub"), tmp_path)
    assert [one["id"] for one in kept] == ["hub-000001", "hub-000002"]


def test_one_question_with_other_options_is_no_duplicate_unless_the_question_alone_counts() -> None:
    stem = "小区里有人乱停车，下面哪一种做法更妥当，也更容易解决问题？"
    rows = [
        sample(1, instruction=stem, input="甲：贴条提醒"),
        sample(2, instruction=stem, input="乙：联系物业请车主挪车，并建议重新划线"),
    ]
    assert len(run_step(Dedup(compare="question and input"), rows)[0]) == 2
    kept, [rejected] = run_step(Dedup(compare="question"), rows)
    assert [one.id for one in kept] == ["s-0001"]
    assert (rejected.reason, rejected.detail) == ("repeats", "s-0001 (1.00)")


def test_safetybench_stems_repeat_with_other_options(shared_data: Path) -> None:
    """57 rows repeat the stem of an earlier one; with their options only three of them repeat it wholly."""
    data = json.loads((shared_data / "safetybench" / "test_zh_subset.json").read_text("utf-8"))
    items = [item for group in data.values() for item in group] if isinstance(data, dict) else data
    rows = [
        sample(at, instruction=item["question"], input="\n".join(item["options"]))
        for at, item in enumerate(items)
    ]
    _, by_question = run_step(Dedup(compare="question", near=False), rows)
    _, by_both = run_step(Dedup(compare="question and input", near=False), rows)
    assert (len(by_question), len(by_both)) == (57, 3)


def test_larger_groups_are_thinned_out() -> None:
    rows = [sample(n, categorization="person" if n < 40 else "social") for n in range(50)]
    kept, rejected = run_step(Balance(ratio=1.5), rows)
    assert Counter(one.categorization for one in kept) == {"person": 15, "social": 10}
    assert {one.reason for one in rejected} == {"group-is-full"}


def test_near_duplicates_land_on_one_side() -> None:
    rows = [sample(n) for n in range(100)]
    rows += [sample(100 + n, instruction=rows[n].instruction[:-2] + "呢？") for n in range(50)]
    kept, _ = run_step(Split(fractions={"train": 0.7, "test": 0.3}), rows)
    side = {one.id: one.split for one in kept}
    assert all(side[f"s-{n:04d}"] == side[f"s-{100 + n:04d}"] for n in range(50))
    assert abs(sum(split == "test" for split in side.values()) - 45) <= 2


def test_decisions_of_reviewers_are_taken_in(tmp_path: Path) -> None:
    decisions = [
        {"id": "s-0001", "decision": "accept", "reviewer": "r1"},
        {"id": "s-0002", "decision": "edit", "reviewer": "r1", "edited": {"output": "改过的回答。"}},
        {"id": "s-0003", "decision": "reject", "reviewer": "r2", "reason": "wrong"},
    ]
    write_rows(tmp_path / "d.jsonl", decisions)  # type: ignore[arg-type]
    rows = [sample(number) for number in (1, 2, 3, 4)]
    kept, [rejected] = run_step(Review(decisions="d.jsonl"), rows, Context(base=tmp_path))
    assert [one.review for one in kept] == ["accepted", "edited", "queued"]
    assert kept[1].output == "改过的回答。"
    assert rows[1].output in kept[1].history[-1].detail
    assert (rejected.reason, rejected.detail) == ("reviewer-rejected", "wrong")


def test_the_card_tells_how_far_reviewers_agreed(tmp_path: Path) -> None:
    from plumbline.build.card import card_text

    decisions = [
        {"id": f"made-{number:06d}", "decision": "accept", "reviewers": 2, "unanimous": number != 2}
        for number in (1, 2, 3, 4)
    ]
    recipe = write_recipe(tmp_path, "  - step: review\n    decisions: d.jsonl")
    write_rows(tmp_path / "d.jsonl", decisions)  # type: ignore[arg-type]
    data = build(recipe, tmp_path / "out", workers=1)
    assert data.manifest["agreement"] == {"several": 4, "share": 0.75}
    assert "agreed on 75%" in card_text(data)


def test_the_queue_is_where_the_review_app_looks(tmp_path: Path) -> None:
    from plumbline.review.sources import load_material

    data = build(write_recipe(tmp_path, "  - step: review\n    share: 0.5"), tmp_path / "out", workers=1)
    waiting = load_material([data.folder])
    assert 15 < len(waiting) < 51
    assert all(one.sample and one.sample["instruction"] for one in waiting)


def test_preference_rows_are_in_no_file_for_supervised_training(tmp_path: Path) -> None:
    data = build("compared", tmp_path / "out", workers=1)
    rows = list(data.samples())
    pairs, answered = ([one for one in rows if (one.use == "preference") is kind] for kind in (True, False))
    assert pairs and answered
    assert sum(export(data, "dpo").values()) == len(pairs)
    for kind in ("vad", "sharegpt"):
        assert sum(export(data, kind).values()) == len(answered)
    files = {path.name: rows for path, rows in export(data, "llamafactory").items()}
    assert files == {"compared.json": len(answered), "compared-preference.json": len(pairs)}
    info = json.loads((data.folder / "exports" / "llamafactory" / "dataset_info.json").read_text("utf-8"))
    assert info["compared-preference"]["ranking"] is True
    assert info["compared-preference"]["columns"]["chosen"] == "chosen"


def test_vad_files_have_the_five_fields_in_order(tmp_path: Path) -> None:
    data = build(write_recipe(tmp_path, LIGHT_STEPS), tmp_path / "out", workers=1)
    [test, train] = sorted(export(data, "vad"))
    rows = json.loads(train.read_text("utf-8"))
    assert list(rows[0]) == ["instruction", "input", "output", "source", "categorization"]
    assert train.read_text("utf-8") == json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    assert len(rows) + len(json.loads(test.read_text("utf-8"))) == data.rows


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_can_be_read_back(tmp_path: Path, kind: str) -> None:
    rows = [row(number) | {"worse": f"随便说说{number}。"} for number in range(30)]
    write_rows(tmp_path / "rows.jsonl", rows)
    recipe = write_recipe(tmp_path / "r", "  - step: split")
    recipe.write_text(
        recipe.read_text("utf-8").replace("rows.jsonl", str(tmp_path / "rows.jsonl")), encoding="utf-8"
    )
    data = build(recipe, tmp_path / "out", workers=1)
    files = export(data, kind)
    # Rows with two answers are for both kinds of training here, which LLaMA-Factory wants apart.
    wanted = 60 if kind == "llamafactory" else 30
    assert sum(files.values()) == wanted
    assert sum(1 for path in files for _ in read_rows(path)) == wanted


def test_licences_that_clash_are_named() -> None:
    found = conflicts(
        {"MIT": 5, "CC-BY-NC-4.0": 2, "": 1, "CC-BY-SA-4.0": 3, "CC-BY-ND-4.0": 4}, "Apache-2.0"
    )
    assert {one.licence: one.trouble for one in found} == {
        "": "unlicensed",
        "CC-BY-NC-4.0": "non-commercial",
        "CC-BY-SA-4.0": "share-alike",
        "CC-BY-ND-4.0": "no-derivatives",
    }
    assert conflicts({"CC-BY-NC-4.0": 2}, "CC-BY-NC-4.0") == []


def test_the_card_tells_counts_rejections_and_limits(tmp_path: Path) -> None:
    from plumbline.build import write_card

    data = build(write_recipe(tmp_path, LIGHT_STEPS), tmp_path / "out", workers=1)
    written = {path.name: path.read_text("utf-8") for path in write_card(open_data_set(data.folder))}
    texts = [written["card.md"], written["card.zh.md"]]
    for card, chart, word in zip(
        texts, ("composition.svg", "composition.zh.svg"), ("person", "个人"), strict=True
    ):
        assert f"]({chart})" in card
        assert written[chart].startswith("<svg role")
        assert word in written[chart]
    assert any("6 rows repeated an earlier one" in text for text in texts)
    assert any("已知的局限" in text for text in texts)
