"""The database file: opened, migrated, shared, closed."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from storage.conversations import Conversations, StoredReply
from storage.database import APPLICATION_ID, Database
from storage.errors import InUseError, StorageError
from storage.labels import Labels, Subject
from storage.migrations import MIGRATIONS
from storage.pairs import Pairs
from tests.storage.judges import NOTHING

REPLY = StoredReply("5월 31일", "done", "tiny", None, 10, 5, 0, 80, 400)


async def add_exchange(database: Database) -> int:
    messages = Conversations(database)
    _, question = await messages.add_question(
        platform="web", channel="c", thread="t", person="web:u", domain="tax-ko", text="언제?"
    )
    return await messages.add_reply(question, REPLY)


async def add_label(database: Database, reply: int) -> None:
    labels = Labels(database, NOTHING)
    await labels.change(Subject("reply", reply), "web:u", "👍", "👍", 1.0, present=True)


async def read_replies(path: Path) -> None:
    database = await Database.open(path)
    try:
        await database.rows("SELECT * FROM replies")
    finally:
        await database.close()


async def version_of(database: Database) -> int:
    return (await database.rows("PRAGMA user_version"))[0][0]


async def test_an_empty_file_gets_all_tables(tmp_path: Path):
    """And the number of the last migration."""
    database = await Database.open(tmp_path / "new" / "reactune.db")
    assert await version_of(database) == len(MIGRATIONS)
    assert await add_exchange(database) == 1
    await database.close()


async def test_an_older_file_keeps_what_was_said(tmp_path: Path):
    """Only the migrations that it lacks are applied."""
    path = tmp_path / "reactune.db"
    old = sqlite3.connect(path)
    for statement in MIGRATIONS[0]:
        old.execute(statement)
    old.execute("INSERT INTO conversations VALUES (7, 'web', 'c', 't', '2026-01-01')")
    old.execute("INSERT INTO questions VALUES (9, 7, 'web:u', 'tax-ko', '왜?', '2026-01-01')")
    old.execute("PRAGMA user_version = 1")
    old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    old.commit()
    old.close()
    database = await Database.open(path)
    assert await version_of(database) == len(MIGRATIONS)
    exchanges = await Conversations(database).exchanges("web", "c", "t", last=5)
    assert [(e.question_id, e.question, e.reply) for e in exchanges] == [(9, "왜?", None)]
    await add_label(database, await add_exchange(database))
    await database.close()


async def test_keys_of_an_older_release_are_emptied(tmp_path: Path):
    """A key that once was right may now be another question's."""
    path = tmp_path / "reactune.db"
    old = sqlite3.connect(path)
    for step in MIGRATIONS[:6]:
        for statement in step:
            old.execute(statement)
    old.execute(
        "INSERT INTO pairs (domain, question, key, answer, source, as_of, score, support, "
        "created_at) VALUES ('tax-ko', '1,2월?', '12월', '말일', '', '', 1, 3, '2026-01-01')"
    )
    old.execute("PRAGMA user_version = 6")
    old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    old.commit()
    old.close()
    database = await Database.open(path)
    pairs = Pairs(database)
    assert await pairs.exact("tax-ko", "12월") is None
    await pairs.renew_keys(lambda question: question.rstrip("?"))
    assert await pairs.exact("tax-ko", "1,2월") == 1
    await database.close()


