"""The page for those who look after training: what runs, what came of it, and the way back."""

import pytest
from playwright.async_api import Page, expect
from pydantic import SecretStr

from bot.learning.outcome import WATCH, BeforeAfter, Progress, RoundOutcome
from engine.gate.reasons import Reason
from storage.rounds import Rounds
from storage.versions import VersionRegistry
from tests.bot.platforms.web.conftest import OpenSite, Site, Watched

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]

RUNNING = Progress(1, "tax-ko", "training", 14, 28, 1.25, 83.0)
BETTER = Reason("better", {"groups": 24, "gain": 0.31, "p": 0.0042, "alpha": 0.03})


async def end_round(site: Site, *, waits: bool = False) -> str:
    """A round that made a version and promoted it; the version's name."""
    number = await Rounds(site.database).claim("tax-ko", at_least=0)
    assert number is not None
    outcome = RoundOutcome(
        number,
        "tax-ko",
        "promoted",
        (BETTER,),
        version=f"tax-ko-{number}",
        went_live=not waits,
        waits=waits,
        golden=(40, 31, 36),
        samples=(BeforeAfter("부가세는 언제?", "모릅니다.", "1월 25일과 7월 25일입니다. " * 20),),
        losses=(2.0, 1.5, 1.0),
    )
    versions = VersionRegistry(site.database)
    await versions.add(f"tax-ko-{number}", "tax-ko", number, [])
    if not waits:
        await versions.promote("tax-ko", f"tax-ko-{number}", "promoted")
    await Rounds(site.database).end(number, "promoted", outcome.as_json())
    site.training.waiting |= {outcome.version} if waits else set()
    await site.training.tell(outcome)
    return f"tax-ko-{number}"


async def training_page(site: Site, watched: Watched, **options: object) -> Page:
    page = await watched.tab(f"{site.address}/training", **options)
    await page.wait_for_selector(".version")
    return page


async def test_a_round_can_be_begun_watched_and_stopped(site: Site, watched: Watched):
    """Every tab shows how far it is; a second one is refused in words."""
    page, other = [await training_page(site, watched) for _ in range(2)]
    await expect(page.locator(".training-count")).to_have_text("0 / 50")
    await expect(page.locator(".reports")).to_be_empty()
    begin = page.get_by_role("button", name="Train now")
    site.training.progress = RUNNING
    await begin.click()
    await expect(page.locator(".notice")).to_have_text("round 1 runs")
    await site.training.tell(RUNNING)
    for tab in (page, other):
        await expect(tab.locator(".training-running")).to_contain_text("loss 1.250 · 1:23 left")
        bar = tab.get_by_role("progressbar", name="How far training is")
        await expect(bar).to_have_js_property("value", 36)
    await expect(begin).to_be_hidden()
    await other.get_by_role("button", name="Stop training").click()
    for tab in (page, other):
        await expect(tab.locator(".training-running")).to_be_hidden()
    await begin.click()
    await expect(other.locator(".training-running")).to_contain_text("preparing")


async def test_a_report_arrives_with_everything_in_it(site: Site, watched: Watched):
    """Verdict, reason, figures, answers before and after, and the picture."""
    page = await training_page(site, watched)
    await end_round(site)
    report = page.locator(".report")
    for said in ("Promoted", "it is surer", "31 → 36 of 40 right", "모릅니다.", "7월 25일"):
        await expect(report).to_contain_text(said)
    picture = report.get_by_role("img", name="Training loss went from 2.00 to 1.00")
    await picture.scroll_into_view_if_needed()
    await expect(picture).to_have_js_property("naturalWidth", 750)


