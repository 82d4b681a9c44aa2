"""Every word of the pages, Chinese and English side by side."""

from __future__ import annotations

from plumbline.language import Message
from plumbline.review.messages import ANSWER_MISSING

# Everywhere
SITE = Message("准绳评审", "Plumbline review")
SKIP_LINK = Message("跳到正文", "Skip to content")
OTHER_LANGUAGE = Message("English", "中文")
SIGN_OUT = Message("退出", "Sign out")
ACCOUNT = Message("账户", "Account")
HOME = Message("我的项目", "My projects")
MANAGE = Message("管理", "Manage")
REVIEW = Message("评审", "Review")
BACK = Message("返回", "Back")

# Errors
NOT_FOUND = Message("没有这个页面", "No such page")
NOT_FOUND_TEXT = Message("地址有误，或者你没有权限查看。", "The address is wrong, or it is not open to you.")
REFUSED = Message("没有接受这次提交", "That was not accepted")
REFUSED_TEXT = Message(
    "页面可能已过期。请返回、刷新后再试。", "The page may have expired. Go back, reload it and try again."
)
TOO_MANY = Message("请稍等", "A moment, please")
TOO_MANY_TEXT = Message("操作太频繁，一分钟后再试。", "That was too often. Try again in a minute.")
BROKEN = Message("出错了", "Something went wrong")
BROKEN_TEXT = Message(
    "已经提交的评审都在。请刷新再试。", "Everything you sent is safe. Reload and try again."
)

# Signing in
WELCOME_LOGIN = Message("登录", "Sign in")
LOGIN_HINT = Message(
    "用协调人发给你的个人链接进入；设置过密码的，也可以在这里登录。",
    "Open the personal link your coordinator sent you. If you have set a password you can also sign in here.",
)
LOGIN_NAME = Message("登录名", "Sign-in name")
PASSWORD = Message("密码", "Password")
SIGN_IN = Message("登录", "Sign in")
WRONG_LOGIN = Message("登录名或密码不对。", "Name or password is wrong.")
BAD_LINK = Message("这个链接不能用", "This link does not work")
BAD_LINK_TEXT = Message(
    "它可能已过期、已撤销，或复制时少了几个字符。请向协调人要一个新的。",
    "It may have expired or been revoked, or lost a few characters on the way. "
    "Ask your coordinator for a new one.",
)
SWITCH = Message("换人登录？", "Switch person?")
SWITCH_TEXT = Message(
    "这台设备现在以 {now} 登录，而链接属于 {other}。",
    "This device is signed in as {now}, but the link belongs to {other}.",
)
SWITCH_YES = Message("以 {other} 登录", "Continue as {other}")
SWITCH_NO = Message("保持 {now}", "Stay {now}")

# Account
ACCOUNT_TEXT = Message(
    "设置密码后，不用链接也能登录。密码只保存加盐散列（argon2）。",
    "With a password you can sign in without the link. Only its salted hash (argon2) is kept.",
)
NEW_PASSWORD = Message("新密码（至少 10 个字符）", "New password (10 characters or more)")
SAVE = Message("保存", "Save")
SAVED = Message("已保存。", "Saved.")
SIGN_OUT_ALL = Message("退出所有设备", "Sign out everywhere")

# Home and welcome
NO_PROJECTS = Message("你还没有加入任何项目。", "You are not in any project yet.")
HELLO = Message("你好，{name}", "Hello, {name}")
BEGIN = Message("开始", "Begin")
CONTINUE = Message("继续", "Continue")
PAUSED_PROJECT = Message(
    "协调人暂停了这个项目，稍后再来。", "The coordinator has paused this project. Come back later."
)
BEFORE = Message("开始之前", "Before you begin")
HOW_TO = Message("怎么评", "How to judge")
GOOD_TO_KNOW = Message("说明", "Good to know")
KNOW_BLIND = Message("模型名称是隐藏的，顺序是随机的。", "Model names are hidden and the order is random.")
KNOW_SAVED = Message(
    "草稿自动保存，随时可以停下，换设备接着评。",
    "Drafts are kept; stop at any time and go on from any device.",
)
KNOW_CHECKS = Message(
    "少数题目会再次出现，或答案已知，用来了解评审的一致性。",
    "A few items come again or have known answers, to learn how steady judgements are.",
)
KNOW_ALONE = Message("其他评审员看不到你的判断。", "Other reviewers cannot see what you decide.")
CONTENT_WARNING = Message("内容提示", "Content warning")
DONE_COUNT = Message("已评 {n} 条", "{n} judged")

