"""The typed schema of a value framework."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from plumbline.language import Language, Message

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
NonEmpty = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

_NO_LEVEL = Message(
    "价值 `{value}` 的层面 `{level}` 没有在 levels 中列出",
    "level `{level}` of value `{value}` is not listed under levels",
)
_TWICE = Message("标识 `{id}` 出现两次", "the id `{id}` is used twice")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Frozen):
    """One text in Chinese and English; call it to get the language in force."""

    zh: NonEmpty
    en: NonEmpty

    def __call__(self) -> str:
        """Return the text in the current language."""
        return Message(self.zh, self.en)()

    def in_language(self, language: Language) -> str:
        """Return the text in `language`."""
        return self.zh if language == "zh" else self.en


class Level(_Frozen):
    """A group of values, for instance the national level."""

    id: Identifier
    title: Text


class Value(_Frozen):
    """One value: what it is called and what it means here."""

    id: Identifier
    name: Text
    definition: Text
    level: Identifier | None = Field(default=None, description="id of the level it belongs to")


class Framework(_Frozen):
    """A declared set of values, with whose it is.

    A framework is one party's declaration, never a neutral yardstick: `declared_by`, `source` and `limits`
    are required, and every report repeats them.
    """

    id: Identifier
    version: NonEmpty
    title: Text
    declared_by: Text = Field(description="the party whose values these are")
    source: Text = Field(description="where they were declared or published")
    definitions_by: Text = Field(description="who wrote the definitions below")
    licence: NonEmpty
    limits: Text = Field(description="what this framework cannot tell")
    levels: tuple[Level, ...] = ()
    values: tuple[Value, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Framework:
        levels = {level.id for level in self.levels}
        for ids in ([level.id for level in self.levels], [value.id for value in self.values]):
            for position, name in enumerate(ids):
                if name in ids[:position]:
                    raise ValueError(_TWICE(id=name))
        for value in self.values:
            if value.level is not None and value.level not in levels:
                raise ValueError(_NO_LEVEL(value=value.id, level=value.level))
        return self

    def value(self, value_id: str) -> Value:
        """Return the value of that id.

        Raises:
            KeyError: There is none.
        """
        return {value.id: value for value in self.values}[value_id]

    def has(self, value_id: str) -> bool:
        """Tell whether a value of that id belongs to this framework."""
        return any(value.id == value_id for value in self.values)

    def level(self, level_id: str) -> Level:
        """Return the level of that id.

        Raises:
            KeyError: There is none.
        """
        return {level.id: level for level in self.levels}[level_id]
