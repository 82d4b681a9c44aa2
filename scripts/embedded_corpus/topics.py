"""Topics with reasons, ways and cautions: essays, answers and small talk built from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from embedded_corpus.chat import chat

_ORDERS = (
    ("首先，", "其次，", "再次，", "最后，"),
    ("第一，", "第二，", "第三，", "第四，"),
    ("一是", "二是", "三是", "四是"),
    ("1. ", "2. ", "3. ", "4. "),
    ("", "", "", ""),
)
_WHY = (
    "为什么要{act}？",
    "{act}有什么好处？",
    "人们为什么提倡{act}？",
    "请说说{act}的理由。",
    "{act}重要吗？为什么？",
    "我不明白为什么大家都说要{act}，你怎么看？",
    "能不能用几句话说明{act}的意义？",
)
_HOW = (
    "怎样{act}？",
    "我想{act}，应该怎么做？",
    "{act}有哪些办法？",
    "请给我几条{act}的建议。",
    "怎么才能{act}？",
    "第一次{act}，要从哪里开始？",
    "请教一下，平时怎样{act}？",
)
_CARE = ("{act}的时候要注意什么？", "{act}有哪些容易忽略的地方？", "关于{name}，有什么要提醒的吗？")
_ABOUT = (
    "谈谈{name}。",
    "请写一段关于{name}的话。",
    "说说你对{name}的看法。",
    "介绍一下{name}。",
    "以{name}为题写一段短文。",
)
_LEAD_WHY = (
    "{act}有不少好处。",
    "这个问题值得想一想。",
    "理由有几条。",
    "",
    "简单地说，有这样几点。",
    "很多人都问过这个问题。",
)
_LEAD_HOW = (
    "可以这样做。",
    "有几个办法可以试试。",
    "不用着急，一步一步来。",
    "",
    "下面是几条建议。",
    "说起来并不难。",
)
_LEAD_ESSAY = (
    "说到{name}，很多人都有体会。",
    "{name}是一件平常的事，却不简单。",
    "在日常生活里，我们常常会遇到{name}这样的话题。",
    "最近，大家又谈起了{name}。",
    "{name}和每个人都有关系。",
    "不少人问，为什么要{act}。",
)
_LEAD_WAYS = ("具体怎么做呢？", "做起来也有方法。", "平时可以从小处开始。", "那么应该怎样做？", "")
_LEAD_CARE = ("要注意的是，", "还要提醒一句，", "另外，", "不过，", "同时，")
_CLOSE = (
    "慢慢来，总会看到变化。",
    "从今天开始，做一点算一点。",
    "希望这些对你有帮助。",
    "",
    "",
    "只要坚持，就会有收获。",
    "如果还有不清楚的地方，可以再问。",
    "道理不深，难在坚持。",
)


@dataclass(frozen=True)
class Topic:
    """One subject; the three lists hold clauses without a final stop."""

    name: str
    act: str
    domain: str
    reasons: tuple[str, ...]
    ways: tuple[str, ...]
    cautions: tuple[str, ...]


def load_topics(folder: Path) -> list[Topic]:
    """Read `topics_*.txt`: `# name | act | domain`, then lines 因, 法 and 慎 with clauses parted by ；."""
    topics = []
    for path in sorted(folder.glob("topics_*.txt")):
        for block in path.read_text("utf-8").split("# ")[1:]:
            head, *lines = block.strip().split("\n")
            name, act, domain = (part.strip() for part in head.split("|"))
            parts = {line[0]: tuple(line[2:].rstrip("。").split("；")) for line in lines if line}
            topics.append(Topic(name, act, domain, parts["因"], parts["法"], parts["慎"]))
    return topics


def listed(clauses: Sequence[str], count: int, rng: Random) -> str:
    """`count` of the clauses in a random order, numbered in one of several ways."""
    chosen = rng.sample(clauses, min(count, len(clauses)))
    order = rng.choice(_ORDERS)
    if order[0] == "1. ":
        return "\n" + "\n".join(order[place] + clause + "。" for place, clause in enumerate(chosen))
    if order[0] in ("", "一是"):
        return "；".join(order[place] + clause for place, clause in enumerate(chosen)) + "。"
    return "".join(order[place] + clause + "。" for place, clause in enumerate(chosen))


def question_and_answer(topic: Topic, rng: Random) -> tuple[str, str]:
    """A question about the topic and an answer to it."""
    kind = rng.choice(("why", "why", "how", "how", "care", "about"))
    if kind == "about":
        return rng.choice(_ABOUT).format(name=topic.name), essay(topic, rng)
    if kind == "care":
        care = listed(topic.cautions, 2, rng).lstrip("\n")
        return rng.choice(_CARE).format(name=topic.name, act=topic.act), care
    asks, leads, clauses = (
        (_WHY, _LEAD_WHY, topic.reasons) if kind == "why" else (_HOW, _LEAD_HOW, topic.ways)
    )
    body = rng.choice(leads).format(act=topic.act) + listed(clauses, rng.choice((2, 3, 3, 4)), rng)
    if rng.random() < 0.3:
        body += rng.choice(_LEAD_CARE) + rng.choice(topic.cautions) + "。"
    return rng.choice(asks).format(act=topic.act), (body + rng.choice(_CLOSE)).lstrip("\n")


def essay(topic: Topic, rng: Random) -> str:
    """A paragraph or two: why, how and what to mind."""
    first = rng.choice(_LEAD_ESSAY).format(name=topic.name, act=topic.act)
    first += listed(topic.reasons, rng.choice((1, 2, 3)), rng)
    second = rng.choice(_LEAD_WAYS) + listed(topic.ways, rng.choice((2, 3)), rng)
    second += rng.choice(_LEAD_CARE) + rng.choice(topic.cautions) + "。" + rng.choice(_CLOSE)
    return first + rng.choice(("", "\n")) + second


def conversation(topic: Topic, rng: Random) -> str:
    """A chat of one to three turns on the topic."""
    turns = list(question_and_answer(topic, rng))
    if rng.random() < 0.3:
        follow = rng.choice(("还有吗？", "能再说一点吗？", "还有别的要注意吗？", "说得具体一点好吗？"))
        turns += [follow, listed((*topic.ways, *topic.cautions), 2, rng).lstrip("\n")]
    if rng.random() < 0.15:
        turns += [
            rng.choice(("谢谢你。", "明白了，谢谢。", "好的，我试试。")),
            rng.choice(("不客气。", "不用谢，祝你顺利。", "好的，有问题再来找我。")),
        ]
    system = rng.choice(("请用中文回答。", "你是一个耐心的助手。", "回答要简短。", "请用通俗的话来说。"))
    return chat(*turns, system=system if rng.random() < 0.08 else None)


def guessing(topic: Topic, others: Sequence[Topic], rng: Random) -> str:
    """Naming the subject of a passage: from the text alone or out of four lettered choices."""
    passage = listed((*topic.reasons, *topic.ways), 3, rng).lstrip("\n")
    if rng.random() < 0.4:
        ask = rng.choice(("下面这段话说的是什么？", "给这段话起一个题目。", "用几个字概括这段话。"))
        return chat(f"{ask}\n{passage}", topic.name)
    names = [topic.name, *(other.name for other in rng.sample([t for t in others if t != topic], 3))]
    rng.shuffle(names)
    lines = "\n".join(f"{letter}. {name}" for letter, name in zip("ABCD", names, strict=True))
    letter = "ABCD"[names.index(topic.name)]
    ask = rng.choice(("下面这段话主要谈什么？", "这段话的主题是哪一个？"))
    return chat(f"{ask}\n{passage}\n{lines}\n请只回答字母。", letter)
