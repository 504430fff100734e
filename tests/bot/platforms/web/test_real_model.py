"""The chat page with the real default model behind it."""

from pathlib import Path

import pytest

from bot.app import open_app
from bot.platforms.registry import platforms
from bot.settings import Settings
from tests.bot.platforms.web.conftest import fresh_nicegui
from tests.bot.platforms.web.tabs import Watched

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_korean_question_is_answered_and_the_answer_liked(tmp_path: Path, watched: Watched):
    """From a suggestion on the empty page to a label in the database."""
    settings = Settings(_env_file=None, reactune_home=tmp_path, web_port=0, unknown="mark")
    async with open_app(settings) as app:
        with fresh_nicegui():
            web = next(platform for platform in platforms(app) if platform.name == "web")
            page = await watched.tab(await web.start())
            await page.click(".example")
            await page.wait_for_selector(".actions.ready", timeout=60_000)
            assert (await page.locator(".prose").inner_text()).strip()
            await page.click("[data-emoji='👍']")
            await page.wait_for_selector("[data-emoji='👍'][aria-pressed='true']")
            rows = await app.database.rows("SELECT score FROM labels WHERE present")
            assert [row["score"] for row in rows] == [1.0]
            await watched.tabs.close()
            await app.answers.close(0)
            await web.stop()
