"""What ``reactune doctor`` says about the platform of text files."""

import os

from bot.operations.doctor import Check
from bot.settings import Settings


async def examine(settings: Settings) -> list[Check]:
    """One line: can the folder be written?"""
    folder = settings.home / "file"
    writable = os.access(folder if folder.exists() else settings.home, os.W_OK)
    return [Check("text files", writable, str(folder), "set REACTUNE_HOME to another folder")]
