"""Corrections and the lines of our own below answers, in a real browser on a fake engine."""

import pytest
from playwright.async_api import Page, expect

from storage.corrections import Corrections
from storage.errors import StorageError
from storage.pairs import Pairs, TaughtPair
from tests.bot.platforms.web.conftest import OpenSite, Site, Watched
from tests.bot.platforms.web.talking import THUMB_DOWN
from tests.support.fakes import FakeEngine

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]

READY = ".turn:last-child .actions.ready"
FORM = ".turn:last-child .correction-form"
SHOWN = ".turn:last-child .correction"
VAT = "부가가치세 신고는 언제 하나요?"


async def ask(page: Page, text: str) -> None:
    turns = await page.locator(".turn").count()
    await page.fill(".composer-box", text)
    await page.keyboard.press("Enter")
    await expect(page.locator(".turn")).to_have_count(turns + 1)
    await page.wait_for_selector(READY)


async def know(site: Site, question: str, answer: str, source: str) -> None:
    row = TaughtPair("tax-ko", question, question, answer, source, "2025-01-01", 1.0, "cli:test")
    await Pairs(site.database).teach([row])


async def states(site: Site) -> list[tuple[str, str]]:
    rows = await site.database.rows("SELECT text, state FROM corrections ORDER BY id")
    return [(row["text"], row["state"]) for row in rows]


async def test_an_answer_without_knowledge_is_marked_also_after_a_reload(
    site: Site, watched: Watched
):
    """Nothing is known: the reader is told, in one line."""
    page = await watched.tab(site.address)
    await ask(page, "Well?")
    await expect(page.locator(".unverified")).to_contain_text("Unverified draft.")
    await page.reload()
    await expect(page.locator(".unverified")).to_be_visible()
    assert await page.locator(".sources").count() == 0


async def test_a_known_answer_shows_its_source_also_after_a_reload(site: Site, watched: Watched):
    """What it rests on stands below it, and no mark."""
    await know(site, VAT, "1월 25일과 7월 25일까지입니다.", "부가가치세법 제48조")
    page = await watched.tab(site.address)
    await ask(page, VAT)
    await expect(page.locator(".sources")).to_have_text(
        "Based on: 부가가치세법 제48조 (as of 2025-01-01)"
    )
    await page.reload()
    await expect(page.locator(".sources")).to_have_text(
        "Based on: 부가가치세법 제48조 (as of 2025-01-01)"
    )
    assert await page.locator(".unverified").count() == 0


async def test_an_abstention_is_no_answer_to_be_verified(open_site: OpenSite, watched: Watched):
    """With UNKNOWN=abstain the bot says that it does not know, and can be taught below that."""
    async with open_site(unknown="abstain") as site:
        page = await watched.tab(site.address)
        await ask(page, "Well?")
        await expect(page.locator(".prose")).to_contain_text("no approved answer")
        assert await page.locator(".unverified, .sources").count() == 0
        await page.get_by_role("button", name="Correct this").click()
        await expect(page.locator(FORM)).to_be_visible()


async def test_thumbs_down_asks_what_it_should_have_said_and_the_next_question_knows(
    site: Site, watched: Watched
):
    """👎, the right answer, sent: it is shown, stored, and answers the next question."""
    page = await watched.tab(site.address)
    await ask(page, VAT)
    await page.click(THUMB_DOWN)
    await page.fill(f"{FORM} textarea", "7월 25일까지입니다.")
    await page.get_by_role("button", name="Send", exact=True).first.click()
    await expect(page.locator(SHOWN)).to_contain_text("used from the next question on")
    await expect(page.locator(f"{SHOWN} .correction-text")).to_have_text("7월 25일까지입니다.")
    await expect(page.locator(FORM)).to_have_count(0)
    assert await states(site) == [("7월 25일까지입니다.", "live")]
    await page.locator(".new").click()
    await page.wait_for_selector(".example")
    await ask(page, VAT)
    await expect(page.locator(".turn:last-child .prose")).to_have_text("7월 25일까지입니다.")


async def test_the_form_is_optional_and_keeps_what_was_typed(site: Site, watched: Watched):
    """👎 taken back closes it, the pencil opens it again with its text; nothing was stored."""
    page = await watched.tab(site.address)
    await ask(page, VAT)
    await page.click(THUMB_DOWN)
    await page.fill(f"{FORM} textarea", "half a thought")
    await page.click(THUMB_DOWN)
    await expect(page.locator(FORM)).to_be_hidden()
    await page.get_by_role("button", name="Correct this").click()
    await expect(page.locator(f"{FORM} textarea")).to_have_value("half a thought")
    await expect(page.locator(f"{FORM} textarea")).to_be_focused()
    assert await states(site) == []