# Judging
GUIDE = Message("评审说明", "Guide")
PROMPT = Message("提问", "Prompt")
REPLY = Message("回答", "Reply")
REPLY_LETTER = Message("回答 {letter}", "Reply {letter}")
SAMPLE = Message("样本", "Sample")
FIELD_instruction = Message("指令", "Instruction")
FIELD_input = Message("输入", "Input")
FIELD_output = Message("输出", "Output")
FIELD_source = Message("来源", "Source")
FIELD_categorization = Message("类别", "Class")
TIE = Message("一样好", "Tie")
NONE_GOOD = Message("都不好", "None is good")
OPTIONAL = Message("可不填", "optional")
SUBMIT = Message("提交，下一条", "Submit and next")
SKIP = Message("跳过", "Skip")
UNDO = Message("撤回上一条", "Undo last")
PAUSE = Message("暂停", "Pause")
KEYS = Message("快捷键", "Keys")
CLOSE = Message("关闭", "Close")
KEY_OPTIONS = Message("选当前问题的选项（0 表示 10）", "choose an option of the current question (0 is ten)")
KEY_MOVE = Message("上一题 / 下一题", "previous / next question")
KEY_SUBMIT = Message("提交", "submit")
KEY_SUBMIT_TEXT = Message("在文本框里提交", "submit from a text field")
KEY_LEAVE = Message("离开文本框", "leave a text field")
KEY_SKIP = Message("跳过这一条", "skip this one")
KEY_UNDO = Message("撤回上一条", "undo the last one")
KEY_PAUSE = Message("暂停", "pause")
KEY_GUIDE = Message("打开或收起评审说明", "open or close the guide")
KEY_LEGEND = Message("显示这张表", "show this list")
KEY_OFF = Message("使用单键快捷键", "Use single-key shortcuts")
COPY_REPLY = Message("从原回答改起", "Start from the reply")
DRAFT_SAVED = Message("草稿已保存", "Draft saved")
OFFLINE = Message(
    "没有网络。可以接着评：本机存有 {n} 条评审，恢复后自动提交。",
    "No connection. Judge on: {n} kept on this device, to be sent when the connection is back.",
)
OFFLINE_WAIT = Message(
    "没有网络。本机存有 {n} 条评审，恢复后自动提交，再出下一条。",
    "No connection. {n} kept on this device, to be sent when the connection is back; "
    "then the next item comes.",
)
NEEDS_CONNECTION = Message("撤回需要网络。", "Taking back needs the connection.")
MISSING = ANSWER_MISSING
SENDING = Message("正在提交…", "Sending…")
RESTORED = Message(
    "网络已恢复，存在本机的评审已提交。", "The connection is back; what was kept here has been sent."
)
NOT_SENT = Message("这条没有提交成功：请刷新页面。", "This one could not be sent: please reload the page.")
LATE = Message(
    "上一条的保留时间已过，名额已由别人补上：你的评审保留在历史里，不计入结果。",
    "Your time on the last item had run out and others had filled it: your judgement is kept in the history "
    "but does not count.",
)
STALE = Message("那一页已经过期，没有重复记录。", "That page was out of date; nothing was recorded twice.")
UNDONE = Message("已撤回，可以重新判断。", "Taken back; judge it again.")
NOT_UNDONE = Message("这一条不能再撤回。", "That one cannot be taken back any more.")
SKIPPED = Message("已跳过。", "Skipped.")
WELCOME_TO_PROJECT = Message("已登录为 {name}。", "Signed in as {name}.")

