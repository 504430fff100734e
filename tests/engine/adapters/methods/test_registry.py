"""The registry of tuning methods: names, aliases, and who reads it without torch."""

import subprocess
import sys

import pytest

from engine.adapters.methods import METHODS, find_method, saved_by, served_by


def test_a_method_has_one_name_and_may_have_aliases() -> None:
    """The guide's older words mean the same methods as before."""
    assert list(METHODS) == ["lora", "bottleneck", "lora+bottleneck"]
    assert find_method("adapter").name == "bottleneck"
    assert find_method("lightweight").name == "lora+bottleneck"


def test_an_unknown_method_is_named() -> None:
    """The error lists what there is."""
    with pytest.raises(ValueError, match=r"one of lora, bottleneck, lora\+bottleneck, not 'full'"):
        find_method("full")


def test_llama_cpp_serves_lora_alone() -> None:
    """The transformers engine serves every method."""
    assert served_by("llamacpp") == {"lora"}
    assert served_by("transformers") == set(METHODS)


def test_a_saved_adapter_says_its_method() -> None:
    """Each ``peft_type`` belongs to one method at most, whatever was saved when."""
    kinds = [kind for method in METHODS.values() for kind in method.peft_types]
    assert len(kinds) == len(set(kinds))
    found = [saved_by(kind) for kind in ("LORA", "BOTTLENECK", "LIGHTWEIGHT", "PREFIX_TUNING")]
    assert [method.name if method else None for method in found] == [*METHODS, None]


@pytest.mark.slow
def test_the_registry_is_read_without_torch() -> None:
    """Settings and llama.cpp's process import it; torch would cost them seconds."""
    script = (
        "import sys, bot.settings, engine.adapters.layers, engine.serving.llamacpp.engine\n"
        "sys.exit(bool({'torch', 'peft', 'transformers'} & sys.modules.keys()))"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
