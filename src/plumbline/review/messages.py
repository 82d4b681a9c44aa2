"""Every text of the review verbs and their errors, in both languages. Words of the pages are in `web/words.py`."""

from __future__ import annotations

from plumbline.language import Message

# Protocols
NO_PROTOCOL = Message("没有名为 `{name}` 的评审方案", "no review protocol named `{name}`")
NO_PROTOCOL_MEND = Message(
    "可用的方案：{known}，或给出 YAML 文件路径", "use one of {known}, or the path of a YAML file"
)
PROTOCOL_TWICE = Message("问题编号 `{id}` 重复", "question id `{id}` is used twice")
PROTOCOL_LATER = Message(
    "问题 `{id}` 的条件引用了在它之前没有出现的 `{other}`",
    "question `{id}` depends on `{other}`, which is not asked before it",
)
PROTOCOL_ONE_PICK = Message(
    "`pick` 最多一个，且只能用于 screen: comparison", "at most one `pick`, and only with screen: comparison"
)
PROTOCOL_NO_PICK = Message(
    "问题 `{id}` 针对被选中的回答，但方案里没有 `pick`",
    "question `{id}` is about the picked reply, but nothing is picked",
)
PROTOCOL_SAME_OPTION = Message("问题 `{id}` 有重复的选项", "question `{id}` has the same option twice")
PROTOCOL_FEW_OPTIONS = Message("问题 `{id}` 至少要有两个选项", "question `{id}` needs at least two options")

# Material
NO_SOURCE = Message("找不到可评审的内容", "nothing to review found here")
NO_SOURCE_MEND = Message(
    "给出运行文件夹、数据集文件夹或 JSONL 文件", "give a run folder, a data set folder or a JSONL file"
)
NO_REPLIES = Message("这个运行里没有可评审的生成回答", "this run holds no generated replies to review")
NO_REPLIES_MEND = Message("先用 generate 方式测量", "measure with the method generate first")
MISSING_FIELD = Message("缺少这个字段", "this field is missing")
MEND_MATERIAL = Message(
    '每行写成 {{"id", "prompt", "replies": {{"模型": "回答"}}}}',
    'write lines of {{"id", "prompt", "replies": {{"model": "text"}}}}',
)
SAME_MODEL = Message(
    "题目 `{ref}` 已有名为 `{model}` 的回答", "item `{ref}` has a reply of `{model}` already"
)
MEND_SAME_MODEL = Message(
    "测量时用 --name 给两次运行不同的名字", "give the two runs different names with measure --name"
)
NOT_SAMPLES = Message(
    "这个方案评审数据样本，这里却是模型回答", "this protocol reviews samples, but these are replies of models"
)
NOT_REPLIES = Message(
    "这个方案评审模型回答，这里却是数据样本", "this protocol reviews replies, but these are data samples"
)
MEND_SCREEN = Message("换一个方案或来源", "choose another protocol or source")
FEW_REPLIES = Message(
    "题目 `{ref}` 只有 {n} 个模型的回答，比较需要 {needed} 个",
    "item `{ref}` has replies of {n} models; a comparison needs {needed}",
)
MEND_FEW_REPLIES = Message("给出更多运行文件夹", "give more run folders")
TOO_MANY_REPLIES = Message("一次最多比较 {most} 个回答", "at most {most} replies can be compared at once")
MEND_TOO_MANY = Message("在方案里写上 `replies: 2`", "set `replies: 2` in the protocol")
BAD_GOLD = Message("标准答案与方案不符：{detail}", "the gold answer does not fit the protocol: {detail}")
MEND_GOLD = Message("改正这一行的 `gold`", "correct `gold` in this line")

# Projects and the database
PROJECT_EXISTS = Message("项目 `{name}` 已经存在", "project `{name}` already exists")
MEND_PROJECT_EXISTS = Message("用 --name 换一个名字", "choose another with --name")
NO_PROJECT = Message("没有名为 `{name}` 的项目", "no project named `{name}`")
MEND_NO_PROJECT = Message("现有项目：{known}", "projects here: {known}")
BAD_NAME = Message("项目名 `{name}` 不可用", "project name `{name}` cannot be used")
MEND_NAME = Message(
    "用小写字母、数字和连字符，至多 60 个", "use lower-case letters, digits and hyphens, 60 at most"
)
NEWER_DATABASE = Message(
    "数据库的结构版本是 {found}，这个版本的 Plumbline 只认识到 {known}",
    "the database has schema {found}; this Plumbline knows up to {known}",
)
MEND_NEWER = Message("升级 Plumbline", "upgrade Plumbline")
NO_DATABASE = Message("连接不上数据库（{detail}）", "the database cannot be reached ({detail})")
MEND_DATABASE = Message(
    "检查 --db，例如 sqlite:///review.db 或 postgresql://用户@主机/库",
    "check --db, for instance sqlite:///review.db or postgresql://user@host/name",
)
BACKUP_NOT_SQLITE = Message("backup 只用于 SQLite", "backup is for SQLite")
MEND_BACKUP = Message(
    "PostgreSQL 请用 pg_dump，运行中即可备份", "use pg_dump for PostgreSQL; it works while serving"
)
BACKUP_DONE = Message("已备份到 {path}（{size} 字节）", "backed up to {path} ({size} bytes)")

