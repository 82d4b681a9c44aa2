"""What fetching, checking and showing suites says, in both languages."""

from __future__ import annotations

from plumbline.language import Message

# fetch
NO_ADDRESS = Message("这个文件没有下载地址", "this file has no address to be fetched from")
GIVE_SOURCE = Message(
    "运行 plumbline suites fetch {id} --from 文件夹或镜像地址",
    "run plumbline suites fetch {id} --from FOLDER-OR-URL",
)
UNKNOWN_SCHEME = Message("不支持从 `{source}` 取回", "cannot fetch from `{source}`")
KNOWN_SCHEMES = Message("使用 http、https 地址或本地文件夹", "use an http or https address, or a folder")
NOT_IN_FOLDER = Message("文件夹里没有 {name}", "the folder does not hold {name}")
PUT_THERE = Message("把它放在该文件夹或其中的 {folder}/ 下", "put it there or into {folder}/ there")
TOO_LONG = Message("超过 {size} 字节", "longer than {size} bytes")
BROKE_OFF = Message(
    "传输中断：{size} 字节只收到 {received}", "broke off: {received} of {size} bytes were received"
)
TRY_AGAIN = Message("再运行一次", "run it again")
OTHER_HASH = Message("sha256 为 {found}…，应为 {wanted}…", "sha256 {found}..., expected {wanted}...")
NOT_THE_FILE = Message(
    "这不是目录所记的文件（{why}），已拒绝", "refused: this is not the file the catalogue names ({why})"
)
OTHER_SOURCE = Message("用 --from 指定别处的 {name}", "give another source of {name} by --from")
HTTP_STATUS = Message("服务器回应 {status}", "the server answered {status}")
UNREACHABLE = Message("取不到（{detail}）", "cannot be read ({detail})")
USE_SOURCE = Message(
    "检查网络，或用 --from 指定镜像或文件夹", "check the network, or give a mirror or folder by --from"
)
CANNOT_WRITE = Message("写入失败（{detail}）", "cannot be written ({detail})")

# command line: help
SUITES_HELP = Message(
    "题集：有哪些、内容与检查、取回已发表的题集",
    "suites: which there are, what they hold, checks, fetching published ones",
)
LIST_HELP = Message("列出全部题集", "list every suite")
SHOW_HELP = Message(
    "显示一个题集：来历、题数、样题与检查结果", "show one suite: origin, counts, a sample item, its checks"
)
CHECK_HELP = Message(
    "检查题集：重复、答案位置，以及不看题目能猜对多少；有不合格项时退出码为 1",
    "check a suite: duplicates, positions, what can be guessed without reading; exit status 1 on a failure",
)
FETCH_HELP = Message(
    "取回一个已发表的题集：先显示许可，核对哈希，完整写入",
    "fetch a published set: licence first, hash verified, written whole",
)
SUITE_REFERENCE_HELP = Message("题集的 id 或路径", "id or path of a suite")
SUITE_ID_HELP = Message("题集在目录中的 id", "id of the set in the catalogue")
FROM_HELP = Message(
    "镜像的地址或本地文件夹，代替原出处", "URL of a mirror, or a folder, instead of the origin"
)
YES_HELP = Message("不再询问", "do not ask")
JSON_HELP = Message("输出 JSON", "print JSON")

