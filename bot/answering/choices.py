"""What follows when somebody picks a known question that was offered, or says it is none."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import structlog

from bot.answering.service import Answer, AnswerService
from bot.answering.suggestions import as_suggestion
from bot.errors import RefusedError
from bot.feedback.daily_limit import NO_LIMIT, DailyLimit
from bot.knowledge.retriever import Hit, Retriever
from bot.messages import Reply, Source, Suggestion
from bot.texts import Language, say
from engine.retrieval.follow_up import stands_alone
from engine.retrieval.questions import question_key
from storage.conversations import AskedQuestion, Conversations, StoredReply, UsedPair
from storage.errors import GoneError, WithdrawnError
from storage.pairs import Pair, Pairs
from storage.picks import Picks

_log = structlog.get_logger("picks")


class ChoiceService:
    """A pick is a label on exactly the words that were asked: the asker gets the answer at once,
    others once a second person means the same, or somebody who may teach does."""

    def __init__(
        self,
        answers: AnswerService,
        *,
        conversations: Conversations,
        pairs: Pairs,
        picks: Picks,
        retriever: Retriever,
        model: str,
        is_teacher: Callable[[str, Iterable[str]], bool],
        daily: DailyLimit = NO_LIMIT,
    ) -> None:
        """``daily``: how much one person may pick in a day, unless they may teach."""
        self._daily = daily
        self._answers = answers
        self._conversations = conversations
        self._pairs = pairs
        self._picks = picks
        self._retriever = retriever
        self._model = model
        self._is_teacher = is_teacher
        self._deciding: set[int] = set()  # replies about which somebody decides at this moment

    async def pick(
        self,
        reply_id: int,
        pair_id: int,
        person: str,
        language: Language,
        roles: Iterable[str] = (),
    ) -> Reply:
        """``person`` meant this pair's question; its answer takes the place of the choice.

        Raises RefusedError where it was not offered, is gone, or others asked.
        """
        with self._deciding_about(reply_id, language):
            asked, decides = await self._allowed(reply_id, person, language, roles)
            offered = dict((await self._picks.offered([reply_id])).get(reply_id, ()))
            pair = (await self._pairs.get([pair_id])).get(pair_id)
            if pair is None or pair.score <= 0 or pair_id not in offered:
                raise RefusedError(say("pick_gone", language))
            nearest = next(iter(offered))
            await self._judge(asked, reply_id, nearest, person, fits=nearest == pair_id)
            stored = StoredReply(
                pair.answer, "done", self._model, None, 0, 0, 0, 0, 0, verified=True, quoted=True,
                used_pairs=(UsedPair(pair_id, offered[pair_id], pair.answer),),
            )  # fmt: skip
            # What hangs on the question before it means another thing elsewhere.
            if stands_alone(asked.text, asked.number):
                await self._say(asked, reply_id, [pair_id], person, fits=True, decides=decides)
            await self._conversations.replace_reply(reply_id, stored)
            source = Source.of(pair, same=False)
            return Reply(reply_id, asked.question_id, pair.answer, "done", True, (source,))

    async def reject(
        self, reply_id: int, person: str, language: Language, roles: Iterable[str] = ()
    ) -> Answer:
        """``person`` meant none of the questions that were offered, or another one than was
        answered; the question is answered anew without them.

        After "none of these" nothing more is offered. Raises RefusedError as ``pick``.
        """
        with self._deciding_about(reply_id, language):
            asked, decides = await self._allowed(reply_id, person, language, roles)
            choices = (await self._picks.offered([reply_id])).get(reply_id, ())
            offered = [pair for pair, _ in choices]
            rejected = offered or [pair.id for pair in await self._quoted(asked, reply_id)]
            if not rejected:
                raise RefusedError(say("pick_gone", language))
            await self._judge(asked, reply_id, rejected[0], person, fits=False)
            await self._say(asked, reply_id, rejected, person, fits=False, decides=decides)
            return await self._answers.ask_again(reply_id, language, offer=not offered)

    @contextmanager
    def _deciding_about(self, reply_id: int, language: Language) -> Iterator[None]:
        """One decision at a time about each reply, and none while another answer is about to take
        its place. Raises RefusedError, also where the reply or a pair goes meanwhile."""
        if reply_id in self._deciding or self._answers.replacing(reply_id):
            raise RefusedError(say("pick_taken", language))
        self._deciding.add(reply_id)
        try:
            yield
        except (GoneError, WithdrawnError) as error:
            raise RefusedError(say("pick_gone", language)) from error
        finally:
            self._deciding.discard(reply_id)

    async def other_question(
        self, reply_id: int, person: str, roles: Iterable[str] = ()
    ) -> int | None:
        """The pair whose answer the reply gives, where its question is another one than was asked;
        None too where the word of ``person`` does not count: who asked may say so, or teaches."""
        asked = await self._conversations.asked(reply_id)
        if asked is None or (asked.person != person and not self._is_teacher(person, roles)):
            return None
        pairs = await self._quoted(asked, reply_id)
        return pairs[0].id if pairs else None

    async def offers(self, reply_id: int) -> bool:
        """The reply is a choice, and nobody has chosen yet."""
        return bool(await self._picks.offered([reply_id]))

    async def suggestions(self, reply_ids: list[int]) -> dict[int, tuple[Suggestion, ...]]:
        """What each of these stored replies offers, as it is shown."""
        offered = await self._picks.offered(reply_ids)
        pairs = await self._pairs.get([pair for row in offered.values() for pair, _ in row])
        found: dict[int, tuple[Suggestion, ...]] = {}
        for reply_id, row in offered.items():
            asked = await self._conversations.asked(reply_id)
            hits = [self._hit(asked, pairs[pair], score) for pair, score in row if pair in pairs]
            found[reply_id] = tuple(map(as_suggestion, hits))
        return found

    def _hit(self, asked: AskedQuestion | None, pair: Pair, score: float) -> Hit:
        found = self._retriever.differences(asked.domain, asked.text, pair) if asked else ()
        return Hit(pair, score, found)

    async def _quoted(self, asked: AskedQuestion, reply_id: int) -> list[Pair]:
        """The pair whose answer a verified reply gives, unless it was asked word for word."""
        reply = await self._conversations.reply(reply_id)
        if reply is None or not reply["verified"]:
            return []
        key = question_key(asked.text)
        drawn = (await self._pairs.of_replies([reply_id])).get(reply_id, [])
        return [pair for pair in drawn if question_key(pair.question) != key]

    async def _judge(
        self, asked: AskedQuestion, reply_id: int, pair_id: int, person: str, *, fits: bool
    ) -> None:
        """The threshold learns whether what came first was meant. Where words spoke against it the
        score decided nothing, and nothing is learned."""
        pair = (await self._pairs.get([pair_id])).get(pair_id)
        if pair and not self._retriever.differences(asked.domain, asked.text, pair):
            await self._picks.add_judged(reply_id, pair_id, person, fits=fits)

    async def _say(
        self,
        asked: AskedQuestion,
        reply_id: int,
        pair_ids: list[int],
        person: str,
        *,
        fits: bool,
        decides: bool,
    ) -> None:
        key = question_key(asked.text)
        await self._picks.add(
            reply_id, pair_ids, key=key, person=person, fits=fits, decides=decides
        )
        _log.debug("pick", reply=reply_id, pairs=pair_ids, fits=fits)

    async def _allowed(
        self, reply_id: int, person: str, language: Language, roles: Iterable[str]
    ) -> tuple[AskedQuestion, bool]:
        """The question, and whether the word of ``person`` decides. Raises RefusedError."""
        asked = await self._conversations.asked(reply_id)
        if asked is None:
            raise RefusedError(say("pick_gone", language))
        decides = self._is_teacher(person, roles)
        if asked.person != person and not decides:
            raise RefusedError(say("pick_not_yours", language))
        if not decides:
            await self._daily.check(person, self._picks.count_of, language)
        return asked, decides
