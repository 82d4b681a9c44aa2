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
}
FAMILY_NAMES: dict[str, Message] = {
    "aim": Message("目标", "what was aimed at"),
    "side": Message("副作用", "side effects"),
    "steady": Message("前后一致", "consistency"),
    "leaning": Message("取向（无好坏之分）", "leanings (no way is better)"),
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
SAME_MODEL = Message("前后是同一个模型", "before and after are the same model")
GIVE_AFTER = Message("用 --after 给出调整后的模型", "give the tuned model by --after")
