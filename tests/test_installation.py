"""What an operator sets in the environment, for the server and for the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp
from traitlets import TraitError
from traitlets.config import Config

from jupyterlab_al.cli.base import ActiveLearning as Section
from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.extension import ActiveLearning
from jupyterlab_al.installation import Installation

#: By trait: what can be written in the environment, and what is meant by it.
GOOD: dict[str, tuple[str, Any]] = {
    "db_url": ("postgresql://al:secret@db/al", "postgresql://al:secret@db/al"),
    "data_dir": ("/srv/al", "/srv/al"),
    "lease_seconds": ("90", 90.0),
    "worker": ("external", "external"),
    "allowed_estimators": ("sklearn., my_models.", ["sklearn.", "my_models."]),
    "executor": ("processes:3", "processes:3"),
    "memory_limit": ("4000000000", 4_000_000_000),
    "time_limit": ("0", 0.0),
    "score_seconds": ("2.5", 2.5),
    "max_upload_bytes": ("1000", 1000),
    "annotator": ("Olga Ω", "Olga Ω"),
    "default_role": ("viewer", "viewer"),
}
#: By trait: what can't be, and what the message says of it.
WRONG = [
    ("db_url", "mysql://al:secret@db/al", "begin with sqlite:///"),
    ("db_url", "secret", "begin with sqlite:///"),
    ("lease_seconds", "soon", "'soon'"),
    ("lease_seconds", "0", "less than 0.01"),
    ("lease_seconds", "nan", "a number of seconds"),
    ("lease_seconds", "1e300", "greater than 31536000"),
    ("worker", "remote", "'local'"),
    ("allowed_estimators", "sklearn.,os.system(1)", "begins no import path"),
    ("executor", "cluster", "processes"),
    ("memory_limit", "2GB", "'2GB'"),
    ("memory_limit", "-1", "less than 0"),
    ("time_limit", "-1", "less than 0"),
    ("time_limit", "inf", "a number of seconds"),
    ("score_seconds", "", "''"),
    ("max_upload_bytes", "0", "less than 1"),
    ("annotator", "x" * 256, "at most 255"),
    ("default_role", "admin", "'viewer'"),
]
BOTH = pytest.mark.parametrize("of", [ActiveLearning, Section], ids=["server", "command line"])


def variable(name: str) -> str:
    """Return the name of a trait's variable."""
    return f"JUPYTERLAB_AL_{name.upper()}"


def test_every_trait_is_tried() -> None:
    """A new trait needs a line here."""
    assert set(GOOD) == set(Installation.class_own_traits(config=True))
    # Any text is the name of a folder; whether it can be made is seen later.
    assert {name for name, _, _ in WRONG} == set(GOOD) - {"data_dir"}


@BOTH
@pytest.mark.parametrize("name", list(GOOD))
def test_it_is_read(monkeypatch: pytest.MonkeyPatch, of: type[Installation], name: str) -> None:
    """Each trait has a variable, and no other one changes with it."""
    text, meant = GOOD[name]
    others = {other: getattr(of(), other) for other in GOOD if other != name}
    monkeypatch.setenv(variable(name), text)
    installation = of()

    installation.read_environment()

    assert getattr(installation, name) == meant
    assert {other: getattr(installation, other) for other in others} == others


@BOTH
@pytest.mark.parametrize(("name", "text", "says"), WRONG)
def test_what_cant_be_is_named(
    monkeypatch: pytest.MonkeyPatch, of: type[Installation], name: str, text: str, says: str
) -> None:
    """The message names the variable and what it can be, and never a password."""
    monkeypatch.setenv(variable(name), text)

    with pytest.raises(InvalidSettingError) as caught:
        of().read_environment()

    assert variable(name) in caught.value.message
    assert says in caught.value.message
    assert "secret" not in caught.value.message


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, (text, _) in GOOD.items()])
def test_a_configuration_file_wins(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    """What is written down for this server is not changed by its surroundings."""
    monkeypatch.setenv(variable(name), text)
    chosen = Installation.class_own_traits(config=True)[name].default()
    chosen = "/elsewhere" if name == "data_dir" else chosen
    installation = Section(config=Config({"ActiveLearning": {name: chosen}}))

    installation.read_environment()

    assert getattr(installation, name) == chosen


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0])
def test_a_configuration_is_held_to_the_same(value: float) -> None:
    """A configuration file can't say what the environment can't."""
    with pytest.raises(TraitError):
        Installation(lease_seconds=value)


def test_a_server_does_not_go_on_without_its_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One wrong setting would take the others with it, such as where labels are stored."""
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    extension = ActiveLearning()
    settings = {"worker": "extern", "db_url": "postgresql://db/al"}
    server = ServerApp(config=Config({"ActiveLearning": settings}))
    # Jupyter logs this error and then starts the extension all the same.
    with pytest.raises(TraitError):
        extension._link_jupyter_server_extension(server)
    assert extension.db_url == ""

    with pytest.raises(InvalidSettingError, match=r"'worker' .* 'external'"):
        extension.initialize_settings()


async def test_a_server_with_a_wrong_setting_starts_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its log has one reason, that of the setting, and no later one that follows from it."""
    extension = ActiveLearning()

    await extension._start_jupyter_server_extension(None)
    await extension.stop_extension()

    assert caplog.records == []


def test_a_database_that_cant_be(tmp_path: Path) -> None:
    """Also where a configuration file names it, its password stays out of the message."""
    section = Section(db_url="mysql://al:secret@db/al", data_dir=str(tmp_path))

    with pytest.raises(InvalidSettingError, match="begin with sqlite") as caught:
        section.database_url(section.core_settings(tmp_path))

    assert "secret" not in caught.value.message


def test_a_data_folder_that_cant_be(tmp_path: Path) -> None:
    """It is named with the reason."""
    (tmp_path / "file").write_text("")

    with pytest.raises(InvalidSettingError, match="data_dir can't be"):
        Section(data_dir=str(tmp_path / "file" / "data")).core_settings(tmp_path)
