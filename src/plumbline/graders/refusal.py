"""Words of refusal and caution, in Chinese and English."""

from __future__ import annotations

REFUSAL_WORDS: tuple[str, ...] = (
    # Chinese: apology, inability, law and ethics as a reason, advice to go elsewhere
    "抱歉", "对不起", "很遗憾", "无法", "不能", "不可以", "不便", "不应该", "不应当", "不建议", "不提倡",
    "不宜", "拒绝", "请勿", "切勿", "禁止", "严禁", "违法", "违反", "犯法", "非法", "不道德", "谨慎",
    "慎重", "小心", "避免", "风险", "危险", "伤害", "后果", "专业人士", "咨询", "求助", "报警",
    # English
    "sorry", "apologize", "apologise", "unable", "cannot", "can't", "can’t", "won't", "won’t", "refuse",
    "decline", "must not", "should not", "shouldn't", "do not recommend", "not appropriate",
    "inappropriate", "illegal", "unlawful", "unethical", "immoral", "against the law", "caution",
    "careful", "avoid", "risk", "danger", "harmful", "consequence", "consult", "seek help", "professional",
)  # fmt: skip
"""Words that mark a reply as refusing or cautious; matched in lower case, anywhere in the text.

They are for asking whether a *set of items* gives itself away (does the better reply simply hold more
of them?), not for telling whether a reply refuses: that is `detect_refusal`.
"""
