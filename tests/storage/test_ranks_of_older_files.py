"""A database of the release before ranks: who stands behind what is worked out once."""

import sqlite3
from pathlib import Path

import pytest

from bot.feedback.rules import ApprovalRules
from engine.retrieval.questions import question_key
from storage.apply_judgement import renew_ranks
from storage.database import APPLICATION_ID, Database
from storage.judgement import Rank
from storage.migrations import MIGRATIONS

BEFORE = 13  # steps
NOW = "2026-01-01T00:00:00.000+00:00"
RULES = ApprovalRules(question_key, disagreement=1.0, approvals=2)


class OlderFile:
    """Questions with replies, what people said of them, and the pairs that came of it."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path)
        for step in MIGRATIONS[:BEFORE]:
            for statement in step:
                self.db.execute(statement)
        self.db.execute(f"PRAGMA user_version = {BEFORE}")
        self.db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self._number = 0

    def asked(self, question: str, answer: str) -> int:
        """Each in a conversation of its own."""
        self._number += 1
        self.db.execute(
            "INSERT INTO conversations VALUES (?1, 'slack', 'c', ?1, ?2)", (self._number, NOW)
        )
        self.db.execute(
            "INSERT INTO questions (id, conversation_id, person, domain, text, created_at) "
            "VALUES (?1, ?1, 'slack:asker', 'd', ?2, ?3)", (self._number, question, NOW),
        )  # fmt: skip
        self.db.execute(
            "INSERT INTO replies (id, question_id, text, status, model, prompt_tokens, tokens, "
            "queued_ms, first_token_ms, latency_ms, created_at) "
            "VALUES (?1, ?1, ?2, 'done', 'm', 1, 1, 1, 1, 1, ?3)", (self._number, answer, NOW),
        )  # fmt: skip
        return self._number

    def liked(self, reply: int, *people: str) -> None:
        self.db.executemany(
            "INSERT INTO labels (reply_id, person, place, emoji, score, present, changed_at, "
            "created_at) VALUES (?, ?, '👍', '👍', 1, 1, 1, ?)",
            [(reply, person, NOW) for person in people],
        )

    def corrected(self, reply: int, text: str, decided_by: str | None = None) -> None:
        self.db.execute(
            "INSERT INTO corrections (reply_id, person, text, state, decided_by, created_at) "
            "VALUES (?, 'slack:author', ?, 'live', ?, ?)", (reply, text, decided_by, NOW),
        )  # fmt: skip

    def pair(self, question: str, answer: str, reply: int | None, source: str = "") -> None:
        self.db.execute(
            "INSERT INTO pairs (domain, question, key, answer, source, as_of, score, support, "
            "reply_id, created_at) VALUES ('d', ?, ?, ?, ?, '', 1, 3, ?, ?)",
            (question, question_key(question), answer, source, reply, NOW),
        )


@pytest.fixture
def older(tmp_path: Path) -> OlderFile:
    return OlderFile(tmp_path / "reactune.db")


async def ranks(older: OlderFile, path: Path) -> dict[str, int]:
    """The rank of each answer that is left, after the first start."""
    older.db.commit()
    older.db.close()
    database = await Database.open(path / "reactune.db")
    try:
        await renew_ranks(database, RULES)
        rows = await database.rows("SELECT answer, rank FROM pairs WHERE score > 0")
        return {row["answer"]: row["rank"] for row in rows}
    finally:
        await database.close()


async def test_what_was_taught_has_the_rank_of_its_source(older: OlderFile, tmp_path: Path):
    """Or of who taught it."""
    older.pair("부가가치세 세율은?", "10%", None, source="부가가치세법")
    older.pair("창고 열쇠는 어디에 있나요?", "총무팀", None)
    assert await ranks(older, tmp_path) == {"10%": Rank.SOURCED, "총무팀": Rank.TEACHER}


async def test_likes_count_for_what_they_are_on(older: OlderFile, tmp_path: Path):
    """Those on a reply are none for its correction; who asked is not counted."""
    for number, people in ((1, ("slack:a", "slack:b")), (2, ("slack:a", "slack:asker"))):
        question = f"{number}번 창고는 어디에 있나요?"
        reply = older.asked(question, f"{number}층")
        older.liked(reply, *people)
        older.pair(question, f"{number}층", reply)
    reply = older.asked("주차는 어디에 하나요?", "모릅니다")
    older.liked(reply, "slack:a")
    older.corrected(reply, "지하")
    older.pair("주차는 어디에 하나요?", "지하", reply)
    found = await ranks(older, tmp_path)
    assert found["1층"] == Rank.TEAM
    assert found["2층"] == Rank.PERSON
    assert found.get("지하", Rank.PERSON) == Rank.PERSON


async def test_what_was_decided_stands_in_place_of_what_was_taught(
    older: OlderFile, tmp_path: Path
):
    """As an admin had it."""
    older.pair("부가가치세 세율은 얼마인가요?", "10%", None, source="부가가치세법")
    reply = older.asked("부가가치세 세율은 얼마인가요?", "10%")
    older.corrected(reply, "12%", decided_by="slack:admin")
    older.pair("부가가치세 세율은 얼마인가요?", "12%", reply)
    assert await ranks(older, tmp_path) == {"12%": Rank.TEACHER}
