"""The chat page in a real browser, on a fake engine."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect
from pydantic import SecretStr

from storage.errors import StorageError
from tests.fakes import FakeEngine, failing
from tests.web.conftest import OpenSite, Site, Watched

pytestmark = pytest.mark.asyncio(loop_scope="session")

LONG = " ".join(f"word{number}" for number in range(60))
ANSWER = ".turn:last-child .prose"
READY = ".turn:last-child .actions.ready"
THUMB_UP = ".turn:last-child [data-emoji='👍']"
HOSTILE = (
    "<script>document.title = 'owned'</script> <img src=x onerror=\"document.title='owned'\"> "
    "![p](https://evil.example/p.png) [click](javascript:document.title='owned') "
    "<iframe src='https://evil.example'></iframe> "
    "`</script><script>document.title='owned'</script>`"
)


async def ask(page: Page, text: str) -> None:
    await page.fill("textarea", text)
    await page.keyboard.press("Enter")


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that nobody announces."""
    for _ in range(500):
        if await condition():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


async def test_an_answer_streams_in_and_a_reaction_is_stored_and_taken_back(
    open_site: OpenSite, watched: Watched
):
    """Ask, watch it grow, 👍, and 👍 again."""
    engine = FakeEngine(lambda _: LONG)
    engine.hold(after_words=10)
    async with open_site(engine) as site:
        page = await watched.tab(site.address)
        await ask(page, "How does it work?")
        await expect(page.locator(ANSWER)).to_contain_text("word9")
        await expect(page.locator(ANSWER)).not_to_contain_text("word10")
        await expect(page.locator(ANSWER)).to_have_attribute("aria-busy", "true")
        engine.go_on()
        await page.wait_for_selector(READY)
        await expect(page.locator(ANSWER)).to_have_text(LONG)
        await expect(page.locator(ANSWER)).to_have_attribute("aria-busy", "false")
        await page.click(THUMB_UP)
        await expect(page.locator(THUMB_UP)).to_have_attribute("aria-pressed", "true")
        assert await site.labels() == [("👍", 1.0)]
        await page.click(THUMB_UP)
        await expect(page.locator(THUMB_UP)).to_have_attribute("aria-pressed", "false")
        assert await site.labels() == []


async def test_one_answer_has_one_verdict(site: Site, watched: Watched):
    """👎 after 👍 replaces it."""
    page = await watched.tab(site.address)
    await ask(page, "Well?")
    await page.click(THUMB_UP)
    await page.click(".turn:last-child [data-emoji='👎']")
    await expect(page.locator(THUMB_UP)).to_have_attribute("aria-pressed", "false")
    assert await site.labels() == [("👎", -1.0)]


async def test_a_reload_keeps_the_conversation_and_the_chosen_emoji(site: Site, watched: Watched):
    """What was said and thought is there again."""
    page = await watched.tab(site.address)
    await ask(page, "Well?")
    await page.click(THUMB_UP)
    await expect(page.locator(THUMB_UP)).to_have_attribute("aria-pressed", "true")
    await page.reload()
    await expect(page.locator(".question-text")).to_have_text("Well?")
    await expect(page.locator(ANSWER)).to_have_text("A fine answer.")
    await expect(page.locator(THUMB_UP)).to_have_attribute("aria-pressed", "true")
    await page.goto(site.address)
    await expect(page.locator(".question-text")).to_have_text("Well?")


async def test_a_reload_in_mid_answer_and_a_second_tab_follow_the_same_answer(
    open_site: OpenSite, watched: Watched
):
    """The answer belongs to the conversation, not to a tab."""
    engine = FakeEngine(lambda _: LONG)
    engine.hold(after_words=5)
    async with open_site(engine) as site:
        page = await watched.tab(site.address)
        await ask(page, "Tell me")
        await expect(page.locator(ANSWER)).to_contain_text("word4")
        await page.reload()
        second = await watched.tab(page.url, beside=page)
        for tab in (page, second):
            await expect(tab.locator(ANSWER)).to_contain_text("word4")
            await expect(tab.locator(".composer-button.stop")).to_be_visible()
        engine.go_on()
        for tab in (page, second):
            await expect(tab.locator(ANSWER)).to_have_text(LONG)
            await tab.wait_for_selector(READY)
        assert len(engine.prompts) == 1


