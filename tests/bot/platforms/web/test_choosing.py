"""Verified, did you mean, unverified: each is seen for what it is, and can be chosen from."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from storage.pairs import Pairs, TaughtPair
from tests.bot.knowledge.test_retriever import NEAR, VAT
from tests.bot.platforms.web.conftest import OpenSite, Site, Watched
from tests.bot.platforms.web.talking import READY, THUMB_DOWN, ask, hear, until
from tests.support.fakes import FakeEngine

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]

ANSWER = "7월 25일까지입니다."
OTHER_TAX = "법인세 확정신고는 언제까지 하나요?"
OTHER_COUNTRY = "일본의 부가가치세 확정신고는 언제까지 하나요?"
LAW = "부가가치세법 제48조"
PROSE = ".turn:last-child .prose"
CHIP = ".turn:last-child .choice:not(.none)"
NONE = ".turn:last-child .choice.none"
VERIFIED = ".turn:last-child .verified"
DRAFT = ".turn:last-child .words.draft"
NOTICE = ".dock .notice"
WHY = ".turn:last-child .what-is-wrong"


async def know(site: Site, question: str = VAT, answer: str = ANSWER, source: str = LAW) -> int:
    row = TaughtPair("tax-ko", question, question, answer, source, "2025-01-01", 1.0, "cli:test")
    await Pairs(site.database).teach([row])
    rows = await site.database.rows("SELECT max(id) FROM pairs")
    return int(rows[0][0])


async def picks(site: Site) -> list[tuple[int, int]]:
    rows = await site.database.rows("SELECT pair_id, fits FROM picks ORDER BY id")
    return [(row["pair_id"], row["fits"]) for row in rows]


async def copied(page: Page) -> str:
    await page.locator(".turn:last-child .copy").click()
    await expect(page.locator(".turn:last-child .copy.done")).to_be_visible()
    return str(await page.evaluate("navigator.clipboard.readText()"))


async def tab_that_copies(site: Site, watched: Watched) -> Page:
    return await watched.tab(site.address, permissions=["clipboard-read", "clipboard-write"])


def has_picks(site: Site) -> Callable[[], Awaitable[bool]]:
    async def there() -> bool:
        return bool(await picks(site))

    return there


async def test_approved_words_are_marked_as_verified_also_when_copied(site: Site, watched: Watched):
    """The badge stands before the source, after a reload too; the copy has both."""
    await know(site)
    page = await tab_that_copies(site, watched)
    await hear(page, VAT)
    for _ in ("at once", "after a reload"):
        await expect(page.locator(VERIFIED)).to_have_text("Verified")
        await expect(page.locator(".sources")).to_contain_text(LAW)
        assert await page.locator(f"{DRAFT}, .unverified").count() == 0
        text = await copied(page)
        assert text.startswith(f"{ANSWER}\n\n✅ Verified · Based on: ")
        assert LAW in text
        await page.reload()


async def test_a_draft_is_marked_from_its_first_word_on(open_site: OpenSite, watched: Watched):
    """Above and around the words while they come, and afterwards, with a button to correct them."""
    engine = FakeEngine(lambda _: "One two three four")
    engine.hold(after_words=1)
    async with open_site(engine) as site:
        page = await tab_that_copies(site, watched)
        await ask(page, "Well?")
        await expect(page.locator(PROSE)).to_have_text("One")
        await expect(page.locator(f"{DRAFT} .unverified")).to_contain_text("Unverified draft")
        engine.go_on()
        await page.wait_for_selector(".actions.ready")
        for _ in ("at once", "after a reload"):
            await expect(page.locator(f"{DRAFT} .unverified")).to_be_visible()
            await expect(page.locator(".correct.in-words")).to_have_text("Correct this")
            assert (await copied(page)).startswith("⚠️ Unverified answer")
            assert await page.locator(".verified").count() == 0
            await page.reload()


async def test_a_known_answer_never_looks_like_a_draft(site: Site, watched: Watched):
    """Not for a moment: an observer sees no mark while the answer comes."""
    await know(site)
    page = await watched.tab(site.address)
    await page.wait_for_selector(".example")
    await page.evaluate(
        """() => { window.flashed = false; new MutationObserver(() => {
        if (document.querySelector('.words.draft')) window.flashed = true;
        }).observe(document.body, { subtree: true, childList: true, attributes: true }) }"""
    )
    await hear(page, VAT)
    await expect(page.locator(VERIFIED)).to_be_visible()
    assert not await page.evaluate("window.flashed")


async def test_where_readers_are_not_told_a_draft_has_no_mark(
    open_site: OpenSite, watched: Watched
):
    """UNKNOWN=answer: as the domain wants it, and the copy is the text alone."""
    async with open_site(unknown="answer") as site:
        page = await tab_that_copies(site, watched)
        await hear(page, "Well?")
        assert await page.locator(f"{DRAFT}, .unverified, .verified").count() == 0
        assert await copied(page) == "A fine answer."


async def test_a_choice_marks_the_words_that_differ_and_cannot_be_voted_on(
    site: Site, watched: Watched
):
    """In the known question, and beside it what only was asked; the copy has the choices."""
    await know(site)
    page = await tab_that_copies(site, watched)
    await hear(page, OTHER_TAX)
    for _ in ("at once", "after a reload"):
        await expect(page.get_by_role("group", name="Did you mean")).to_be_visible()
        await expect(page.locator(f"{CHIP} .choice-question")).to_have_text(VAT)
        await expect(page.locator(f"{CHIP} mark")).to_have_text("부가가치세")
        await expect(page.locator(f"{CHIP} .choice-differs")).to_have_text("differs: 법인세")
        await expect(page.locator(NONE)).to_have_text("None of these")
        await expect(page.locator(".correct.in-words")).to_be_visible()
        assert await page.locator(".reaction, .verified, .unverified").count() == 0
        assert f"1. {VAT} (differs: " in await copied(page)
        await page.reload()


async def test_a_pick_shows_the_approved_answer_in_the_same_turn_and_in_every_tab(
    site: Site, watched: Watched
):
    """At once, as verified; a reload and the other tab say the same, and it is a label."""
    pair = await know(site)
    page = await watched.tab(site.address)
    await hear(page, OTHER_COUNTRY)
    other = await watched.tab(page.url, beside=page)
    await expect(other.locator(CHIP)).to_be_visible()
    await page.click(CHIP)
    for tab in (page, other):
        await expect(tab.locator(PROSE)).to_have_text(ANSWER)
        await expect(tab.locator(VERIFIED)).to_be_visible()
        await expect(tab.locator(".sources")).to_contain_text(VAT)
        await expect(tab.locator(".choice")).to_have_count(0)
        await expect(tab.locator(".reaction").first).to_be_visible()
        await expect(tab.locator(".turn")).to_have_count(1)
    assert await picks(site) == [(pair, 1)]
    assert site.engine.prompts == []
    await page.reload()
    await expect(page.locator(PROSE)).to_have_text(ANSWER)
    await expect(page.locator(VERIFIED)).to_be_visible()


async def test_none_of_these_lets_the_model_answer_in_the_same_turn(
    open_site: OpenSite, watched: Watched
):
    """The draft streams in, marked, in both tabs; a reload in its middle follows it."""
    engine = FakeEngine(lambda _: "One two three four")
    async with open_site(engine) as site:
        pair = await know(site)
        page = await watched.tab(site.address)
        await hear(page, OTHER_TAX)
        other = await watched.tab(page.url, beside=page)
        await expect(other.locator(NONE)).to_be_visible()
        engine.hold(after_words=2)
        await page.click(NONE)
        for tab in (page, other):
            await expect(tab.locator(PROSE)).to_have_text("One two")
            await expect(tab.locator(DRAFT)).to_be_visible()
            await expect(tab.locator(".choice")).to_have_count(0)
        await page.reload()
        await expect(page.locator(PROSE)).to_have_text("One two")
        await expect(page.locator(".choice")).to_have_count(0)
        engine.go_on()
        for tab in (page, other):
            await expect(tab.locator(PROSE)).to_have_text("One two three four")
            await expect(tab.locator(".reaction").first).to_be_visible()
        await page.reload()
        await expect(page.locator(f"{DRAFT} .prose")).to_have_text("One two three four")
        assert await picks(site) == [(pair, 0)]


async def test_none_of_these_where_nothing_is_guessed(open_site: OpenSite, watched: Watched):
    """UNKNOWN=abstain: the bot says that it has no approved answer, and offers nothing again."""
    async with open_site(unknown="abstain") as site:
        await know(site)
        page = await watched.tab(site.address)
        await hear(page, OTHER_TAX)
        await page.click(NONE)
        await expect(page.locator(PROSE)).to_contain_text("no approved answer")
        await expect(page.locator(".choice")).to_have_count(0)
        await page.reload()
        await expect(page.locator(PROSE)).to_contain_text("no approved answer")


async def test_choices_work_after_a_restart(open_site: OpenSite, watched: Watched):
    """The server stops between offer and pick; the same browser picks on the new one."""
    async with open_site() as site:
        await know(site)
        page = await watched.tab(site.address)
        await hear(page, OTHER_TAX)
        thread = page.url.partition("?")[2]
        kept = await page.context.storage_state()
    async with open_site() as site:
        page = await watched.tab(f"{site.address}/?{thread}", storage_state=kept)
        await page.click(CHIP)
        await expect(page.locator(PROSE)).to_have_text(ANSWER)
        await expect(page.locator(VERIFIED)).to_be_visible()


async def test_a_double_click_is_one_pick(site: Site, watched: Watched):
    """And one on "none of these" lets one answer begin."""
    await know(site)
    page = await watched.tab(site.address)
    await hear(page, OTHER_TAX)
    await page.dblclick(NONE)
    await expect(page.locator(PROSE)).to_have_text("A fine answer.")
    await page.wait_for_selector(READY, state="attached")  # before it the page takes no question
    assert len(site.engine.prompts) == 1
    await hear(page, OTHER_COUNTRY)
    await page.dblclick(CHIP)
    await expect(page.locator(PROSE)).to_have_text(ANSWER)
    await expect(page.locator(NOTICE)).to_have_text("")
    assert [fits for _, fits in await picks(site)] == [0, 1]


async def test_a_choice_that_is_gone_says_so_and_goes(site: Site, watched: Watched):
    """The pair was removed meanwhile: a notice, no chips, and a way to ask again."""
    pair = await know(site)
    page = await watched.tab(site.address)
    await hear(page, OTHER_TAX)
    async with site.database.transaction() as db:
        await db.execute("DELETE FROM pairs WHERE id = ?", (pair,))
    await page.click(CHIP)
    await expect(page.locator(NOTICE)).to_contain_text("no longer there")
    await expect(page.locator(".choice")).to_have_count(0)
    await page.reload()
    await expect(page.locator(".answer-note")).to_contain_text("no longer there")


async def test_choices_can_be_reached_and_pressed_by_keyboard(site: Site, watched: Watched):
    """Tab goes through them, focus is seen, Enter picks, and focus stays with the answer."""
    await know(site)
    page = await watched.tab(site.address)
    await hear(page, OTHER_TAX)
    await page.focus(".log-scroller")
    await page.keyboard.press("Tab")
    await expect(page.locator(CHIP)).to_be_focused()
    outline = await page.eval_on_selector(CHIP, "e => getComputedStyle(e).outlineStyle")
    assert outline == "solid"
    await page.keyboard.press("Tab")
    await expect(page.locator(NONE)).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(PROSE)).to_have_text(ANSWER)
    await expect(page.locator(".turn:last-child .answer")).to_be_focused()


@pytest.mark.parametrize("width", [360, 390])
async def test_long_choices_stay_within_a_phone(site: Site, watched: Watched, width: int):
    """Chips wrap; nothing scrolls sideways."""
    await know(site, VAT + " " + "아주 긴 질문입니다 " * 8 + "x" * 60)
    page = await watched.tab(site.address, viewport={"width": width, "height": 800})
    await hear(page, OTHER_TAX + " " + "아주 긴 질문입니다 " * 8 + "x" * 60)
    box = await page.locator(CHIP).bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    inner, outer = await page.eval_on_selector(
        ".log-scroller", "e => [e.scrollWidth, e.clientWidth]"
    )
    assert inner <= outer


async def test_what_a_stored_question_says_does_nothing(site: Site, watched: Watched):
    """Tags in a question that was taught are only text in a chip, in the source, and in a mark."""
    hostile = (
        "<img src=x onerror=\"document.title='owned'\"> 부가가치세 확정신고는 언제까지 하나요?"
    )
    await know(site, hostile, source="<script>document.title='owned'</script>")
    page = await watched.tab(site.address)
    await hear(page, f"<b>{OTHER_TAX}</b> <img src=x>")
    await expect(page.locator(f"{CHIP} .choice-question")).to_have_text(hostile)
    await page.click(CHIP)
    await expect(page.locator(".sources")).to_contain_text("<script>")
    assert await page.locator(".turn :is(img, script, b)").count() == 0
    assert await page.title() == "Reactune"


async def test_thumbs_down_on_approved_words_asks_what_is_wrong(site: Site, watched: Watched):
    """Given for another question: the answer may be wrong, which opens the form as elsewhere."""
    await know(site)
    page = await watched.tab(site.address)
    await hear(page, NEAR)
    await page.click(THUMB_DOWN)
    await expect(page.get_by_role("group", name="What is wrong with it?")).to_be_visible()
    await expect(page.locator(".correction-form")).to_have_count(0)
    await page.reload()
    await page.get_by_role("button", name="Wrong answer").click()
    await expect(page.locator(".correction-form textarea")).to_be_focused()
    await expect(page.locator(WHY)).to_be_hidden()
    await page.click(THUMB_DOWN)
    await expect(page.locator(".correction-form")).to_be_hidden()


async def test_not_my_question_answers_anew_and_keeps_the_pair_away(site: Site, watched: Watched):
    """In the same turn and every tab; asked again, these words do not get that answer."""
    pair = await know(site)
    page = await watched.tab(site.address)
    await hear(page, NEAR)
    other = await watched.tab(page.url, beside=page)
    await expect(other.locator(VERIFIED)).to_be_visible()
    await page.click(THUMB_DOWN)
    await page.get_by_role("button", name="Not my question").click()
    for tab in (page, other):
        await expect(tab.locator(f"{DRAFT} .prose")).to_have_text("A fine answer.")
        await expect(tab.locator(WHY)).to_be_hidden()
        await expect(tab.locator(".verified")).to_have_count(0)
    assert await picks(site) == [(pair, 0)]
    assert await site.labels() == []
    await page.reload()
    await expect(page.locator(f"{DRAFT} .prose")).to_have_text("A fine answer.")
    await page.wait_for_selector(READY, state="attached")
    await hear(page, NEAR)
    await expect(page.locator(PROSE)).to_have_text("A fine answer.")
    await page.wait_for_selector(READY, state="attached")
    await hear(page, VAT)
    await expect(page.locator(PROSE)).to_have_text(ANSWER)


async def test_thumbs_down_on_the_answer_to_this_very_question_opens_the_form(
    site: Site, watched: Watched
):
    """There is only one thing that can be wrong."""
    await know(site)
    page = await watched.tab(site.address)
    await hear(page, VAT)
    await page.click(THUMB_DOWN)
    await expect(page.locator(".correction-form")).to_be_visible()
    await expect(page.locator(WHY)).to_be_hidden()


async def test_while_another_answer_is_written_none_of_these_waits(
    open_site: OpenSite, watched: Watched
):
    """One answer at a time in a conversation; a pick needs no model and need not wait."""
    engine = FakeEngine(lambda _: "One two three four")
    async with open_site(engine) as site:
        await know(site)
        page = await watched.tab(site.address)
        await hear(page, VAT)
        await hear(page, OTHER_TAX)
        engine.hold(after_words=1)
        await ask(page, "그럼 그건 왜요?")
        await expect(page.locator(PROSE)).to_have_text("One")
        await page.click(".choice.none")
        await expect(page.locator(NOTICE)).to_contain_text("still being written")
        await page.click(".choice:not(.none)")
        await expect(page.locator(".turn .prose").nth(1)).to_have_text(ANSWER)
        await expect(page.locator(NOTICE)).to_have_text("")
        engine.go_on()
        await expect(page.locator(PROSE)).to_have_text("One two three four")


async def test_what_was_picked_is_in_ones_own_data(site: Site, watched: Watched):
    """Downloaded with the rest, and forgotten with it."""
    await know(site)
    page = await watched.tab(site.address)
    await hear(page, OTHER_TAX)
    await page.click(CHIP)
    await until(has_picks(site))
    rows = await page.evaluate("fetch('/my-data').then(r => r.text())")
    assert '"pick"' in rows
    assert VAT in rows
    await page.get_by_text("My data").click()
    await page.get_by_role("button", name="Forget me").click()
    await page.get_by_role("button", name="Remove all").click()
    await expect(page.locator(".turn")).to_have_count(0)
    assert await picks(site) == []
