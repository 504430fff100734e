"""On the training page: what one round came to, to be unfolded."""

from bot.learning.outcome import BeforeAfter, RoundOutcome
from bot.learning.report import SHOWN_SAMPLES, facts, headline, reasons
from bot.platforms.web.dashboard.versions import shown_time
from bot.platforms.web.training_data import RoundRow
from bot.platforms.web.ui.elements import Tag
from bot.texts import Language, say


def training_report(ended: RoundRow, language: Language, *, unfolded: bool) -> Tag:
    """Built inside the current element."""
    outcome = ended.outcome
    with Tag("details", "case report", open=True if unfolded else None) as report:
        with Tag("summary"):
            Tag("span", f"badge {outcome.verdict}", say(f"web_verdict_{outcome.verdict}", language))
            Tag("span", "report-round", say("web_training_round", language, round=outcome.round))
            Tag("time", "case-about", shown_time(ended.at), datetime=ended.at)
        Tag("p", "report-headline", headline(outcome, language))
        for reason in reasons(outcome, language):
            Tag("p", "report-reason", reason)
        with Tag("dl", "report-facts"):
            for name, value in facts(outcome, language):
                with Tag("div"):
                    Tag("dt", "", name)
                    Tag("dd", "", value)
        for sample in outcome.samples[:SHOWN_SAMPLES]:
            _sample(sample, language)
        if outcome.losses:
            _picture(outcome, language)
    return report


def _sample(sample: BeforeAfter, language: Language) -> None:
    with Tag("article", "sample"):
        Tag("p", "sample-question", sample.question, dir="auto")
        with Tag("dl", "sample-answers"):
            for when, answer in (("before", sample.before), ("after", sample.after)):
                with Tag("div", f"sample-{when}"):
                    Tag("dt", "", say(f"report_{when}", language))
                    Tag("dd", "", answer or say("report_empty_answer", language), dir="auto")


def _picture(outcome: RoundOutcome, language: Language) -> None:
    """Drawn when it comes into sight; the approval in it stands in the list of versions, too."""
    caption = say(
        "web_training_picture", language, first=outcome.losses[0], last=outcome.losses[-1]
    )
    address = f"/training/{outcome.domain}/{outcome.round}.png"
    Tag("img", "report-picture", src=address, alt=caption, loading="lazy")
