"""The model card: where a tuned model comes from, what changed, what it is not for. Hugging Face's format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from plumbline.errors import InputError
from plumbline.files import atomic_write
from plumbline.frameworks import Text
from plumbline.language import LANGUAGES, use_language
from plumbline.prove import messages as m
from plumbline.prove.findings import FAMILIES, Finding
from plumbline.prove.proof import Proof


def write_model_card(proof: Proof, model: str | Path, folder: str | Path | None = None) -> list[Path]:
    """Write `README.md` (English, with the Hub's metadata) and `README.zh.md`.

    Args:
        proof: What `prove_models` gave.
        model: Folder of the tuned model, one of those the proof compares.
        folder: Where to write; the model's own folder by default.

    Returns:
        The files written.

    Raises:
        InputError: The model was not tuned here, or the proof does not speak of it.
    """
    source = Path(model)
    target = Path(folder) if folder is not None else source
    file = source / "training.json"
    references = [one.removeprefix("hf/") for one in proof.facts["after"]]
    if not file.is_file() or str(source) not in references:
        raise InputError(m.NO_RECORD(), where=str(source), mend=m.GIVE_TUNED())
    record = json.loads(file.read_text(encoding="utf-8"))
    name = proof.facts["models"][1 + references.index(str(source))]
    written = []
    for language in LANGUAGES:
        path = target / ("README.md" if language == "en" else f"README.{language}.md")
        with use_language(language), atomic_write(path) as handle:
            head = f"---\n{_metadata(record)}---\n\n[中文](README.zh.md)\n\n" if language == "en" else ""
            handle.write(head + "\n".join(_lines(proof, name, record)) + "\n")
        written.append(path)
    return written


def _metadata(record: dict[str, Any]) -> str:
    base, lora = record["base"]["name"], record["recipe"]["lora"]
    data: dict[str, Any] = {
        "language": ["zh", "en"],
        # What may be done with the model follows from base and data, which no tool can decide.
        "license": "other",
        "license_name": "see-base-and-data",
        "library_name": "peft" if lora else "transformers",
        "pipeline_tag": "text-generation",
        "tags": ["plumbline", "values", record["recipe"]["stage"], *(["lora"] if lora else [])],
    }
    name = base.removeprefix("hf/")
    if base != "embedded" and not Path(name).exists():
        data["base_model"] = name
        data["base_model_relation"] = "adapter" if lora else "finetune"
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))


def _lines(proof: Proof, name: str, record: dict[str, Any]) -> Iterator[str]:
    recipe, base = record["recipe"], record["base"]
    yield f"# {m.CARD_TITLE(name=name)}\n"
    yield m.CARD_INTRO(base=base["name"], stage=recipe["stage"]) + "\n"
    yield f"## {m.CARD_FACTS()}\n"
    yield f"- {m.CARD_BASE()}: {base['name']}{_hashes(base['files'])}"
    earlier = base["record"]
    while earlier:
        yield f"  - {earlier['recipe']['stage']} ← {earlier['base']['name']}"
        earlier = earlier["base"]["record"]
    yield f"- {m.CARD_LICENCE()}: {m.CARD_LICENCE_TEXT()}"
    for data in record["data"]:
        title = data["name"] or Path(data["path"]).name
        card = f"; {m.CARD_DATA_CARD()}: {title}/{Path(data['card']).name}" if data["card"] else ""
        rows = m.CARD_ROWS(n=data["rows"])
        yield f"- {m.CARD_DATA()}: {title} ({rows}; SHA-256 `{data['sha256'][:16]}`{card})"
    for framework in _frameworks(proof):
        yield f"- {m.CARD_FRAMEWORKS()}: {framework}"
    yield f"- {m.CARD_COMPUTE()}: {_compute(record)}\n"
    written = yaml.safe_dump(recipe, allow_unicode=True, sort_keys=False)
    yield f"## {m.CARD_RECIPE()}\n\n```yaml\n{written}```\n"
    yield f"## {m.CARD_RESULTS()}\n\n{m.CARD_SIDE()}\n"
    yield from _table(proof.findings[name])
    yield from _remarks(proof, name)
    yield f"\n## {m.CARD_USES()}\n\n- {m.CARD_INTENDED()}\n- {m.CARD_UNSUITABLE()}\n"
    from plumbline.report.messages import RISK_TEXT

    yield f"## {m.CARD_RISK()}\n\n{RISK_TEXT()}\n"
    yield f"## {m.CARD_REPRODUCE()}\n\n```\nplumbline tune recipe.yaml -o model\n{_command(proof)}\n```\n"
    versions = ", ".join(f"{package} {number}" for package, number in record["versions"].items())
    yield f"plumbline {record['plumbline']}, {versions}"


def _hashes(files: dict[str, str]) -> str:
    if not files:
        return ""
    listed = ", ".join(f"{name} `{value[:16]}`" for name, value in files.items())
    return f" ({m.CARD_HASHES()}: {listed})"


def _frameworks(proof: Proof) -> Iterator[str]:
    seen = set()
    for run in next(iter(proof.runs.values())):
        for name, data in run.manifest["frameworks"].items():
            if name not in seen:
                seen.add(name)
                title, declared = (Text.model_validate(data[field])() for field in ("title", "declared_by"))
                yield f"{title} — {declared}"


def _compute(record: dict[str, Any]) -> str:
    estimate = record.get("estimate", {})
    return (
        f"{record.get('steps')} × {record['recipe']['schedule']['batch']}, {record.get('seconds', 0):.0f} s, "
        f"{record.get('device')}, {estimate.get('trained', 0):,} / {estimate.get('parameters', 0):,}"
    )


def _table(findings: list[Finding]) -> Iterator[str]:
    heads = (
        m.COLUMN_QUANTITY,
        m.CARD_BEFORE,
        m.CARD_AFTER,
        m.COLUMN_CHANGE,
        m.CARD_VERDICT,
        m.CARD_DETECTABLE,
    )
    yield "| " + " | ".join(head() for head in heads) + " |"
    yield "|---|---:|---:|---:|---|---:|"
    for one in sorted(findings, key=lambda one: FAMILIES.index(one.family)):
        # Values seen and single groups are many: those that did not move are in proof.json.
        if one.family in ("seen", "group") and one.verdict == "no evidence":
            continue
        yield _line(one)
        if one.contaminated:
            yield _line(one.clean, m.CLEAN(n=one.contaminated)) if one.clean else _empty(one)


def _line(one: Finding, remark: str = "") -> str:
    from plumbline.report.proof import change, detectable_text, label, scope, value_text

    where = "; ".join(part for part in (scope(one), remark) if part)
    cells = (
        f"{m.FAMILY_NAMES[one.family]()}: {label(one)}" + (f" ({where})" if where else ""),
        value_text(one, one.before),
        value_text(one, one.after),
        change(one).striptags(),
        m.VERDICTS[one.verdict](),
        detectable_text(one),
    )
    return "| " + " | ".join(cells) + " |"


def _empty(one: Finding) -> str:
    """Say that nothing is left of a quantity without the items found in the data."""
    return f"| ↳ {m.CLEAN(n=one.contaminated)} | – | – | – | – | – |"


def _remarks(proof: Proof, name: str) -> Iterator[str]:
    for family, text in (("seen", m.CARD_SEEN_REST), ("group", m.CARD_GROUPS_REST)):
        members = [one for one in proof.findings[name] if one.family == family]
        still = sum(one.verdict == "no evidence" for one in members)
        if members:
            yield "\n" + text(n=len(members), still=still)
    if not proof.facts["checked_data"]:
        yield "\n" + m.UNCHECKED()
    elif not proof.facts["contaminated"]:
        yield "\n" + m.CONTAMINATION_NONE(data=", ".join(Path(one).name for one in proof.facts["data"]))
    for suite, items in proof.facts["contaminated"].items():
        yield "\n" + m.CONTAMINATION_SOME(suite=suite, n=len(items), items=", ".join(items[:12]))


def command_of(facts: dict[str, Any]) -> str:
    """Return the command that makes a proof again, without its folder."""
    several = (
        ("after", "after"),
        ("data", "data"),
        ("suite", "suites"),
        ("method", "methods"),
        ("task", "tasks"),
    )
    words = ["plumbline prove --before", facts["before"]]
    words += [f"--{option} {one}" for option, name in several for one in facts[name]]
    words += [f"--max-tokens {facts['max_tokens']}"] + (
        [f"--limit {facts['limit']}"] if facts["limit"] else []
    )
    return " ".join(words)


def _command(proof: Proof) -> str:
    return f"{command_of(proof.facts)} -o proof"
