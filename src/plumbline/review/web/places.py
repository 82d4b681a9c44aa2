"""A person's place in a project: what the routes of a project start from."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import select

from plumbline.review.projects import protocol_of
from plumbline.review.protocol import Protocol
from plumbline.review.tables import Membership, Project
from plumbline.review.web.visit import TooMany, Visit


class NotHere(Exception):
    """There is no such page for this person; whether it exists is not told."""


@dataclass(frozen=True)
class Place:
    """One person in one project."""

    visit: Visit
    project: Project
    member: Membership
    protocol: Protocol

    @property
    def project_id(self) -> int:
        """The project's key."""
        return int(self.project.id or 0)

    @property
    def coordinates(self) -> bool:
        """Whether this person runs the project."""
        return self.member.role == "coordinator"


def place_of(visit: Visit, name: str, *, coordinator: bool = False) -> Place:
    """Return the visitor's place in the project called `name`.

    Raises:
        SignInNeeded: Nobody is signed in.
        NotHere: No such project, not a member, or not a coordinator where one is needed.
    """
    account = visit.account_id
    with visit.site.database.read() as session:
        query = select(Project, Membership).where(
            Project.name == name, Membership.project_id == Project.id, Membership.account_id == account
        )
        found = session.exec(query).first()
    if found is None or not found[1].active or (coordinator and found[1].role != "coordinator"):
        raise NotHere
    return Place(visit, found[0], found[1], protocol_of(found[0]))


def limit(place: Place) -> None:
    """Count one form sent.

    Raises:
        TooMany: This person sends faster than people can.
    """
    if not place.visit.site.act_limit.allow(str(place.member.account_id)):
        raise TooMany
