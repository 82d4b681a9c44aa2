"""Read which option a free-text reply chose, or that it chose none; when rules conflict, say so.

Nothing is guessed: a reply whose statements contradict each other is `unparsed`, never one of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from plumbline.graders.mentions import ANY, FIRST, LIMIT, RANGE, clean, mark, naming_of
from plumbline.graders.refusal import detect_refusal
from plumbline.graders.scale import plain, read_option_text
from plumbline.graders.slots import SEVERAL, read_slot
from plumbline.graders.verdict_rules import Outcome
from plumbline.graders.verdicts import Event, read
from plumbline.language import Language


@dataclass(frozen=True)
class ParsedChoice:
    """What a reply chose.

    Attributes:
        outcome: `choice`; `both` (equally good, or several chosen); `neither`; `refused`; `unparsed`.
        position: The chosen option as shown, from 0; None unless the outcome is `choice`.
        rule: The rule that decided.
    """

    outcome: Outcome
    position: int | None
    rule: str


_CONFLICT = ParsedChoice("unparsed", None, "conflict")
_SENTENCE = re.compile(r"[^。!?\n;]*?(?:[。!?;\n]|\.(?=\s|$)|$)")
_NOISE = rf"(?:<eo[ae]>|[^\w{RANGE}])*"
_ADVERSATIVE = re.compile(r"但|然而|不过|可是|\bbut\b|\bhowever\b|\byet\b")
_CHOSEN = re.compile(
    r"(?:选(?!项)择?|答案(?:应该)?(?:是|为|:)|正确的?(?:选项|答案)?(?:应该)?(?:是|为|有)|"
    r"\bchoose|\banswers? (?:is|are))"
    rf"\s*:?\s*({SEVERAL})"
)


def parse_choice(
    reply: str, *, labels: Sequence[str], options: Sequence[str] = (), language: Language = "zh"
) -> ParsedChoice:
    r"""Read the choice out of a reply.

    A reply that is a label and nothing else, or that has an answer slot (`【答案】`, `Answer:`, `\boxed{}`),
    is decided by it. Then count, in this order: statements of which is better (all alike, or the last one
    where it draws a conclusion), ties, praise or blame in single respects (if all of it points one way),
    refusals, and an option's own words.

    Args:
        reply: The model's words.
        labels: How positions are named in the prompt, in order: `("[回复1]", "[回复2]")`, `("A", "B", "C")`.
        options: The texts as shown, in the same order, so that a reply may quote them.
        language: The language of the prompt. Models often answer in the other one, so the rules of both are
            tried whatever it is; it is taken so that every grader is called alike.

    Returns:
        Outcome, position and the rule's name.

    Raises:
        ValueError: If there are no labels or more than ten.
    """
    if not 1 <= len(labels) <= LIMIT:
        raise ValueError(f"1 to {LIMIT} labels, not {len(labels)}")
    cleaned = clean(reply)
    if not re.search(r"[^\W_]", cleaned):
        return ParsedChoice("unparsed", None, "empty")
    text = mark(cleaned, labels, options)
    decided = _decide(cleaned, text, labels, options)
    if decided.position is not None and _says_another(text, decided.position, options):
        return ParsedChoice("unparsed", None, "label-against-text")
    return decided


def _decide(cleaned: str, text: str, labels: Sequence[str], options: Sequence[str]) -> ParsedChoice:
    whole = _alone(text, "whole-reply") or read_option_text(cleaned, options, whole=True)
    if whole:
        return _result(whole)
    events = _events(text, len(labels))
    slot = read_slot(text, len(labels))
    if slot:
        after = (event for event in events if event.weight == "verdict" and event.at > slot.at)
        against = any(event.outcome == "choice" and event.position != slot.position for event in after)
        return _CONFLICT if slot.outcome == "choice" and against else _result(slot)
    leading = _leading(text, labels)
    settled = _settle([leading, *events] if leading else events, text)
    return settled or _by_own_words(cleaned, text, options)


def _settle(events: list[Event], text: str) -> ParsedChoice | None:
    """Decide by what was said, strongest first."""
    chosen = [event for event in events if event.outcome == "choice" and event.weight == "verdict"]
    ties = [event for event in events if event.outcome in ("both", "neither")]
    if chosen:
        return _settle_chosen(chosen, [event for event in ties if event.weight == "verdict"])
    if ties:
        return _result(ties[-1]) if len({event.outcome for event in ties}) == 1 else _CONFLICT
    refused = next((event for event in events if event.outcome == "refused"), None)
    praised = [event for event in events if event.outcome == "choice"]
    if praised:
        # "More detailed, but …" gives with one hand and takes with the other.
        hedged = _ADVERSATIVE.search(text, min(event.at for event in praised))
        alike = len({event.position for event in praised}) == 1
        return _result(praised[-1]) if alike and not hedged and not refused else _CONFLICT
    return _result(refused) if refused else None


def _settle_chosen(chosen: list[Event], ties: list[Event]) -> ParsedChoice:
    chosen = sorted(chosen, key=lambda event: event.at)
    last = chosen[-1]
    if ties and (not last.concluding or ties[-1].at > last.at):
        return _CONFLICT
    # One sentence may say it twice; what it concludes must be one option.
    final = {event.position for event in chosen if event.concluding and event.at >= last.at - 40}
    concludes = last.concluding and final == {last.position}
    alike = len({event.position for event in chosen}) == 1
    return _result(last) if alike or concludes else _CONFLICT


def _by_own_words(cleaned: str, text: str, options: Sequence[str]) -> ParsedChoice:
    """Read an option by its words where no label is named; else see whether the reply declines."""
    if not re.search(ANY, text):
        quoted = read_option_text(cleaned, options, whole=False)
        if quoted:
            return _result(quoted)
        if detect_refusal(cleaned).kind == "refusal":
            return ParsedChoice("refused", None, "refusal")
    return ParsedChoice("unparsed", None, "no-rule")


def _events(text: str, options: int) -> list[Event]:
    """Read the reply sentence by sentence; a question says nothing."""
    sentences = [
        (found.start(), found.group()) for found in _SENTENCE.finditer(text) if found.group().strip()
    ]
    events: list[Event] = []
    for at, sentence in sentences:
        if not sentence.rstrip().endswith("?"):
            events += read(sentence.rstrip("。.;!\n "), at, options)
    # A label alone is how short answers begin and long ones end.
    for at, sentence in dict.fromkeys((sentences[0], sentences[-1])):
        last = at == sentences[-1][0]
        # "A. 甲 B. 乙" is a list: a stop after the first label ends a sentence only where its line ends.
        listed = not last and sentence.endswith(".") and text[at + len(sentence)] != "\n"
        alone = None if listed or sentence.rstrip().endswith((":", "?")) else _alone(sentence, "own-sentence")
        if alone:
            events.append(Event(alone.outcome, alone.position, alone.rule, "verdict", at, last))
    for found in _CHOSEN.finditer(text):
        if len(set(re.findall(ANY, found.group(1)))) > 1:
            events.append(Event("both", None, "several-chosen", "verdict", found.end(), True))
    return events


def _alone(text: str, rule: str) -> Event | None:
    """See a text that is nothing but one label, or nothing but several."""
    found = re.fullmatch(rf"{_NOISE}({ANY}){_NOISE}", text)
    if found:
        return Event("choice", ord(found.group(1)) - FIRST, rule, "verdict", 0, False)
    several = re.fullmatch(rf"[\s\"“(\[]*({SEVERAL})[\s\"”)\].。!]*", text)
    if several and len(set(re.findall(ANY, text))) > 1:
        return Event("both", None, "several-chosen", "verdict", 0, False)
    return None


def _leading(text: str, labels: Sequence[str]) -> Event | None:
    """See a reply that opens with its label and then explains; several such openings are a list."""
    marks = r"[。,\n(]" if naming_of(tuple(labels)).kind == "number" else r"(?:[。,\n(.:、)]|[-—]\s)"
    starts = re.findall(rf"(?:^|\s)[^\w\s{RANGE}]*({ANY})\s*[.:、)]", text)
    found = re.match(rf"[\"“(\[]?({ANY})[\"”)\]]?\s*{marks}", text)
    if (
        found
        and len(set(starts)) < 2
        and not re.match(rf"[\s,、]*(?:或者?|or)?\s*{ANY}", text[found.end() :])
    ):
        return Event("choice", ord(found.group(1)) - FIRST, "leading-label", "verdict", 0, False)
    return None


def _says_another(text: str, position: int, options: Sequence[str]) -> bool:
    """Tell whether the chosen label stands before another option's text (`A. 不同意` where B is 不同意)."""
    quoted = re.search(rf"({ANY}) *[.:、)] *({ANY})", text) if options else None
    if quoted and chr(FIRST + position) in quoted.groups():  # an option quoted whole is marked like a label
        return True
    others = [plain(option) for at, option in enumerate(options) if at != position]
    stated = re.findall(rf"{chr(FIRST + position)} *[.:、)] *([^\n。]*)", text)
    return any(plain(line) in others for line in stated)


def _result(event: Event) -> ParsedChoice:
    return ParsedChoice(event.outcome, event.position, event.rule)