async def test_a_question_shows_up_in_the_other_tab(site: Site, watched: Watched):
    """Two tabs of one conversation say the same."""
    page = await watched.tab(site.address)
    await ask(page, "First")
    await page.wait_for_selector(READY)
    second = await watched.tab(page.url, beside=page)
    await expect(second.locator(".turn")).to_have_count(1)
    await ask(page, "Second")
    await expect(second.locator(".question-text").last).to_have_text("Second")
    await second.wait_for_selector(READY)


async def test_a_closed_tab_does_not_stop_its_answer(open_site: OpenSite, watched: Watched):
    """The answer is finished and stored without anybody looking."""
    engine = FakeEngine(lambda _: LONG)
    engine.hold(after_words=3)
    async with open_site(engine) as site:
        page = await watched.tab(site.address)
        await ask(page, "Tell me")
        await expect(page.locator(ANSWER)).to_contain_text("word2")
        await page.close()
        engine.go_on()
        await until(lambda: has_replies(site))
        assert await site.replies() == [(LONG, "done")]


async def has_replies(site: Site) -> bool:
    return bool(await site.replies())


async def test_stop_keeps_what_was_said(open_site: OpenSite, watched: Watched):
    """Stop stands where Send was, the answer says that it was stopped, and Send is back."""
    engine = FakeEngine(lambda _: LONG)
    engine.hold(after_words=4)
    async with open_site(engine) as site:
        page = await watched.tab(site.address)
        await ask(page, "Tell me")
        await expect(page.locator(ANSWER)).to_contain_text("word3")
        await page.wait_for_timeout(450)
        await page.get_by_role("button", name="Stop answering").click()
        await expect(page.locator(".answer-note")).to_have_text("The answer was stopped.")
        await expect(page.get_by_role("button", name="Send")).to_be_visible()
        assert await site.replies() == [("word0 word1 word2 word3", "stopped")]
        await page.reload()
        await expect(page.locator(".answer-note")).to_have_text("The answer was stopped.")


async def test_a_refusal_gives_the_text_back(site: Site, watched: Watched):
    """A question that is too long is still there to be shortened; the notice says why."""
    page = await watched.tab(site.address)
    question = "very long " * 900
    await ask(page, question)
    await expect(page.locator(".notice")).to_contain_text("too long")
    await expect(page.locator("textarea")).to_have_value(question)
    assert await page.locator(".turn").count() == 0
    await ask(page, "short")
    await page.wait_for_selector(READY)
    await expect(page.locator(".notice")).to_be_empty()


async def test_a_refusal_speaks_the_pages_language(open_site: OpenSite, watched: Watched):
    """Whoever switched a Korean page to English is refused in English."""
    async with open_site(language="ko") as site:
        page = await watched.tab(site.address)
        await page.get_by_role("button", name="English").click()
        await expect(page.locator(".sidebar-title")).to_have_text("Conversations")
        await ask(page, "x" * 8001)
        await expect(page.locator(".notice")).to_contain_text("too long")


async def test_a_broken_database_gives_the_text_back(
    site: Site, watched: Watched, monkeypatch: pytest.MonkeyPatch
):
    """A question that cannot be stored is not lost."""

    async def broken(*_: object, **__: object) -> None:
        raise StorageError("no")

    monkeypatch.setattr("storage.messages.Messages.add_question", broken)
    page = await watched.tab(site.address)
    await ask(page, "Well?")
    await expect(page.locator(".notice")).to_contain_text("did not get through")
    await expect(page.locator("textarea")).to_have_value("Well?")


async def test_a_reply_that_cannot_be_stored_has_failed(
    site: Site, watched: Watched, monkeypatch: pytest.MonkeyPatch
):
    """The page says so, with the number of the question."""

    async def broken(*_: object) -> None:
        raise StorageError("no")

    monkeypatch.setattr("storage.messages.Messages.add_reply", broken)
    page = await watched.tab(site.address)
    await ask(page, "Well?")
    await expect(page.locator(".answer-note.error")).to_contain_text("Q1")


