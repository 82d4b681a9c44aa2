"""Which tokens carry loss, what is left out, and how rows share one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoTokenizer

from plumbline.errors import InputError
from plumbline.models.loader import EMBEDDED_WEIGHTS
from plumbline.tune.data import Example
from plumbline.tune.encode import IGNORED, Encoded, encode, encode_all, pack

_TOKENIZER = AutoTokenizer.from_pretrained(EMBEDDED_WEIGHTS)
_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="<|>\x00"), min_size=1, max_size=60)


def _example(question: str, answer: str) -> Example:
    return Example("rows.jsonl, line 1", ({"role": "user", "content": question},), answer)


@given(question=_TEXT, answer=_TEXT.filter(lambda text: text.strip() == text))
def test_only_the_answer_and_its_end_carry_loss(question: str, answer: str) -> None:
    row = encode(_example(question, answer), _TOKENIZER)
    learnt = [token for token, label in zip(row.ids, row.labels, strict=True) if label != IGNORED]
    assert all(label in (IGNORED, token) for token, label in zip(row.ids, row.labels, strict=True))
    assert learnt[-1] == _TOKENIZER.eos_token_id
    told = _TOKENIZER.decode(learnt, skip_special_tokens=True)
    assert told == _TOKENIZER.decode(_TOKENIZER(answer, add_special_tokens=False)["input_ids"])


def test_a_prompt_that_fills_the_row_is_dropped_and_named() -> None:
    long, short = _example("问" * 400, "答"), _example("问", "答")
    kept, left = encode_all([long, short], _TOKENIZER, 64, "cut")
    assert len(kept) == 1
    assert [(one.where, one.reason) for one in left] == [("rows.jsonl, line 1", "dropped")]


def test_a_long_answer_is_cut_only_when_asked() -> None:
    long, short = _example("问", "答案很长。" * 80), _example("问", "答")
    assert len(encode_all([long, short], _TOKENIZER, 64, "drop")[0]) == 1
    kept, left = encode_all([long, short], _TOKENIZER, 64, "cut")
    assert len(kept[0].ids) == 64
    assert left[0].reason == "cut"
    with pytest.raises(InputError, match="over max_length 64"):
        encode_all([long, short], _TOKENIZER, 64, "refuse")


@given(st.integers(2, 200), st.integers(8, 60))
def test_every_token_of_raw_text_is_predicted_once(n: int, size: int) -> None:
    text = "春天来了，桃花开了。" * (n // 4 + 1)
    whole = encode(Example("a", (), text), _TOKENIZER)
    kept, left = encode_all([Example("a", (), text)], _TOKENIZER, size, "refuse")
    assert not left
    assert all(len(row.ids) <= size for row in kept)
    assert [i for row in kept for i in row.ids[1:]] == whole.ids[1:]


@given(st.lists(st.integers(2, 40), min_size=1, max_size=60))
def test_packing_keeps_every_row_once_and_within_the_size(lengths: list[int]) -> None:
    rows = [Encoded([n] * length, [n] * length, (length,)) for n, length in enumerate(lengths)]
    packed = pack(rows, 40)
    assert all(len(row.ids) == sum(row.lengths) <= 40 for row in packed)
    assert sorted(i for row in packed for i in row.ids) == sorted(i for row in rows for i in row.ids)


def test_the_first_token_of_a_packed_row_carries_no_loss() -> None:
    packed = pack([Encoded([1, 2, 3], [1, 2, 3], (3,)), Encoded([4, 5], [4, 5], (2,))], 8)
    assert packed[0].labels == [IGNORED, 2, 3, IGNORED, 5]


def test_a_tokenizer_without_a_template_is_asked_as_the_model_will_be(tmp_path: Path) -> None:
    plain = AutoTokenizer.from_pretrained(EMBEDDED_WEIGHTS)
    plain.chat_template = None
    row = encode(_example("你好", "早上好"), plain)
    assert plain.decode(row.ids) == f"你好\n早上好{plain.eos_token}"
