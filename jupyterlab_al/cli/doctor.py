"""Say what is wrong with this installation and how to mend it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version

from jupyterlab_al.cli.base import FAILED, VerbApp
from jupyterlab_al.domain.errors import ActiveLearningError

PACKAGES = ("jupyterlab", "jupyter_server", "scikit-learn", "numpy", "pandas", "pyarrow", "skops")
#: Less free disk than this may not hold the next import.
FREE_BYTES = 2**30


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    ok: bool
    says: str


class DoctorApp(VerbApp):
    """Say what is wrong with this installation and how to mend it."""

    verb = "doctor"
    description = __doc__

    def start(self) -> None:
        """Look at everything, also where the store can't be opened."""
        findings = [*_packages(), *_extension(), self._store(), *_disk(self)]
        lines = [f"{'ok  ' if each.ok else 'FAIL'} {each.what}: {each.says}" for each in findings]
        self.say("\n".join(lines), [asdict(each) for each in findings])
        if not all(each.ok for each in findings):
            self.exit(FAILED)

    def _store(self) -> Finding:
        from jupyterlab_al.store.migrate import schema_version

        try:
            with self.opened():
                found = schema_version(self.database.engine)
        except (ActiveLearningError, OSError) as error:
            return Finding(what="database", ok=False, says=str(error))
        return Finding(
            what="database", ok=True, says=f"{self.database.kind}, schema version {found}"
        )


def _packages() -> Iterator[Finding]:
    for name in PACKAGES:
        try:
            yield Finding(what=name, ok=True, says=version(name))
        except PackageNotFoundError:
            yield Finding(what=name, ok=False, says=f"missing; run: pip install {name}")


def _extension() -> Iterator[Finding]:
    yield _checked("server extension", _server_extension)
    yield _checked("front end", _front_end)


def _checked(what: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(what=what, ok=True, says=check())
    except LookupError as error:
        return Finding(what=what, ok=False, says=str(error.args[0]))


def _server_extension() -> str:
    from jupyter_core.paths import jupyter_config_path
    from jupyter_server.extension.config import ExtensionConfigManager

    manager = ExtensionConfigManager(read_config_path=jupyter_config_path())
    enabled: dict[str, bool] = manager.get_jpserver_extensions()  # type: ignore[no-untyped-call]
    if not enabled.get("jupyterlab_al"):
        raise LookupError(
            "not enabled; run: jupyter server extension enable jupyterlab_al --sys-prefix"
        )
    return "enabled"


def _front_end() -> str:
    from pathlib import Path

    from jupyter_core.paths import jupyter_path

    for folder in jupyter_path("labextensions"):
        if (Path(folder) / "jupyterlab_al" / "package.json").exists():
            return "installed"
    raise LookupError(
        "missing; install the package anew: pip install --force-reinstall jupyterlab_al"
    )


def _disk(app: DoctorApp) -> Iterator[Finding]:
    settings = getattr(app, "settings", None)
    if settings is None:
        return
    free = shutil.disk_usage(settings.data_dir).free
    yield Finding(
        what="disk",
        ok=free >= FREE_BYTES,
        says=f"{free / 2**30:.1f} GiB free for data"
        + ("" if free >= FREE_BYTES else "; make room before the next import"),
    )
