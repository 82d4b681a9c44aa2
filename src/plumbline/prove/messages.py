"""What a proof says, Chinese and English side by side."""

from __future__ import annotations

from plumbline.language import Message

QUANTITIES: dict[str, Message] = {
    "accuracy": Message("选出更好的选项", "picks the better option"),
    "answers-harmless": Message("无害的问题照常回答", "answers harmless questions"),
    "declines-harmful": Message("该婉拒的问题予以婉拒", "declines what should be declined"),
    "unread": Message("回复读不出选择", "replies that cannot be read"),
    "same-in-orders": Message("换选项顺序后选择不变", "same choice in every order"),
    "same-in-paraphrase": Message("换一种说法后选择不变", "same choice when reworded"),
    "same-in-english": Message("中英文选择一致", "same choice in Chinese and English"),
    "served": Message("两难中选了它", "served in dilemmas"),
    "surprise-general": Message("对一般文本的意外程度", "surprise at general text"),
    "surprise-answers": Message("对数据中未训练回答的意外程度", "surprise at held-out answers of the data"),
    "task": Message("通用能力测试正确率", "accuracy on a general benchmark"),
    "seen": Message("评估器在回答里看到", "seen in replies"),
}
FAMILY_NAMES: dict[str, Message] = {
    "aim": Message("目标", "what was aimed at"),
    "side": Message("副作用", "side effects"),
    "steady": Message("前后一致", "consistency"),
    "leaning": Message("取向（无好坏之分）", "leanings (no way is better)"),
    "seen": Message("评估器所见（无好坏之分）", "what an evaluator sees (no way is better)"),
    "group": Message("单个组", "single groups"),
}
VERDICTS: dict[str, Message] = {
    "better": Message("变好", "better"),
    "worse": Message("变差", "worse"),
    "changed": Message("有变化", "changed"),
    "no evidence": Message("没有证据", "no evidence"),
}
PART_NAMES: dict[str, Message] = {"zh": Message("中文", "Chinese"), "en": Message("英文", "English")}

OTHER_PLAN = Message(
    "{first} 与 {second} 的题目呈现不同，不能成对比较",
    "{first} and {second} do not hold the same presentations, so they cannot be paired",
)
MEASURE_AGAIN = Message("在同一个输出文件夹里重新运行", "run it again in one output folder")
NO_TEXT = Message("没有可用的文本", "there is no text to use")
GIVE_TEXT = Message("给出含 text 列的文件", "give a file with a column `text`")
NO_LIKELIHOOD = Message(
    "{model} 不提供对数概率，未计算意外程度", "{model} gives no likelihoods: surprise was not measured"
)
NO_PROOF = Message("这里没有证明：没有 proof.json", "there is no proof here: no proof.json")
PROVE_FIRST = Message("先运行 plumbline prove … -o 该文件夹", "make it with plumbline prove ... -o")
SAME_NAME = Message("两个模型都叫 {name}", "two models are called {name}")
GIVE_NAMES = Message(
    "用 --name 引用=名称 区分，或去掉重复的", "tell them apart by --name REFERENCE=NAME, or leave one out"
)
SAME_MODEL = Message("前后是同一个模型", "before and after are the same model")
GIVE_AFTER = Message("用 --after 给出调整后的模型", "give the tuned model by --after")

