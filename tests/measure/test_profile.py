"""Value profiles: common questions only, differences on the same ones, corrected shares, words behind the scores."""

import json

import numpy as np
import openpyxl
import pytest
from tests.graders.evaluator.factories import VALUES, labelled

from plumbline.errors import InputError
from plumbline.graders.evaluator import train_linear
from plumbline.measure.domain import unexplained
from plumbline.measure.profile import compare_models, profile
from plumbline.measure.profile_answers import read_answers
from plumbline.report.profile import write_profile


@pytest.fixture(scope="module")
def evaluator():
    return train_linear(labelled(500), penalties=(0.3,), name="planted")


def table(path, answers):
    """Write a workbook: questions that are numbered, a column a model."""
    book = openpyxl.Workbook()
    book.active.append(["quest", *answers])
    rows = max(len(texts) for texts in answers.values())
    for row in range(rows):
        book.active.append([f"{row + 1}.\xa0第{row + 1}问？", *(texts[row] for texts in answers.values())])
    book.active.append([" ", *("没有问题的回答" for _ in answers)])
    book.save(path)
    return path


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    rich = labelled(40, seed=7, shares=(0.9, 0.3, 0.2)).texts
    poor = labelled(40, seed=8, shares=(0.1, 0.3, 0.2)).texts
    short = (*labelled(40, seed=6, shares=(0.1, 0.3, 0.2)).texts[:36], None, None, None, None)
    return table(tmp_path_factory.mktemp("answers") / "a.xlsx", {"rich": rich, "poor": poor, "short": short})


@pytest.fixture(scope="module")
def drawn(answers, evaluator):
    return profile(answers, evaluator)[0]


def test_numbering_is_taken_off_and_blank_rows_are_no_questions(answers):
    found = read_answers(answers)
    assert found.questions[0] == "第1问？" and (found.blank, found.renumbered) == (1, 40)
    assert found.models == ("rich", "poor", "short")


def test_only_questions_all_models_answered_count_and_the_page_is_told(drawn):
    assert drawn.questions["common"] == 36 and drawn.questions["left_out"] == 4
    assert drawn.questions["answered"] == {"rich": 40, "poor": 40, "short": 36}
    assert drawn.probabilities.shape == (36, 3, 3)


def test_a_planted_difference_is_found_and_one_that_is_not_there_is_not(drawn):
    found = {(one.first, one.second, one.value): one for one in drawn.differences}
    assert found["rich", "poor", "harmony"].significant
    assert found["rich", "poor", "harmony"].difference.high < 0
    assert not found["poor", "short", "harmony"].significant


def test_among_many_models_a_plain_difference_still_holds(monkeypatch):
    """66 comparisons of 1,000 resamples: Holm would lift the least possible p value above .05."""
    monkeypatch.setattr("plumbline.measure.profile._RESAMPLES", 100)
    generator = np.random.default_rng(0)
    scores = generator.normal(0.5, 0.05, (40, 12))  # (questions, models)
    scores[:, 0] += 0.2
    found = compare_models([f"m{k}" for k in range(12)], {"harmony": scores})
    assert {(one.first == "m0") for one in found if one.significant} == {True}
    assert sum(one.significant for one in found) == 11


def test_the_corrected_share_lies_nearer_to_what_was_planted_than_the_mean(drawn):
    for model, planted in (("rich", 0.9), ("poor", 0.1)):
        cell = drawn.cell(model, "harmony")
        assert abs(cell.adjusted.estimate - planted) < abs(cell.mean.estimate - planted)
        assert cell.adjusted.low <= planted <= cell.adjusted.high


def test_levels_are_means_over_their_values(drawn):
    level = next(one for one in drawn.levels if one.model == "rich" and one.level == "society")
    assert level.mean.estimate == pytest.approx(drawn.cell("rich", "justice").mean.estimate)


