"""Recorded replies."""

import json

import pytest

from plumbline.errors import InputError
from plumbline.models import Generation, Prompt, load_model


def prompt(text="问题一", identity="p1", **origin):
    return Prompt(identity, ({"role": "user", "content": text},), origin)


def ask(model, *prompts):
    return [answer for _, answer in model.generate(prompts, Generation())]


def write(path, rows):
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_replies_are_found_by_presentation_item_prompt_or_question(tmp_path):
    for key, value in (
        ("presentation_id", "p1"),
        ("item_id", "i1"),
        ("prompt", "问题一"),
        ("question", "问"),
    ):
        path = write(tmp_path / f"{key}.jsonl", [{key: value, "reply": "答"}])
        (answer,) = ask(load_model(f"answers/{path}"), prompt(item_id="i1", question="问"))
        assert answer.text == "答"


def test_columns_are_named_behind_a_question_mark(tmp_path):
    path = write(tmp_path / "a.jsonl", [{"题目": "问题 一", "ChatGPT": "甲", "GPT4": "乙"}])
    (answer,) = ask(load_model(f"answers/{path}?prompt=题目&reply=GPT4"), prompt())
    assert answer.text == "乙"


def test_orders_of_one_item_are_told_apart(tmp_path):
    rows = [{"item_id": "i", "order": order, "reply": order} for order in ("01", "10")]
    model = load_model(f"answers/{write(tmp_path / 'a.jsonl', rows)}")
    answers = ask(model, prompt(item_id="i", order="10"), prompt(item_id="i", order="01"))
    assert [answer.text for answer in answers] == ["10", "01"]


def test_a_question_without_reply_is_an_error(tmp_path):
    model = load_model(f"answers/{write(tmp_path / 'a.jsonl', [{'prompt': 'x', 'reply': 'y'}])}")
    (answer,) = ask(model, prompt("z"))
    assert answer.text is None
    assert "no reply" in answer.error


def test_two_different_replies_to_one_question_are_refused(tmp_path):
    path = write(tmp_path / "a.jsonl", [{"prompt": "x", "reply": "1"}, {"prompt": "x", "reply": "2"}])
    with pytest.raises(InputError, match=r"row 2.*two different replies"):
        load_model(f"answers/{path}")


def test_an_unclear_file_says_which_columns_there_are(tmp_path):
    path = write(tmp_path / "a.jsonl", [{"prompt": "x", "said": "1"}])
    with pytest.raises(InputError, match=r"reply=COLUMN.*prompt, said"):
        load_model(f"answers/{path}")


def test_an_unnamed_column_is_refused(tmp_path):
    path = write(tmp_path / "a.jsonl", [{"prompt": "x", "reply": "1"}])
    with pytest.raises(InputError, match="no column `GPT`"):
        load_model(f"answers/{path}?reply=GPT")


@pytest.mark.parametrize("reference", ["", "gpt-4", "hf", "hf/"])
def test_a_reference_without_kind_or_target_is_refused(reference):
    with pytest.raises(InputError):
        load_model(reference)


def test_the_published_answers_of_a_spreadsheet_are_graded(shared_data, monkeypatch, tmp_path):
    from plumbline.measure import measure_model

    monkeypatch.setenv("PLUMBLINE_DATA", str(shared_data))
    file = shared_data / "valuecsv" / "quest100.xlsx"
    import openpyxl

    header = [
        cell.value for cell in next(openpyxl.load_workbook(file, read_only=True).worksheets[0].iter_rows())
    ]
    question, reply = header[0], header[1]
    run = measure_model(
        f"answers/{file}?prompt={question}&reply={reply}", "valuecsv-questions", tmp_path / "run"
    )
    assert sum(record["outcome"] in ("answered", "partial", "refused") for record in run.records) >= 85


def test_an_option_that_means_nothing_is_refused(tmp_path):
    path = write(tmp_path / "a.jsonl", [{"prompt": "x", "reply": "1"}])
    with pytest.raises(InputError, match="no option `rely`"):
        load_model(f"answers/{path}?rely=GPT")


@pytest.mark.parametrize(
    "reference", ["embedded?dtype=float16", "hf/nowhere?dtype=float16", "openai/x?seed=1"]
)
def test_only_files_of_replies_take_options_behind_a_question_mark(reference):
    with pytest.raises(InputError, match="takes no options"):
        load_model(reference)
