"""Tasks of lm-evaluation-harness, run for real on a task of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plumbline.errors import InputError
from plumbline.models import load_model
from plumbline.prove.contamination import contaminated_items
from plumbline.prove.findings import find
from plumbline.prove.tasks import Asked, task_quantities, task_scores
from tests.tune.factories import write_rows

pytest.importorskip("lm_eval")
pytestmark = pytest.mark.slow  # lm-eval alone takes ten seconds to import

_QUESTIONS = [f"第{n}题：{n}加{n}等于多少？请从下面选出一个答案。" for n in range(1, 7)]


def _task(folder: Path) -> Path:
    rows = [
        {"question": question, "choices": [str(2 * n), str(2 * n + 1)], "answer": 0}
        for n, question in enumerate(_QUESTIONS, start=1)
    ]
    data = folder / "sums.json"
    data.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    file = folder / "sums.yaml"
    file.write_text(
        f"task: plumb_sums\ndataset_path: json\ndataset_kwargs:\n  data_files: {{test: {data}}}\n"
        "test_split: test\noutput_type: multiple_choice\ndoc_to_text: '{{question}}'\n"
        "doc_to_choice: '{{choices}}'\ndoc_to_target: answer\nmetric_list:\n- metric: acc\n",
        encoding="utf-8",
    )
    return file


def test_a_task_file_gives_scores_by_question_and_its_texts_are_looked_for(tmp_path: Path) -> None:
    model = load_model("embedded")
    scores = task_scores(model, [str(_task(tmp_path))])
    assert [asked.text for asked in scores["plumb_sums"].values()] == _QUESTIONS
    assert {asked.score for asked in scores["plumb_sums"].values()} <= {0.0, 1.0}
    better = {"plumb_sums": {one: Asked(asked.text, 1.0) for one, asked in scores["plumb_sums"].items()}}
    rows = write_rows(tmp_path / "rows.jsonl", [{"instruction": _QUESTIONS[3], "input": "", "output": "8"}])
    known = contaminated_items([rows], [], [], scores)
    assert known == {"plumb_sums": ["3"]}
    [found] = find([*task_quantities(scores, better)], {task: set(items) for task, items in known.items()})
    assert (found.items, found.contaminated) == (6, 1)
    assert found.clean is not None
    assert found.clean.items == 5


@pytest.mark.parametrize("name", ["no-such-task", "missing.yaml"])
def test_a_task_that_is_not_there_is_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"no-such-task|missing\.yaml"):
        task_scores(load_model("embedded"), [name])
