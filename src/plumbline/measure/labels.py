"""Names of methods, outcomes, verdicts and groups, as people read them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from plumbline.errors import InputError
from plumbline.frameworks import load_framework
from plumbline.language import Message

if TYPE_CHECKING:
    from plumbline.measure.comparison import Change

TOO_FEW = Message("题太少", "too few items")

METHOD_NAMES: dict[str, Message] = {
    "generate": Message("生成后解析", "generate and parse"),
    "label": Message("标签似然", "label likelihood"),
    "reply-token": Message("回复似然（每词元）", "reply likelihood (per token)"),
    "reply-char": Message("回复似然（每字符）", "reply likelihood (per character)"),
    "reply-pmi": Message("回复似然（减去无条件）", "reply likelihood (less unconditional)"),
}
VERDICT_NAMES: dict[str, Message] = {
    "better": Message("变好", "better"),
    "worse": Message("变差", "worse"),
    "no evidence": Message("没有证据", "no evidence"),
}
OUTCOME_NAMES: dict[str, Message] = {
    "choice": Message("作出选择", "chose"),
    "both": Message("都好", "both"),
    "neither": Message("都不好", "neither"),
    "refused": Message("拒答", "refused"),
    "partial": Message("部分拒答", "partly refused"),
    "answered": Message("作答", "answered"),
    "unparsed": Message("无法解析", "unparsed"),
    "error": Message("出错", "error"),
}
DIFFICULTY_NAMES: dict[str, Message] = {
    "easy": Message("易", "easy"),
    "hard": Message("难", "hard"),
}


def group_names(frameworks: Iterable[dict[str, Any]]) -> Callable[[str], str]:
    """Return `group_name` that also knows the values of frameworks kept in manifests: a user's own."""
    own = {
        f"{framework['id']}/{value['id']}": Message(value["name"]["zh"], value["name"]["en"])
        for framework in frameworks
        for value in framework.get("values", ())
    }

    def name(group: str) -> str:
        return own[group]() if group in own else group_name(group)

    return name


def group_name(group: str) -> str:
    """Return the name of a known framework's value, or the group as it is."""
    framework, slash, value = group.rpartition("/")
    if slash:
        try:
            known = load_framework(framework)
        except InputError:
            return group
        for one in known.values:
            if one.id == value:
                return one.name()
    return DIFFICULTY_NAMES[group]() if group in DIFFICULTY_NAMES else group


def p_value(p: float) -> str:
    """Write a p value for a table; a test by resampling never shows that one is zero."""
    if not math.isfinite(p):
        return "–"
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def p_statement(p: float) -> str:
    """Write a p value for a sentence: `p = 0.042`, `p < 0.001`."""
    shown = p_value(p)
    return f"p < {shown[1:]}" if shown.startswith("<") else f"p = {shown}"


def detectable_points(change: Change) -> str | None:
    """Write the smallest change the items could show, in percentage points.

    Returns:
        None where no change that can happen to a share of this size would be found with probability .8.
    """
    if not math.isfinite(change.detectable) or change.detectable > max(change.before, 1 - change.before):
        return None
    return f"{100 * change.detectable:.1f}"