# the page (words it shares with reports are in plumbline.report.messages)
TITLE = Message("{before} → {after}：变了什么", "{before} → {after}: what changed")
LEAD = Message(
    "比较于 {date} · 同样的题目、呈现与随机种子 · {n} 项指标",
    "Compared {date} · the same items, presentations and seeds · {n} quantities",
)
WORSE = Message(
    "{after}：变差的有 {n} 项，其中副作用 {side} 项：{names}。",
    "{after}: {n} quantities got worse, {side} of them side effects: {names}.",
)
BETTER = Message("{after}：变好的有 {n} 项：{names}。", "{after}: {n} quantities got better: {names}.")
NO_GAIN = Message(
    "{after}：在价值题上没有变好的证据。", "{after}: no evidence of a gain on items about values."
)
CHANGED = Message(
    "{after}：两难中的取向（无好坏之分）有 {n} 项变化：{names}。",
    "{after}: {n} leanings in dilemmas changed, of which no way is better: {names}.",
)
SEEN_CHANGED = Message(
    "{after}：评估器在回答里看到的价值（无好坏之分）有 {n} 项变化：{names}。",
    "{after}: {n} values are seen more or less often in replies, of which no way is better: {names}.",
)
GROUPS_WORSE = Message(
    "{after}：单看各组，变差的有 {n} 组：{names}。",
    "{after}: looked at one by one, {n} groups got worse: {names}.",
)
GROUPS_BETTER = Message(
    "{after}：单看各组，变好的有 {n} 组：{names}。",
    "{after}: looked at one by one, {n} groups got better: {names}.",
)
NOTHING = Message(
    "{after}：在全部 {n} 项指标上都没有变化的证据。这不等于没有变化：下表列出每项能看出的最小变化。",
    "{after}: no evidence of a change in any of {n} quantities. That is not evidence of none: the table says how small "
    "a change each could have shown.",
)
EMBEDDED = Message(
    "这里比较的是随包附带的演示模型：极小、很弱，只用来演示流程，结果不代表任何真实模型。",
    "The model compared here is the tiny demonstration model that comes with the package. It is weak; the result shows "
    "how the tool works and says nothing about any real model.",
)
LIMITED = Message("每个题集只用了前 {n} 题。", "Only the first {n} items of each suite were used.")
UNCHECKED = Message(
    "没有给出训练数据，因此没有检查测试题是否混入其中。",
    "No training data was given, so it was not checked whether test items are in it.",
)
TABLE = Message("全部结果：目标与副作用", "All results: aims and side effects")
TABLE_CAPTION = Message(
    "成对自助法，按题目聚类，方括号内是 95% 区间；p 在每一类内经 Holm 校正。“没有证据”时，看最后一列：那是这些题目能以八成把握看出的最小变化。",
    "Paired bootstrap clustered by item, 95% intervals in brackets; p adjusted by Holm within each kind. Where there is "
    "no evidence, see the last column: the smallest change these items would show with 80% power.",
)
COLUMN_QUANTITY = Message("指标", "quantity")
COLUMN_CHANGE = Message("变化", "change")
CLEAN = Message("不含混入的 {n} 题", "without the {n} items found in the data")
FOUND = Message("训练数据中有其中 {n} 题", "training data hold {n} of these items")
NATS = Message(
    "“意外程度”是每个字符的负对数概率（奈特），越低越不意外；以字符计，便于比较分词器不同的模型。",
    "Surprise is the negative log-probability per character, in nats; lower is less surprised. Counted by character, so "
    "that models with other tokenizers can be compared.",
)
CONTAMINATION = Message("测试题与训练数据的重合", "Test items in the training data")
CONTAMINATION_NONE = Message(
    "已检查 {data}：没有发现所用题集的题目（13 个字以上的原文或近似文本，以及等于整个字段的短文本）。",
    "{data} was checked: no item of these suites was found in it (texts of 13 characters and more, whole or nearly, and "
    "shorter ones that are a whole field).",
)
CONTAMINATION_SOME = Message(
    "{suite}：{n} 题在训练数据中：{items}", "{suite}: {n} items are in the training data: {items}"
)
TRAINING = Message("训练过程", "Training")
TRAINING_TEXT = Message(
    "{stage}，{examples} 行，{steps} 步，训练了 {trained} 个参数（共 {parameters} 个），用时 {seconds} 秒（{device}）。",
    "{stage}, {examples} rows, {steps} steps, {trained} of {parameters} parameters trained, {seconds} seconds on {device}.",
)
LOSS = Message("训练损失（每词元奈特）", "training loss (nats per token)")
HELD_OUT_LOSS = Message("验证损失", "loss on validation rows")
RATE = Message("学习率", "learning rate")
NORM = Message("梯度范数", "gradient norm")
TOKENS_A_SECOND = Message("每秒词元数", "tokens a second")
STEP = Message("步", "step")
PROFILE = Message("各组前后", "Before and after, by group")
PROFILE_CAPTION = Message(
    "{suite}，{method}：各组选对的比例与 95% 区间。",
    "{suite}, {method}: share of right choices by group with 95% intervals.",
)
PROFILE_CAPTION_OPEN = Message(
    "{suite}，{method}：各组合乎预期的比例与 95% 区间。",
    "{suite}, {method}: share as expected by group with 95% intervals.",
)
GROUPS_TESTED = Message(
    "{after}：逐组成对检验 {n} 次，同一题集、同一方式的各组一起经 Holm 校正；变好 {better} 组，变差 {worse} 组，其余没有证据（每组题少，见最后一列）。",
    "{after}: {n} paired tests of single groups, those of one suite and way of asking corrected together by Holm; {better} "
    "better, {worse} worse, no evidence for the rest (groups are small: see the last column).",
)
GROUP_TABLE = Message("逐组检验", "Tests of single groups")
SEEN = Message("评估器在回答里看到的价值", "Values an evaluator sees in replies")
EVALUATOR = Message("评估器 {name}", "evaluator {name}")
SEEN_TEXT = Message(
    "评估器 {evaluator} 读了 {questions} 道开放题前后的回答；每个价值的分数是它给出的平均概率，按题成对比较，经 Holm 校正。看到得多不等于更好。",
    "The evaluator {evaluator} read the replies to {questions} open questions before and after; the score of a value is "
    "the mean probability it gave, paired by question, corrected by Holm. Seen more often is not the same as better.",
)
SEEN_DEMONSTRATION = Message(
    "这是随包附带的演示评估器，只训练于几百段文字；请用 --evaluator 换成自己的。",
    "This is the demonstration evaluator that comes with the package, trained on a few hundred paragraphs; give your own "
    "by --evaluator.",
)
SEEN_FAR = Message(
    "这些回答与评估器训练所用的文字相差很大，它的分数要谨慎看待。",
    "These replies are far from the texts the evaluator was trained on: read its scores with care.",
)
SEEN_CAPTION = Message(
    "前后之差（百分点）与 95% 区间（未经多重校正）；0 为没有变化。",
    "Change in points with 95% intervals, not corrected for their number; 0 is no change.",
)
AXIS_CHANGE = Message("变化（百分点）", "change (points)")
DILEMMAS_CAPTION = Message(
    "两个价值相遇时选了哪一个（{method}）：Bradley–Terry 强度与 95% 区间，已扣除先出现的优势；0 为平均。",
    "Which value was served where two met ({method}): Bradley–Terry strengths with 95% intervals, the advantage of being "
    "shown first taken out; 0 is the average.",
)
AXIS_SHARE = Message("比例", "share")
AXIS_STRENGTH = Message("强度（对数几率）", "strength (log-odds)")
COMMAND = Message("命令", "command")

