"""Slack's text, emoji and events, to and from ours."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack.emoji import emoji_of, without_name
from bot.platforms.slack.events import BotIdentity, read_deletion, read_post
from bot.platforms.slack.history import turns_of
from bot.platforms.slack.retry import EditBudget
from bot.platforms.slack.text import escaped, fallback, harmless, readable, unescaped
from bot.settings import Settings
from engine.model.prompt import Turn

ME = BotIdentity(user="U0BOT", bot="B0BOT", name="reactune", team="T1", team_name="Acme")
PING = re.compile(r"<(?:@[UW]|#C|!(?:channel|here|everyone|subteam))", re.IGNORECASE)
MARKUP = st.lists(
    st.sampled_from(["<", ">", "&", "<@U1>", "<!channel>", "<!Here|x>", "<#C1>", "가", "&lt;", "|"])
).map("".join)


@given(MARKUP)
def test_no_answer_pings(text: str):
    """Nothing but invisible characters is added to it."""
    assert not PING.search(harmless(text))
    assert harmless(text).replace("\u200b", "") == text
    assert not PING.search(fallback(text))


@given(MARKUP.map(lambda text: text * 900))
def test_the_text_for_notifications_fits(text: str):
    """In what Slack takes, and is not cut inside an entity."""
    assert len(fallback(text)) <= 4000
    assert not re.search(r"&[a-z]*…$", fallback(text))


@given(st.text())
def test_what_we_escape_reads_the_same(text: str):
    """There and back."""
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<@U0BOT> 언제?", "언제?"),
        ("<@U0BOT|reactune>: 언제?", "언제?"),
        ("이거 <@U0BOT> 언제?", "이거 언제?"),
        ("<@U0BOT>", ""),
        ("<@U2> <@U3|하늘> 언제?", "@지민 @하늘 언제?"),
        ("<!here> <!subteam^S1|@세무팀> <!date^1^{date}|어제>", "@here @세무팀 어제"),
        ("<https://nts.go.kr> <mailto:a@b.kr|a@b.kr>", "https://nts.go.kr a@b.kr"),
        ("<https://nts.go.kr|nts.go.kr>", "https://nts.go.kr"),
        ("1 &lt; 2 &amp;&amp; &lt;!channel&gt;", "1 < 2 && <!channel>"),
        ("```\n  들여쓰기  둘\n```", "```\n  들여쓰기  둘\n```"),
    ],
)
def test_a_question_is_legible(written: str, read: str):
    """As people see it, without the mention of the bot."""
    assert readable(written, "U0BOT", {"U2": "지민"}) == read


def test_emoji_are_told_apart_as_the_settings_spell_them():
    """With and without the invisible sign for colour; unknown ones keep Slack's name."""
    assert emoji_of("heart", ["❤️"]) == "❤️"
    assert emoji_of("heart", ["❤"]) == "❤"
    assert emoji_of("thumbsup::skin-tone-2", ["👍🏽"]) == "👍🏽"
    assert emoji_of("party_parrot", ["👍"]) == ":party_parrot:"
    assert without_name(Settings(_env_file=None).reactions) == []
    assert without_name(["🦦", ":otter:"]) == ["🦦"]


def test_a_parent_is_deleted_by_a_tombstone():
    """Slack leaves one where a deleted message has replies."""
    event = {
        "subtype": "message_changed",
        "channel": "C1",
        "message": {"subtype": "tombstone", "ts": "1.1", "user": "USLACKBOT"},
        "previous_message": {"ts": "1.1", "user": "U1", "text": "<@U0BOT> 언제?"},
    }
    deleted = read_deletion(event)
    assert deleted
    assert (deleted.channel, deleted.ts) == ("C1", "1.1")
    assert read_post({"event": event | {"type": "message"}}, ME) is None


@pytest.mark.parametrize(
    "event",
    [
        {"subtype": "channel_join", "user": "U1", "text": "<@U0BOT>"},
        {"subtype": "bot_message", "bot_id": "B2", "text": "<@U0BOT>"},
        {"user": "U1", "bot_id": "B2", "text": "<@U0BOT>"},
        {"user": "USLACKBOT", "text": "<@U0BOT>"},
        {"subtype": "message_changed", "message": {}},
        {"subtype": "message_replied"},
        {},
    ],
)
def test_only_people_write_posts(event: dict[str, object]):
    """Everything else that Slack calls a message is none."""
    body = {"event": {"type": "message", "ts": "1.1", "channel": "C1"} | event}
    assert read_post(body, ME) is None


def test_a_thread_becomes_turns():
    """Pieces are joined, apologies and other bots left out, an unanswered question waits."""

    def own(text: str, kind: str) -> dict[str, object]:
        payload = {"id": "x", "kind": kind}
        metadata = {"event_type": "reactune_message", "event_payload": payload}
        return {"user": "U0BOT", "bot_id": "B0BOT", "text": text, "metadata": metadata}

    messages = [
        {"user": "U1", "text": "<@U0BOT> 첫째?"},
        own("죄송합니다.", "words"),
        {"user": "U2", "text": "다시 &lt;첫째&gt;?"},
        {"bot_id": "B2", "text": "빌드 성공"},
        own("답 하나 &amp;", "answer"),
        {"user": "U0BOT", "bot_id": "B0BOT", "text": "답 둘"},
        {"user": "U1", "text": "둘째?"},
    ]
    assert turns_of(messages, ME) == [Turn("첫째?\n다시 <첫째>?", "답 하나 &\n\n답 둘")]


def test_progress_leaves_room_for_what_matters():
    """At most forty edits a minute over all answers, and none while Slack complains."""
    now = [0.0]
    budget = EditBudget(lambda: now[0])
    assert [budget.take() for _ in range(41)] == [True] * 40 + [False]
    now[0] = 61
    assert budget.take()
    budget.exhaust()
    assert not budget.take()
    now[0] = 122
    assert budget.take()
