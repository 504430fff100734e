"""What ``reactune doctor`` says about the platform of text files."""

import os

from bot.operations.doctor import Check
from bot.settings import Settings


async def examine(settings: Settings) -> list[Check]:
    folder, writable = settings.home / "file", os.access(settings.home, os.W_OK)
    return [Check("text files", writable, str(folder), "set REACTUNE_HOME to another folder")]
