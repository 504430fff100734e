"""Settings come from the environment and .env, and nothing malformed gets through."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domains import load_domains
from bot.errors import SettingsError
from bot.privacy.identifiers import Kind
from bot.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_every_setting_is_in_the_example():
    """And the example has no other; each line stands under an explanation."""
    text = (ROOT / ".env.example").read_text()
    names = re.findall(r"^# ([A-Z_]+)=", text, re.MULTILINE)
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)
    blocks = [block.splitlines() for block in re.split(r"\n(?=# [A-Z_]+=)", text)]
    assert all(block[-1].startswith("#") or not block[-1] for block in blocks)


def test_the_example_shows_the_defaults(tmp_path: Path):
    """Taken out of its comments it changes nothing."""
    text = (ROOT / ".env.example").read_text()
    (tmp_path / ".env").write_text(re.sub(r"^# ([A-Z_]+=)", r"\1", text, flags=re.MULTILINE))
    assert load_settings() == Settings(_env_file=None, reactune_home=Path("./data"))


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As everywhere."""
    (tmp_path / ".env").write_text("WEB_PORT=1111\nLANGUAGE=en\n")
    monkeypatch.setenv("WEB_PORT", "2222")
    settings = load_settings()
    assert (settings.web_port, settings.language) == (2222, "en")


def test_an_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch):
    """A line without a value is as good as none."""
    monkeypatch.setenv("WEB_PORT", "")
    assert load_settings().web_port == 8080


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.3.2.1"])
def test_this_machine_needs_no_password(host: str):
    """Its addresses are reachable from nowhere else."""
    assert load_settings(web_host=host).web_is_local


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "example.com"])
def test_others_need_a_password(host: str):
    """Refused without, accepted with one."""
    with pytest.raises(SettingsError, match="WEB_PASSWORD"):
        load_settings(web_host=host)
    assert not load_settings(web_host=host, web_password="open sesame").web_is_local


def test_a_password_is_not_in_what_is_printed():
    """Neither as text nor as representation."""
    assert "sesame" not in repr(load_settings(web_password="sesame"))


def test_several_bad_settings_are_told_at_once(monkeypatch: pytest.MonkeyPatch):
    """One line each."""
    monkeypatch.setenv("WEB_PORT", "x")
    monkeypatch.setenv("LANGUAGE", "x")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert sorted(line.split(":")[0] for line in str(caught.value).splitlines()) == [
        "LANGUAGE",
        "WEB_PORT",
    ]


