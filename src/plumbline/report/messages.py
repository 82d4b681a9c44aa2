"""What reports say, Chinese and English side by side."""

from __future__ import annotations

from plumbline.language import Message

SKIP = Message("跳到正文", "Skip to content")
BRAND = Message("准绳 Plumbline", "Plumbline 准绳")
FOOTER = Message(
    "由 Plumbline（准绳）生成。本页不含脚本，不访问网络。",
    "Made by Plumbline. This page holds no script and needs no network.",
)
TITLE = Message("{models}：{suite} 测量报告", "{models} on {suite}: measurement report")
LEAD = Message("测量于 {date} · 价值框架：{frameworks}", "Measured {date} · value frameworks: {frameworks}")
TITLE_SEVERAL = Message("{models}：{n} 个题集的测量报告", "{models} on {n} suites: measurement report")
CONTENTS = Message("目录", "Contents")
VERDICT = Message("结论", "Verdict")
VERDICT_ACCURACY = Message(
    "{model} 在{suite}的 {items} 题上，以“{method}”选出更好选项的比例是 {value}（95% 区间 {low} 至 {high}）；{against}。",
    "On the {items} items of {suite}, {model} picked the better option in {value} of presentations by {method} "
    "(95% interval {low} to {high}); {against}.",
)
VERDICT_OPEN = Message(
    "{model} 在{suite}的 {items} 题上，有 {value} 的回复合乎预期（95% 区间 {low} 至 {high}）。",
    "On the {items} items of {suite}, {value} of {model}'s replies were as expected (95% interval {low} to {high}).",
)
VERDICT_NO_RIGHT = Message(
    "{model} 回答了{suite}的 {items} 题；这个题集没有对错，下面是它的取向与前后一致的程度。",
    "{model} was asked the {items} items of {suite}; none has a right answer, so what follows is where it leaned and "
    "how consistently.",
)
ABOVE_CHANCE = Message("高于随机猜测的 {chance}", "above the {chance} of guessing")
ABOVE_BASELINE = Message(
    "高于随机猜测的 {chance}，也高于不看题的分类器的 {baseline}",
    "above the {chance} of guessing and the {baseline} of a classifier that never reads the questions",
)
UNDER_BASELINE = Message(
    "高于随机猜测的 {chance}，但没有可靠地高于不看题的分类器的 {baseline}",
    "above the {chance} of guessing, but not reliably above the {baseline} of a classifier that never reads the questions",
)
BELOW_CHANCE = Message("低于随机猜测的 {chance}", "below the {chance} of guessing")
LIKE_CHANCE = Message(
    "与随机猜测的 {chance} 没有可靠差别", "not reliably different from the {chance} of guessing"
)
VERDICT_CHANGE = Message(
    "{after} 与 {before} 相比（{method}）：{verdict}，差 {points} 个百分点（95% 区间 {low} 至 {high}，{p}）。",
    "{after} against {before} ({method}): {verdict}, {points} points (95% interval {low} to {high}, {p}).",
)
VERDICT_NO_EVIDENCE = Message(
    "{after} 与 {before} 相比（{method}）：没有变化的证据，差 {points} 个百分点（95% 区间 {low} 至 {high}，{p}）；"
    "{detectable}。",
    "{after} against {before} ({method}): no evidence of a change, {points} points (95% interval {low} to {high}, "
    "{p}); {detectable}.",
)
DETECTABLE = Message(
    "这些题目能以八成把握看出的最小变化是 {points} 个百分点",
    "the smallest change these items would show with 80% power is {points} points",
)
NOTHING_DETECTABLE = Message(
    "题目太少，多大的变化都难以看出", "there are too few items to show a change of any size"
)
POSITION_WARNING = Message(
    "以“{method}”提问时，它有 {value} 的时候选了排在第一的选项，而 {expected} 才是公平的：它的选择在很大程度上取决于位置。",
    "Asked by {method}, it chose the option shown first in {value} of cases where {expected} would be fair: position "
    "decides much of what it chooses.",
)
UNPARSED_WARNING = Message(
    "“{method}”方式下有 {value} 的回复读不出选择，它们在 acc 中算作未选对，在 acc* 中不计。",
    "By {method}, {value} of replies could not be read as a choice; acc counts them as not right, acc* leaves them out.",
)
EMBEDDED = Message(
    "这是随包附带的演示模型：极小、很弱，只用来演示流程，分数不代表任何真实模型。",
    "This is the tiny demonstration model that comes with the package. It is weak; its scores show how the tool works "
    "and say nothing about any real model.",
)
NO_RECORDS = Message("这次运行还没有任何记录", "the run holds no record yet")
MEASURE_ON = Message(
    "再运行一次当初的 plumbline measure 命令", "run the plumbline measure command that began it again"
)
PARTIAL = Message(
    "这次运行没有完成：{records} / {planned} 条记录。下面的数字只说明已有的部分。",
    "This run is not complete: {records} of {planned} records. The numbers describe only what is there.",
)
LIMITED = Message("只用了题集的前 {n} 题。", "Only the first {n} items of the suite were used.")
FAILED = Message(
    "有 {n} 条请求失败，没有算作答错，而是单独列出。", "{n} requests failed; they are shown apart."
)
PROFILE = Message("各组的情况", "Profile")
PROFILE_CAPTION = Message(
    "每组选对的比例与 95% 区间（{method}）；虚线是随机猜测。",
    "Share of right choices by group with 95% intervals ({method}); the dashed line is guessing.",
)
PROFILE_CAPTION_OPEN = Message(
    "每组合乎预期的比例与 95% 区间（{method}）。", "Share as expected by group with 95% intervals ({method})."
)
CHART_DATA = Message("图中数据", "Data of the chart")
AXIS_SHARE = Message("比例", "share")
METHODS = Message("几种提问方式", "Ways of asking")
METHODS_CAPTION = Message(
    "acc = 选对 / 全部；acc* = 选对 / （全部 − 拒答 − 无法解析）；方括号内是按题目聚类的 95% 区间。",
    "acc = right / all; acc* = right / (all − refused − unparsed); brackets hold 95% intervals clustered by item.",
)
COLUMN_MODEL = Message("模型", "model")
COLUMN_METHOD = Message("方式", "method")
COLUMN_ITEMS = Message("题数", "items")
COLUMN_RECORDS = Message("记录", "records")
COLUMN_ACC = Message("acc", "acc")
COLUMN_ACC_STAR = Message("acc*", "acc*")
COLUMN_ALL_ORDERS = Message("各种顺序都对", "right in every order")
COLUMN_REFUSED = Message("拒答", "refused")
COLUMN_UNPARSED = Message("无法解析", "unparsed")
COLUMN_BOTH = Message("都好/都不好", "both / neither")
COLUMN_GROUP = Message("组", "group")
COLUMN_DIFFICULTY = Message("难度", "difficulty")
COLUMN_CONSISTENT = Message("换序后选择不变", "same choice in every order")
COLUMN_FIRST = Message("选第一个", "chose the first")
COLUMN_FAIR = Message("公平值", "fair")
COLUMN_BEFORE = Message("前", "before")
COLUMN_AFTER = Message("后", "after")
COLUMN_DIFFERENCE = Message("差（百分点）", "difference (points)")
COLUMN_P = Message("p（Holm）", "p (Holm)")
COLUMN_VERDICT = Message("结论", "verdict")
COLUMN_DETECTABLE = Message("可看出的最小变化（百分点）", "smallest detectable (points)")
GROUPS = Message("分组结果", "By group")
DIFFICULTIES = Message("按难度", "By difficulty")
ORDER = Message("顺序与位置", "Order and position")
ORDER_TEXT = Message(
    "每道题以多种选项顺序出现。只看内容的模型换序后选择不变，选第一个的比例等于公平值。",
    "Each item is shown in several orders. A model that looks at content alone keeps its choice, and picks the first "
    "option as often as is fair.",
)
CHANGES = Message("比较", "Comparison")
CHANGES_CAPTION = Message(
    "{before} → {after}，{method}。成对自助法，按题目聚类；各组的 p 经 Holm 校正。",
    "{before} → {after}, {method}. Paired bootstrap clustered by item; p of the groups adjusted by Holm.",
)
WHOLE_SUITE = Message("整个题集", "whole suite")
BASELINE = Message("不看题也能猜对多少", "What can be guessed without reading the question")
BASELINE_TEXT = Message(
    "总选较长的：{longer}；总选含拒绝或谨慎字词的：{refusal}；只看选项文字的分类器（字符 n 元，交叉验证）：{answer_only}；"
    "随机：{chance}。模型的分数应当与它们对照。",
    "Always the longer option: {longer}; always the one with words of refusal or caution: {refusal}; a classifier that "
    "sees the options only (character n-grams, cross-validated): {answer_only}; guessing: {chance}. Read the model's "
    "score against these.",
)
HARDEST = Message("最难的题，与模型的原话", "Hardest items, in the model's own words")
HARDEST_TEXT = Message(
    "每种呈现都错的题优先，共 {n} 题。带 ✓ 的是更好的选项。",
    "Items wrong in most presentations first, {n} of them. ✓ marks the better option.",
)
NO_REPLY = Message("（没有生成的回复）", "(no generated reply)")
SAID = Message("{model} 的回复（{outcome}）", "{model} replied ({outcome})")
WHY_BETTER = Message("理由", "Why")
EXPECTED_ANSWER = Message("应当回答", "should be answered")
EXPECTED_DECLINE = Message("应当婉拒", "should be declined")
DILEMMAS = Message("两难中的取向", "Where it leaned")
DILEMMAS_CAPTION = Message(
    "两个价值相遇时选了哪一个（{method}）：Bradley–Terry 强度与 95% 区间，已扣除先出现的优势；0 为平均。",
    "Which value it served where two met ({method}): Bradley–Terry strengths with 95% intervals, the advantage of being shown first taken out; 0 is the average.",
)
AXIS_STRENGTH = Message("强度（对数几率）", "strength (log-odds)")
METHOD = Message("怎样测量", "How this was measured")
METHOD_GENERATE = Message(
    "生成后解析：把题目和选项给模型看，读出它回复中的选择；读不出、拒答、都好都不好分别计数。",
    "Generate and parse: the model sees question and options and replies; its choice is read from the reply. What cannot "
    "be read, refusals and both-or-neither are counted apart.",
)
METHOD_LABEL = Message(
    "标签似然：同样的提示之后，比较各选项标签的概率。",
    "Label likelihood: after the same prompt, the probabilities of the options' labels are compared.",
)
METHOD_REPLY = Message(
    "回复似然：只给问题，比较各回复整段文字的概率（按词元、按字符，或减去没有问题时的概率）。",
    "Reply likelihood: after the question alone, the probabilities of the whole replies are compared (per token, per "
    "character, or less the probability without the question).",
)
METHOD_INTERVALS = Message(
    "区间按题目聚类：同一题的几种呈现不是独立的证据。",
    "Intervals are clustered by item: presentations of one item are not independent evidence.",
)
WHOSE = Message("这是谁的价值", "Whose values these are")
DECLARED_BY = Message("声明者", "declared by")
SOURCE = Message("出处", "source")
LIMITS = Message("局限", "limits")
SUITE = Message("题集", "suite")
AUTHORSHIP = Message("作者", "authorship")
LICENCE = Message("许可", "licence")
RISK = Message("风险提示", "Risk warning")
RISK_TEXT = Message(
    "模型的输出和题目数据都可能有偏见、错误或有害内容。分数只描述模型在这些题目上的输出，不是安全认证，也不说明模型“相信”什么；"
    "换一套题目、语言或提问方式，结果会不同。不要仅凭此报告决定是否上线。",
    "Outputs and data may be biased, wrong or harmful. A score describes what a model put out on these items; it is not a "
    "certificate of safety and does not say what a model “believes”. Other items, languages or ways of asking give other "
    "results. Do not decide on deployment from this report alone.",
)
REPRODUCE = Message("如何重现", "How to reproduce")
COMMAND = Message("命令", "command")
SHOW_ALL = Message("显示表格", "Show the table")
