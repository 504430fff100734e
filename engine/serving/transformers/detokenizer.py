"""Token ids → text as it grows, whole characters only."""

from typing import Any

_INCOMPLETE = "\ufffd"  # what decoders write for bytes that are no character (yet)


class Detokenizer:
    """Text of one answer, token by token.

    A character can be spread over tokens (an emoji: four byte tokens), and some decoders spell a
    token differently at the start of a text. So the text of a token is what it adds to the decoded
    text of the tokens just before it, held back until it ends in a whole character.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._before: list[int] = []  # tokens last shown
        self._held: list[int] = []  # tokens since then

    def push(self, token: int) -> str:
        """The text that ``token`` completes; "" while a character is unfinished."""
        self._held.append(token)
        shown = self._decode(self._before)
        text = self._decode(self._before + self._held)
        if len(text) <= len(shown) or text.endswith(_INCOMPLETE):
            return ""
        self._before, self._held = self._held, []
        return text[len(shown) :]

    def _decode(self, tokens: list[int]) -> str:
        text: str = self._tokenizer.decode(
            tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return text
