"""What the data card says."""

from __future__ import annotations

from plumbline.language import Message

TITLE = Message("{title}：数据卡", "{title}: data card")
INTRODUCTION = Message(
    "由配方 `{name}` 构建，{rows} 行。对应的价值框架：{framework}（{declared}）。"
    "框架是一方声明的价值，不是中立的尺度。",
    "Built from the recipe `{name}`; {rows} rows. Framework: {framework} ({declared}). A framework is one "
    "party's declaration, not a neutral yardstick.",
)
COMPOSITION = Message("构成", "Composition")
CHART = Message("各来源、各价值的行数，按类别分色", "rows by source and by value, coloured by class")
BY = {
    "source": Message("来源", "source"),
    "categorization": Message("类别", "class"),
    "values": Message("价值", "value"),
    "language": Message("语言", "language"),
    "licence": Message("许可", "licence"),
    "split": Message("划分", "split"),
    "review": Message("审核", "review"),
}
ROWS = Message("行数", "rows")
SHARE = Message("占比", "share")
UNSAID = Message("（未注明）", "(not said)")
LICENCES = Message("许可", "Licences")
WHOLE = Message("整个数据集：{licence}。", "The data set as a whole: {licence}.")
NO_CONFLICT = Message(
    "没有发现各行许可与整体许可的冲突。", "No row's licence was found to conflict with the whole's."
)
CONFLICT = Message("{rows} 行的许可是“{licence}”：{trouble}", "{rows} rows are under “{licence}”: {trouble}")
TROUBLES = {
    "unlicensed": Message("没有许可，不会被上传", "no licence; never uploaded"),
    "non-commercial": Message("禁止商用，整体许可却允许", "forbids commercial use, which the whole allows"),
    "no-derivatives": Message(
        "禁止改编，而这里的行都经过处理", "forbids derivatives, and every row here was worked on"
    ),
    "share-alike": Message("要求相同方式共享", "must be shared under the same terms"),
}
NOT_ADVICE = Message(
    "以上按许可名称判断，不是法律意见。", "Judged by names of licences; this is no legal advice."
)
HOW = Message("构建过程", "How it was built")
STEP_HEAD = Message(
    "| 步骤 | 来源 | 进来 | 新增 | 留下 | 拒绝 |", "| step | source | in | made | kept | rejected |"
)
REJECTED = Message("被拒绝的行", "Rejected rows")
REJECTED_HEAD = Message("| 步骤 | 原因 | 行数 |", "| step | reason | rows |")
NOTHING_REJECTED = Message("没有。", "None.")
DUPLICATES = Message(
    "重复：{exact} 行与前面完全相同，{near} 行几乎相同。测试题污染：{items} 行。",
    "Duplicates: {exact} rows repeated an earlier one, {near} nearly did. Test items found: {items} rows.",
)
SCORES = Message("得分", "Scores")
SCORE_HEAD = Message("| 得分 | 平均 |", "| score | mean |")
IFD = Message("IFD 的分位数（0、10 … 100 %）：{values}", "IFD quantiles (0, 10 … 100 %): {values}")
NO_IFD = Message("没有计算 IFD。", "IFD was not computed.")
REVIEW = Message("人工审核", "Review by people")
REVIEWED = Message(
    "接受 {accepted}，修改 {edited}，待审 {queued}。",
    "{accepted} accepted, {edited} edited, {queued} waiting.",
)
UNREVIEWED = Message("没有经过人工审核。", "No row was reviewed by people.")
AGREEMENT = Message(
    "{several} 行由两人以上审核，其中 {share:.0%} 意见一致。",
    "{several} rows were seen by two people or more, who agreed on {share:.0%} of them.",
)
MODELS = Message("用到的语言模型", "Language models used")
MODEL_HEAD = Message(
    "| 模型 | 调用 | 读入词元 | 写出词元 | 费用 |", "| model | calls | tokens read | tokens written | cost |"
)
NO_MODELS = Message("没有调用语言模型。", "No language model was called.")
LIMITS = Message("已知的局限", "Known limits")
LIMIT_LINES = (
    Message(
        "类别与价值标签如由规则或评估器给出，会有差错，只宜用来描述构成。",
        "Classes and values given by rules or an evaluator hold errors; use them to describe, not to judge.",
    ),
    Message(
        "去污染按文字重合查找；换了说法或译成别的语言的测试题找不出来。",
        "Decontamination looks for overlapping text; a paraphrased or translated test item is not found.",
    ),
    Message(
        "个人信息按格式查找；人名和不合格式的信息会漏掉。",
        "Personal data is found by its form; names, and data in other forms, are missed.",
    ),
    Message(
        "由语言模型写出的行可能有事实错误，也会带着该模型的倾向。",
        "Rows written by a language model may be wrong and carry that model's leanings.",
    ),
)
RISKS = Message("风险提示", "Risk warning")
RISK_LINES = (
    Message(
        "对抗步骤与安全类来源会包含冒犯或诱导性的问题，仅供训练和研究防护之用。",
        "Adversarial steps and safety sources hold offensive or provoking questions, meant for training and "
        "research on protection only.",
    ),
    Message(
        "在这些数据上训练会让模型趋向所声明的框架；请同时检查它在别的方面是否变差。",
        "Training on this moves a model towards the declared framework; check what it loses elsewhere.",
    ),
)