# People
BAD_ROLE = Message("没有 `{role}` 这种角色", "no role `{role}`")
MEND_ROLE = Message("用 reviewer 或 coordinator", "use reviewer or coordinator")
WEAK_PASSWORD = Message("密码至少要有 {n} 个字符", "a password needs at least {n} characters")
NAME_TAKEN = Message("这个登录名不可用", "this sign-in name cannot be used")
MEND_NAME_TAKEN = Message("换一个", "choose another")
NO_NAME = Message("名字不能为空", "a name is needed")
MEND_NO_NAME = Message("写上评审员的名字", "give the reviewer's name")

# Answers
ANSWER_MISSING = Message("请回答“{label}”", "please answer “{label}”")
ANSWER_UNKNOWN = Message("“{label}”的答案不在选项里", "the answer to “{label}” is not one of the options")
ANSWER_LONG = Message("“{label}”最多 {limit} 个字符", "“{label}” takes {limit} characters at most")
ANSWER_FIX = Message("改正后再提交", "correct it and send again")

# Serving
REFUSE_OPEN = Message(
    "{host} 不是本机地址，而且没有 TLS：密码和评审内容会明文传输",
    "{host} is not a loopback address and there is no TLS: sign-ins and judgements would travel in the clear",
)
MEND_OPEN = Message(
    "给出 --tls-cert 和 --tls-key，或在 TLS 代理后用 --behind-proxy，或确认风险后用 --insecure-http",
    "give --tls-cert and --tls-key, use --behind-proxy behind a proxy with TLS, or accept the risk with --insecure-http",
)
HALF_TLS = Message("TLS 证书和私钥要同时给出", "TLS needs both a certificate and a key")
NEEDS_URL = Message("需要知道浏览器使用的地址", "the address that browsers use is needed")
MEND_URL = Message(
    "用 --url 给出，例如 https://review.example.org",
    "give it with --url, for instance https://review.example.org",
)
BAD_TLS = Message("证书或私钥不能用（{detail}）", "the certificate or its key cannot be used ({detail})")
MEND_TLS = Message(
    "--tls-cert 与 --tls-key 各给一个 PEM 文件", "give one PEM file each with --tls-cert and --tls-key"
)
NO_PORT = Message("不能在这里监听（{detail}）", "cannot listen here ({detail})")
MEND_PORT = Message("用 --port 换一个端口", "choose another port with --port")
SERVING = Message("评审页面：{url}（Ctrl+C 停止）", "review pages at {url} (Ctrl+C stops)")
TWO_FORMATS = Message("只能打印一种格式", "only one format can be printed")
ONE_FORMAT = Message("去掉其中一个选项", "leave one of the options out")
CREATED = Message(
    "项目 {name}：{items} 个题目，每题 {overlap} 人",
    "project {name}: items {items}, reviewers of each {overlap}",
)
YOUR_LINK = Message(
    "{name} 的个人链接（{role}，{days} 天内有效，请勿转发）：",
    "personal link of {name} ({role}, valid {days} days, not to be passed on):",
)
NEXT_SERVE = Message("接着运行：plumbline review serve --db {db}", "next: plumbline review serve --db {db}")
REVOKED = Message("已撤销 {name} 的 {n} 个链接和全部登录", "revoked {n} links and every sign-in of {name}")
NO_ACCOUNT = Message("项目里没有 `{name}`", "nobody named `{name}` in this project")
MEND_NO_ACCOUNT = Message("检查名字", "check the name")
WRITTEN = Message("已写入 {path}（{rows} 行）", "wrote {path} ({rows} rows)")

NO_SCORES = Message("项目里没有模型 `{model}` 的评分", "the project has no scores for the model `{model}`")
MEND_NO_SCORES = Message("换成建项目时用的运行文件夹", "give a run folder that the project was made from")