@pytest.mark.parametrize(
    "value", ["0", "1", "5%", "-0.1", "1.5", "nan", "inf", "-inf", "five percent"]
)
def test_a_share_of_wrong_answers_lies_between_none_and_all(
    value: str, monkeypatch: pytest.MonkeyPatch
):
    """Else one line says which setting is wrong and what it takes."""
    monkeypatch.setenv("MAX_WRONG", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == "MAX_WRONG: it must be a number above 0 and below 1"


@pytest.mark.parametrize("value", ["0", "1", "1.5", "-0.1", "nan", "inf", '"five percent"', "true"])
def test_a_domain_says_the_same_of_its_own_share(value: str, tmp_path: Path):
    """With the file and the key."""
    (tmp_path / "domains").mkdir()
    file = tmp_path / "domains" / "law.toml"
    file.write_text(f'title = "x"\nmax_wrong = {value}\n')
    with pytest.raises(SettingsError) as caught:
        load_domains(tmp_path)
    assert str(caught.value) == f"{file}: max_wrong: it must be a number above 0 and below 1"


@pytest.mark.parametrize(
    ("name", "value", "takes"),
    [
        ("WEB_PORT", "x", "a whole number at least 0 and at most 65535"),
        ("TRAIN_EVERY", "2.5", "a whole number at least 1"),
        ("DISAGREEMENT", "nan", "a number at least 0 and at most 2"),
    ],
)
def test_every_number_says_its_range(
    name: str, value: str, takes: str, monkeypatch: pytest.MonkeyPatch
):
    """Whatever is wrong with the value."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == f"{name}: it must be {takes}"


def test_a_file_in_another_encoding_is_named(tmp_path: Path):
    """Windows editors save like this."""
    (tmp_path / ".env").write_bytes("DOMAIN=세무".encode("cp949"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings()


@given(st.text(max_size=30))
def test_a_table_of_emoji_is_read_or_refused(text: str):
    """Never half taken."""
    try:
        scores = load_settings(reactions=text).reactions
    except SettingsError:
        return
    assert all(emoji and -1 <= score <= 1 for emoji, score in scores.items())


def test_a_domain_of_ones_own_wins_over_a_shipped_one(tmp_path: Path):
    """By its file name."""
    (tmp_path / "domains").mkdir()
    (tmp_path / "domains" / "tax-ko.toml").write_text('title = "우리 사무실"\n')
    domains = load_domains(tmp_path)
    assert domains["tax-ko"].title == "우리 사무실"
    assert "general-en" in domains


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("title = 3", "title"),
        ('title = "x"\nlanguage = "xx"', "language"),
        ('title = "x"\ntypo = 1', "typo"),
        ('title = "x"\nmax_wrong = 1.5', "max_wrong"),
        ("not toml", "law.toml"),
        ('title = "x"\nname = "y"', "name"),
    ],
)
def test_a_bad_domain_file_is_named(tmp_path: Path, content: str, complaint: str):
    """With the key that is wrong."""
    (tmp_path / "domains").mkdir()
    (tmp_path / "domains" / "law.toml").write_text(content)
    with pytest.raises(SettingsError, match=complaint) as caught:
        load_domains(tmp_path)
    assert "law.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("rrn,phone", {Kind.RRN, Kind.PHONE}),
        (" email ", {Kind.EMAIL}),
        ("none", set()),
        (",".join(Kind), set(Kind)),
        ("", set(Kind)),
    ],
)
def test_mask_takes_kinds(text: str, kinds: set[Kind], monkeypatch: pytest.MonkeyPatch):
    """With commas between; none is said, nothing means all."""
    monkeypatch.setenv("MASK", text)
    assert load_settings().mask == kinds


@pytest.mark.parametrize("text", ["passport", "rrn,", "rrn,none", "RRN", ",", "rrn phone"])
def test_a_wrong_kind_is_named(text: str, monkeypatch: pytest.MonkeyPatch):
    """With the setting and what it takes."""
    monkeypatch.setenv("MASK", text)
    with pytest.raises(SettingsError, match=r"^MASK: .* is none of rrn, foreigner, card, "):
        load_settings()


@pytest.mark.parametrize(
    ("value", "spoken"), [("en_US:en", "en"), ("ko_KR:ko", "ko"), ("en", "en"), ("de:en", "ko")]
)
def test_the_systems_own_language_is_understood(
    value: str, spoken: str, monkeypatch: pytest.MonkeyPatch
):
    """Desktops set LANGUAGE to a list for their translations."""
    monkeypatch.setenv("LANGUAGE", value)
    assert load_settings().language == spoken


@pytest.mark.parametrize("line", ["WEB_PORT 9000", "LOG_LEVEL: DEBUG", "WEB_PASSWORD"])
def test_a_line_without_effect_is_refused(line: str, tmp_path: Path):
    """By its number, and without showing what it holds."""
    (tmp_path / ".env").write_text(f"LANGUAGE=ko\n{line}\n")
    with pytest.raises(SettingsError, match=r"\.env:2: not of the form") as caught:
        load_settings()
    assert "9000" not in str(caught.value)


def test_a_blank_password_is_none(monkeypatch: pytest.MonkeyPatch):
    """It would let everybody in."""
    with pytest.raises(SettingsError, match="WEB_PASSWORD"):
        load_settings(web_password="  ")


@pytest.mark.parametrize(
    ("given", "means"),
    [("lora", "lora"), ("adapter", "bottleneck"), ("lightweight", "lora+bottleneck")],
)
def test_the_older_names_of_methods_are_taken(
    monkeypatch: pytest.MonkeyPatch, given: str, means: str
):
    """They are those of the guide; everything else sees one name for each method."""
    monkeypatch.setenv("METHOD", given)
    assert load_settings(_env_file=None).method == means
