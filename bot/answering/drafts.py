"""May the model write a draft where nothing approved answers? Pure."""

from bot.domains import Unknown


def may_draft(unknown: Unknown, *, is_chat_model: bool, has_live_version: bool) -> bool:
    """Whether the model speaks under this setting of UNKNOWN.

    With ``auto`` it must have earned it: ``is_chat_model``, it was made for answering (it comes
    with a chat template), or ``has_live_version``, the gate or an admin has let one of its versions
    go live.
    """
    if unknown == "auto":
        return is_chat_model or has_live_version
    return unknown != "abstain"
