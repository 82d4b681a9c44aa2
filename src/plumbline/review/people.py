"""Who may come in: personal links, passwords, signed-in browsers. Secrets are kept as hashes only."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, get_args

from sqlmodel import Session, col, select

from plumbline.errors import InputError, MissingExtra
from plumbline.review import messages as say
from plumbline.review.database import Database
from plumbline.review.tables import Account, Invite, Membership, Role, SignIn

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LINK_DAYS = 14
SIGN_IN_DAYS = 14
SHORTEST_PASSWORD = 10
_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Invitation:
    """A personal link just made; the secret is shown once and kept nowhere."""

    account_id: int
    secret: str

    @property
    def path(self) -> str:
        """The link without the address of the site."""
        return f"/join/{self.secret}"


def hash_secret(secret: str) -> str:
    """Hash a random secret of full strength; a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invite(
    database: Database, project_id: int, name: str, role: str = "reviewer", *, days: float = LINK_DAYS,
    account_id: int | None = None,
) -> Invitation:  # fmt: skip
    """Make a personal link for somebody, new or (with `account_id`) already in the project.

    Raises:
        InputError: The role is unknown or the name empty.
    """
    if role not in get_args(Role):
        raise InputError(say.BAD_ROLE(role=role), mend=say.MEND_ROLE())
    called = " ".join(name.split())[:80]
    if not called and account_id is None:
        raise InputError(say.NO_NAME(), mend=say.MEND_NO_NAME())
    secret, now = secrets.token_urlsafe(24), time.time()
    with database.write() as session:
        if account_id is None:
            account = Account(name=called, created_at=now)
            session.add(account)
            session.flush()
            account_id = int(account.id or 0)
            session.add(Membership(project_id=project_id, account_id=account_id, role=role))
        link = Invite(
            project_id=project_id, account_id=account_id, token_hash=hash_secret(secret), created_at=now,
            expires_at=now + days * _DAY,
        )  # fmt: skip
        session.add(link)
    return Invitation(account_id, secret)


def invite_by_name(
    database: Database, project_id: int, name: str, role: str = "reviewer", *, days: float = LINK_DAYS
) -> Invitation:
    """Make a personal link; somebody of that name and role who is in the project already gets a new one.

    Raises:
        InputError: The role is unknown or the name empty.
    """
    called = " ".join(name.split())[:80]
    with database.read() as session:
        query = (
            select(Membership)
            .join(Account, col(Account.id) == col(Membership.account_id))
            .where(Membership.project_id == project_id, Account.name == called, Membership.role == role)
        )
        known = session.exec(query).first()
    if known is None:
        return invite(database, project_id, name, role, days=days)
    readmit(database, project_id, known.account_id)
    return invite(database, project_id, name, role, days=days, account_id=known.account_id)


def find_member(database: Database, project_id: int, name: str) -> int:
    """Return the account of the person called `name` in a project.

    Raises:
        InputError: There is none.
    """
    with database.read() as session:
        query = select(Account.id).join(Membership, col(Membership.account_id) == col(Account.id))
        found = session.exec(query.where(Membership.project_id == project_id, Account.name == name)).first()
    if found is None:
        raise InputError(say.NO_ACCOUNT(name=name), mend=say.MEND_NO_ACCOUNT())
    return found


def find_link(session: Session, secret: str) -> Invite | None:
    """Return the valid invitation with this secret; None when there is none, whatever the reason."""
    link = session.exec(select(Invite).where(Invite.token_hash == hash_secret(secret))).first()
    if link is None or link.revoked_at is not None or link.expires_at < time.time():
        return None
    member = session.get(Membership, (link.project_id, link.account_id))
    return link if member is not None and member.active else None


def accept(session: Session, secret: str) -> Invite | None:
    """Return what `find_link` finds, counted as used."""
    link = find_link(session, secret)
    if link is not None:
        link.used, link.last_used_at = link.used + 1, time.time()
        session.add(link)
    return link


def revoke(database: Database, project_id: int, account_id: int) -> int:
    """End every link and sign-in of a person and their part in the project; returns how many links ended."""
    now = time.time()
    with database.write() as session:
        member = session.get(Membership, (project_id, account_id))
        if member is None:
            return 0  # somebody of another project: nothing of theirs is ours to end
        member.active = 0
        session.add(member)
        links = session.exec(
            select(Invite).where(
                Invite.account_id == account_id,
                Invite.project_id == project_id,
                col(Invite.revoked_at).is_(None),
            )
        ).all()
        for link in links:
            link.revoked_at = now
            session.add(link)
        end_sign_ins(session, account_id)
        return len(links)


def readmit(database: Database, project_id: int, account_id: int) -> None:
    """Let a person whose access was revoked take part again; they need a new link."""
    with database.write() as session:
        member = session.get(Membership, (project_id, account_id))
        if member is not None:
            member.active = 1
            session.add(member)


def sign_in(session: Session, account_id: int) -> str:
    """Sign a browser in; returns the secret for its cookie."""
    secret, now = secrets.token_urlsafe(32), time.time()
    row = SignIn(
        account_id=account_id,
        token_hash=hash_secret(secret),
        created_at=now,
        expires_at=now + SIGN_IN_DAYS * _DAY,
    )
    session.add(row)
    return secret


def signed_in(session: Session, secret: str) -> Account | None:
    """Return whose cookie this is, while it is valid."""
    query = (
        select(Account)
        .join(SignIn, col(SignIn.account_id) == col(Account.id))
        .where(SignIn.token_hash == hash_secret(secret), SignIn.expires_at > time.time())
    )
    return session.exec(query).first()


def end_sign_ins(session: Session, account_id: int, *, only: str | None = None) -> None:
    """Sign out every browser of a person, or only the one with the secret `only`."""
    query = select(SignIn).where(SignIn.account_id == account_id)
    if only is not None:
        query = query.where(SignIn.token_hash == hash_secret(only))
    for row in session.exec(query).all():
        session.delete(row)


def set_password(database: Database, account_id: int, login: str, password: str) -> None:
    """Let a person sign in with a name and a password besides their link.

    Raises:
        InputError: The password is short or the sign-in name is empty or not to be had.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise InputError(say.WEAK_PASSWORD(n=SHORTEST_PASSWORD), mend=say.MEND_NAME_TAKEN())
    called = login.strip().casefold()[:80]
    hashed = _hasher().hash(password)
    with database.write() as session:
        other = session.exec(select(Account).where(Account.login == called, Account.id != account_id)).first()
        if other is not None or not called:
            raise InputError(say.NAME_TAKEN(), mend=say.MEND_NAME_TAKEN())
        account = session.get_one(Account, account_id)
        account.login, account.password = called, hashed
        session.add(account)


def check_password(session: Session, login: str, password: str) -> Account | None:
    """Return the account when name and password fit; as slow when the name is unknown as when it is known."""
    from argon2.exceptions import VerificationError

    account = session.exec(select(Account).where(Account.login == login.strip().casefold()[:80])).first()
    # Made before it is known whether it is needed, so that the first unknown name takes no longer.
    dummy = _dummy_hash()
    known = account.password if account is not None and account.password else dummy
    try:
        _hasher().verify(known, password[:1024])
    except VerificationError:
        return None
    return account


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    try:
        from argon2 import PasswordHasher
    except ImportError as error:
        raise MissingExtra("argon2-cffi", "review") from error
    return PasswordHasher()


@lru_cache(maxsize=1)
def _dummy_hash() -> str:
    return _hasher().hash(secrets.token_urlsafe(16))
