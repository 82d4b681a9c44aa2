"""The chat form: the Jinja template that ships with the tokenizer and the same thing as a Python function."""

from collections.abc import Sequence

IM_START, IM_END, END_OF_TEXT = "<|im_start|>", "<|im_end|>", "<|endoftext|>"

# `{% generation %}` marks the answers, so that trainers can put the loss on them alone. The newline after
# <|im_end|> stays outside: generation stops at <|im_end|>.
CHAT_TEMPLATE = (
    "{%- for message in messages -%}"
    "{%- if message['role'] == 'assistant' -%}"
    "{{ '<|im_start|>assistant\\n' }}"
    "{% generation %}{{ message['content'] + '<|im_end|>' }}{% endgeneration %}"
    "{{ '\\n' }}"
    "{%- else -%}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{%- endif -%}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\\n' }}{%- endif -%}"
)


def chat(*turns: str, system: str | None = None) -> str:
    """Turns of user and assistant in alternation, user first, as ChatML (no default system prompt)."""
    messages = [("system", system)] if system is not None else []
    messages += [(("user", "assistant")[place % 2], turn) for place, turn in enumerate(turns)]
    return render(messages)


def render(messages: Sequence[tuple[str, str]]) -> str:
    """What the template gives for `messages` as (role, content)."""
    return "".join(f"{IM_START}{role}\n{content}{IM_END}\n" for role, content in messages)