async def test_a_failed_answer_says_its_number(open_site: OpenSite, watched: Watched):
    """The engine broke down: an apology, no reactions, and the next question works."""
    engine = FakeEngine(failing)
    async with open_site(engine) as site:
        page = await watched.tab(site.address)
        await ask(page, "Well?")
        await expect(page.locator(".answer-note.error")).to_contain_text("Q1")
        engine.script = lambda _: "Better."
        await ask(page, "And now?")
        await page.wait_for_selector(READY)
        assert await page.locator(".reactions").count() == 1


async def test_an_interrupted_question_says_so(site: Site, watched: Watched):
    """A question without a reply that nobody answers any more is not left hanging."""
    page = await watched.tab(site.address)
    await ask(page, "Well?")
    await page.wait_for_selector(READY)
    async with site.database.transaction() as db:
        await db.execute("DELETE FROM replies")
    await page.reload()
    await expect(page.locator(".answer-note")).to_contain_text("interrupted")


async def test_what_a_model_says_does_nothing(open_site: OpenSite, watched: Watched):
    """Scripts, handlers, pictures and frames of an answer are only text, while it streams too."""
    async with open_site(FakeEngine(lambda _: HOSTILE, pace_s=0.01)) as site:
        page = await watched.tab(site.address)
        await ask(page, HOSTILE)
        await page.wait_for_selector(READY)
        await page.reload()
        await page.wait_for_selector(READY)
        assert await page.title() == "Reactune"
        answer = page.locator(".turn")
        assert await answer.locator("script, img, iframe, [onerror]").count() == 0
        for link in await answer.locator("a").all():
            assert (await link.get_attribute("href") or "").startswith("https://")
        assert "<script>" in await answer.inner_text()


async def test_even_injected_markup_could_not_run(site: Site, watched: Watched):
    """The second line of defence: the browser itself refuses handlers and strangers' pictures."""
    page = await watched.tab(site.address)
    await page.wait_for_selector(".example")
    await page.evaluate(
        """() => { document.querySelector('.hero').innerHTML =
        `<img src="/nothing" onerror="document.title='owned'">
        <img src="http://evil.example/p">` }"""
    )
    await page.wait_for_timeout(300)
    assert await page.title() == "Reactune"
    assert all("Content Security Policy" in e or "404" in e for e in watched.errors)
    assert watched.errors
    watched.errors.clear()
    watched.foreign.clear()  # Playwright reports the request that the browser then refuses


async def test_password_wrong_then_right_then_out(open_site: OpenSite, watched: Watched):
    """The door in a browser; logging out takes the conversations along."""
    async with open_site(web_password=SecretStr("open sesame")) as site:
        page = await watched.tab(site.address)
        assert page.url.endswith("/login")
        await page.fill("input", "guess")
        await page.keyboard.press("Enter")
        await expect(page.locator(".problem")).to_contain_text("not right")
        await page.fill("input", "open sesame")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".example")
        await ask(page, "Secret?")
        await page.wait_for_selector(READY)
        await page.get_by_role("button", name="Log out").click()
        await page.wait_for_url("**/login")
        await page.fill("input", "open sesame")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".example")
        assert await page.locator(".turn, .thread").count() == 0
        assert all("401" in error for error in watched.errors)  # Chromium notes the wrong one
        watched.errors.clear()


async def test_enter_while_composing_korean_does_not_send(site: Site, watched: Watched):
    """Enter ends the syllable; the next one sends; Shift+Enter makes a line."""
    page = await watched.tab(site.address)
    await page.wait_for_selector("textarea")
    await page.focus("textarea")
    keys = await page.context.new_cdp_session(page)
    await keys.send(
        "Input.imeSetComposition", {"text": "부가", "selectionStart": 2, "selectionEnd": 2}
    )
    await page.keyboard.press("Enter")
    await page.wait_for_timeout(200)
    assert await page.locator(".turn").count() == 0
    await keys.send("Input.insertText", {"text": "부가세"})
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("언제?")
    assert await page.locator(".turn").count() == 0
    await page.keyboard.press("Enter")
    await expect(page.locator(".question-text")).to_contain_text("부가세\n언제?")


