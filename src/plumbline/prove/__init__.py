"""Prove: the same questions before and after, a verdict on every quantity, side effects among them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plumbline.prove.findings import Finding as Finding
    from plumbline.prove.proof import Proof as Proof
    from plumbline.prove.proof import load_proof as load_proof
    from plumbline.prove.proof import prove_models as prove_models

_HOMES = {"Finding": "findings", "Proof": "proof", "load_proof": "proof", "prove_models": "proof"}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'plumbline.prove' has no attribute {name!r}")
    return getattr(import_module(f"plumbline.prove.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
