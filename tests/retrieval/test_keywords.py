"""Keywords and questions of chunks, on judged collections: what somebody gave a chunk for its own counts first."""

import random
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.judged import FOLDER, load
from diglot.adapters.embedders.lexical import LEXICAL
from diglot.library.chunks import ChunkEdit
from tests.house import a_house, follow
from tests.retrieval.shelves import search, shelf

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no judged collections at {FOLDER}")

WORDS = 12


@pytest.mark.parametrize("name", ["mini-en", "mini-zh"])
@pytest.mark.parametrize("field", ["keywords", "questions"])
def test_a_chunk_with_the_asked_word_for_its_own_comes_first(tmp_path: Path, name: str, field: str) -> None:
    lines = [" ".join(text.split()) for text in load(name).documents.values()]
    with a_house(tmp_path) as house:
        dataset, (document,) = shelf(house, LEXICAL, "\n".join(lines))
        caller = house.keys.owner()
        chunks = house.chunks.list(caller, dataset.id, document.id, limit=len(lines)).items
        terms = {chunk.id: set(house.tokenizer.terms(chunk.content)) for chunk in chunks}
        held = Counter(term for its in terms.values() for term in its)
        common = sorted(
            term for term, count in held.items() if len(term) > 1 and len(lines) // 20 <= count <= len(lines) // 2
        )
        asked = [term for term in common if house.tokenizer.query_terms(term) == [term]]
        chance = random.Random(7)
        chosen = {}
        for word in chance.sample(asked, WORDS):
            without = [chunk for chunk in chunks if word not in terms[chunk.id] and chunk.id not in chosen.values()]
            chosen[word] = chance.choice(without).id
            house.chunks.edit(caller, dataset.id, document.id, chosen[word], ChunkEdit(**{field: (word,)}))
        follow(house, dataset.id)
        first = {word: search(house, [dataset], word, default_weight=0.3).hits[0].chunk.id for word in chosen}
        assert first == chosen
        assert all(held[word] > 1 for word in chosen)
