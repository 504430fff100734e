"""Greetings, thanks and empty chatter: texts that ask for nothing. Pure.

Only whole texts count. What goes on after a greeting may be a question, and is none of these.
"""

import re
import unicodedata
from typing import Literal

from bot.domains import Domain
from bot.texts import Language, say

SmallTalk = Literal["greeting", "thanks", "chatter"]

_LONGEST = 60  # characters; more is no small talk, whatever it says
_PHRASES: dict[SmallTalk | Literal["filler"], str] = {
    "greeting": """
        안녕, 안녕하세요, 안녕하세여, 안녕하십니까, 안뇽, 하이, 헬로, 헬로우, 반갑습니다,
        반가워요, 반가워, 처음 뵙겠습니다, 좋은 아침, 좋은 아침입니다, 좋은 아침이에요, 좋은 하루,
        좋은 하루 되세요, 잘 지내, 잘 지내요, 잘 지내세요, 잘 지내셨어요, 안녕히 계세요,
        안녕히계세요,
        안녕히 가세요, 잘 가, 잘 있어, 잘 부탁드립니다, 잘 부탁해, 잘 부탁해요, hi, hi there,
        hello, hello there, hey, hey there, hiya, howdy, greetings, good morning, good afternoon,
        good evening, good night, good day, how are you, how are you doing, how's it going,
        what's up, sup, nice to meet you, bye, bye bye, goodbye, see you, see you later
    """,
    "thanks": """
        고마워, 고마워요, 고맙습니다, 고맙다, 고맙네요, 감사, 감사해요, 감사합니다, 감사드립니다,
        감사드려요, 땡큐, 수고, 수고하세요, 수고하세용, 수고하셨습니다, 수고 많으십니다,
        수고 많으셨습니다,
        잘했어, 잘했어요, 도움이 됐어요, 도움이 되었습니다, 도움이 됐습니다, thanks, thank you,
        thx, ty, tysm, thanks a lot, many thanks, thanks so much, thank you so much,
        thank you very much, cheers, much appreciated, appreciate it, great job, good job,
        well done
    """,
    "chatter": """
        뭐 할 줄 알아, 뭐 할 수 있어, 도움말, help,
        테스트, 테스트입니다, 테스트 중, 테스트 중입니다, 테스트예요, 네, 넵, 넹, 예, 응, 웅, 어,
        음, 흠, 아, 오, 와, 우와, 헐, 아하, 그래, 그래요, 그렇군요, 그렇구나, 아니, 아니요,
        아니오, 아뇨, 알겠습니다, 알겠어요, 알겠어, 알았어요, 알았어, 오케이, 오키, 확인,
        확인했습니다, 확인했어요, 좋아, 좋아요, 좋습니다, 좋네요, 대박, 굿, 심심해, 심심해요,
        헤헤, 히히, 호호, 챗봇, 봇, 챗봇아, 봇아, 챗봇님, 봇님, 저기, 저기요, 여보세요, 리액튠,
        test, testing, this is a test, just a test, just testing, ping, ok, okay, okey, k, kk,
        yes, yep, yeah, no, nope, sure, got it, i see, cool, nice, great, good, awesome, perfect,
        wow, lol, hm, hmm, um, uh, ah, oh, bot, chatbot, reactune
    """,
    # Beside the others they say nothing more; alone they may ask: “정말?”
    "filler": """
        정말, 정말로, 너무, 많이, 매우, 다들, 여러분, 모두, 항상, 늘, there, all, everyone,
        everybody, team, guys, so much, very much, a lot, again, and, so
    """,
}
_KIND = {
    " ".join(phrase.split()): kind
    for kind, phrases in _PHRASES.items()
    for phrase in phrases.split(",")
}
_WORDS = max(len(phrase.split()) for phrase in _KIND)
# Sounds of laughing, crying and agreeing, however long: ㅋㅋㅋ, ㅎㅎ, ㅠㅠ, haha.
_SOUND = re.compile(r"[ㄱ-ㅎㅏ-ㅣ]+|(?:ha){2,}h?|(?:he){2,}|하{2,}")


def small_talk(text: str) -> SmallTalk | None:
    """What kind of small talk the whole of ``text`` is; None where anything in it may be asked.

    Case, spaces, punctuation and emoji do not count. Text of nothing else is chatter.
    """
    words = _words(text) if len(text) <= _LONGEST else None
    if words is None:
        return None
    kinds = set() if words else {"chatter"}
    while words:
        taken = _taken(words)
        if not taken:
            return None
        kinds.add(_KIND.get(" ".join(words[:taken]), "chatter"))
        words = words[taken:]
    strongest: tuple[SmallTalk, ...] = ("thanks", "greeting", "chatter")
    return next((kind for kind in strongest if kind in kinds), None)


def friendly_line(kind: SmallTalk, domain: Domain, known: int, language: Language) -> str:
    """Our reply: a kind word, and what the bot knows: so many approved answers of ``domain``."""
    about = {"title": domain.title, "known": known}
    lines = [
        say(f"small_talk_{kind}", language),
        say("small_talk_known" if known else "small_talk_nothing_known", language, **about),
    ]
    if known and domain.examples:
        lines.append(say("small_talk_example", language, example=domain.examples[0]))
    return " ".join(lines)


def _taken(words: list[str]) -> int:
    """How many of the first words are one phrase of ours, the longest before others; 0: none."""
    for count in range(min(_WORDS, len(words)), 0, -1):
        if " ".join(words[:count]) in _KIND:
            return count
    return int(bool(_SOUND.fullmatch(words[0])))


def _words(text: str) -> list[str] | None:
    """The words of ``text`` in small letters; None where a digit or a sign that means something
    stands in it: 10%, C++, 3 > 2."""
    composed = unicodedata.normalize("NFC", text).casefold().replace("’", "'")
    if any(map(_means_something, composed)):
        return None
    letters = "".join(c if c == "'" or c.isalpha() else " " for c in composed)
    return [word for word in (word.strip("'") for word in letters.split()) if word]


def _means_something(sign: str) -> bool:
    """A digit, or a sign of sums and money; waves are only drawn."""
    kind = unicodedata.category(sign)
    return (kind[0] == "N" or kind in ("Sm", "Sc") or sign in "%#") and sign not in "~∼〜"
