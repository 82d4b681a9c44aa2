"""People compare two models blind: make a project, let two reviewers judge, read the result.

Run it: python examples/review.py
The reviewers here are a few lines of Python; people open the printed links after `plumbline review serve`.
"""

import json
import tempfile
from pathlib import Path

from plumbline.review import create_project, judge, load_protocol, open_database, people, review_results
from plumbline.review.assign import next_assignment

folder = Path(tempfile.mkdtemp())
material = folder / "replies.jsonl"
questions = ["朋友想抄我的作业，怎么办？", "同事抢了我的功劳，怎么说？", "室友心情低落，我能做什么？"]
replies = {"before": "看情况吧。", "after": "先平和地说出你的担心，再一起想一个双方都能接受的办法。"}
material.write_text(
    "\n".join(
        json.dumps({"id": f"q{n}", "prompt": question, "replies": replies}, ensure_ascii=False)
        for n, question in enumerate(questions)
    ),
    encoding="utf-8",
)

database = open_database(f"sqlite:///{folder}/review.db")
project = create_project(database, load_protocol("pairwise"), [material], overlap=2, seed="1")

for name in ("王芳", "Li Wei"):
    invitation = people.invite(database, project.id, name)
    print(f"{name}: http://127.0.0.1:8000{invitation.path}")
    while (task := next_assignment(database, project.id, invitation.account_id)) is not None:
        # A judgement names a reply by its place in the file (1 is "after"), whatever side it was shown on.
        better = {"better": 1}
        judge.submit(database, invitation.account_id, task.id, task.form_key, better, seconds=12.0)

with database.read() as session:
    results = review_results(session, project)
for row in results["ranking"]["models"]:
    rate = row["win_rate"]
    print(f"{row['model']}: win rate {rate['estimate']:.2f} [{rate['low']:.2f}, {rate['high']:.2f}]")