# command line
PROVE_HELP = Message(
    "用同样的题目比较调整前后，写出证明页和模型卡",
    "compare a model before and after with the same items; write the proof page and the model card",
)
BEFORE_HELP = Message("调整前的模型", "the model before")
AFTER_HELP = Message(
    "调整后的模型；可写多次，逐一与前者比较", "the model after; several are each compared with the first"
)
DATA_HELP = Message(
    "训练数据（数据集文件夹或文件），用来找出混入其中的测试题；可写多次；默认用训练记录里写的",
    "training data (data set folder or file), to find test items in it; may be given several times; by default what "
    "the training record names",
)
EVALUATOR_HELP = Message(
    "读开放题回答的评估器：文件夹或 embedded；写 none 则不用",
    "evaluator that reads replies to open questions: a folder or embedded; none leaves it out",
)
OUT_HELP = Message("证明写到哪个文件夹；中断后可接着做", "folder of the proof; an interrupted one goes on")
SUITES_HELP = Message(
    "题集，可写多次；默认为自带的五个", "suite, may be given several times; five of ours by default"
)
SIDE_HELP = Message("其中衡量副作用的题集", "those among them that stand for side effects")
TEXT_HELP = Message("一般文本：含 text 列的文件", "general text: a file with a column `text`")
NAME_AS_HELP = Message("报告中的称呼，写作 引用=名称", "what to call a model, as REFERENCE=NAME")
TASKS_HELP = Message(
    "另跑 lm-eval 的任务，例如 cmmlu，或自己的任务文件；可写多次",
    "also run a task of lm-eval, for instance cmmlu, or a task file of your own; may be given several times",
)
PUSH_HELP = Message(
    "把（第一个 --after 的）模型、分词器和模型卡上传到 Hub 的这个仓库，新建的仓库是私有的",
    "upload model (of the first --after), tokenizer and card to this repository of the Hub; a new one is private",
)
WRITTEN = Message("证明页：{page}\n模型卡：{card}", "proof page: {page}\nmodel card: {card}")
PUSHED = Message("已上传到 {url}", "uploaded to {url}")
NO_HUB = Message("不能上传到 {repository}（{detail}）", "cannot upload to {repository} ({detail})")
LOG_IN = Message(
    "检查仓库名与网络，用 hf auth login 登录；证明与模型卡不受影响",
    "check the repository's name and the network, and log in by hf auth login; proof and card are not affected",
)
NOT_TUNED_HERE = Message("没有训练记录，不能上传", "there is no training record, so it cannot be uploaded")
BAD_NAME = Message("看不懂称呼 `{text}`", "the name `{text}` is not understood")
NAME_FORM = Message("写作 引用=名称", "write it as REFERENCE=NAME")

