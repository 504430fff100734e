"""``python -m bot``: the same as the console script ``reactune``."""

from bot.cli.main import main

main()