@pytest.mark.parametrize("width", [360, 390, 820, 1280])
async def test_nothing_scrolls_sideways(open_site: OpenSite, watched: Watched, width: int):
    """Long words, tables and code stay within the page at every width."""
    wide = (
        "| " + " | ".join(f"heading number {n}" for n in range(9)) + " |\n" + "|---" * 9 + "|\n\n"
        "https://a.example/" + "x" * 300 + "\n\n```\n" + "code " * 80 + "\n```\n\n" + "한" * 300
    )
    async with open_site(FakeEngine(lambda _: wide)) as site:
        viewport = {"width": width, "height": 800}
        page = await watched.tab(site.address, viewport=viewport)
        await ask(page, "넓은" + "질문" * 200)
        await page.wait_for_selector(READY)
        for selector in ("html", ".log-scroller", ".main"):
            inner, outer = await page.eval_on_selector(
                selector, "e => [e.scrollWidth, e.clientWidth]"
            )
            assert inner <= outer, selector


async def test_the_page_follows_the_answer_until_the_reader_scrolls_up(
    open_site: OpenSite, watched: Watched
):
    """Reading back is not disturbed by what is being written."""
    lines = "\n\n".join(f"line {number}" for number in range(80))
    engine = FakeEngine(lambda _: lines, pace_s=0.002)
    engine.hold(after_words=60)
    async with open_site(engine) as site:
        page = await watched.tab(site.address)
        gap = "e => e.scrollHeight - e.scrollTop - e.clientHeight"
        await ask(page, "Tell me")
        await expect(page.locator(ANSWER)).to_contain_text("line 58")
        await until(lambda: near_end(page, gap))
        await page.hover(ANSWER)
        await page.mouse.wheel(0, -400)
        await page.wait_for_timeout(200)
        before = await page.eval_on_selector(".log-scroller", "e => e.scrollTop")
        engine.go_on()
        await page.wait_for_selector(READY, state="attached")
        assert await page.eval_on_selector(".log-scroller", "e => e.scrollTop") == before
        await page.get_by_role("button", name="Jump to the end").click()
        await until(lambda: near_end(page, gap))


async def near_end(page: Page, gap: str) -> bool:
    return bool(await page.eval_on_selector(".log-scroller", gap) < 2)


async def test_nothing_jumps_when_an_answer_ends(open_site: OpenSite, watched: Watched):
    """The row of reactions has its place from the start."""
    engine = FakeEngine(lambda _: "One short line")
    engine.hold(after_words=2)
    async with open_site(engine) as site:
        page = await watched.tab(site.address)
        await ask(page, "Well?")
        await expect(page.locator(ANSWER)).to_contain_text("One short")
        height = "e => e.getBoundingClientRect().height"
        before = await page.eval_on_selector(".turn", height)
        engine.go_on()
        await page.wait_for_selector(READY)
        assert await page.eval_on_selector(".turn", height) == before


async def test_conversations_are_listed_and_can_be_reopened(site: Site, watched: Watched):
    """A new one starts empty; the old one is one click away, and a reload stays there."""
    page = await watched.tab(site.address)
    await ask(page, "First talk")
    await page.wait_for_selector(READY)
    await page.locator(".new").click()
    await page.wait_for_selector(".example")
    await ask(page, "Second talk")
    await page.wait_for_selector(READY)
    await expect(page.locator(".thread")).to_have_text(["Second talk", "First talk"])
    before = page.url
    await page.get_by_role("button", name="First talk").click()
    await expect(page.locator(".question-text")).to_have_text("First talk")
    await expect(page).not_to_have_url(before)
    await page.reload()
    await expect(page.locator(".question-text")).to_have_text("First talk")


