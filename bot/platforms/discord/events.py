"""Discord's messages and reactions, read: pure functions, no request is made here."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import discord

from bot.answering.footer import is_no_answer, without_mark
from bot.feedback.corrections import correction_in
from bot.messages import Incoming
from bot.texts import Language
from engine.model.prompt import Turn

NOTE = "-# "  # Discord's mark for small print; our own lines below an answer begin with it
_PERSONS_WORDS = (discord.MessageType.default, discord.MessageType.reply)
_MARKUP = re.compile(r"<(?P<kind>@[!&]?|#)(?P<id>\d+)>|<a?(?P<emoji>:\w+:)\d+>")
_SKIN_TONES = re.compile("[\U0001f3fb-\U0001f3ff]")
_EMOJI_STYLE = "\ufe0f"  # asks for the coloured form; some clients leave it out
_STOP_EMOJI = "❌"


def from_person(message: discord.Message) -> bool:
    """Something that a person wrote: no bot, no webhook, no notice such as "pinned a message"."""
    return message.type in _PERSONS_WORDS and not message.author.bot and message.webhook_id is None


def mentions(message: discord.Message, me: int) -> bool:
    """The text names the bot, or the role that Discord made for it, which looks the same."""
    return any(mark in message.content for mark in _own_marks(message, me))


def addresses(message: discord.Message, me: int) -> bool:
    """Of what is heard, this was said to the bot for sure: in private, by name or as a reply."""
    return message.guild is None or mentions(message, me) or replied_to(message) is not None


def addresses_others(message: discord.Message, me: int) -> bool:
    """The text names people, but not the bot: it is for them."""
    return bool(message.raw_mentions or message.raw_role_mentions) and not mentions(message, me)


def question_text(message: discord.Message, me: int) -> str:
    """What was written, without the bot's own mention and with the others as readable names."""
    text = message.content
    for mark in _own_marks(message, me):
        text = re.sub(rf"[ \t]*{re.escape(mark)}[ \t]*", " ", text)
    return _MARKUP.sub(lambda found: _readable(found, message), text).strip()


def _own_marks(message: discord.Message, me: int) -> list[str]:
    marks = [f"<@{me}>", f"<@!{me}>"]
    role = message.guild.self_role if message.guild else None
    return [*marks, role.mention] if role else marks


def _readable(found: re.Match[str], message: discord.Message) -> str:
    if found["emoji"]:
        return found["emoji"]
    named = int(found["id"])
    names: dict[int, str]
    if found["kind"] == "#":
        names = {channel.id: f"#{channel.name}" for channel in message.channel_mentions}
    elif found["kind"] == "@&":
        names = {role.id: f"@{role.name}" for role in message.role_mentions}
    else:
        names = {user.id: f"@{user.display_name}" for user in message.mentions}
    return names.get(named, found[0])


def replied_to(message: discord.Message) -> int | None:
    """The message that this one replies to; a forwarded message is no reply."""
    reference = message.reference
    if reference is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    return reference.message_id


def event_of(message: discord.Message) -> str:
    """The name under which a message is handled once."""
    return f"{message.channel.id}:{message.id}"


def role_ids(person: discord.User | discord.Member | discord.ClientUser) -> frozenset[str]:
    """The roles of a server's member; nobody has any in a direct message."""
    if not isinstance(person, discord.Member):
        return frozenset()
    return frozenset(str(role.id) for role in person.roles)


def incoming(message: discord.Message, thread: str, text: str, domain: str) -> Incoming:
    """A person's message as a question in the conversation ``thread``."""
    about = replied_to(message)
    return Incoming(
        platform="discord",
        channel=str(message.channel.id),
        thread=thread,
        user=str(message.author.id),
        text=text,
        domain=domain,
        message=str(message.id),
        events=(event_of(message),),
        roles=role_ids(message.author),
        parent=parent_of(message.channel),
        about=str(about) if about else None,
    )


def change(message: discord.Message, text: str, domain: str) -> Incoming:
    """A person's message after an edit, whose event is that very change."""
    changed = incoming(message, "", text, domain)
    moment = message.edited_at.timestamp() if message.edited_at else 0
    return replace(changed, events=(f"{event_of(message)}:edited:{moment}",))


def parent_of(channel: object) -> str | None:
    """The channel that a thread hangs in."""
    return str(channel.parent_id) if isinstance(channel, discord.Thread) else None


def turns_of(messages: Iterable[discord.Message], me: int) -> Sequence[Turn]:
    """What was asked and answered among ``messages`` (oldest first): our answers are replies."""
    asked: dict[int, str] = {}
    answers: dict[int, list[str]] = {}
    unanswered: set[int] = set()  # with all that follows: a choice may be several messages
    for message in messages:
        question = replied_to(message)
        if message.author.id == me and question in asked:
            text = without_mark(_without_notes(message.content))
            if is_no_answer(text):
                unanswered.add(question)
            answers.setdefault(question, []).append(text)
        elif from_person(message):
            text = question_text(message, me)
            if correction_in(text) is None:  # we have thanked for it, not answered
                asked[message.id] = text
    return [
        Turn(asked[question], "\n".join(pieces))
        for question, pieces in answers.items()
        if question not in unanswered
    ]


def _without_notes(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith(NOTE))


def emoji_name(emoji: discord.PartialEmoji, known: Iterable[str]) -> str:
    """As in REACTIONS: skin tones are dropped, custom emoji are ``:name:``."""
    if emoji.is_custom_emoji():
        return f":{emoji.name}:"
    plain = _bare(emoji.name)
    return next((name for name in known if _bare(name) == plain), plain)


def wants_stop(emoji: discord.PartialEmoji) -> bool:
    return emoji.name == _STOP_EMOJI


def _bare(emoji: str) -> str:
    return _SKIN_TONES.sub("", emoji).replace(_EMOJI_STYLE, "")


def language_of(locale: discord.Locale, otherwise: Language) -> Language:
    """The language that a person has set Discord to, where it is one of ours."""
    if locale is discord.Locale.korean:
        return "ko"
    english = (discord.Locale.american_english, discord.Locale.british_english)
    return "en" if locale in english else otherwise