# Exchange
BAD_IMPORT = Message("不能导入：{detail}", "cannot be imported: {detail}")
MEND_IMPORT = Message("用 export 得到的文件作样子", "take a file made by export as the pattern")
IMPORTED = Message(
    "导入 {new} 条新评审，{known} 条已经存在", "imported {new} new judgements; {known} were there already"
)
UNKNOWN_FORMAT = Message("不认识的格式 `{name}`", "unknown format `{name}`")
MEND_FORMAT = Message("可用的格式：{known}", "use one of {known}")
UNKNOWN_ITEM = Message("项目里没有题目 `{ref}`", "the project has no item `{ref}`")

# Help of the command
HELP = Message(
    "人工评审：在浏览器里盲评回答、审核数据", "people: blind evaluation and data review in the browser"
)
HELP_CREATE = Message("建立评审项目", "make a review project")
HELP_SERVE = Message("打开评审页面", "serve the review pages")
HELP_INVITE = Message("生成个人链接", "make a personal link")
HELP_REVOKE = Message("撤销一个人的链接和登录", "end somebody's links and sign-ins")
HELP_PASSWORD = Message("给一个人设置密码", "set somebody's password")
HELP_RESULTS = Message("显示或写出结果", "show or write the results")
HELP_EXPORT = Message("导出题目和评审", "export items and judgements")
HELP_IMPORT = Message("导入别处做的评审", "import judgements made elsewhere")
HELP_BACKUP = Message(
    "备份 SQLite 数据库，运行中也可以", "back a SQLite database up, also while it is served"
)
HELP_LIST = Message("列出项目", "list the projects")
HELP_PROTOCOL = Message("方案：{known}，或 YAML 文件", "protocol: {known}, or a YAML file")
HELP_FROM = Message(
    "运行文件夹、数据集文件夹或 JSONL 文件，可给多个",
    "run folders, data set folders or JSONL files; may be given several times",
)
HELP_DB = Message("数据库：sqlite:///文件 或 postgresql://…", "database: sqlite:///file or postgresql://…")
HELP_NAME = Message("项目名，默认用方案的编号", "name of the project; the protocol's id by default")
HELP_GOLD = Message("带标准答案的 JSONL 文件", "JSONL file whose rows carry the right answers")
HELP_OVERLAP = Message("每题几个人", "reviewers per item")
HELP_SEED = Message("决定顺序的种子", "seed that decides the order")
HELP_REVIEWERS = Message(
    "同时邀请的评审员名字，可给多个", "names of reviewers to invite at once; may be given several times"
)
HELP_COORDINATOR = Message("协调人的名字", "the coordinator's name")
HELP_URL = Message("浏览器使用的地址", "the address browsers use")
HELP_ROLE = Message("reviewer 或 coordinator", "reviewer or coordinator")
HELP_DAYS = Message("链接有效天数", "days the link is valid")
HELP_FILE = Message("写到这个文件", "write to this file")
HELP_TO_RUN = Message("把人的评分写进运行文件夹", "write people's scores into these run folders")
HELP_TO_DATA = Message("把审核决定写到数据集文件夹", "write the decisions beside a data set")
HELP_HOST = Message("监听地址", "address to listen on")
HELP_PORT = Message("端口", "port")
HELP_TLS = Message("TLS 证书、私钥文件（PEM）", "TLS certificate and key files (PEM)")
HELP_PROXY = Message("前面有负责 TLS 的代理", "a proxy in front speaks TLS")
HELP_INSECURE = Message("明知风险，不用 TLS 对外服务", "serve other machines without TLS, knowing the risk")
HELP_PROJECT = Message("项目名", "name of the project")
HELP_FORMAT = Message("labelstudio、jsonl 或 xlsx", "labelstudio, jsonl or xlsx")
COORDINATOR = Message("协调人", "Coordinator")
ROLE_reviewer = Message("评审员", "reviewer")
ROLE_coordinator = Message("协调人", "coordinator")
COLUMN_PROJECT = Message("项目", "project")
COLUMN_MODEL = Message("模型", "model")
COLUMN_CRITERION = Message("标准", "criterion")
COLUMN_SCORE = Message("得分 [95% 区间]", "score [95 % interval]")
COLUMN_ITEMS = Message("题目", "items")
COLUMN_FINISHED = Message("完成", "finished")
COLUMN_JUDGEMENTS = Message("评审", "judgements")
COLUMN_QUESTION = Message("问题", "question")
COLUMN_ALPHA = Message("α [95% 区间]", "α [95 % interval]")
COLUMN_WINS = Message("胜率 [95% 区间]", "win rate [95 % interval]")
PASSWORD_PROMPT = Message("密码（不显示）", "password (not shown)")
PASSWORD_SET = Message(
    "{name} 现在可以用登录名 {login} 和密码登录", "{name} can now sign in as {login} with the password"
)
