"""Judged retrieval collections in BEIR's layout, and how well an answer does on them."""

import gzip
import json
import math
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "shared" / "retrieval"


@dataclass(frozen=True, slots=True)
class Collection:
    """`documents` and `questions` by id; `judgements` per question: document id to grade."""

    name: str
    documents: dict[str, str]
    questions: dict[str, str]
    judgements: dict[str, dict[str, int]]


def load(name: str, split: str = "test", limit: int | None = None) -> Collection:
    """The collection's folder; with `limit`, only its first questions."""
    folder = FOLDER / name
    judgements: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels" / f"{split}.tsv").read_text("utf-8").splitlines()[1:]:
        question, document, grade = line.split("\t")
        judgements.setdefault(question, {})[document] = int(grade)
    asked = list(judgements)[:limit]
    questions = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl.gz")}
    documents = {
        row["_id"]: "\n".join(part for part in (row.get("title"), row["text"]) if part)
        for row in _rows(folder / "corpus.jsonl.gz")
    }
    return Collection(name, documents, {one: questions[one] for one in asked}, {one: judgements[one] for one in asked})


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def ndcg(ranking: list[str], grades: dict[str, int], depth: int = 10) -> float:
    """nDCG with linear gain, as trec_eval and BEIR compute it (Järvelin and Kekäläinen 2002)."""
    gain = sum(grades.get(one, 0) / math.log2(place + 2) for place, one in enumerate(ranking[:depth]))
    best = sorted(grades.values(), reverse=True)[:depth]
    ideal = sum(grade / math.log2(place + 2) for place, grade in enumerate(best))
    return gain / ideal if ideal else 0.0


def mean_ndcg(rankings: dict[str, list[str]], collection: Collection, depth: int = 10) -> float:
    """Over all questions; one without a ranking counts 0."""
    total = sum(ndcg(rankings.get(one, []), grades, depth) for one, grades in collection.judgements.items())
    return total / len(collection.judgements)