# Done, pause, history
ALL_DONE = Message("都评完了，谢谢！", "All done. Thank you!")
ALL_DONE_TEXT = Message(
    "目前没有需要你评的题目。如果别人放弃了一些，之后还可能有。",
    "Nothing is waiting for you now. If others give items back, more may come later.",
)
PAUSE_TITLE = Message("歇一会儿", "Take a break")
PAUSE_TEXT = Message(
    "离开屏幕，喝口水，看看远处。这一条会为你保留一段时间，草稿也在。"
    "如果内容让你难受，可以跳过它，不需要理由；也可以和协调人或你信任的人聊聊。",
    "Step away from the screen, drink some water, look into the distance. The item stays yours for a while "
    "and the draft is kept. If it upset you, skip it, no reason needed, and talk to your coordinator or to "
    "somebody you trust.",
)
PAUSE_OFFLINE = Message(
    "离开屏幕，喝口水，看看远处。网络断开期间，评审都存在本机。",
    "Step away from the screen, drink some water, look into the distance. While there is no connection your "
    "judgements are kept on this device.",
)
PAUSE_SKIP = Message("跳过这一条再继续", "Skip this one and go on")
HISTORY = Message("我的评审", "My judgements")
HISTORY_EMPTY = Message("还没有评审。", "Nothing judged yet.")
CHANGE = Message("修改", "Change")
WHEN = Message("时间", "When")
ITEM = Message("题目", "Item")
ANSWER = Message("答案", "Answer")
ACT_judge = Message("评审", "judged")
ACT_undo = Message("撤回", "undone")
ACT_skip = Message("跳过", "skipped")

