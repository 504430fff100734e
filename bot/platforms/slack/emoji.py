"""Slack's names of emoji, for the table of scores in the settings."""

import re
from collections.abc import Iterable

_SKIN_TONE = re.compile(r"::skin-tone-\d$")
_VARIATION = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")

# The emoji that people react with; others are written as :name: in REACTIONS.
_TABLE = """
👍 +1 thumbsup | 👎 -1 thumbsdown | ❤ heart | 🎉 tada | ✅ white_check_mark | ❌ x
✔ heavy_check_mark | ❎ negative_squared_cross_mark | ☑ ballot_box_with_check | 💯 100
👏 clap | 🙌 raised_hands | 🙏 pray | 💪 muscle | 👌 ok_hand | ✌ v | 🤝 handshake
👀 eyes | 🫡 saluting_face | 🚀 rocket | 🔥 fire | ⭐ star | 🌟 star2 | ✨ sparkles | 🏆 trophy
🥇 first_place_medal | 🎯 dart | 💡 bulb | 🎊 confetti_ball | 🥳 partying_face | 🎁 gift
😀 grinning | 😃 smiley | 😄 smile | 😁 grin | 😆 laughing satisfied | 😂 joy
🤣 rolling_on_the_floor_laughing | 🙂 slightly_smiling_face | 😊 blush | 😍 heart_eyes
🤩 star-struck | 😎 sunglasses | 😉 wink | 😮 open_mouth | 😲 astonished | 😱 scream
🤯 exploding_head | 🤞 crossed_fingers
😐 neutral_face | 😑 expressionless | 🤔 thinking_face | 🤨 face_with_raised_eyebrow
😕 confused | 🙁 slightly_frowning_face | ☹ white_frowning_face | 😞 disappointed | 😢 cry | 😭 sob
😠 angry | 😡 rage | 😤 triumph | 🤬 face_with_symbols_on_mouth | 🤮 face_vomiting
🤢 nauseated_face
🙄 face_with_rolling_eyes | 🤦 face_palm | 🤷 shrug | 🙅 no_good | 🙆 ok_woman | 🙇 bow
🧡 orange_heart | 💛 yellow_heart | 💚 green_heart | 💙 blue_heart | 💜 purple_heart
🖤 black_heart | 🤍 white_heart | 💔 broken_heart | 💕 two_hearts | 💖 sparkling_heart
🩷 pink_heart
⚠ warning | 🚫 no_entry_sign | ⛔ no_entry | ❗ exclamation heavy_exclamation_mark | ❓ question
‼ bangbang | 💩 hankey poop shit | 🤡 clown_face | 🐛 bug | 👋 wave | ☝ point_up | 👆 point_up_2
👇 point_down | ➕ heavy_plus_sign | ➖ heavy_minus_sign | 🆗 ok | 🆒 cool | 🔁 repeat
"""
_NAMES = {
    name: emoji
    for entry in _TABLE.replace("\n", "|").split("|")
    if entry.strip()
    for emoji, *names in [entry.split()]
    for name in names
}


def emoji_of(name: str, scored: Iterable[str]) -> str:
    """The emoji that Slack calls ``name``, spelled as in ``scored`` where it is there.

    Skin tones make no difference; a custom emoji is ``:name:``.
    """
    name = _SKIN_TONE.sub("", name)
    own = f":{name}:"
    emoji = _NAMES.get(name, own)
    for known in scored:
        if known == own or _plain(known) == emoji:
            return known
    return emoji


def without_name(scored: Iterable[str]) -> list[str]:
    """The emoji in the settings that Slack's reactions can never match."""
    known = set(_NAMES.values())
    return [e for e in scored if _plain(e) not in known and not re.fullmatch(r":[^:\s]+:", e)]


def _plain(emoji: str) -> str:
    return _VARIATION.sub("", emoji)
