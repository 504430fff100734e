"""What every chat platform does when somebody picks an offered question, or says it is none."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.answering.choices import ChoiceService
from bot.answering.service import Answer
from bot.domains import Domain
from bot.errors import RefusedError
from bot.platforms.base import AnswerView, Choice, OnPiece
from bot.platforms.chat.message_store import MessageStore
from bot.platforms.chat.showing import follow, shown
from bot.texts import Language, say
from storage.conversations import Conversations


@dataclass(frozen=True, slots=True)
class ShownReply:
    """A stored reply and where it is shown: ``messages``, oldest first, in the conversation
    ``thread``. ``question``: the message that asked, if the platform told."""

    reply_id: int
    question_id: int
    domain: str
    thread: str
    question: str | None
    messages: tuple[str, ...]


MakeReplacingView = Callable[[ShownReply, OnPiece], AnswerView]


class ChoiceHandler:
    """Connects one platform's buttons with the choices below its answers. What is chosen is shown
    in the very messages that had the buttons."""

    def __init__(
        self,
        platform: str,
        *,
        choices: ChoiceService,
        messages: MessageStore,
        conversations: Conversations,
        domains: Mapping[str, Domain],
    ) -> None:
        self._platform = platform
        self._choices = choices
        self._messages = messages
        self._conversations = conversations
        self._domains = domains
        self._under_way: set[int] = set()  # replies that are being replaced

    async def other_question(
        self, channel: str, message: str, user: str, roles: Iterable[str] = ()
    ) -> Choice | None:
        """``message`` answers another question than was asked: the way for ``user`` to say so,
        where their word on it counts."""
        place = await self._shown_in(channel, message)
        if place is None:
            return None
        pair = await self._choices.other_question(place.reply_id, self._person(user), roles)
        return None if pair is None else Choice("not_my_question", pair)

    async def choose(
        self,
        channel: str,
        message: str,
        user: str,
        choice: Choice,
        make_view: MakeReplacingView,
        language: Language,
        roles: Iterable[str] = (),
    ) -> None:
        """What ``user`` chose takes the place of what ``message`` shows.

        Raises RefusedError, whose text is for whoever pressed, and StorageError.
        """
        place = await self._shown_in(channel, message)
        if place is None:
            raise RefusedError(say("pick_gone", language))
        if place.reply_id in self._under_way:
            raise RefusedError(say("pick_taken", language))
        person, view = self._person(user), self._view(channel, place, make_view)
        domain = self._domains[place.domain]
        self._under_way.add(place.reply_id)
        try:
            if choice.kind == "pick":
                reply = await self._choices.pick(
                    place.reply_id, choice.pair_id, person, language, roles
                )
                await view().end(shown(reply, domain, language))
            else:
                await self._check(place, choice, person, roles, language)
                answer = await self._choices.reject(place.reply_id, person, language, roles)
                await _show_anew(answer, view(), domain, language)
        finally:
            self._under_way.discard(place.reply_id)

    async def _check(
        self,
        place: ShownReply,
        choice: Choice,
        person: str,
        roles: Iterable[str],
        language: Language,
    ) -> None:
        """The button is about what is shown now. Raises RefusedError."""
        if choice.kind == "none_of_these":
            stands = await self._choices.offers(place.reply_id)
        else:
            other = await self._choices.other_question(place.reply_id, person, roles)
            stands = other == choice.pair_id
        if not stands:
            raise RefusedError(say("pick_gone", language))

    def _view(
        self, channel: str, place: ShownReply, make_view: MakeReplacingView
    ) -> Callable[[], AnswerView]:
        async def on_piece(message: str) -> None:
            await self._messages.shown_as(channel, message, place.question_id)

        return lambda: make_view(place, on_piece)

    async def _shown_in(self, channel: str, message: str) -> ShownReply | None:
        """The reply that ``message`` is a piece of; None where it is gone, or a correction."""
        answer = await self._messages.answer_shown_in(channel, message)
        if answer is None or answer.correction_id is not None:
            return None
        reply_id = await self._conversations.reply_to(answer.question_id)
        asked = await self._conversations.asked(reply_id) if reply_id is not None else None
        if reply_id is None or asked is None:
            return None
        return ShownReply(
            reply_id,
            answer.question_id,
            asked.domain,
            answer.thread,
            asked.message,
            tuple(answer.messages),
        )

    def _person(self, user: str) -> str:
        return f"{self._platform}:{user}"


async def _show_anew(answer: Answer, view: AnswerView, domain: Domain, language: Language) -> None:
    if answer.response.stream:  # else it is there at once
        await view.working()
    await follow(answer, view, domain, language)
