"""Servers that share a database, as on a JupyterHub, have a root folder each."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from jupyterlab_al.domain.errors import InvalidDatasetError
from jupyterlab_al.handlers.context import Context
from tests.handlers.conftest import Api, Work


def go_to(folder: Path, context: Context) -> None:
    """Have server and worker run in another root folder from now on."""
    folder.mkdir(exist_ok=True)
    object.__setattr__(context, "settings", replace(context.settings, root_dir=folder))


def pictures(folder: Path, *names: str) -> None:
    """Put a picture of each name into a folder, all different."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        color = (len(str(folder)) % 256, ord(name[0]), 0)
        Image.new("RGB", (8, 8), color).save(folder / f"{name}.png")


async def ask_for_pictures(api: Api) -> None:
    """Make a project of the folder `photos` below the root."""
    body = {"name": "photos", "dataset": {"kind": "images", "path": "photos"}}
    assert (await api("POST", "projects", body)).status == 201


async def test_a_worker_of_another_server_finds_the_data(
    api: Api, work: Work, context: Context, root_dir: Path, tmp_path: Path
) -> None:
    """Any worker prepares the data of the server that was asked, not its own of the same name."""
    pictures(root_dir / "photos", "a")
    pictures(tmp_path / "bob" / "photos", "x", "y")
    await ask_for_pictures(api)
    go_to(tmp_path / "bob", context)

    await work()

    project = (await api("GET", "projects/photos")).body
    original = await api("GET", "projects/photos/samples/0/original")
    assert (project["state"], project["n_samples"]) == ("active", 1)
    assert original.body == (root_dir / "photos" / "a.png").read_bytes()


async def test_pictures_of_two_servers_find_their_originals(
    api: Api, work: Work, context: Context, root_dir: Path, tmp_path: Path
) -> None:
    """What is added from below the project's root folder is found there by every server."""
    pictures(root_dir / "photos", "a")
    pictures(root_dir / "ann" / "more", "b")
    await ask_for_pictures(api)
    await work()
    go_to(root_dir / "ann", context)
    answer = await api("POST", "projects/photos/samples", {"path": "more"})
    assert answer.status == 202, answer.body

    await work()

    original = await api("GET", "projects/photos/samples/1/original")
    assert original.body == (root_dir / "ann" / "more" / "b.png").read_bytes()


async def test_a_worker_that_does_not_see_the_data_says_so(
    api: Api, work: Work, root_dir: Path
) -> None:
    """The folder is named, and what to do."""
    pictures(root_dir / "photos", "a")
    await ask_for_pictures(api)
    shutil.rmtree(root_dir)

    with pytest.raises(InvalidDatasetError, match="under the same path") as caught:
        await work()

    assert str(root_dir) in caught.value.message
