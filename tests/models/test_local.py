"""Models that run here."""

import pytest

from plumbline.errors import InputError, PlumblineError
from plumbline.models import Generation, Prompt, load_model


@pytest.fixture(scope="module")
def model():
    return load_model("embedded", batch_size=3)


def prompts(*texts):
    return [Prompt(str(n), ({"role": "user", "content": text},)) for n, text in enumerate(texts)]


def test_answers_come_back_to_their_prompts_whatever_the_batch(model):
    texts = [
        "你好！",
        "为什么要诚实？请说说你的想法，举一个例子。",
        "早睡早起有什么好处？",
        "怎样学游泳？",
        "谢谢",
    ]
    settings = Generation(max_tokens=16)
    together = dict(model.generate(prompts(*texts), settings))
    alone = [next(iter(model.generate(prompts(text), settings)))[1] for text in texts]
    assert [together[n].text for n in range(5)] == [answer.text for answer in alone]


def test_usage_counts_no_padding_and_the_stop_reason_is_true(model):
    answers = dict(
        model.generate(
            prompts("你好！", "请详细介绍一下怎样照顾一只小猫，越长越好。"), Generation(max_tokens=6)
        )
    )
    lengths = [len(model.tokenizer(model.render(p.messages))["input_ids"]) for p in prompts("你好！")]
    assert answers[0].input_tokens == lengths[0]
    for answer in answers.values():
        assert answer.stop_reason in ("stop", "length")
        assert (answer.stop_reason == "length") == (
            answer.output_tokens == 6 and answer.stop_reason != "stop"
        )
        assert answer.output_tokens <= 6


def test_the_chat_template_is_in_force(model):
    assert model.render(({"role": "user", "content": "你好"},)).count("<|im_start|>") == 2


def test_greedy_answers_repeat(model):
    settings = Generation(max_tokens=12)
    first, second = (dict(model.generate(prompts("讲个故事"), settings))[0].text for _ in range(2))
    assert first == second


def test_the_manifest_names_files_by_hash_and_no_path(model):
    described = model.describe()
    assert len(described["files"]["model.safetensors"]) == 64
    assert "/" not in str(described["files"].keys())


def test_a_folder_that_is_no_model_is_refused(tmp_path):
    with pytest.raises(PlumblineError, match="model"):
        load_model(f"hf/{tmp_path}")


def test_pickled_weights_are_refused(tmp_path):
    (tmp_path / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(InputError, match="pickle"):
        load_model(f"hf/{tmp_path}")


def test_a_device_torch_does_not_know_is_an_input_error():
    with pytest.raises(InputError, match="device abacus cannot be used"):
        load_model("embedded", device="abacus")