# command line: output
COLUMN_ID = Message("标识", "id")
COLUMN_KIND = Message("类型", "kind")
COLUMN_ITEMS = Message("题数", "items")
COLUMN_LANGUAGE = Message("语言", "lang")
COLUMN_AUTHORED = Message("撰写", "authored by")
COLUMN_STATE = Message("现状", "state")
COLUMN_CHECK = Message("检查", "check")
COLUMN_FIGURE = Message("结果", "figure")
COLUMN_WANTED = Message("合格范围", "passes")
COLUMN_STATUS = Message("结论", "status")
COLUMN_GROUP = Message("组", "group")
COLUMN_WHY = Message("原因", "reason")
COLUMN_WHERE = Message("位置", "place")
KINDS = {
    "choice": Message("选择", "choice"),
    "open": Message("开放", "open"),
    "dilemma": Message("两难", "dilemma"),
    "statement": Message("陈述", "statement"),
    None: Message("数据", "data"),
}
AUTHORED = {
    "machine": Message("机器", "machine"),
    "people": Message("人", "people"),
    "mixed": Message("人机混合", "mixed"),
    "unknown": Message("不详", "unknown"),
}
INCLUDED = Message("随包附带", "included")
FETCHED = Message("已取回", "fetched")
NOT_FETCHED = Message("未取回", "not fetched")
FETCH_HINT = Message(
    "未取回的题集：plumbline suites fetch 标识", "sets not fetched: plumbline suites fetch ID"
)
FOLDER = Message("数据文件夹：{folder}", "data folder: {folder}")

FACT = Message("{label}：{text}", "{label}: {text}")
LABEL_KIND = Message("类型", "kind")
LABEL_ITEMS = Message("题数", "items")
LABEL_FRAMEWORKS = Message("价值框架", "frameworks")
LABEL_LICENCE = Message("许可", "licence")
LABEL_AUTHORED = Message("撰写", "authored by")
LABEL_CITATION = Message("引用", "citation")
LABEL_ORIGIN = Message("出处", "origin")
LABEL_FILES = Message("文件", "files")
LABEL_TARGET = Message("存放于", "goes to")
LABEL_STATE = Message("现状", "state")
LABEL_HASH = Message("题目哈希", "hash of the items")
SAMPLE = Message("样题 {id}", "sample item {id}")
BETTER = Message("（较好）", " (better)")
COUNTS_VALUES = Message("各价值的题数", "items of each value")
COUNTS_CATEGORIES = Message("各类别的题数", "items of each category")
COUNTS_DIFFICULTIES = Message("各难度的题数", "items of each difficulty")
DROPPED = Message("有 {n} 行未收", "{n} rows were left out")
DIFFICULTIES = {"easy": Message("易", "easy"), "hard": Message("难", "hard")}

CHECKS = {
    "ids": Message("重复的 id", "repeated ids"),
    "texts": Message("相同的题目", "repeated texts"),
    "near-duplicates": Message("近似的题目（对）", "near-duplicates (pairs)"),
    "positions": Message("总选同一位置", "always the same position"),
    "longer": Message("总选最长的", "pick the longer"),
    "refusal-words": Message("选带拒绝、谨慎词的", "pick the one with refusal words"),
    "answer-only": Message("只看选项的分类器", "answer-only classifier"),
}
STATUSES = {
    "pass": Message("合格", "pass"),
    "warn": Message("注意", "warn"),
    "fail": Message("不合格", "fail"),
}
DECIDED = Message("（分得出的题：{share}）", " (where it decides: {share})")
CONCERNED = Message("{check}：{examples}", "{check}: {examples}")
CHANCE = Message("随机选：{share}", "chance: {share}")
FETCH_QUESTION = Message("取回这些文件吗？", "fetch these files?")
FILE_BROUGHT = Message("已取回 {name}", "fetched {name}")
FILE_KEPT = Message("{name} 已经在了", "{name} is already there")
NOTHING_DONE = Message("什么也没有取回", "nothing was fetched")
BY_HAND = Message("须自备", "to be brought by hand")
UNKNOWN_SET = Message("目录里没有 `{id}`", "the catalogue has no `{id}`")
DID_YOU_MEAN = Message("是否想写 `{name}`？", "did you mean `{name}`?")
SEE_ALL = Message("运行 plumbline suites 查看全部", "run plumbline suites to see them all")
OURS_INCLUDED = Message("`{id}` 随包附带，不用取回", "`{id}` comes with the package and needs no fetching")
