"""A look at a dataset over HTTP, and projects as it proposes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.io import wavfile

from tests.handlers.conftest import Api, Work


class TestInspect:
    async def test_a_look_at_a_file_proposes_a_project(
        self, api: Api, work: Work, reviews_csv: str
    ) -> None:
        """The proposal can be posted as it is, and the first rows are shown."""
        dataset = {"kind": "table", "path": reviews_csv}

        found = await api("POST", "datasets/inspect", {"dataset": dataset})
        made = await api("POST", "projects", found.body["proposal"])
        await work()

        assert (found.status, found.body["n_rows"]) == (200, 40)
        assert len(found.body["preview"]) == 5
        assert [column["name"] for column in found.body["columns"]] == ["review", "sentiment"]
        assert made.status == 201, made.body
        name = made.body["name"]
        assert (await api("GET", f"projects/{name}")).body["state"] == "active"

    async def test_a_folder_of_pictures_is_labeled_as_proposed(
        self, api: Api, work: Work, root_dir: Path
    ) -> None:
        """Right-clicked, made, labeled, trained: subfolders are classes, no column is named."""
        for i in range(20):
            color = (200, 20, 10 * i) if i % 2 else (20, 200, 10 * i)
            path = root_dir / "photos" / ("warm" if i % 2 else "cold") / f"{i}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (16, 16), color).save(path)

        found = await api(
            "POST", "datasets/inspect", {"dataset": {"kind": "images", "path": "photos"}}
        )
        made = await api("POST", "projects", found.body["proposal"] | {"check_share": 0.1})
        await work()
        for lease in (await api.claim("photos", size=6)).body["leases"]:
            await api.annotate("photos", lease["sample_id"], lease["sample_key"].split("/")[0])
        await api("POST", "projects/photos/rounds", {})
        await work()

        project = (await api("GET", "projects/photos")).body
        rounds = (await api("GET", "projects/photos/rounds")).body["rounds"]
        twin = await api(
            "POST",
            "projects",
            {"name": "twin"} | {key: project[key] for key in ("dataset", "display", "features")},
        )
        assert found.body["proposal"]["display"] == {"kind": "image"}
        assert found.body["proposal"]["classes"] == ["cold", "warm"]
        assert (made.status, project["state"], project["n_samples"]) == (201, "active", 20)
        assert [each["state"] for each in rounds] == ["finished"]
        assert twin.status == 201, twin.body

    async def test_a_folder_of_texts_is_labeled_as_proposed(
        self, api: Api, work: Work, root_dir: Path
    ) -> None:
        """What the folder holds is found out; its texts are claimed, labeled and learned from."""
        for i in range(20):
            path = root_dir / "notes" / ("good" if i % 2 else "bad") / f"{i}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"Note {i} is {'lovely and warm' if i % 2 else 'broken and late'}.")

        found = await api(
            "POST", "datasets/inspect", {"dataset": {"kind": "auto", "path": "notes"}}
        )
        made = await api("POST", "projects", found.body["proposal"])
        await work()
        for lease in (await api.claim("notes", size=6)).body["leases"]:
            assert lease["display"]["text/plain"].startswith("Note ")
            await api.annotate("notes", lease["sample_id"], lease["sample_key"].split("/")[0])
        await api("POST", "projects/notes/rounds", {})
        await work()

        project = (await api("GET", "projects/notes")).body
        rounds = (await api("GET", "projects/notes/rounds")).body["rounds"]
        twin = await api(
            "POST",
            "projects",
            {"name": "twin"} | {key: project[key] for key in ("dataset", "display", "features")},
        )
        assert found.body["proposal"]["dataset"] == {"kind": "texts", "path": "notes"}
        assert found.body["proposal"]["classes"] == ["bad", "good"]
        assert (made.status, project["state"], project["n_samples"]) == (201, "active", 20)
        assert project["dataset"]["kind"] == "texts"
        assert [each["state"] for each in rounds] == ["finished"]
        assert twin.status == 201, twin.body

    async def test_a_folder_of_sounds_is_labeled_as_proposed(
        self, api: Api, work: Work, root_dir: Path
    ) -> None:
        """A claim carries the waveform; the player gets the file, whole or in ranges."""
        (root_dir / "calls").mkdir()
        times = np.arange(4000) / 8000
        for i in range(20):
            wave = np.sin(2 * np.pi * (2000 if i % 2 else 300) * times) * 20_000
            wavfile.write(root_dir / "calls" / f"{i}.wav", 8000, wave.astype(np.int16))

        found = await api(
            "POST", "datasets/inspect", {"dataset": {"kind": "auto", "path": "calls"}}
        )
        made = await api("POST", "projects", found.body["proposal"] | {"classes": ["hi", "lo"]})
        await work()
        for lease in (await api.claim("calls", size=6)).body["leases"]:
            sound = lease["display"]["application/vnd.jupyterlab-al.audio+json"]
            assert (sound["mime"], sound["seconds"]) == ("audio/wav", 0.5)
            is_high = int(lease["sample_key"].split(".")[0]) % 2
            await api.annotate("calls", lease["sample_id"], "hi" if is_high else "lo")
        await api("POST", "projects/calls/rounds", {})
        await work()

        rounds = (await api("GET", "projects/calls/rounds")).body["rounds"]
        part = await api("GET", "projects/calls/samples/3/content", headers={"Range": "bytes=0-3"})
        assert (made.status, made.body["dataset"]["kind"]) == (201, "audio")
        assert [each["state"] for each in rounds] == ["finished"]
        assert (part.status, part.body) == (206, b"RIFF")
        assert part.headers["Content-Type"] == "audio/wav"
        assert part.headers["X-Content-Type-Options"] == "nosniff"

    async def test_sounds_that_cannot_be_learned_from_make_no_project(
        self, api: Api, root_dir: Path
    ) -> None:
        """What a folder can't give is refused at once, with what to do, and nothing is made."""
        (root_dir / "calls").mkdir()
        (root_dir / "calls" / "1.mp3").write_bytes(b"ID3" + bytes(100))
        body = {"name": "calls", "dataset": {"kind": "audio", "path": "calls"}}

        refused = await api("POST", "projects", body)
        shown = await api("POST", "projects", body | {"display": {"kind": "image"}})

        assert (refused.status, shown.status) == (422, 422)
        assert "1.mp3 can not: convert them to WAV" in refused.body["message"]
        assert (await api("GET", "projects")).body["projects"] == []

    async def test_a_kind_that_is_not_given_is_found_out(
        self, api: Api, reviews_csv: str, root_dir: Path
    ) -> None:
        """A file is known by its ending; what is stored is the kind, not that it was open."""
        (root_dir / "empty").mkdir()

        table = await api(
            "POST", "projects", {"name": "p", "dataset": {"kind": "auto", "path": reviews_csv}}
        )
        nothing = await api(
            "POST", "projects", {"name": "q", "dataset": {"kind": "auto", "path": "empty"}}
        )

        assert (table.status, table.body["dataset"]["kind"]) == (201, "table")
        assert nothing.status == 422
        assert "holds nothing to label" in nothing.body["message"]

    async def test_an_array_of_an_archive_is_labeled_as_proposed(
        self, api: Api, work: Work, root_dir: Path
    ) -> None:
        """Looked at, made, claimed: the rows of the one array that is meant are lines."""
        X = np.arange(6 * 50, dtype=np.float32).reshape(6, 50)
        np.savez(root_dir / "signals.npz", y=np.zeros(6), X=X)

        found = await api(
            "POST", "datasets/inspect", {"dataset": {"kind": "array", "path": "signals.npz"}}
        )
        made = await api("POST", "projects", found.body["proposal"] | {"classes": ["a", "b"]})
        await work()
        [lease] = (await api.claim("signals")).body["leases"]

        assert found.body["arrays"] == ["y", "X"]
        assert (made.status, made.body["dataset"]["array"]) == (201, "X")
        line = lease["display"]["application/vnd.jupyterlab-al.series+json"]
        assert line == {"length": 50, "values": X[lease["sample_id"]].tolist()}

    async def test_an_archive_with_a_choice_needs_one(self, api: Api, root_dir: Path) -> None:
        """Nothing is made of a file with several arrays until one of them is named."""
        np.savez(root_dir / "signals.npz", y=np.zeros(6), X=np.zeros((6, 2)))
        body = {"name": "signals", "dataset": {"kind": "array", "path": "signals.npz"}}

        refused = await api("POST", "projects", body)
        unknown = await api(
            "POST", "projects", body | {"dataset": body["dataset"] | {"array": "z"}}
        )

        assert (refused.status, unknown.status) == (422, 422)
        assert "holds 2 arrays (y, X)" in refused.body["message"]
        assert "no array z" in unknown.body["message"]
        assert (await api("GET", "projects")).body["projects"] == []

    async def test_a_column_of_html_is_claimed_as_such(
        self, api: Api, work: Work, root_dir: Path
    ) -> None:
        """HTML reaches the view as HTML, to be drawn inert, and is never served as a page."""
        cell = "<p onclick='x()'>Hello</p>"
        (root_dir / "pages.csv").write_text("html,n\n" + f'"{cell}",1\n' * 4)
        body = {
            "name": "pages",
            "dataset": {"kind": "table", "path": "pages.csv"},
            "display": {"kind": "mime", "column": "html"},
            "features": {"kind": "columns", "columns": ["n"]},
            "classes": ["a", "b"],
        }

        made = await api("POST", "projects", body)
        await work()
        [lease] = (await api.claim("pages")).body["leases"]
        content = await api("GET", f"projects/pages/samples/{lease['sample_id']}/content")

        assert made.status == 201, made.body
        assert lease["display"] == {"text/html": cell, "text/plain": cell}
        assert content.headers["Content-Type"].startswith("application/json")

    @pytest.mark.parametrize("ending", ["csv", "jsonl"])
    async def test_a_broken_row_is_named_and_loses_nothing(
        self, api: Api, work: Work, root_dir: Path, ending: str
    ) -> None:
        """The dialog and the project say which row it is; all others keep their numbers."""
        texts = [f"A text of several words about number {n}" for n in range(30)]
        if ending == "csv":
            lines = ["text,n", *(f"{text},{n}" for n, text in enumerate(texts))]
            lines[8] = "A text, with commas, here"
        else:
            lines = [json.dumps({"text": text, "n": n}) for n, text in enumerate(texts)]
            lines[7] = "{broken"
        (root_dir / f"a.{ending}").write_text("\n".join(lines))

        found = await api(
            "POST", "datasets/inspect", {"dataset": {"kind": "table", "path": f"a.{ending}"}}
        )
        made = await api("POST", "projects", found.body["proposal"] | {"classes": ["x", "y"]})
        await work()

        project = (await api("GET", "projects/a")).body
        samples = [
            (await api("GET", f"projects/a/samples/{n}")).body["display"]["text/plain"]
            for n in (6, 7, 8)
        ]
        which = "Row 9 of a.csv" if ending == "csv" else "Line 8 of a.jsonl"
        assert which in found.body["problems"][0]["message"]
        assert (made.status, project["state"], project["n_samples"]) == (201, "active", 30)
        assert which in project["problems"][0]
        assert samples == [texts[6], "", texts[8]]

    async def test_the_first_rows_are_shown_as_asked(self, api: Api, reviews_csv: str) -> None:
        """Another display than the proposed one is seen before anything is made."""
        dataset = {"kind": "table", "path": reviews_csv}

        async def first(**display: Any) -> tuple[int, Any]:
            body = {"dataset": dataset, "display": display}
            found = await api("POST", "datasets/inspect", body)
            return found.status, found.body.get("preview", [{"display": found.body}])[0]["display"]

        marked = await first(kind="markdown", column="review")
        row = await first(kind="row", columns=["sentiment", "review"])
        unknown = await first(kind="text", column="nothing")

        assert "text/markdown" in marked[1]
        assert [name for name, _ in row[1]["application/vnd.jupyterlab-al.row+json"]] == [
            "sentiment",
            "review",
        ]
        assert (unknown[0], unknown[1]["error"]) == (422, "invalid_dataset")
        assert "nothing" in unknown[1]["message"]

    async def test_looking_changes_nothing(self, api: Api, reviews_csv: str) -> None:
        """A look makes no project."""
        dataset = {"kind": "table", "path": reviews_csv}

        await api("POST", "datasets/inspect", {"dataset": dataset})

        assert (await api("GET", "projects")).body["projects"] == []
