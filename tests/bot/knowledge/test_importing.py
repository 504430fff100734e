"""Files of questions and answers: read in any state they may be in, written to be read again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import FileError
from bot.knowledge.importing import Importer, as_line, write_lines
from bot.privacy.identifiers import Kind
from bot.privacy.masker import Masker
from storage.database import Database
from storage.pairs import Pairs

GOOD = '{"question": "세율은?", "answer": "10%입니다.", "source": "부가가치세법 제30조"}\n'


@pytest.fixture
def importer(database: Database) -> Importer:
    return Importer(Pairs(database), Masker(frozenset(Kind)), {"tax-ko", "other"}, "tax-ko")


async def exported(database: Database, path: Path) -> list[str]:
    async def lines():
        async for pair in Pairs(database).approved():
            yield as_line(pair)

    await write_lines(path, lines())
    return path.read_text().splitlines()


async def learn(
    importer: Importer,
    path: Path,
    content: str | bytes,
    tell: Callable[[int, str], None] = lambda *_: None,
):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return await importer.teach(path, "cli:me", tell=tell)


async def test_teaching_twice_changes_nothing(importer: Importer, tmp_path: Path):
    """The second time, every row is known."""
    file = tmp_path / "pairs.jsonl"
    assert (await learn(importer, file, GOOD)).new == 1
    again = await learn(importer, file, GOOD)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)


async def test_another_answer_replaces_the_first(
    importer: Importer, tmp_path: Path, database: Database
):
    """The same question in other spacing is the same question."""
    await learn(importer, tmp_path / "a", GOOD)
    result = await learn(importer, tmp_path / "b", '{"question": "세율은", "answer": "0%"}')
    assert result.changed == 1
    [line] = await exported(database, tmp_path / "out")
    assert json.loads(line)["answer"] == "0%"


async def test_what_is_exported_can_be_taught(
    importer: Importer, tmp_path: Path, database: Database
):
    """With domain, source, date and score."""
    row = {"question": "q?", "answer": "a", "domain": "other", "source": "s", "as_of": "2025-01-01"}
    await learn(importer, tmp_path / "in", json.dumps(row | {"quality_score": 0.5}))
    [line] = await exported(database, tmp_path / "out")
    assert json.loads(line) == row | {"quality_score": 0.5}
    assert (await importer.teach(tmp_path / "out", "cli:me")).unchanged == 1


async def test_bad_lines_are_skipped_and_told_by_number(importer: Importer, tmp_path: Path):
    """Whatever is wrong with them and however many they are; the good ones around are taught."""
    bad = 3 * [
        b"not json\n",
        b'{"question": "", "answer": "a"}\n',
        b'{"question": "q"}\n',
        b'{"question": "q", "answer": 5}\n',
        b'{"question": "q", "answer": "a", "domain": "nowhere"}\n',
        b'{"question": "q", "answer": "a", "quality_score": 7}\n',
        b'{"question": "\xff\xfe", "answer": "a"}\n',
        b'{"question": "\\u0000", "answer": "a"}\n',
        b'{"question": "q", "answer": "\\u200b\\u3164"}\n',
        b'["question", "answer"]\n',
        b'{"question": "' + b"x" * (1 << 20) + b'", "answer": "a"}\n',
    ]
    lines: list[int] = []
    result = await learn(
        importer,
        tmp_path / "f",
        b"".join([GOOD.encode(), *bad, b"\n"]),
        lambda number, _: lines.append(number),
    )
    assert (result.new, result.skipped) == (1, len(bad))
    assert lines == list(range(2, 2 + len(bad)))


async def test_a_reason_is_short_and_does_nothing(importer: Importer, tmp_path: Path):
    """A domain's name may hold anything of any length."""
    row = {"question": "q", "answer": "a", "domain": "\x1b[2J\u202e" + "x" * 5000}
    reasons: list[str] = []
    await learn(importer, tmp_path / "f", json.dumps(row), lambda _, reason: reasons.append(reason))
    [reason] = reasons
    assert reason.startswith(r"there is no domain '\x1b[2J\u202exxx")
    assert len(reason) == 100


async def test_a_question_that_comes_again_is_counted_as_repeated(
    importer: Importer, tmp_path: Path, database: Database
):
    """Its last answer counts, however often the file is taught."""
    content = "".join(f'{{"question": "q?", "answer": "{n}"}}\n' for n in range(3))
    assert str(await learn(importer, tmp_path / "f", content)).endswith("0 unchanged, 2 repeated")
    result = await importer.teach(tmp_path / "f", "cli:me")
    assert (result.new, result.changed, result.unchanged, result.repeated) == (0, 0, 1, 2)
    [line] = await exported(database, tmp_path / "out")
    assert json.loads(line)["answer"] == "2"


async def test_hostile_text_is_text(importer: Importer, tmp_path: Path, database: Database):
    """SQL, quotes and marks that turn the writing around are stored as what is left of them."""
    row = {"question": "'); DROP TABLE pairs;--\u202e", "answer": 'a"\x00\u2066b'}
    await learn(importer, tmp_path / "f", json.dumps(row))
    [line] = await exported(database, tmp_path / "out")
    pair = json.loads(line)
    assert (pair["question"], pair["answer"]) == ("'); DROP TABLE pairs;--", 'a"b')


async def test_identifiers_are_masked_before_they_are_stored(
    importer: Importer, tmp_path: Path, database: Database
):
    """In questions, answers, sources and dates alike."""
    row = {"question": "kim@example.com 은 누구?", "answer": "010-1234-5678"}
    row |= {"source": "lee@example.com", "as_of": "010-1234-9876"}
    await learn(importer, tmp_path / "f", json.dumps(row))
    [line] = await exported(database, tmp_path / "out")
    assert "kim@" not in line
    assert "lee@" not in line
    assert "1234" not in line


@pytest.mark.slow
async def test_many_lines_take_little_memory(
    importer: Importer, tmp_path: Path, database: Database
):
    """The file is read a thousand rows at a time, never as a whole."""
    seen = []
    path = tmp_path / "many"
    with path.open("w") as file:
        for n in range(2500):
            file.write(json.dumps({"question": f"질문 {n}번?", "answer": f"{n}"}) + "\n")
    result = await importer.teach(path, "cli:me", lambda so_far: seen.append(so_far.new))
    assert seen == [1000, 2000]
    assert result.new == 2500
    assert len(await exported(database, tmp_path / "out")) == 2500


async def test_a_missing_file_is_named(importer: Importer, tmp_path: Path):
    """In one line."""
    with pytest.raises(FileError, match=r"nothing\.jsonl cannot be read"):
        await importer.teach(tmp_path / "nothing.jsonl", "cli:me")


async def test_an_export_is_whole_or_not_there(tmp_path: Path):
    """What was there before stays when writing breaks off."""
    target = tmp_path / "out"
    target.write_text("before")

    async def breaking():
        yield "{}"
        raise OSError(28, "No space left on device")

    with pytest.raises(FileError, match="No space left"):
        await write_lines(target, breaking())
    assert target.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
