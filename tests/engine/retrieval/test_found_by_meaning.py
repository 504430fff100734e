"""The approved pairs are found by meaning."""

import pytest

from bot.settings import load_settings
from engine.retrieval.choose import AUTO, choose_embedder
from engine.retrieval.index import Index, Pair


@pytest.mark.slow
def test_finds_a_pair_by_meaning() -> None:
    """A question in other words finds its pair among others: with EmbeddingGemma where it has been
    fetched, elsewhere with the embedder that comes along."""
    embedder = choose_embedder(AUTO, load_settings().cache)
    known = [
        ("부가가치세 신고는 언제 하나요?", "25일까지"),
        ("복식부기란?", "차변과 대변에 적는 것"),
    ]
    index = Index(embedder.dimensions)
    pairs = [Pair(n, question) for n, (question, _) in enumerate(known)]
    index.put_many(pairs, embedder.embed_documents(known))
    question = "부가세 신고 날짜 알려줘"
    assert index.search(question, embedder.embed_queries([question])[0], 1)[0].pair_id == 0
    embedder.close()
