"""A fresh start with the defaults, and the first question that the README asks."""

import json
import os
import re
import signal
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from storage.database import Database
from storage.pairs import Pairs
from storage.rounds import Rounds
from tests.bot.platforms.web.tabs import CHROMIUM, chromium
from tests.flows.conftest import Serve, Served

ROOT = Path(__file__).parents[2]
DEFAULTS = {"STARTER": "on", "UNKNOWN": "auto", "LANGUAGE": "ko"}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs {CHROMIUM}"),
]


def first_question(readme: str) -> str:
    """What the page says to ask first: the first quoted text that ends as a question."""
    found = re.search(r"[`“‘\"]([^`“”‘’\"\n]*\?)[`”’\"]", (ROOT / readme).read_text())
    assert found
    return found[1]


def law_of(question: str) -> str:
    """What the pack says that its answer rests on."""
    lines = (ROOT / "domains" / "tax-ko.jsonl").read_text().splitlines()
    return next(row["source"] for row in map(json.loads, lines) if row["question"] == question)


async def ask(page: Page, question: str) -> None:
    await page.fill(".composer-box", question)
    await page.keyboard.press("Enter")


def address(bot: Served) -> str:
    return next(found[0] for line in bot.output if (found := re.search(r"http://\S+", line)))


@pytest.mark.parametrize("readme", ["README.md", "README.ko.md"])
async def test_the_first_question_of_the_readme_is_answered_with_its_law(
    served: Serve, readme: str
):
    """Typed into an empty page, by a model that has earned nothing yet: it is not even asked."""
    question = first_question(readme)
    async with served(**DEFAULTS) as bot, chromium() as browser:
        page = await browser.new_page()
        await page.goto(address(bot))
        await expect(page.locator(".starter")).to_contain_text("329개를 불러왔습니다")
        await ask(page, question)
        await expect(page.locator(".sources")).to_contain_text(law_of(question))
        await expect(page.locator(".unverified")).to_have_count(0)
        assert bot.engine.prompts == []
        os.kill(os.getpid(), signal.SIGTERM)


async def test_it_is_no_label_and_one_click_removes_it_for_good(served: Serve):
    """After that the next start leaves the database as it is, and no question is known."""
    async with served(**DEFAULTS) as bot, chromium() as browser:
        page = await browser.new_page()
        await page.goto(address(bot))
        database = await Database.open(bot.database)
        assert await Rounds(database).fresh("tax-ko") == 0
        await page.get_by_role("button", name="지우기", exact=True).click()
        await expect(page.locator(".starter-state")).to_contain_text("지웠습니다")
        assert await Pairs(database).count() == 0
        await database.close()
        os.kill(os.getpid(), signal.SIGTERM)
    async with served(**DEFAULTS) as bot:
        assert not [line for line in bot.output if "comes with" in line]
        os.kill(os.getpid(), signal.SIGTERM)


async def test_starter_off_leaves_the_database_empty(served: Serve):
    """The page offers the pack instead."""
    async with served(**DEFAULTS | {"STARTER": "off"}) as bot, chromium() as browser:
        page = await browser.new_page()
        await page.goto(address(bot))
        await expect(page.get_by_role("button", name="불러오기")).to_be_visible()
        await expect(page.locator(".starter")).not_to_contain_text("불러왔습니다")
        os.kill(os.getpid(), signal.SIGTERM)