def test_reasons_quote_the_answers_own_sentences(drawn, answers):
    texts = {text for row in read_answers(answers).texts for text in row if text}
    assert len(drawn.reasons) == 3 * 3 * len(VALUES)
    assert all(any(one.sentence in text for text in texts) for one in drawn.reasons)
    best = next(one for one in drawn.reasons if one.model == "rich" and one.value == "harmony")
    assert "邻里和睦相处" in best.sentence and best.exact


def test_the_same_kind_of_text_is_home_and_another_is_far(drawn, evaluator, tmp_path):
    assert not drawn.domain.far
    strange = {
        name: [f"The weather on day {n} of {name} was fine." for n in range(30)] for name in ("a", "b")
    }
    assert profile(table(tmp_path / "s.xlsx", strange), evaluator)[0].domain.far


def test_scores_that_no_mixture_of_training_texts_gives_are_called_unexplained():
    generator = np.random.default_rng(0)
    positive, negative = generator.beta(5, 2, 500), generator.beta(2, 5, 500)
    mixed = np.concatenate([generator.beta(5, 2, 300), generator.beta(2, 5, 700)])
    assert unexplained(mixed, positive, negative) < 0.06
    assert unexplained(generator.beta(30, 30, 500), positive, negative) > 0.15


def test_a_row_an_answer_is_read_as_well(tmp_path):
    path = tmp_path / "a.jsonl"
    rows = [
        {"question": f"问{n}", "model": name, "answer": f"答{n}"} for n in range(4) for name in ("x", "y")
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    found = read_answers(path)
    assert found.models == ("x", "y") and len(found.common) == 4


def test_a_question_asked_twice_in_a_table_counts_twice(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("question,x,y\n问,甲,乙\n问,丙,丁\n", encoding="utf-8")
    assert len(read_answers(path).questions) == 2


def test_two_answers_of_a_model_to_one_question_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("question,model,answer\n问,x,甲\n问,x,乙\n", encoding="utf-8")
    with pytest.raises(InputError, match="two answers"):
        read_answers(path)


def test_models_without_common_questions_cannot_be_compared(tmp_path, evaluator):
    path = table(tmp_path / "a.xlsx", {"x": ["甲", "乙", None], "y": [None, None, "丙"]})
    with pytest.raises(InputError, match="only 0 answered questions in common"):
        profile(path, evaluator)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_one_file_without_script_in_the_language_asked_for(drawn, tmp_path, language):
    text = write_profile(drawn, tmp_path / "p.html", language=language).read_text(encoding="utf-8")
    assert "<script" not in text and "http://" not in text.replace("http://www.w3.org", "")
    assert ("价值画像" in text) == (language == "zh")
    assert "<svg" in text and "aria-label" in text


def test_model_output_cannot_break_out_of_the_page(evaluator, tmp_path):
    evil = [f"<img src=x onerror=alert({n})>邻里和睦相处。" for n in range(5)]
    drawn = profile(table(tmp_path / "e.xlsx", {"<b>x</b>": evil, "y": evil}), evaluator)[0]
    text = write_profile(drawn, tmp_path / "p.html").read_text(encoding="utf-8")
    assert "<img" not in text and "<b>x" not in text


def test_json_holds_every_number_and_no_nan(drawn, tmp_path):
    text = write_profile(drawn, tmp_path / "p.json").read_text(encoding="utf-8")
    data = json.loads(text, parse_constant=lambda name: pytest.fail(name))
    assert len(data["cells"]) == 9 and len(data["differences"]) == 9


def test_the_six_published_models_are_profiled_on_the_89_questions_they_share(shared_data):
    drawn = profile(shared_data / "valuecsv" / "quest100.xlsx", "embedded", reasons=0)[0]
    assert drawn.questions["asked"] == 100 and drawn.questions["common"] == 89
    assert drawn.questions["blank_rows"] == 3 and drawn.questions["numbering_taken_off"] == 100
    assert len(drawn.cells) == 6 * 12 and len(drawn.levels) == 6 * 3 and len(drawn.differences) == 15 * 12
