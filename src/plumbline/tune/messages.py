"""What tuning says, Chinese and English side by side."""

from __future__ import annotations

from plumbline.language import Message

# recipe
QUANTISED_FLOAT32 = Message(
    "四比特底座（quantise）不能与 float32 同用；把 dtype 改为 auto 或 bfloat16",
    "a 4-bit base (quantise) does not go with float32; set dtype to auto or bfloat16",
)
NO_RECIPE = Message("没有名为 `{name}` 的配方文件", "there is no recipe `{name}`")
KNOWN_RECIPES = Message(
    "给出 YAML 路径，或用自带的：{names}", "give the path of a YAML file, or one of ours: {names}"
)

NO_TENSORBOARD = Message(
    "saving.tensorboard 需要 tensorboard，但没有安装",
    "saving.tensorboard needs tensorboard, which is not installed",
)
INSTALL_TENSORBOARD = Message(
    "运行 pip install tensorboard，或去掉这一项", "run pip install tensorboard, or leave it out"
)

# data
NO_ROWS = Message("没有可用于 {stage} 的训练行", "there are no rows to train on for {stage}")
GIVE_ROWS = Message("检查数据与阶段是否相配", "check that data and stage go together")
NO_DATA = Message("找不到数据", "there is no such data")
GIVE_DATA = Message(
    "给出 plumbline build 的数据集文件夹，或 JSONL、JSON、CSV、XLSX、Parquet 文件",
    "give the folder of a data set of plumbline build, or a JSONL, JSON, CSV, XLSX or Parquet file",
)
UNKNOWN_COLUMNS = Message("看不懂这些列：{names}", "these columns are not known: {names}")
COLUMNS_SFT = Message(
    "改为 instruction, input, output 或 prompt, completion 或 messages",
    "name them instruction, input, output, or prompt, completion, or messages",
)
COLUMNS_PREFERENCE = Message(
    "改为 prompt, chosen, rejected 或 instruction, input, output, worse",
    "name them prompt, chosen, rejected, or instruction, input, output, worse",
)
EMPTY_FIELD = Message("问题或回答为空", "question or answer is empty")
FILL_IN = Message("补上，或删去这一行", "fill it in, or remove the row")
SAME_ANSWERS = Message("较好与较差的回答完全相同", "the better and the worse answer are the same")
REMOVE_ROW = Message("删去这一行", "remove the row")
BAD_TURN = Message("对话中的一轮不成形", "a turn of the conversation is malformed")
TURN_FORM = Message('每轮写作 {"role": …, "content": …}', 'write each turn as {"role": ..., "content": ...}')
NO_ANSWER = Message("对话里没有 assistant 的回答", "the conversation holds no turn of the assistant")
TEMPLATE_CHANGES = Message(
    "对话模板在有回答时改写了前文，无法确定哪些词元属于回答",
    "the chat template rewrites what came before once an answer follows, so it is not known which tokens are the answer",
)
SIMPLER_TEMPLATE = Message(
    "换用不改写前文的对话模板", "use a chat template that leaves earlier turns as they are"
)
TOO_LONG = Message(
    "这一行有 {tokens} 个词元，超过 max_length {limit}",
    "the row has {tokens} tokens, over max_length {limit}",
)
LONGER_OR_DROP = Message(
    "调大 max_length，或把 data.too_long 设为 drop 或 cut",
    "raise max_length, or set data.too_long to drop or cut",
)
ALL_TOO_LONG = Message("每一行都超过 max_length {limit}", "every row is over max_length {limit}")
OVERLAP = Message(
    "训练数据与测试题重合 {n} 处，例如 {suite} 的 {item}",
    "training data hold test items in {n} places, for instance {item} of {suite}",
)
DECONTAMINATE = Message(
    "在构建配方中加上 decontaminate 步骤，或关闭 overlap.strict",
    "add the step decontaminate to the build recipe, or turn overlap.strict off",
)

# base
NO_BASE = Message("找不到或无法读取底座模型（{detail}）", "the base model cannot be found or read ({detail})")
GIVE_BASE = Message(
    "给出含 config.json、权重和分词器的文件夹，或 Hub 上的名字",
    "give a folder with config.json, weights and tokenizer, or a name on the hub",
)
SLOW_TOKENIZER = Message("分词器没有快速版本", "the tokenizer has no fast version")
CONVERT_TOKENIZER = Message("转换为 tokenizer.json", "convert it to tokenizer.json")
UNEVEN = Message(
    "每步 {batch} 行不能平分给 {processes} 个进程、每次 {per_device} 行",
    "{batch} rows a step cannot be shared by {processes} processes that take {per_device} at once",
)
MULTIPLE = Message("把 schedule.batch 设为 {n} 的倍数", "make schedule.batch a multiple of {n}")

