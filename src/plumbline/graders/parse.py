"""Read which option a free-text reply chose, or that it chose none; when rules conflict, say so.

Nothing is guessed: a reply whose statements contradict each other is `unparsed`, never one of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from plumbline.graders.mentions import ANY, FIRST, LIMIT, clean, mark, naming_of
from plumbline.graders.refusal import detect_refusal
from plumbline.graders.scale import read_option_text
from plumbline.graders.verdicts import Event, Outcome, read
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


_SLOT = re.compile(
    r"【(?:最终|正确|参考)?(?:答案|选择|结论)】(?:\s*:)?(?:是|为|选)?|"
    r"(?:^|\n|。)\s*(?:最终|正确|我的|最佳)?(?:答案|选择|结论)\s*:(?:选)?|"
    r"最终(?:的)?(?:答案|选择|结论)(?:是|为|:)|"
    r"(?:^|\n|\. )\s*(?:(?:my|the) )?(?:final |correct |best )?(?:answer|choice|verdict)\s*(?:is)?\s*:|\bfinal answer(?: is|:)"
)
_SLOT_END = re.compile(r"<eoa>|\n|。|;")
_JOIN = r"\s*(?:[、,和与及&/+]|\band\b|以及)?\s*"
_SEVERAL = re.compile(rf"({ANY})(?:{_JOIN}({ANY}))+")
_OR = re.compile(rf"{ANY}\s*(?:或者?|or|还是)\s*{ANY}")
_ALONE = re.compile(rf"\W*({ANY})(?:\s*<eo[ae]>)?[^\w{ANY[1:-1]}]*")
_SENTENCE = re.compile(r"[^。!?\n;]*?(?:[。!?;\n]|\.(?=\s|$)|$)")
_ADVERSATIVE = re.compile(r"但|然而|不过|可是|\bbut\b|\bhowever\b|\byet\b")


def parse_choice(
    reply: str, *, labels: Sequence[str], options: Sequence[str] = (), language: Language = "zh"
) -> ParsedChoice:
    """Read the choice out of a reply.

    An answer slot (`【答案】`, `Answer:`, `\\boxed{}`) or a label alone decides first; then statements of which
    is better, the last one if it draws the conclusion; then ties; then refusals; then praise or blame in single
    respects, if all of it points one way; then an option's own words.

    Args:
        reply: The model's words, Chinese or English.
        labels: How positions are named in the prompt, in order: `("[回复1]", "[回复2]")`, `("A", "B", "C")`.
        options: The texts as shown, in the same order, so that a reply may quote them.
        language: The language of the prompt; replies are read in both, this settles what a lone capital means.

    Returns:
        Outcome, position and the rule's name.

    Raises:
        ValueError: If there are no labels or more than ten.
    """
    if not 1 <= len(labels) <= LIMIT:
        raise ValueError(f"1 to {LIMIT} labels, not {len(labels)}")
    cleaned = clean(reply)
    if not re.search(r"\w", cleaned):
        return ParsedChoice("unparsed", None, "empty")
    text = mark(_split_runs(cleaned, labels), labels, options)
    whole = _alone(text, "whole-reply") or read_option_text(cleaned, options, whole=True)
    if whole:
        return _result(whole)
    events = _events(text, len(labels))
    slot = _slot(text, len(labels))
    leading = _leading(text, labels)
    if slot is not None:
        return _settle_slot(slot, events)
    if leading is not None:
        events.insert(0, leading)
    return _settle(events, text) or _last_resort(cleaned, text, options)


def _settle_slot(slot: Event, events: list[Event]) -> ParsedChoice:
    """Let the last answer slot decide, unless something after it says otherwise."""
    later = [event for event in events if event.weight == "verdict" and event.at > slot.at]
    against = [event for event in later if event.outcome == "choice" and event.position != slot.position]
    if slot.outcome == "choice" and against:
        return ParsedChoice("unparsed", None, "conflict")
    return _result(slot)


def _settle(events: list[Event], text: str) -> ParsedChoice | None:
    """Decide by what was said, strongest first."""
    chosen = [event for event in events if event.outcome == "choice" and event.weight == "verdict"]
    ties = [event for event in events if event.outcome in ("both", "neither")]
    firm = [event for event in ties if event.weight == "verdict"]
    if chosen:
        chosen.sort(key=lambda event: event.at)
        last = chosen[-1]
        agree = len({event.position for event in chosen}) == 1
        if firm and (not last.concluding or firm[-1].at > last.at):
            return ParsedChoice("unparsed", None, "conflict")
        if agree or _concludes(chosen):
            return _result(last)
        return ParsedChoice("unparsed", None, "conflict")
    if ties:
        kinds = {event.outcome for event in ties}
        return _result(ties[-1]) if len(kinds) == 1 else ParsedChoice("unparsed", None, "conflict")
    refused = next((event for event in events if event.outcome == "refused"), None)
    praised = [event for event in events if event.outcome == "choice"]
    if praised:
        hedged = _ADVERSATIVE.search(text, max(event.at for event in praised))
        if len({event.position for event in praised}) == 1 and not hedged and refused is None:
            return _result(praised[-1])
        return ParsedChoice("unparsed", None, "conflict")
    return _result(refused) if refused else None


def _concludes(chosen: list[Event]) -> bool:
    """Tell whether the last statements conclude with one option after others were considered."""
    final = chosen[-1]
    tail = [event for event in chosen if event.concluding and event.at >= final.at - 40]
    return final.concluding and len({event.position for event in tail}) == 1


def _last_resort(cleaned: str, text: str, options: Sequence[str]) -> ParsedChoice:
    if not re.search(ANY, text) and detect_refusal(cleaned).kind == "refusal":
        return ParsedChoice("refused", None, "refusal")
    quoted = read_option_text(cleaned, options, whole=False)
    return _result(quoted) if quoted else ParsedChoice("unparsed", None, "no-rule")


def _events(text: str, options: int) -> list[Event]:
    events: list[Event] = []
    lines = [line for line in text.split("\n") if line.strip()]
    for found in _SENTENCE.finditer(text):
        sentence = found.group()
        if sentence.strip():
            body = sentence.rstrip("。.;!?\n ")
            question = sentence.rstrip().endswith("?")
            events += read(body, found.start(), options, question=question)
    # A label alone on the first or last line is how short answers begin and long ones end.
    for line in dict.fromkeys((lines[0], lines[-1])) if len(lines) > 1 else ():
        alone = _alone(line, "own-line")
        if alone and not line.rstrip().endswith((":", "?")):
            place = text.rfind(line) if line == lines[-1] else 0
            events.append(
                Event(alone.outcome, alone.position, alone.rule, "verdict", place, line == lines[-1])
            )
    several = _several_chosen(text)
    return [*events, several] if several else events


def _several_chosen(text: str) -> Event | None:
    """See "选 A 和 C", "both A and B are correct": several chosen, not the first of them."""
    pattern = rf"(?:选(?!项)择?|答案(?:应该)?(?:是|为|:)|正确的?(?:选项|答案)?(?:应该)?(?:是|为|有)|choose|answer is|answers are)\s*:?\s*({ANY}(?:{_JOIN}{ANY})+)"
    found = list(re.finditer(pattern, text))
    if found and len(set(re.findall(ANY, found[-1].group(1)))) > 1:
        return Event("both", None, "several-chosen", "verdict", found[-1].end(), True)
    return None


def _slot(text: str, options: int) -> Event | None:
    """Read the last answer slot; slots that disagree decide nothing."""
    read_slots = []
    for found in _SLOT.finditer(text):
        rest = text[found.end() :].lstrip(" \n")
        end = _SLOT_END.search(rest)
        content = rest[: end.start() if end else None].strip()
        event = _slot_content(content, found.start(), options)
        if event:
            read_slots.append((event, "最终" in found.group() or "final" in found.group()))
    if not read_slots:
        return None
    kinds = {(event.outcome, event.position) for event, _ in read_slots}
    last, marked = read_slots[-1]
    if len(kinds) > 1 and not marked:
        return Event("unparsed", None, "conflict", "verdict", last.at, False)
    return last


def _slot_content(content: str, at: int, options: int) -> Event | None:
    mentions = re.findall(ANY, content)
    if mentions and re.match(rf"[\W]*{ANY}", content):
        if len(set(mentions)) == 1:
            return Event("choice", ord(mentions[0]) - FIRST, "answer-slot", "verdict", at, True)
        several = _SEVERAL.match(content.lstrip('"“([ '))
        if several and len(set(re.findall(ANY, several.group()))) > 1:
            return Event("both", None, "several-chosen", "verdict", at, True)
        told = [event for event in read(content, at, options, question=False) if event.weight == "verdict"]
        if len({(event.outcome, event.position) for event in told}) == 1 and not _OR.search(content):
            return Event(told[0].outcome, told[0].position, told[0].rule, "verdict", at, True)
        return Event("unparsed", None, "slot-lists-options", "verdict", at, False)
    told = [event for event in read(content, at, options, question=False) if event.weight == "verdict"]
    ties = [
        event for event in read(content, at, options, question=False) if event.outcome in ("both", "neither")
    ]
    return next(iter([*told, *ties]), None)


def _alone(text: str, rule: str) -> Event | None:
    """See a text that is nothing but one label, or nothing but several."""
    found = _ALONE.fullmatch(text)
    if found:
        return Event("choice", ord(found.group(1)) - FIRST, rule, "verdict", 0, False)
    bare = re.sub(r"[^\w、,和与及&/+]", "", re.sub(r"\band\b|以及", "和", text))
    if re.fullmatch(rf"{ANY}(?:[、,和与及&/+]?{ANY})+", bare):
        kinds = set(re.findall(ANY, bare))
        return Event("both", None, "several-chosen", "verdict", 0, False) if len(kinds) > 1 else None
    return None


def _leading(text: str, labels: Sequence[str]) -> Event | None:
    """See a reply that opens with its label and then explains."""
    marks = r"[。,\n(]" if naming_of(tuple(labels)).closed else r"[。,\n(.:、)]"
    starts = re.findall(rf"^\W*({ANY})\s*[.:、)]", text, flags=re.MULTILINE)
    found = re.match(rf"[\"“(\[]?({ANY})[\"”)\]]?\s*{marks}", text)
    if found and len(set(starts)) < 2 and not re.match(rf"[\s,]*{ANY}", text[found.end() :]):
        return Event("choice", ord(found.group(1)) - FIRST, "leading-label", "verdict", 0, False)
    return None


def _split_runs(text: str, labels: Sequence[str]) -> str:
    """Part letters that were written together as a multiple answer (`答案：ABD`)."""
    if naming_of(tuple(labels)).kind != "letter":
        return text
    last = chr(ord("A") + len(labels) - 1)

    def part(found: re.Match[str]) -> str:
        letters = found.group()
        return "、".join(letters) if list(letters) == sorted(set(letters)) else letters

    cue = r"(?:(?<=选)|(?<=选择)|(?<=[:】是为])|(?<=[:是为] )|(?<=】 )|\A)"
    return re.sub(rf"{cue}[A-{last}]{{2,}}(?![A-Za-z])", part, text)


def _result(event: Event) -> ParsedChoice:
    return ParsedChoice(event.outcome, event.position, event.rule)