async def test_an_older_file_learns_whose_words_its_replies_repeat(tmp_path: Path):
    """Through an approved answer as well: 1 is b's, answered by a; 2 drew on it, 3 on 2."""
    path = tmp_path / "reactune.db"
    old = sqlite3.connect(path)
    for statement in (statement for step in MIGRATIONS[:6] for statement in step):
        old.execute(statement)
    old.execute("INSERT INTO conversations VALUES (1, 'web', 'c', 't', '')")
    for n, person in enumerate(("b", "c", "d"), start=1):
        old.execute(f"INSERT INTO questions VALUES ({n}, 1, '{person}', 'd', '', '', NULL)")
        old.execute(
            "INSERT INTO replies VALUES "
            f"({n}, {n}, '', 'done', '', NULL, 1, 0, NULL, NULL, 0, 0, 0, 0, 0, '')"
        )
    for n, author in ((1, "'a'"), (2, "NULL")):
        old.execute(
            "INSERT INTO pairs VALUES "
            f"({n}, 'd', '', '{n}', '', '', '', 1, 1, {author}, {n}, NULL, NULL, '', NULL)"
        )
        old.execute(f"INSERT INTO drawn_on VALUES ({n + 1}, {n}, 1, NULL)")
    old.execute("PRAGMA user_version = 6")
    old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    old.commit()
    old.close()
    database = await Database.open(path)
    rows = await database.rows("SELECT * FROM repeats ORDER BY reply_id, person")
    await database.close()
    assert [tuple(r) for r in rows] == [(2, "a"), (2, "b"), (3, "a"), (3, "b"), (3, "c")]


async def test_a_failing_migration_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Half of a step is not applied either."""
    path = tmp_path / "reactune.db"
    await (await Database.open(path)).close()
    broken = (*MIGRATIONS, ("CREATE TABLE half (x) STRICT", "not sql"))
    monkeypatch.setattr("storage.database.MIGRATIONS", broken)
    with pytest.raises(StorageError):
        await Database.open(path)
    tables = sqlite3.connect(path).execute("SELECT name FROM sqlite_schema").fetchall()
    assert ("half",) not in tables


async def test_a_file_of_a_newer_release_is_left_alone(tmp_path: Path):
    """The error says to update."""
    path = tmp_path / "reactune.db"
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 999")
    newer.close()
    with pytest.raises(StorageError, match="update Reactune"):
        await Database.open(path)


async def test_a_file_of_something_else_is_left_alone(tmp_path: Path):
    """Its content stays as it was."""
    path = tmp_path / "reactune.db"
    path.write_bytes(b"my diary, " * 500)
    with pytest.raises(StorageError, match="not a database of Reactune"):
        await Database.open(path)
    assert path.read_bytes() == b"my diary, " * 500


async def test_another_programs_database_is_left_alone(tmp_path: Path):
    """Not even its journal mode is changed."""
    path = tmp_path / "reactune.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE photos (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="another program"):
        await Database.open(path)
    assert path.read_bytes() == before


async def test_a_damaged_file_is_an_error(tmp_path: Path):
    """Found while it is in use, it is named like everything else."""
    path = tmp_path / "reactune.db"
    database = await Database.open(path)
    for _ in range(50):
        await add_exchange(database)
    await database.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"x" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StorageError, match="damaged"):
        await read_replies(path)


async def test_a_writer_cancelled_while_it_begins_leaves_no_lock(tmp_path: Path):
    """Another process can write afterwards, and so can we."""
    path = tmp_path / "reactune.db"
    database = await Database.open(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writer = asyncio.create_task(add_exchange(database))
    await asyncio.sleep(0.1)
    writer.cancel()
    asyncio.get_running_loop().call_later(0.1, other.execute, "COMMIT")
    with pytest.raises(asyncio.CancelledError):
        await writer
    other.execute("BEGIN IMMEDIATE")
    other.execute("COMMIT")
    other.close()
    assert await add_exchange(database) == 1
    await database.close()


async def test_only_one_process_serves_from_a_database(tmp_path: Path):
    """The second is told what to do; once the first is gone it may."""
    path = tmp_path / "reactune.db"
    first = await Database.open(path, serving=True)
    with pytest.raises(InUseError, match="REACTUNE_HOME"):
        await Database.open(path, serving=True)
    await first.close()
    await (await Database.open(path, serving=True)).close()


async def test_a_command_may_look_beside_a_serving_process(tmp_path: Path):
    """It sees what was committed and can write too."""
    path = tmp_path / "reactune.db"
    serving = await Database.open(path, serving=True)
    await add_exchange(serving)
    beside = await Database.open(path)
    assert await add_exchange(beside) == 2
    await beside.close()
    await serving.close()


async def test_a_transaction_is_all_or_nothing(tmp_path: Path):
    """An error in the middle takes back what came before it."""
    database = await Database.open(tmp_path / "reactune.db")

    async def break_off() -> None:
        async with database.transaction() as db:
            await db.execute(
                "INSERT INTO conversations (platform, channel, thread, created_at) "
                "VALUES ('web', 'c', 't', 'now')"
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await break_off()
    assert await database.rows("SELECT * FROM conversations") == []
    await database.close()


async def test_a_cancelled_writer_leaves_the_database_usable(tmp_path: Path):
    """Nothing half written, no lock kept."""
    database = await Database.open(tmp_path / "reactune.db")
    inside = asyncio.Event()

    async def write() -> None:
        async with database.transaction() as db:
            await db.execute(
                "INSERT INTO conversations (platform, channel, thread, created_at) "
                "VALUES ('web', 'c', 't', 'now')"
            )
            inside.set()
            await asyncio.sleep(60)

    writer = asyncio.create_task(write())
    await inside.wait()
    writer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writer
    assert await database.rows("SELECT * FROM conversations") == []
    assert await add_exchange(database) == 1
    await database.close()


async def test_many_writers_take_turns(tmp_path: Path):
    """Fifty at once all get in."""
    database = await Database.open(tmp_path / "reactune.db")
    assert len(set(await asyncio.gather(*(add_exchange(database) for _ in range(50))))) == 50
    await database.close()


async def test_a_busy_database_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A writer in another process delays ours; it does not break it."""
    path = tmp_path / "reactune.db"
    monkeypatch.setattr("storage.database._BUSY_TIMEOUT_MS", 100)
    database = await Database.open(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(0.15, other.execute, "COMMIT")
    assert await add_exchange(database) == 1
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="another program holds it"):
        await add_exchange(database)
    other.execute("ROLLBACK")
    other.close()
    await database.close()