# model card
CARD_TITLE = Message("{name} 模型卡", "Model card of {name}")
CARD_INTRO = Message(
    "由 {base} 调整而来（{stage}）。本卡由 Plumbline（准绳）根据记录写成，数字均来自 proof.json。",
    "Tuned from {base} ({stage}). This card was written by Plumbline from the records; every number is in proof.json.",
)
CARD_FACTS = Message("来历", "Origin")
CARD_BASE = Message("底座", "base")
CARD_LICENCE = Message("许可", "licence")
CARD_LICENCE_TEXT = Message(
    "以底座和数据的许可为准；本卡不授予额外权利",
    "that of the base and of the data; this card grants nothing beyond",
)
CARD_DATA = Message("数据", "data")
CARD_ROWS = Message("{n} 行", "{n} rows")
CARD_DATA_CARD = Message("数据卡", "data card")
CARD_FRAMEWORKS = Message("价值框架与声明者", "frameworks and who declared them")
CARD_RECIPE = Message("配方", "recipe")
CARD_COMPUTE = Message("计算", "compute")
CARD_RESULTS = Message("前后对比", "Before and after")
CARD_SIDE = Message(
    "副作用与目标列在同一张表里；“没有证据”不等于没有变化。",
    "Side effects stand in the same table as aims; no evidence of a change is not evidence of none.",
)
CARD_USES = Message("用途", "Uses")
CARD_INTENDED = Message(
    "适合：研究所声明的价值在模型输出中的体现，以及调整方法的效果。",
    "Intended: research on how declared values show in outputs, and on what tuning does.",
)
CARD_UNSUITABLE = Message(
    "不适合：未经人工审核的面向公众的服务；医疗、法律、心理危机等高风险决定；代表任何机构发言；判断个人的价值观。",
    "Unsuitable: public services without human review; decisions on health, law or crises; speaking for any "
    "institution; judging a person's values.",
)
CARD_RISK = Message("风险提示", "Risk warning")
CARD_REPRODUCE = Message("如何重现", "How to reproduce")
CARD_HASHES = Message("校验（SHA-256）", "hashes (SHA-256)")
CARD_BEFORE = Message("前", "before")
CARD_AFTER = Message("后", "after")
CARD_VERDICT = Message("结论", "verdict")
CARD_DETECTABLE = Message("可看出的最小变化", "smallest detectable")
CARD_SEEN_REST = Message(
    "评估器在回答里看到的价值：比较 {n} 项，{still} 项没有变化的证据（全部见 proof.json）。",
    "Values an evaluator sees in replies: {n} compared, no evidence of a change for {still} (all are in proof.json).",
)
CARD_GROUPS_REST = Message(
    "单个组：比较 {n} 项，{still} 项没有变化的证据（全部见 proof.json）。",
    "Single groups: {n} compared, no evidence of a change for {still} (all are in proof.json).",
)
NO_RECORD = Message("没有这个模型的训练记录", "there is no training record of this model")
GIVE_TUNED = Message(
    "给出 plumbline tune 写的文件夹，且证明中比较过它",
    "give a folder of plumbline tune that the proof compares",
)
NOT_LOCAL = Message("lm-eval 任务需要在本机运行的模型", "tasks of lm-eval need a model that runs here")
TAKE_LOCAL = Message("用 hf/路径，或去掉 --task", "use hf/PATH, or leave --task out")
NO_TASK = Message("lm-eval 跑不了这些任务（{detail}）", "lm-eval cannot run these tasks ({detail})")
OTHER_NAME = Message("用 lm-eval ls tasks 查看任务名", "see the names of tasks by lm-eval ls tasks")
NO_SCORE = Message("这个任务没有逐题的正确率", "the task gives no accuracy by question")
OTHER_TASK = Message("换一个选择题任务", "choose a multiple-choice task")
