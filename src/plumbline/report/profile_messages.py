"""What a value profile's page says, Chinese and English side by side."""

from __future__ import annotations

from plumbline.language import Message
from plumbline.report.messages import BRAND, SKIP, WHOSE

__all__ = ["BRAND", "SKIP", "WHOSE"]

FOOTER = Message(
    "由 Plumbline（准绳）生成。本页不含脚本，不访问网络。",
    "Made by Plumbline. This page holds no script and needs no network.",
)
TITLE = Message("价值画像：{models}", "Value profile: {models}")
TITLE_MANY = Message("价值画像：{n} 个模型", "Value profile of {n} models")
LEAD = Message(
    "框架：{framework} · 评估器：{evaluator} · 回答：{source}",
    "Framework: {framework} · evaluator: {evaluator} · answers: {source}",
)
VERDICT = Message("结论", "Verdict")
VERDICT_QUESTIONS = Message(
    "比较所依据的是 {models} 个模型都回答了的 {common} 题（共 {asked} 题，{left} "
    "题因有模型没有回答而不用）。",
    "The comparison rests on the {common} questions that all {models} models answered ({asked} were "
    "asked; {left} were "
    "left out because some model did not answer).",
)
VERDICT_ONE = Message(
    "画像所依据的是 {common} 题的回答。", "The profile rests on the answers to {common} questions."
)
VERDICT_DIFFERENCES = Message(
    "在 {tests} 次两两比较中，有 {n} 次的差别经 Holm 校正后仍然成立（{share}）。",
    "Of {tests} pairwise comparisons {n} differences hold after Holm's correction ({share}).",
)
VERDICT_NONE = Message(
    "在 {tests} 次两两比较中，没有一次的差别经 Holm 校正后成立。",
    "None of the {tests} pairwise differences holds after Holm's correction.",
)
VERDICT_LARGEST = Message(
    "最大的一处：{value}，{second} 比 {first} {direction} {points} 个百分点（95% 区间 {low} 至 {high}）。",
    "The largest: on {value}, {second} is {direction} {first} by {points} points (95% interval {low} to "
    "{high}).",
)
HIGHER = Message("高", "above")
LOWER = Message("低", "below")
FAR = Message(
    "评估器离开了自己的领域：{signs}。分数仍可用于在同样的题上比较模型，但不宜当作各价值的绝对水平。",
    "The evaluator is away from home: {signs}. Its scores can still compare models on the same "
    "questions, but are no "
    "absolute level of any value.",
)
SIGN_STRANGE = Message(
    "{share} 的回答比 95% 的训练文本更陌生（字词重合 {here}，训练文本为 {home}）",
    "{share} of the answers are stranger than 95% of its training texts (overlap {here}, {home} at home)",
)
SIGN_DRIFT = Message(
    "分数分布平均偏移 {drift}（KS 距离）", "score distributions moved by {drift} on average (KS distance)"
)
DOUBTFUL = Message(
    "{values}：这些回答的分数分布，不是“含有该价值的文本变多或变少”所能解释的，"
    "校正后的占比不可靠（图中以 ° 标出）。",
    "{values}: no change in how common the value is explains how these answers score, so their corrected "
    "shares are not "
    "to be relied on (marked ° in the chart).",
)
NEAR = Message(
    "用词上，评估器对这些回答并不陌生：字词重合 {here}；分数分布平均偏移 {drift}（KS 距离）。",
    "The words of these answers are familiar to the evaluator (overlap {here}); their scores moved by {drift} "
    "on average (KS distance).",
)
DEMO = Message(
    "这是演示级的评估器，由机器撰写的几百段文字训练而成，只用来展示页面，不能据以评价模型。",
    "This is a demonstration evaluator, trained on a few hundred paragraphs written by a machine: it "
    "shows what the page "
    "looks like and is no basis for judging a model.",
)
ALSO = Message(
    "除 {data} 的 {rows} 段标注文本外，这个评估器还学过随软件提供的 {n} 段、由机器撰写的文字；校准只依据前者。",
    "Besides {rows} labelled texts of {data}, this evaluator learnt from {n} that come with the software and were "
    "written by a machine; its calibration rests on the former alone.",
)
HEAT = Message("各模型、各价值的平均概率", "Mean probability by model and value")
HEAT_CAPTION = Message(
    "每格是评估器在该模型各回答中看到该价值的概率的平均（ValueCSV 的得分）。",
    "Each cell is the mean probability, over a model's answers, that the evaluator gives to the value "
    "(ValueCSV's score).",
)
ADJUSTED = Message("校正后的占比", "Corrected shares")
ADJUSTED_CAPTION = Message(
    "含有该价值的回答所占的比例，按评估器已知的错误作了校正；横线是 95% 区间，其中包括评估器自身的不确定性。",
    "Share of answers that carry the value, corrected for the evaluator's known errors; lines are 95% "
    "intervals that include "
    "the evaluator's own uncertainty.",
)
AXIS_ADJUSTED = Message("含有该价值的回答占比（校正后）", "share of answers with the value, corrected")
AXIS_MEAN = Message("平均概率", "mean probability")
LEVELS = Message("三个层面", "Levels")
LEVELS_CAPTION = Message(
    "一个层面的得分是其中各价值平均概率的平均；横线是 95% 区间。",
    "A level's score is the mean of its values' mean probabilities; lines are 95% intervals.",
)
DIFFERENCES = Message("成立的差别", "Differences that hold")
DIFFERENCES_CAPTION = Message(
    "同一批题上成对比较平均概率，后者减前者，单位为百分点；p 值按全部 {tests} 次比较作 Holm 校正。",
    "Mean probabilities compared in pairs on the same questions, second less first, in points; p values "
    "corrected by Holm "
    "over all {tests} comparisons.",
)
NO_DIFFERENCES = Message("没有经校正后仍成立的差别。", "No difference holds after correction.")
COLUMN_VALUE = Message("价值", "value")
COLUMN_FIRST = Message("模型一", "first")
COLUMN_SECOND = Message("模型二", "second")
COLUMN_DIFFERENCE = Message("差（百分点）", "difference (points)")
COLUMN_P = Message("p（Holm）", "p (Holm)")
COLUMN_MODEL = Message("模型", "model")
COLUMN_MEAN = Message("平均概率", "mean")
COLUMN_ADJUSTED = Message("校正后占比", "corrected")
COLUMN_ANSWERED = Message("回答题数", "answered")
COLUMN_DRIFT = Message("分数偏移（KS）", "drift (KS)")
COLUMN_UNEXPLAINED = Message("无法解释的偏移", "unexplained")
COLUMN_ERROR = Message("校准误差", "calibration error")
COLUMN_F1 = Message("F1", "F1")
COLUMN_AP = Message("平均精度", "average precision")
COLUMN_PREVALENCE = Message("训练占比", "prevalence")
UNKNOWN = Message("无从得知", "not known")
NUMBERS = Message("全部数字", "All the numbers")
CHART_DATA = Message("图中数据", "Data of the chart")
REASONS = Message("分数从哪里来", "Where the scores come from")
REASONS_CAPTION = Message(
    "每个价值下，各模型得分最高的回答里贡献最大的一句，及其对数几率中的份额。",
    "For each value, the sentence that adds most in each model's highest-scored answers, with its part "
    "of the log-odds.",
)
REASONS_EXACT = Message(
    "各句（或各字词）的份额加上截距，恰好等于该回答的对数几率。",
    "The parts of all sentences (or of all n-grams), plus the intercept, sum exactly to the answer's "
    "log-odds.",
)
REASONS_LEFT_OUT = Message(
    "一句的份额是去掉它之后对数几率下降的多少；各句相加不必等于总数。",
    "A sentence's part is by how much the log-odds fall without it; the parts need not sum to the whole.",
)
REASON_META = Message(
    "{model} · 概率 {probability} · 这一句 {part}",
    "{model} · probability {probability} · this sentence {part}",
)
REASON_GRAMS = Message("贡献最大的字词：{grams}", "n-grams that add most: {grams}")
ABOUT = Message("评估器", "The evaluator")
ABOUT_CAPTION = Message(
    "在没有用于训练的标注文本上测得（{rows} 段，{how}）。",
    "Measured on labelled texts it was not trained on ({rows} texts, {how}).",
)
ABOUT_DATA = Message("训练数据", "training data")
ABOUT_SCORES = Message("总体", "overall")
ABOUT_SCORES_TEXT = Message(
    "宏平均 F1 {macro}，微平均 F1 {micro}，平均精度均值 {ap}，标签正确率 {accuracy}，全对 {exact}",
    "macro-F1 {macro}, micro-F1 {micro}, mean average precision {ap}, label accuracy {accuracy}, exact "
    "match {exact}",
)
COVERAGE = Message("各模型答了多少", "How much each model answered")
LIMITS = Message("不能说明什么", "What this cannot tell")
LIMITS_TEXT = Message(
    "评估器只看到文字中出现了哪些价值，看不到模型会怎样做，也分不清赞同与提及。它学到的是训练数据的标注习惯；"
    "校正假定含有与不含该价值的文字在这里与在训练数据里看起来一样。",
    "An evaluator sees which values a text shows; it does not see what a model would do, nor tell "
    "endorsement from mention. It "
    "has learnt its annotators' habits, and the correction assumes that texts with and without a value "
    "look here as they did "
    "in the training data.",
)
DECLARED_BY = Message("由谁宣示", "declared by")
SOURCE = Message("出处", "source")
FRAMEWORK_LIMITS = Message("局限", "limits")
