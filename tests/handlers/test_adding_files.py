"""Files added to a project that is a folder of files."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.io import wavfile

from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.handlers.context import Context
from tests.handlers.conftest import Api, Work
from tests.handlers.test_adding import fail_all


def picture(path: Path, n: int) -> None:
    """Write a picture larger than what is made for the screen."""
    Image.new("RGB", (1500, 4), (20 * n, 10, 10)).save(path)


def text(path: Path, n: int) -> None:
    """Write a text."""
    path.write_text(f"file {n} says good things number {n % 2}", encoding="utf-8")


def sound(path: Path, n: int) -> None:
    """Write a short tone."""
    wave = np.sin(2 * np.pi * (200 + 50 * n) * np.arange(4_000) / 16_000)
    wavfile.write(path, 16_000, (wave * 10_000).astype(np.int16))


KINDS = {"images": (picture, "png"), "texts": (text, "txt"), "audio": (sound, "wav")}


class Folder:
    """A folder of files of one kind, and the project `files` of it."""

    def __init__(self, root: Path, kind: str) -> None:
        self.root = root
        self.kind = kind
        self._write, self._ending = KINDS[kind]

    def put(self, *names: str, folder: str = "home") -> None:
        """Write files."""
        for n, name in enumerate(names):
            path = self.root / folder / f"{name}.{self._ending}"
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write(path, n)

    def key(self, name: str) -> str:
        """Return what a person knows a file by."""
        return f"{name}.{self._ending}"


@pytest.fixture(params=list(KINDS))
def folder(
    request: pytest.FixtureRequest,
    api: Api,
    work: Work,
    root_dir: Path,
    jp_asyncio_loop: asyncio.AbstractEventLoop,
) -> Folder:
    """Return a folder with a project of three files, two of them in subfolders that label them."""
    made = Folder(root_dir, request.param)
    made.put("b", "no/a", "yes/c")
    body = {
        "name": "files",
        "dataset": {"kind": made.kind, "path": "home"},
        "label_column": "folder",
        "check_share": 0.0,
    }

    async def make() -> None:
        answer = await api("POST", "projects", body)
        assert answer.status == 201, answer.body
        await work()

    jp_asyncio_loop.run_until_complete(make())
    return made


async def status(api: Api) -> dict[str, Any]:
    """Return the project."""
    body: dict[str, Any] = (await api("GET", "projects/files")).body
    return body


async def added(api: Api, work: Work, path: str) -> dict[str, Any]:
    """Add a folder, and return the project when that has ended."""
    answer = await api("POST", "projects/files/samples", {"path": path})
    assert answer.status == 202, answer.body
    await work()
    return await status(api)


async def keys(api: Api, n: int) -> list[str]:
    """Return the keys of the first samples."""
    samples = [await api("GET", f"projects/files/samples/{i}") for i in range(n)]
    return [answer.body["sample_key"] for answer in samples]


async def test_what_is_new_in_the_projects_folder(
    api: Api, work: Work, context: Context, folder: Folder
) -> None:
    """Only new files are added, behind the others, with features as wide and with their labels."""
    first = await keys(api, 3)
    folder.put("a0", "yes/b", "maybe/d")

    after = await added(api, work, "home")

    assert (after["n_samples"], after["n_labeled"], after["error"]) == (6, 4, None)
    assert after["classes"] == ["no", "yes", "maybe"]
    found = await keys(api, 6)
    assert found[:3] == first
    assert found[3:] == [folder.key(name) for name in ("a0", "maybe/d", "yes/b")]
    features = open_features(context.settings.project_folder(1), n_samples=6)
    assert features.take(np.arange(6)).shape[0] == 6
    shown = (await api("GET", "projects/files/samples/3/content")).body
    assert len(shown) > 0


async def test_again_with_more_files(api: Api, work: Work, folder: Folder) -> None:
    """The same request is a new one where the folder has other files by now, and else adds none."""
    folder.put("d")
    await added(api, work, "home")
    same = await added(api, work, "home")
    folder.put("e")

    after = await added(api, work, "home")

    assert (same["n_samples"], same["error"]) == (4, None)
    assert after["n_samples"] == 5


async def test_another_folder(api: Api, work: Work, folder: Folder) -> None:
    """Files of another folder are known by their names there; pictures find their originals."""
    folder.put("x", "yes/y", folder="further")

    after = await added(api, work, "further")

    assert (after["n_samples"], after["n_labeled"]) == (5, 3)
    assert (await keys(api, 5))[3:] == [folder.key("x"), folder.key("yes/y")]
    if folder.kind == "images":
        original = await api("GET", "projects/files/samples/3/original")
        assert original.body == (folder.root / "further" / "x.png").read_bytes()


@pytest.mark.parametrize("case", ["nothing_new", "name_taken", "rows"])
async def test_what_does_not_fit_changes_nothing(
    api: Api, context: Context, folder: Folder, case: str
) -> None:
    """The project stays as it was and says what to do."""
    folder.put("b", folder="further")
    (folder.root / "rows.csv").write_text("path,text\nq,r\n")
    path, says = {
        "nothing_new": ("home", "already; put the new ones into it"),
        "name_taken": ("further", f"has a sample '{folder.key('b')}' already"),
        "rows": ("rows.csv", "must come from a folder"),
    }[case]

    await api("POST", "projects/files/samples", {"path": path})
    await asyncio.to_thread(fail_all, context)

    after = await status(api)
    assert (after["n_samples"], after["state"]) == (3, "active")
    assert says in after["error"]


async def test_a_folder_for_a_project_of_rows(
    api: Api, context: Context, reviews: str, root_dir: Path
) -> None:
    """Pictures can't follow rows of a table."""
    (root_dir / "home").mkdir()
    picture(root_dir / "home" / "a.png", 1)

    await api("POST", f"projects/{reviews}/samples", {"path": "home"})
    await asyncio.to_thread(fail_all, context)

    assert "don't come from a folder" in (await api("GET", f"projects/{reviews}")).body["error"]