async def test_another_browser_sees_nothing_of_it(site: Site, watched: Watched):
    """A conversation's address is of no use to anybody else."""
    page = await watched.tab(site.address)
    await ask(page, "Private")
    await page.wait_for_selector(READY)
    other = await watched.tab(page.url)
    await other.wait_for_selector(".example")
    assert await other.locator(".turn, .thread").count() == 0


async def test_the_model_hears_the_conversation_and_the_chosen_field(site: Site, watched: Watched):
    """Earlier turns are in the prompt, and the field's language labels it."""
    page = await watched.tab(site.address)
    await page.wait_for_selector(".example")
    await page.select_option("select", "general-en")
    await page.get_by_role("button", name="What does an auditor do?").click()
    await page.wait_for_selector(READY)
    await ask(page, "And why?")
    await expect(page.locator(".turn")).to_have_count(2)
    await page.wait_for_selector(READY)
    prompt = site.engine.prompts[-1].text
    assert "Question: What does an auditor do?\nAnswer: A fine answer." in prompt
    await page.reload()
    await expect(page.locator("select")).to_have_value("general-en")


async def test_language_and_theme_are_kept(site: Site, watched: Watched):
    """Korean and dark, once chosen, outlive a reload; the draft is not lost on the way."""
    page = await watched.tab(site.address, color_scheme="light")
    await page.wait_for_selector(".example")
    await page.fill("textarea", "half a question")
    await page.get_by_role("button", name="한국어").click()
    await expect(page.locator(".sidebar-title")).to_have_text("지난 대화")
    assert await page.get_attribute("html", "lang") == "ko-KR"
    await expect(page.locator("textarea")).to_have_value("half a question")
    await page.get_by_role("button", name="밝은 화면·어두운 화면 전환").click()
    await page.reload()
    assert await page.get_attribute("html", "data-theme") == "dark"


async def test_the_drawer_on_a_phone_opens_closes_and_is_out_of_reach(site: Site, watched: Watched):
    """Escape and the veil close it; closed, the keyboard cannot get into it."""
    page = await watched.tab(site.address, viewport={"width": 390, "height": 800})
    await page.wait_for_selector(".example")
    drawer = page.locator(".sidebar")
    await expect(drawer).to_be_hidden()
    assert await drawer.evaluate("e => e.inert")
    await page.get_by_role("button", name="Open conversations").click()
    await expect(drawer).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(drawer).to_be_hidden()
    await page.get_by_role("button", name="Open conversations").click()
    await page.mouse.click(380, 400)
    await expect(drawer).to_be_hidden()


async def test_the_answer_can_be_copied(site: Site, watched: Watched):
    """The clipboard gets what the model wrote."""
    page = await watched.tab(site.address, permissions=["clipboard-read", "clipboard-write"])
    await ask(page, "Well?")
    await page.get_by_role("button", name="Copy answer").click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "A fine answer."


async def test_every_control_has_a_name(site: Site, watched: Watched):
    """Screen readers can say what each button, field and link is for."""
    page = await watched.tab(site.address)
    await ask(page, "Well?")
    await page.wait_for_selector(READY)
    nameless = await page.evaluate(
        """() => [...document.querySelectorAll('#app :is(button, select, textarea, input, a)')]
        .filter(e => !(e.getAttribute('aria-label') || e.textContent.trim()))
        .map(e => e.outerHTML)"""
    )
    assert nameless == []


async def test_stopping_shows_in_open_tabs_and_takes_about_a_second(
    open_site: OpenSite, watched: Watched
):
    """Answers are stopped first, open tabs show it, and sockets do not hold the server up."""
    engine = FakeEngine(lambda _: LONG)
    engine.hold(after_words=4)
    async with open_site(engine) as site:
        page = await watched.tab(site.address)
        await ask(page, "Tell me")
        await expect(page.locator(ANSWER)).to_contain_text("word3")
        await site.answers.close(0)
        await expect(page.locator(".answer-note")).to_have_text("The answer was stopped.")
        started = asyncio.get_running_loop().time()
        await site.web.stop()
        assert asyncio.get_running_loop().time() - started < 1.5
        watched.errors.clear()  # the browser finds nobody to reconnect to