async def test_rolling_back_is_asked_about_and_seen_everywhere(site: Site, watched: Watched):
    """By keyboard alone; the new live version has its mark in the other tab, too."""
    first, second = [await end_round(site) for _ in range(2)]
    page, other = [await training_page(site, watched) for _ in range(2)]
    live = other.locator(".version", has=other.locator(".badge.live"))
    await expect(live).to_contain_text(second)
    await page.get_by_role("button", name=f"Make live: {first}").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".sure:visible")).to_contain_text(first)
    assert site.training.deeds == []
    await expect(page.locator(".sure:visible .primary")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(live).to_contain_text(first)
    await expect(live).to_contain_text("Approval 68% (95% interval 53–80%, 44 answers)")
    (deed,) = site.training.deeds
    assert deed.startswith("web:")
    assert deed.endswith(f"rolls tax-ko back to {first}")


async def test_a_double_click_goes_back_one_version(site: Site, watched: Watched):
    """What was live before the version before is not meant."""
    names = [await end_round(site) for _ in range(3)]
    for name in names:
        await site.training.rollback("tax-ko", "web:setup", name)
    page = await training_page(site, watched)
    await page.get_by_role("button", name=f"Roll back: {names[2]}").click()
    await page.locator(".sure:visible .primary").dblclick()
    await expect(page.locator(".notice")).to_contain_text("not in use any more")
    assert await site.training.current_version("tax-ko") == names[1]


async def test_a_version_that_waits_can_be_approved(site: Site, watched: Watched):
    """From then on it is live and waits no more."""
    name = await end_round(site, waits=True)
    page = await training_page(site, watched)
    version = page.locator(".version", has_text=name)
    await expect(version.locator(".badge")).to_have_text("Waits for approval")
    await version.get_by_role("button", name="Approve").click()
    await expect(version.locator(".badge")).to_have_text("Live")
    await expect(page.locator(".report")).to_contain_text("Answers come from the new version now")


async def test_only_the_newest_version_waits(site: Site, watched: Watched):
    """An older one that nobody approved in time can be chosen, and its report says so."""
    old, new = [await end_round(site, waits=True) for _ in range(2)]
    page = await training_page(site, watched)
    for name, button in ((old, "Make live"), (new, "Approve")):
        version = page.locator(".version", has_text=name)
        await expect(version.get_by_role("button", name=f"{button}: {name}")).to_be_visible()
    await expect(page.locator(".badge.waits")).to_have_count(1)
    await expect(page.locator(".report").last).to_contain_text("a newer version came before")


async def test_what_went_back_by_itself_is_marked(site: Site, watched: Watched):
    """Whoever has no admin channel learns here why another version answers."""
    old, new = [await end_round(site) for _ in range(2)]
    await VersionRegistry(site.database).promote("tax-ko", old, f"rollback by {WATCH}")
    page = await training_page(site, watched)
    taken_back = page.locator(".version", has_text="liked less")
    await expect(taken_back).to_have_count(1)
    await expect(taken_back).to_contain_text(new)


async def test_behind_a_password_training_needs_the_reviewers_own(
    open_site: OpenSite, watched: Watched
):
    """Whoever may chat sees neither page nor picture; the other password leads right there."""
    everybody, admin = SecretStr("everybody"), SecretStr("for reviewers")
    async with open_site(web_password=everybody, web_admin_password=admin) as site:
        await end_round(site)
        page = await watched.tab(f"{site.address}/login")
        await page.fill("input", everybody.get_secret_value())
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".example")
        assert await page.locator("a[href='/training']").count() == 0
        refused = await page.request.get(f"{site.address}/training/tax-ko/1.png")
        assert refused.status == 403
        await page.goto(f"{site.address}/training")
        await page.fill("input", admin.get_secret_value())
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".report")
        assert page.url == f"{site.address}/training"


@pytest.mark.parametrize("width", [390, 1280])
async def test_the_training_page_fits_and_every_control_has_a_name(
    site: Site, watched: Watched, width: int
):
    """Nothing scrolls sideways, long answers and open questions included."""
    await end_round(site)
    page = await training_page(site, watched, viewport={"width": width, "height": 800})
    await page.get_by_role("button", name="Roll back").first.click()
    inner, outer = await page.eval_on_selector(
        ".review-main", "e => [e.scrollWidth, e.clientWidth]"
    )
    assert inner <= outer
    nameless = await page.evaluate(
        """() => [...document.querySelectorAll(
            '#app :is(button, select, summary, progress, img, a)')]
        .filter(e => !(e.getAttribute('aria-label') || e.alt || e.textContent.trim()))
        .map(e => e.outerHTML)"""
    )
    assert nameless == []