# while it runs
TRAINING = Message("训练 {name}", "tuning {name}")
ESTIMATE = Message(
    "训练 {parameters} 个参数中的 {trained} 个；约需内存 {memory} GB，{steps} 步，约 {time}",
    "training {trained} of {parameters} parameters; about {memory} GB of memory, {steps} steps, about {time}",
)
NOT_WHOLE = Message(
    "过长的行：丢弃 {dropped}，截断 {cut}（第一处：{where}）",
    "rows too long: {dropped} dropped, {cut} cut (the first: {where})",
)
GOING_ON = Message("从 {name} 接着训练", "going on from {name}")
DAMAGED = Message("检查点已损坏，移到一旁：{name}", "a checkpoint was damaged and is put aside as {name}")
ALL_DAMAGED = Message("检查点全部损坏（{name}）", "every checkpoint is damaged ({name})")
START_ANEW = Message("换一个文件夹重新训练", "start anew in another folder")
OTHER_RUN = Message(
    "这个文件夹里是另一次训练（配方、数据或底座不同）",
    "the folder holds another tuning (recipe, data or base differ)",
)
OTHER_FOLDER = Message("换一个文件夹", "choose another folder")
LAST_GOOD = Message("最后的完好状态是 {name}", "the last good state is {name}")
NO_GOOD = Message("还没有存下检查点", "no checkpoint was written yet")
NOT_FINITE = Message(
    "第 {step} 步的损失是 {loss}、梯度范数是 {norm}，训练已停止",
    "at step {step} the loss was {loss} and the gradient norm {norm}; training was stopped",
)
LOWER_RATE = Message(
    "{state}；调低 learning_rate 或检查数据，换一个文件夹重新训练",
    "{state}; lower learning_rate or check the data, and start in another folder",
)
DISK_SHORT = Message(
    "存检查点需要 {need}，磁盘只剩 {free}", "a checkpoint needs {need} and the disk has {free} left"
)
DISK_FULL = Message("磁盘已满", "the disk is full")
MAKE_ROOM = Message(
    "{state}；腾出空间后运行同一条命令即可接着训练", "{state}; make room and run the same command to go on"
)
OUT_OF_MEMORY = Message("显存不足", "the device ran out of memory")
LESS_MEMORY = Message(
    "{state}；减小 per_device 或 max_length，打开 checkpointing，或用 lora",
    "{state}; lower per_device or max_length, turn checkpointing on, or use lora",
)

# merge
NO_ADAPTER = Message("这里没有适配器", "there is no adapter here")
GIVE_ADAPTER = Message("给出含 adapter_config.json 的文件夹", "give a folder with adapter_config.json")
NOT_EMPTY = Message("文件夹不是空的", "the folder is not empty")

# command line
TUNE_HELP = Message(
    "按配方调整模型：续训、指令微调或偏好优化；接着做中断的训练",
    "tune a model by a recipe: continued pre-training, instructions or preferences; goes on where it stopped",
)
RECIPE_HELP = Message(
    "配方：YAML 路径或自带配方名；也可写 merge 适配器、estimate 配方、recipes",
    "recipe: path of a YAML file or name of ours; or: merge ADAPTER, estimate RECIPE, recipes",
)
OUT_HELP = Message("模型写到哪个文件夹", "folder of the model")
MERGE_DTYPE_HELP = Message(
    "合并后的数值类型：auto、float32、bfloat16", "type merged weights are stored in: auto, float32, bfloat16"
)
DEVICES_HELP = Message("按几块 GPU 或几个进程估算", "GPUs or processes to reckon with")
ON_GPU_HELP = Message(
    "按 GPU 估算（bfloat16、重算激活）", "reckon as on a GPU (bfloat16, activations recomputed)"
)
TUNED = Message(
    "模型已写入 {folder}；引用：{reference}", "model written to {folder}; refer to it as {reference}"
)
MERGED = Message("合并后的模型已写入 {folder}", "merged model written to {folder}")
GIVE_OUT = Message("用 -o 给出文件夹", "give a folder by -o")
NO_OUT = Message("没有说写到哪里", "it was not said where to write")
COLUMN_RECIPE = Message("配方", "recipe")
COLUMN_STAGE = Message("阶段", "stage")
COLUMN_BASE = Message("底座", "base")
COLUMN_WAY = Message("方式", "way")
WAY_FULL = Message("全参数", "all weights")
WAY_LORA = Message("LoRA，秩 {rank}", "LoRA, rank {rank}")
WAY_QLORA = Message("QLoRA，秩 {rank}", "QLoRA, rank {rank}")
PARTS: dict[str, Message] = {
    "weights": Message("权重", "weights"),
    "gradients": Message("梯度", "gradients"),
    "optimizer": Message("优化器状态", "optimizer"),
    "activations": Message("激活", "activations"),
    "memory": Message("每个设备合计", "in all, for one device"),
    "checkpoint": Message("每个检查点占用磁盘", "room of a checkpoint on disk"),
}

# chat
CHAT_HELP = Message(
    "在终端里与一个模型对话，或让两个模型并排回答", "talk to a model in the terminal, or to two side by side"
)
CHAT_MODEL_HELP = Message("模型，例如 hf/models/x", "model, for instance hf/models/x")
BESIDE_HELP = Message("并排的另一个模型", "another model to set beside it")
CHAT_TOKENS_HELP = Message("每次回复的最长词元数", "longest reply, in tokens")
CHAT_BEGIN = Message(
    "输入问题后回车；/new 重新开始，/quit 退出",
    "type a question and press Enter; /new starts anew, /quit leaves",
)
YOU = Message("你", "you")