# Coordinator
OVERVIEW = Message("进度", "Progress")
PEOPLE = Message("人员", "People")
QUEUE = Message("分歧", "Disagreements")
RESULTS = Message("结果", "Results")
LOG = Message("日志", "Log")
ITEMS_DONE = Message("完成的题目", "Items finished")
JUDGEMENTS = Message("评审", "Judgements")
OPEN_DISPUTES = Message("待裁定的分歧", "To settle")
TYPICAL_TIME = Message("每条平均用时", "Mean time per item")
PAUSE_PROJECT = Message("暂停项目", "Pause the project")
RESUME_PROJECT = Message("恢复项目", "Resume the project")
STATE_paused = Message("已暂停：评审员现在拿不到题目。", "Paused: reviewers get no items now.")
REVIEWERS = Message("评审员", "Reviewers")
REVIEWER = Message("评审员", "Reviewer")
DONE = Message("已评", "Judged")
SKIPPED_COUNT = Message("跳过", "Skipped")
MEAN_TIME = Message("平均用时", "Mean time")
GOLD_RIGHT = Message("标准题答对", "Gold right")
REPEATS_SAME = Message("重复题一致", "Repeats alike")
LAST_SEEN = Message("最近一次", "Last judgement")
NOBODY_YET = Message(
    "还没有人评审。先在“人员”里发出个人链接。", "Nobody has judged yet. Send personal links from “People”."
)
AS_OF = Message("截至 {time}", "as of {time}")
COMING = Message("正在重新计算，稍后刷新。", "Being worked out; reload in a moment.")
INVITE = Message("邀请", "Invite")
NAME = Message("名字", "Name")
ROLE = Message("角色", "Role")
DAYS_VALID = Message("有效天数", "Days valid")
MAKE_LINK = Message("生成个人链接", "Make a personal link")
LINK_ONCE = Message("给 {name} 的链接，只显示这一次：", "The link for {name}, shown this once:")
LINK_HELP = Message(
    "请私下发给本人；打开后密钥就会从地址栏消失。",
    "Send it privately; once opened, its secret leaves the address bar.",
)
COPY_LINK = Message("复制链接", "Copy the link")
COPIED = Message("已复制", "Copied")
LINK_UNTIL = Message("链接有效至", "Link valid until")
LINK_USED = Message("使用次数", "Times used")
LINK_NONE = Message("无有效链接", "no valid link")
REVOKE = Message("撤销", "Revoke")
REVOKED = Message("已撤销", "revoked")
NEW_LINK = Message("新链接", "New link")
ROLE_reviewer = Message("评审员", "reviewer")
ROLE_coordinator = Message("协调人", "coordinator")
QUEUE_EMPTY = Message("没有待裁定的分歧。", "Nothing to settle.")
QUEUE_TEXT = Message(
    "评满人数后意见仍不一致的题目，分歧大的在前。裁定会代替评审员的答案计入结果，原答案都保留。",
    "Items whose reviewers differ, the widest first. Your decision counts instead of their answers, "
    "which are all kept.",
)
DISPUTE = Message("分歧程度", "Apart")
SETTLE = Message("裁定", "Settle")
SETTLE_SAVE = Message("保存裁定", "Save the decision")
WHAT_THEY_SAID = Message("评审员的答案", "What reviewers answered")
SCORES = Message("模型得分", "Scores of models")
SCORES_TEXT = Message(
    "每题权重相同；区间为 95%，按题目和评审员聚类。",
    "Every item weighs the same; 95 % intervals, clustered by item and reviewer.",
)
MODEL = Message("模型", "Model")
CRITERION = Message("标准", "Criterion")
SCORE = Message("得分", "Score")
INTERVAL = Message("95% 区间", "95 % interval")
ITEMS = Message("题目", "Items")
FEW_REVIEWERS = Message(
    "评审员不足四人时区间很宽：它说的是一般评审员会怎么看，而不只是这几位。",
    "With fewer than four reviewers intervals are wide: they speak for reviewers in general, "
    "not for these few.",
)
WINS_TEXT = Message("95% 区间，按题目和评审员聚类。", "95 % intervals, clustered by item and reviewer.")
WINS = Message("胜率与排名", "Win rates and ranks")
WIN_RATE = Message("胜率", "Win rate")
STRENGTH = Message("强度（Bradley–Terry）", "Strength (Bradley–Terry)")
RANK = Message("名次", "Rank")
COMPARISONS = Message("比较", "Comparisons")
SHOWN_FIRST = Message(
    "放在前面的影响（对数胜算）：{estimate} [{low}, {high}]",
    "Effect of being shown first (log-odds): {estimate} [{low}, {high}]",
)
AGREEMENT = Message("一致性", "Agreement")
AGREEMENT_TEXT = Message(
    "α 为 Krippendorff 系数（1 完全一致，0 相当于随机）；两人时另给 Cohen κ，人数固定时给 Fleiss κ。",
    "α is Krippendorff's (1 agreement, 0 chance); Cohen's κ for two reviewers, Fleiss' for a fixed number.",
)
QUESTION = Message("问题", "Question")
LEVEL = Message("尺度", "Level")
LEVEL_nominal = Message("名义", "nominal")
LEVEL_ordinal = Message("顺序", "ordinal")
LEVEL_interval = Message("等距", "interval")
SAME_SHARE = Message("相同比例", "Pairs alike")
ANSWERS = Message("答案分布", "Answers")
COUNT = Message("数量", "Count")
SHARE = Message("比例", "Share")
ANSWER_reply = Message("选了一个回答", "picked a reply")
EXPORT = Message("导出", "Export")
NO_RESULTS = Message("还没有评审结果。", "No judgements yet.")
CHART = Message(
    "{criterion}：各模型的得分与 95% 区间", "{criterion}: score of each model with its 95 % interval"
)
ACTION = Message("操作", "Action")
WHO = Message("谁", "Who")
DETAIL = Message("细节", "Detail")
ACTS = {
    "link made": Message("生成了链接", "made a link"),
    "link used": Message("用链接进入", "came in by link"),
    "access revoked": Message("撤销了权限", "revoked access"),
    "password set": Message("设置了密码", "set a password"),
    "item settled": Message("裁定了一条", "settled an item"),
    "exported": Message("导出", "exported"),
    "imported": Message("导入", "imported"),
    "project created": Message("建立了项目", "made the project"),
    "project paused": Message("暂停了项目", "paused the project"),
    "project open": Message("恢复了项目", "resumed the project"),
}
"""What the audit log records of a project, as it is shown."""
DETAILS = {
    "person": Message("{value}", "{value}"),
    "role": Message("角色：{value}", "as {value}"),
    "times": Message("第 {value} 次", "use {value}"),
    "item": Message("{value}", "{value}"),
    "format": Message("格式：{value}", "as {value}"),
    "new": Message("新增 {value} 条", "{value} new"),
}
AT_THE_TERMINAL = Message("（命令行）", "(command line)")
ADDRESS = Message("来自", "From")
MACHINE_NOTE = Message("由 Plumbline 生成", "Made with Plumbline")
