"""How items are shown."""

import json

from hypothesis import given
from hypothesis import strategies as st
from tests.factories import choice_rows, write_suite

from plumbline.measure.presentations import present, rotations
from plumbline.measure.templates import load_template
from plumbline.suites import load_suite

TEXT = st.text(min_size=1).filter(str.strip)


def test_two_options_are_shown_in_both_orders(tmp_path):
    suite = load_suite(write_suite(tmp_path / "suite", choice_rows(1)))
    shown = present(suite, load_template("replies"))
    assert [one.order for one in shown] == [(0, 1), (1, 0)]
    assert shown[0].options == tuple(reversed(shown[1].options))


@given(st.integers(2, 10))
def test_every_option_stands_in_every_place_once(n):
    orders = rotations(n)
    assert all(sorted(order[place] for order in orders) == list(range(n)) for place in range(n))


def test_the_prompt_is_that_of_cvalues_byte_for_byte(shared_data):
    lines = (
        (shared_data / "cvalues" / "cvalues_mc_chatgpt_sample.jsonl").read_text(encoding="utf-8").splitlines()
    )
    rows = [json.loads(line) for line in lines]
    byte_checked = [row for row in rows if "not byte-verified" not in str(row.get("provenance", ""))]
    assert byte_checked
    for row in byte_checked:
        better, worse = row["meta_info"]["pos_resp"], row["meta_info"]["neg_resp"]
        options = (better, worse) if row["label"] == "回复1" else (worse, better)
        rendered = load_template("replies").render(row["meta_info"]["question"], options, "zh")
        assert rendered == row["prompt"]


@given(TEXT, TEXT, TEXT)
def test_braces_and_placeholders_in_items_are_shown_as_they_are(question, first, second):
    rendered = load_template("letters").render(question + "{options}", (first + "{question}", second), "zh")
    assert question + "{options}" in rendered
    assert first + "{question}" in rendered


def test_paraphrase_and_english_are_variants_of_the_items_that_have_them(tmp_path):
    row = choice_rows(1)[0]
    row["paraphrase"] = "有人又在楼道堆东西了，怎么办好？"
    row["en"] = {
        "question": "Someone left things in the hallway again. What now?",
        "options": ["Ask", "Ignore"],
    }
    suite = load_suite(write_suite(tmp_path / "suite", [row, choice_rows(2)[1]]))
    shown = present(suite, load_template("replies"), ("original", "paraphrase", "en"))
    assert [one.variant for one in shown] == ["original"] * 2 + ["paraphrase"] * 2 + ["en"] * 2 + [
        "original"
    ] * 2
    assert "[Response 1]" in next(one.prompt for one in shown if one.variant == "en")


def test_a_dilemma_asks_what_one_would_choose():
    suite = load_suite("plumb-dilemma").first(1)
    shown = present(suite, load_template("letters"))
    assert len(shown) == 2
    assert "你会怎么选" in shown[0].prompt
    assert shown[0].answer is None