async def test_a_rejected_correction_says_so_to_its_author(open_site: OpenSite, watched: Watched):
    """At once and after a reload, and leaves room for another."""
    async with open_site(corrections="review") as site:
        page = await watched.tab(site.address)
        await ask(page, VAT)
        await page.click(THUMB_DOWN)
        await page.fill(f"{FORM} textarea", "8월")
        await page.get_by_role("button", name="Send", exact=True).first.click()
        await expect(page.locator(SHOWN)).to_contain_text("waits for review")
        reviewer = await watched.tab(f"{site.address}/review")
        await reviewer.get_by_role("button", name="Do not use it").click()
        await expect(page.locator(SHOWN)).to_contain_text("rejected by an admin")
        await page.reload()
        await expect(page.locator(SHOWN)).to_contain_text("rejected by an admin")
        assert await page.get_by_role("button", name="Withdraw").count() == 0


async def test_a_refused_correction_says_why_beside_its_text(
    site: Site, watched: Watched, monkeypatch: pytest.MonkeyPatch
):
    """Too long, or not to be stored: the text is still there."""
    page = await watched.tab(site.address)
    await ask(page, VAT)
    await page.get_by_role("button", name="Correct this").click()
    send = page.locator(FORM).get_by_role("button", name="Send")
    await page.fill(f"{FORM} textarea", "x" * 4001)
    await send.click()
    await expect(page.locator(f"{FORM} .problem")).to_contain_text("too long")
    await expect(page.locator(f"{FORM} textarea")).to_have_value("x" * 4001)

    async def broken(*_: object, **__: object) -> None:
        raise StorageError("no")

    monkeypatch.setattr(Corrections, "add", broken)
    await page.fill(f"{FORM} textarea", "short")
    await send.click()
    await expect(page.locator(f"{FORM} .problem")).to_contain_text("not saved")
    await expect(page.locator(f"{FORM} textarea")).to_have_value("short")


async def test_a_correction_can_be_withdrawn_after_a_reload_and_in_every_tab(
    site: Site, watched: Watched
):
    """Its author takes it back; the other tab sees both."""
    page = await watched.tab(site.address)
    await ask(page, VAT)
    other = await watched.tab(page.url, beside=page)
    await other.wait_for_selector(READY)
    await page.get_by_role("button", name="Correct this").click()
    await page.fill(f"{FORM} textarea", "7월 25일")
    await page.locator(FORM).get_by_role("button", name="Send").click()
    await expect(other.locator(SHOWN)).to_contain_text("7월 25일")
    await page.reload()
    await page.get_by_role("button", name="Withdraw").click()
    for tab in (page, other):
        await expect(tab.locator(SHOWN)).to_have_count(0)
    assert await states(site) == [("7월 25일", "withdrawn")]


@pytest.mark.parametrize("height", [560, 640, 720, 800])
async def test_the_form_and_what_was_sent_are_in_view(site: Site, watched: Watched, height: int):
    """However the conversation lies on the page, also when the reader has scrolled up."""
    page = await watched.tab(site.address, viewport={"width": 1280, "height": height})
    for question in ("One?", "Two?", "Three?"):
        await ask(page, question)
    await page.locator("[data-emoji='👍']").first.click()  # scrolls there
    await page.click(THUMB_DOWN)
    await expect(page.locator(FORM)).to_be_in_viewport(ratio=1)
    await page.fill(f"{FORM} textarea", "7월 25일")
    await page.locator(FORM).get_by_role("button", name="Send").click()
    await expect(page.locator(SHOWN)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("mark", ["정정: ", "correction: "])
async def test_the_composer_takes_a_correction_of_the_last_answer(
    site: Site, watched: Watched, mark: str
):
    """It corrects instead of asking; with nothing to correct the text comes back."""
    page = await watched.tab(site.address)
    await page.wait_for_selector(".example")
    await page.fill(".composer-box", f"{mark}7월 25일")
    await page.keyboard.press("Enter")
    await expect(page.locator(".notice")).to_contain_text("no answer to correct")
    await expect(page.locator(".composer-box")).to_have_value(f"{mark}7월 25일")
    await ask(page, VAT)
    await page.fill(".composer-box", f"{mark}7월 25일")
    await page.keyboard.press("Enter")
    await expect(page.locator(SHOWN)).to_contain_text("7월 25일")
    assert await page.locator(".turn").count() == 1
    assert len(site.engine.prompts) == 1


async def test_what_a_correction_says_does_nothing(open_site: OpenSite, watched: Watched):
    """Tags are only text, and numbers of persons are masked before they are stored."""
    hostile = "<img src=x onerror=\"document.title='owned'\"> 900101-1234568"
    async with open_site(FakeEngine(lambda _: "Well.")) as site:
        page = await watched.tab(site.address)
        await ask(page, VAT)
        await page.get_by_role("button", name="Correct this").click()
        await page.fill(f"{FORM} textarea", hostile)
        await page.locator(FORM).get_by_role("button", name="Send").click()
        await expect(page.locator(SHOWN)).to_contain_text("<img")
        await expect(page.locator(SHOWN)).not_to_contain_text("900101-1234568")
        assert await page.locator(f"{SHOWN} img").count() == 0
        assert await page.title() == "Reactune"
