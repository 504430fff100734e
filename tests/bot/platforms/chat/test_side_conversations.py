"""People who talk to each other in a thread that the bot takes part in."""

from bot.platforms.chat.side_conversations import SideConversations


def test_who_was_spoken_to_answers_a_person():
    """In that thread, for ten minutes, or until they turn to the bot."""
    now = [0.0]
    asides = SideConversations(lambda: now[0])
    asides.spoke_to("T1", ["U2", "U3"])
    assert asides.is_spoken_to("T1", "U2")
    assert not asides.is_spoken_to("T1", "U1")
    assert not asides.is_spoken_to("T2", "U2")
    asides.spoke_to_bot("T1", "U2")
    assert not asides.is_spoken_to("T1", "U2")
    now[0] = 601
    assert not asides.is_spoken_to("T1", "U3")
