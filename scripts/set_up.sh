#!/bin/sh
# Make the environment: everything, at the versions in constraints.txt.
#
# torch is the CPU build unless the machine has an NVIDIA GPU. Which builds an index offers differs: where the
# default one offers only builds for GPUs, name PyTorch's CPU index (pytorch.org, "Get Started"):
#   make demo TORCH_INDEX_URL=...
# and GPU users name the index of the build that fits their driver in the same way.
set -eu
venv="$1"
[ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
pip() { "$venv/bin/python" -m pip --disable-pip-version-check "$@"; }

echo "Setting up $venv: some minutes the first time / 正在准备环境，第一次需要几分钟" >&2
pip install --quiet --constraint constraints.txt pip
torch="$(grep '^torch==' constraints.txt)"
index="${TORCH_INDEX_URL:+--index-url $TORCH_INDEX_URL}"
if ! "$venv/bin/python" -c "import torch" 2>/dev/null; then
    # shellcheck disable=SC2086  # the index is two words or none
    plan="$(pip install --quiet --dry-run --report - $index "$torch")"
    if [ -z "${TORCH_INDEX_URL:-}" ] && ! command -v nvidia-smi >/dev/null && echo "$plan" | grep -q '"name": "nvidia-'; then
        echo "The package index offers torch with several GB of GPU libraries, and there is no GPU here." >&2
        echo "Name PyTorch's CPU index (pytorch.org, Get Started): make $2 TORCH_INDEX_URL=..." >&2
        echo "软件源只提供带数 GB 显卡库的 torch，而本机没有显卡；请指定 PyTorch 的 CPU 源（见 pytorch.org）：make $2 TORCH_INDEX_URL=…" >&2
        exit 1
    fi
    # shellcheck disable=SC2086
    pip install --quiet $index "$torch"
fi
pip install --quiet --constraint constraints.txt --editable ".[all]" --group dev
