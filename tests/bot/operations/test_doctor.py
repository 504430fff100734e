"""What ``reactune doctor`` finds, whatever is wrong beside it."""

from pathlib import Path

from bot.operations.doctor import examine
from bot.settings import Settings
from tests.support.tiny_model import write_tiny_model


async def test_a_method_that_is_not_served_is_one_line_of_the_report(tmp_path: Path) -> None:
    """With the settings that mend it; all other checks are made."""
    write_tiny_model(tmp_path / "tiny.gguf", arch="gemma3")
    settings = Settings(
        _env_file=None,
        reactune_home=tmp_path,
        reactune_cache=tmp_path,
        model=str(tmp_path / "tiny.gguf"),
        engine="llamacpp",
        method="adapter",
        web_port=0,
    )
    checks = {check.name: check for check in await examine(settings)}
    assert not checks["engine"].ok
    assert "METHOD=bottleneck cannot be served by ENGINE=llamacpp" in checks["engine"].found
    assert checks["engine"].hint == "set METHOD or ENGINE otherwise"
    assert checks["database"].ok