async def test_closing_leaves_one_file(tmp_path: Path):
    """The write-ahead log is folded in, so a copy of the file is a backup."""
    database = await Database.open(tmp_path / "reactune.db")
    await add_exchange(database)
    await database.close()
    assert [p.name for p in tmp_path.iterdir()] == ["reactune.db"]


async def test_deleting_a_conversation_deletes_what_hangs_on_it(tmp_path: Path):
    """Foreign keys are on."""
    database = await Database.open(tmp_path / "reactune.db")
    await add_label(database, await add_exchange(database))
    async with database.transaction() as db:
        await db.execute("DELETE FROM conversations")
    for table in ("questions", "replies", "labels"):
        assert await database.rows(f"SELECT * FROM {table}") == []
    await database.close()


async def test_an_id_is_never_used_again(tmp_path: Path):
    """A late reaction to what was deleted lands on nothing new, after a restart either."""
    path = tmp_path / "reactune.db"
    database = await Database.open(path)
    gone = await add_exchange(database)
    async with database.transaction() as db:
        await db.execute("DELETE FROM conversations")
    await database.close()
    database = await Database.open(path)
    assert await add_exchange(database) > gone
    with pytest.raises(StorageError):
        await add_label(database, gone)
    assert await database.rows("SELECT * FROM labels") == []
    await database.close()


async def test_folding_waits_for_whoever_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A reader that ends in time delays it; one that does not is told of."""
    monkeypatch.setattr("storage.database._BUSY_TIMEOUT_MS", 10)
    monkeypatch.setattr("storage.database._FOLD_PAUSE_S", 0.05)
    path = tmp_path / "reactune.db"
    database = await Database.open(path)
    other = sqlite3.connect(path, isolation_level=None)
    for ends in (True, False):
        other.execute("BEGIN")
        other.execute("SELECT * FROM replies").fetchall()
        await add_exchange(database)
        if ends:
            asyncio.get_running_loop().call_later(0.08, other.execute, "COMMIT")
            await database.fold()
            assert path.with_name(path.name + "-wal").stat().st_size == 0
    with pytest.raises(StorageError, match="another program still reads"):
        await database.fold()
    other.close()
    await database.close()
