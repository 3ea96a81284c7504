"""Settings come from the environment, and what makes no sense is refused in one sentence."""

import multiprocessing
import stat
from pathlib import Path

import pytest

from dashboard import settings
from dashboard.settings import PROVIDER, BadSetting, Settings, unknown

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch, tmp_path):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"AFTERCARE_{name.upper()}", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)


def test_everything_has_a_default(tmp_path):
    found = Settings.read()
    assert found.database_url == f"sqlite:///{tmp_path}/var/aftercare.db"
    assert (found.timezone, found.language, found.demo) == ("Asia/Shanghai", None, True)


def test_variables_are_read_with_their_prefix(monkeypatch):
    monkeypatch.setenv("AFTERCARE_TIMEZONE", "Europe/Berlin")
    monkeypatch.setenv("AFTERCARE_DEMO", "0")
    monkeypatch.setenv("AFTERCARE_LANGUAGE", "ZH")
    found = Settings.read()
    assert (found.timezone, found.demo, found.language) == ("Europe/Berlin", False, "zh")


def test_the_database_is_also_read_without_prefix(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/plain")
    assert Settings.read().database_url == "postgresql://db/plain"
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", "postgresql://db/prefixed")
    assert Settings.read().database_url == "postgresql://db/prefixed"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("sqlite:///kept.db", "sqlite:///{here}/kept.db"),
        ("sqlite:////srv/kept.db", "sqlite:////srv/kept.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql://db/x", "postgresql://db/x"),
    ],
)
def test_a_file_is_meant_from_where_the_program_was_started(monkeypatch, tmp_path, given, meant):
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", given)
    assert Settings.read().database_url == meant.format(here=tmp_path)


def test_an_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("AFTERCARE_LOG_LEVEL", "")
    assert Settings.read().log_level == "info"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TIMEZONE", "Mars/Base"),
        ("TIMEZONE", "../etc/passwd"),
        ("LANGUAGE", "fr"),
        ("DEMO", "perhaps"),
        ("LOG_LEVEL", "loud"),
        ("REFRESH_SECONDS", "1"),
        ("TRUSTED_PROXIES", "10.0.0.1"),
        ("OIDC_ISSUER", "ldap://x"),
        ("MAIL_FROM", "nobody"),
    ],
)
def test_nonsense_is_refused_with_its_name_its_value_and_what_it_must_be(monkeypatch, name, value):
    monkeypatch.setenv(f"AFTERCARE_{name}", value)
    with pytest.raises(BadSetting) as refused:
        Settings.read()
    assert str(refused.value).startswith(f"AFTERCARE_{name} cannot be {value!r}: it must be ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://root:hunter2@db"),
        ("SECRET_KEY", "hunter2"),
        ("SMTP_URL", "http://user:hunter2@mail"),
        ("SMTP_URL", "smtp://user:hunter2@mail:a"),
        ("SMTP_URL", "smtp://"),
        ("WEBHOOK_URL", "ftp://example.com/in?key=hunter2"),
        ("WEBHOOK_URL", "https:///in?key=hunter2"),
        ("WEBHOOK_URL", "https://example.com/in?key=hunter2 or so"),
        ("CACHE_URL", "http://:hunter2@cache:6379/0"),
        ("CACHE_URL", "redis://:hunter2@"),
    ],
)
def test_what_may_hold_a_password_is_not_repeated(monkeypatch, name, value):
    monkeypatch.setenv(f"AFTERCARE_{name}", value)
    with pytest.raises(BadSetting, match=f"AFTERCARE_{name} cannot be what it is now") as refused:
        Settings.read()
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "smtp://mail.example.com"),
        ("SMTP_URL", "smtps://care%40example.com:hunter2@mail.example.com:465"),
        ("WEBHOOK_URL", "https://example.com/in?key=hunter2"),
        ("CACHE_URL", "rediss://:hunter2@cache:6379/0"),
    ],
)
def test_what_may_hold_a_password_is_not_shown(monkeypatch, name, value):
    monkeypatch.setenv(f"AFTERCARE_{name}", value)
    found = Settings.read()
    assert getattr(found, name.lower()).get_secret_value() == value
    assert "hunter2" not in repr(found)


def test_the_secret_is_made_once_and_is_for_the_owner_alone(tmp_path):
    first = Settings.read().secret()
    assert len(first) >= 32
    assert Settings.read().secret() == first
    mode = (tmp_path / "var" / "secret_key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert [file.name for file in (tmp_path / "var").iterdir()] == ["secret_key"]


def kept_in(folder: Path) -> str:
    return settings._kept_secret(folder)


def test_processes_that_start_together_get_the_same_secret(tmp_path):
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(kept_in, [tmp_path / "var"] * 8))) == 1


def test_a_given_secret_is_used_and_nothing_is_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("AFTERCARE_SECRET_KEY", "x" * 32)
    assert Settings.read().secret() == "x" * 32
    assert not (tmp_path / "var").exists()


def test_a_damaged_secret_is_refused_rather_than_used(tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secret_key").write_text("")
    with pytest.raises(BadSetting, match="damaged"):
        Settings.read().secret()


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(BadSetting, match=r"kept in var/ .*AFTERCARE_SECRET_KEY"):
        Settings.read().secret()


def test_misspelt_variables_are_found():
    environment = {"AFTERCARE_TIMEZON": "x", "AFTERCARE_DEMO": "1", "PATH": "/bin"}
    assert unknown(environment) == ["AFTERCARE_TIMEZON"]


def test_every_variable_stands_in_the_readme():
    text = README.read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"`{name.upper()}`" not in text] == []


def test_what_the_provider_needs_are_settings():
    assert set(PROVIDER) <= set(Settings.model_fields)
