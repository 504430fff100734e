"""The list of conversations, reading back, and what happens when neither can be read."""

import sqlite3

import pytest
from nicegui.client import Client as NiceGuiClient
from playwright.async_api import Locator, Page, expect

from bot.platforms.web.chat.turn_view import TurnView
from bot.platforms.web.ui.icons import icon
from bot.texts import say
from storage.conversations import Conversations
from tests.bot.platforms.web.conftest import OpenSite, Site
from tests.bot.platforms.web.tabs import Watched
from tests.bot.platforms.web.talking import hear, settled, until

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def broken(*_: object, **__: object) -> None:
    raise sqlite3.DatabaseError("database disk image is malformed")


async def talk(site: Site, page: Page, exchanges: int) -> str:
    """Say something, then put so many questions more into the conversation; its channel."""
    await hear(page, "Question 0")
    async with site.database.transaction() as db:
        for number in range(1, exchanges):
            await db.execute(
                "INSERT INTO questions (conversation_id, person, domain, text, created_at) "
                "SELECT conversation_id, person, domain, ?, created_at FROM questions LIMIT 1",
                (f"Question {number}",),
            )
    return str((await site.database.rows("SELECT channel FROM conversations"))[0]["channel"])


async def is_at(turn: Locator, before: float) -> bool:
    top = await turn.evaluate("e => e.getBoundingClientRect().top")
    return bool(abs(top - before) < 2)


async def questions(page: Page) -> list[str]:
    return await page.locator(".question-text").all_inner_texts()


async def test_a_long_conversation_shows_its_end_and_on_demand_the_rest(
    site: Site, watched: Watched
):
    """Thirty at a time, in order; what is being read stays in its place."""
    page = await watched.tab(site.address)
    await talk(site, page, exchanges=70)
    await page.reload()
    said = [f"Question {number}" for number in range(70)]
    more = page.get_by_role("button", name="Show earlier")
    await expect(more).to_be_visible()
    assert await questions(page) == said[40:]
    await settled(page)
    reading = page.locator(".turn", has_text="Question 40")
    await more.scroll_into_view_if_needed()
    await settled(page)
    before = await reading.evaluate("e => e.getBoundingClientRect().top")
    await more.click()
    await expect(page.locator(".turn")).to_have_count(60)
    assert await questions(page) == said[10:]
    await until(lambda: is_at(reading, before))
    await more.click()
    await expect(page.locator(".turn")).to_have_count(70)
    await expect(more).to_have_count(0)
    assert await questions(page) == said
    await hear(page, "And now?")
    assert await questions(page) == [*said, "And now?"]


async def test_a_short_conversation_has_nothing_earlier(site: Site, watched: Watched):
    """Thirty exchanges are shown at once, without a button."""
    page = await watched.tab(site.address)
    await talk(site, page, exchanges=30)
    await page.reload()
    await expect(page.locator(".turn")).to_have_count(30)
    assert await page.locator(".earlier").count() == 0
    await page.locator(".new").click()
    await page.wait_for_selector(".example")
    assert await page.locator(".earlier").count() == 0


async def test_titles_are_cut_where_they_are_stored(site: Site, watched: Watched):
    """A first question of a thousand characters does not travel with every list."""
    page = await watched.tab(site.address)
    await hear(page, "가" * 1000)
    rows = await site.database.rows("SELECT channel FROM conversations")
    [thread] = await Conversations(site.database).threads("web", rows[0]["channel"], last=5)
    assert thread.title == "가" * 80
    await expect(page.locator(".thread")).to_have_text("가" * 80)


async def test_a_question_changes_only_its_own_entry_in_the_list(site: Site, watched: Watched):
    """The others' buttons are not even sent again; the one asked in comes first."""
    page = await watched.tab(site.address)
    for text in ("One", "Two", "Three"):
        await page.locator(".new").click()
        await page.wait_for_selector(".example")
        await hear(page, text)
    await expect(page.locator(".thread")).to_have_text(["Three", "Two", "One"])
    await page.locator(".thread").nth(2).click()
    await expect(page.locator(".thread[aria-current]")).to_have_text(["One"])
    client = next(iter(NiceGuiClient.instances.values()))
    names = {e.id: e for e in client.elements.values() if "thread" in e.classes}
    sent: list[int] = []
    enqueue = client.outbox.enqueue_update
    client.outbox.enqueue_update = lambda e: (sent.append(e.id), enqueue(e))[1]
    await hear(page, "One again")
    await expect(page.locator(".thread")).to_have_text(["One", "Three", "Two"])
    assert not names.keys() & set(sent)
    moved = len(sent)
    await hear(page, "One once more")
    await expect(page.locator(".thread[aria-current]")).to_have_text(["One"])
    assert not names.keys() & set(sent[moved:])
    nav = next(e for e in client.elements.values() if "threads" in e.classes)
    assert nav.id in sent[:moved]
    assert nav.id not in sent[moved:]  # it was the first already


async def test_anything_unexpected_gives_the_text_back(
    site: Site, watched: Watched, monkeypatch: pytest.MonkeyPatch
):
    """Not only what storage and engine are known to raise."""
    page = await watched.tab(site.address)
    await page.wait_for_selector(".example")
    monkeypatch.setattr("storage.conversations.Conversations.add_question", broken)
    await page.fill("textarea", "Well?")
    await page.keyboard.press("Enter")
    await expect(page.locator(".notice")).to_contain_text("did not get through")
    await expect(page.locator("textarea")).to_have_value("Well?")
    await expect(page.get_by_role("button", name="Send")).to_be_enabled()


@pytest.mark.parametrize("method", ["threads", "exchanges"])
@pytest.mark.parametrize("language", ["ko", "en"])
async def test_a_damaged_database_is_said_in_a_sentence(
    open_site: OpenSite,
    watched: Watched,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    language: str,
):
    """The page opens all the same, and works again when the database does."""
    async with open_site(language=language) as site:
        with monkeypatch.context() as damage:
            damage.setattr(f"storage.conversations.Conversations.{method}", broken)
            page = await watched.tab(site.address)
            notice = page.locator(".notice")
            await expect(notice).to_have_text(say("web_not_loaded", site.settings.language))
        await page.reload()
        await expect(notice).to_be_empty()
        await hear(page, "Well?")


async def test_an_answer_that_cannot_be_shown_does_not_block_the_next(
    site: Site, watched: Watched, monkeypatch: pytest.MonkeyPatch
):
    """Send comes back, and the note names the question."""
    page = await watched.tab(site.address)
    await page.wait_for_selector(".example")
    with monkeypatch.context() as damage:
        damage.setattr(TurnView, "end", lambda *_: 1 / 0)
        await page.fill("textarea", "Well?")
        await page.keyboard.press("Enter")
        await expect(page.locator(".answer-note.error")).to_contain_text("Q1")
    await expect(page.get_by_role("button", name="Send")).to_be_visible()
    await hear(page, "And now?")


async def test_an_emoji_of_the_settings_is_no_markup():
    """Whatever REACTIONS has as a key is shown, not run."""
    assert "<img" not in icon("<img src=x onerror=alert(1)>")
    assert "&lt;img" in icon("<img src=x>")
