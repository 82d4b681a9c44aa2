"""The rows the review app keeps. The schema itself is in `migrations/`; a test holds the two together."""

from __future__ import annotations

import json
from typing import Any, Literal

from sqlmodel import Field, SQLModel

Role = Literal["reviewer", "coordinator"]


class Project(SQLModel, table=True):
    """One round of review: a frozen protocol and its items."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    protocol: str
    """The protocol as JSON, as it was when the project was made."""
    sources: str
    seed: str
    overlap: int
    gold_every: int
    repeat_every: int
    lease_seconds: int
    items: int = 0
    golds: int = 0
    state: str = "open"
    created_at: float


class Account(SQLModel, table=True):
    """A person. Without `login` and `password` they sign in by personal link only."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    login: str | None = None
    password: str | None = None
    language: str | None = None
    created_at: float


class Membership(SQLModel, table=True):
    """A person's part in a project, with running counts so that no page has to count a million rows."""

    project_id: int = Field(primary_key=True)
    account_id: int = Field(primary_key=True)
    role: str
    active: int = 1
    begun_at: float | None = None
    wave: int = 0
    """No item of an earlier wave was left for this reviewer when last looked."""
    done: int = 0
    checks: int = 0
    """Of these, gold questions and repeats, which fill no place."""
    skipped: int = 0
    finished: int = 0
    """Items this reviewer's judgement completed; the sum over reviewers is the number of finished items."""
    seconds: float = 0.0
    since_gold: int = 0
    since_repeat: int = 0
    last_at: float | None = None


class Invite(SQLModel, table=True):
    """A personal link; only the hash of its secret is kept."""

    id: int | None = Field(default=None, primary_key=True)
    project_id: int
    account_id: int
    token_hash: str
    created_at: float
    expires_at: float
    revoked_at: float | None = None
    used: int = 0
    last_used_at: float | None = None


class SignIn(SQLModel, table=True):
    """One signed-in browser; only the hash of its cookie is kept."""

    __tablename__ = "sign_in"
    id: int | None = Field(default=None, primary_key=True)
    account_id: int
    token_hash: str
    created_at: float
    expires_at: float


class Item(SQLModel, table=True):
    """One thing to judge: of `needed` places, `taken` are held or filled and `done` are filled."""

    id: int | None = Field(default=None, primary_key=True)
    project_id: int
    ref: str
    ordinal: int
    wave: int
    body: str
    gold: str | None = None
    needed: int
    taken: int = 0
    done: int = 0
    dispute: float | None = None
    settled: int = 0

    @property
    def content(self) -> dict[str, Any]:
        """The body as it was loaded: prompt and replies, or a sample."""
        return dict(json.loads(self.body))


class Assignment(SQLModel, table=True):
    """One item handed to one reviewer, with the order in which its replies are shown to them."""

    id: int | None = Field(default=None, primary_key=True)
    project_id: int
    item_id: int
    account_id: int
    purpose: str
    slot: int | None = None
    state: str
    sides: str
    form_key: str
    leased_until: float
    opened_at: float
    judgement_id: int | None = None
    right_answer: int | None = None

    @property
    def order(self) -> list[int]:
        """Replies by place on the page: `order[0]` is the reply shown as A."""
        return list(json.loads(self.sides))


class Draft(SQLModel, table=True):
    """What a reviewer has filled in but not sent."""

    assignment_id: int = Field(primary_key=True)
    answer: str
    updated_at: float


class Judgement(SQLModel, table=True):
    """One act of a reviewer, never changed afterwards: a judgement, its undoing, or a skip."""

    id: int | None = Field(default=None, primary_key=True)
    project_id: int
    item_id: int
    account_id: int
    assignment_id: int
    act: str
    form_key: str
    answer: str | None = None
    seconds: float | None = None
    created_at: float


class Settlement(SQLModel, table=True):
    """A coordinator's decision where reviewers differ; the latest one counts."""

    id: int | None = Field(default=None, primary_key=True)
    project_id: int
    item_id: int
    account_id: int
    form_key: str
    answer: str
    created_at: float


class Audit(SQLModel, table=True):
    """Who did what, when."""

    id: int | None = Field(default=None, primary_key=True)
    at: float
    account_id: int | None = None
    project_id: int | None = None
    action: str
    detail: str
    address: str | None = None


class Attempt(SQLModel, table=True):
    """How many tries to come in are left to an address or a name, as of a moment."""

    key: str = Field(primary_key=True)
    """A hash: a name that was tried may be somebody's password, typed into the wrong field."""
    remaining: float
    at: float


class Snapshot(SQLModel, table=True):
    """The results of a project as last computed, so that the page need not wait for them."""

    project_id: int = Field(primary_key=True)
    body: str
    upto: str
    computed_at: float
