"""A template: the words around a question and its options."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from plumbline.documents import load_document
from plumbline.errors import InputError
from plumbline.files import sha256_json
from plumbline.language import Language, Message

_UNKNOWN = Message("没有模板 `{name}`", "there is no template `{name}`")
_USE = Message(
    "可用 replies、letters，或 YAML 文件的路径", "use replies, letters, or the path of a YAML file"
)
_PLACEHOLDER = Message("{field} 里缺少 {name}", "{field} lacks {name}")
_FEW_LABELS = Message(
    "languages.{name} 只有 {n} 个 labels，不够 {most} 个选项用",
    "languages.{name} has {n} labels, too few for {most} options",
)
_TOO_MANY = Message(
    "模板 `{id}` 最多显示 {most} 个选项，这道题有 {n} 个",
    "template `{id}` shows at most {most} options, this item has {n}",
)
_USE_LETTERS = Message("改用 --template letters", "use --template letters")
_NO_LANGUAGE = Message("模板 `{id}` 没有语言 `{name}`", "template `{id}` has no language `{name}`")


_NEEDED = {
    "prompt": ("{question}", "{options}"),
    "option": ("{label}", "{text}"),
    "answer": ("{label}",),
    "open": ("{question}",),
}


class Wording(BaseModel):
    """One language of a template.

    `prompt` holds `{question}` and `{options}`; `option` and `answer` hold `{label}` (and `{text}`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    prompt: str
    option: str
    answer: str = Field(description="how a reply names an option; also scored by label likelihood")
    labels: tuple[str, ...]
    open: str = Field(default="{question}", description="how a question is asked without options")

    @model_validator(mode="after")
    def _placeholders(self) -> Wording:
        for field, names in _NEEDED.items():
            for name in names:
                if name not in getattr(self, field):
                    raise ValueError(_PLACEHOLDER(field=field, name=name))
        return self


class Template(BaseModel):
    """The wordings of one way of asking."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    options: int = Field(ge=2, le=10, description="most options it can show")
    languages: dict[Language, Wording]

    @model_validator(mode="after")
    def _labels(self) -> Template:
        for language, wording in self.languages.items():
            if len(wording.labels) < self.options:
                what = _FEW_LABELS(name=language, n=len(wording.labels), most=self.options)
                raise ValueError(what)
        return self

    @property
    def hash(self) -> str:
        """SHA-256 of all wordings."""
        return sha256_json(self.model_dump(mode="json"))

    def wording(self, language: Language) -> Wording:
        """Return the wording in `language`.

        Raises:
            InputError: The template does not have it.
        """
        if language not in self.languages:
            raise InputError(_NO_LANGUAGE(id=self.id, name=language), mend=_USE())
        return self.languages[language]

    def render(self, question: str, options: tuple[str, ...], language: Language) -> str:
        """Write a question with its options, in the order given.

        Raises:
            InputError: More options than the template can show.
        """
        if len(options) > self.options:
            what = _TOO_MANY(id=self.id, most=self.options, n=len(options))
            raise InputError(what, mend=_USE_LETTERS())
        wording = self.wording(language)
        lines = [
            _fill(wording.option, label=label, text=text)
            for label, text in zip(wording.labels, options, strict=False)
        ]
        return _fill(wording.prompt, question=question, options="\n".join(lines))

    def answers(self, n: int, language: Language) -> tuple[str, ...]:
        """Return how a reply names each of `n` options."""
        wording = self.wording(language)
        return tuple(_fill(wording.answer, label=label) for label in wording.labels[:n])


def _fill(pattern: str, **values: str) -> str:
    """Replace `{name}` once and at once: what is filled in may itself hold braces."""
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), pattern)


@lru_cache
def load_template(reference: str) -> Template:
    """Load a template by name (`replies`, `letters`) or from a YAML file.

    Raises:
        InputError: There is none, or the file does not satisfy the schema.
    """
    built_in = Path(__file__).parent / f"{reference}.yaml"
    if reference.isidentifier() and built_in.is_file():
        return load_document(built_in, Template)
    if Path(reference).is_file():
        return load_document(reference, Template)
    raise InputError(_UNKNOWN(name=reference), mend=_USE())
