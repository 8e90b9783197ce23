"""Projects over HTTP."""

from __future__ import annotations

import io
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image
from scipy.io import wavfile

from jupyterlab_al.handlers.context import Context
from tests.handlers.conftest import Answer, Api

Work = Callable[[], Awaitable[None]]


async def create(api: Api, name: str = "p", **more: Any) -> Answer:
    """Ask for a project."""
    body = {"name": name, "dataset": {"kind": "table", "path": "reviews.csv"}, **more}
    return await api("POST", "projects", body)


class TestCreate:
    async def test_a_new_project_is_prepared_in_the_background(
        self, api: Api, work: Work, reviews_csv: str
    ) -> None:
        """Creating answers 201 at once, in state preparing; then the project is active."""
        made = await create(api)
        before = await api.claim("p")
        await work()
        after = await api("GET", "projects/p")

        assert (made.status, made.body["state"]) == (201, "preparing")
        assert before.body["empty_because"] == "preparing"
        assert (after.body["state"], after.body["n_samples"]) == ("active", 40)

    async def test_sensible_defaults_are_found_by_looking_at_the_data(
        self, api: Api, work: Work, reviews_csv: str
    ) -> None:
        """With nothing but a name and a dataset a table of texts is shown as text."""
        await create(api)
        await work()

        found = (await api("GET", "projects/p")).body

        assert found["display"] == {"kind": "text", "column": "review"}
        assert found["features"]["kind"] == "text"
        assert found["strategy"]["name"] == "default"

    async def test_a_taken_name_is_refused(self, api: Api, reviews_csv: str) -> None:
        """A second project of one name answers 409 `name_taken`."""
        await create(api)

        answer = await create(api)

        assert (answer.status, answer.body["error"]) == (409, "name_taken")

    async def test_labels_that_exist_are_imported(
        self, api: Api, work: Work, reviews_csv: str
    ) -> None:
        """`label_column` brings its labels and classes in, as source import."""
        await create(api, label_column="sentiment")
        await work()

        found = (await api("GET", "projects/p")).body
        stored = (await api("GET", "projects/p/annotations")).body["annotations"]

        assert sorted(found["classes"]) == ["negative", "positive"]
        assert found["n_labeled"] == 40
        assert {"import"} == {item["source"] for item in stored}

    @pytest.mark.parametrize(
        ("change", "status", "word"),
        [
            ({"name": "a/b"}, 422, "invalid"),
            ({"name": "💥"}, 422, "invalid"),
            ({"name": ""}, 422, "invalid"),
            ({"name": 5}, 400, "malformed"),
            ({"sise": 1}, 400, "malformed"),
            ({"retrain_every": "10"}, 400, "malformed"),
            ({"check_share": 2.0}, 422, "invalid"),
            ({"classes": ["a", "a"]}, 422, "invalid_setting"),
            ({"dataset": {"kind": "table", "path": "nowhere.csv"}}, 422, "invalid_dataset"),
            ({"dataset": {"kind": "table", "path": "../x.csv"}}, 422, "path_outside_root"),
            ({"dataset": {"kind": "table", "path": "/etc/passwd"}}, 422, "path_outside_root"),
            ({"dataset": {"kind": "table", "path": "empty.csv"}}, 422, "invalid_dataset"),
            ({"dataset": {"kind": "table", "path": "link.csv"}}, 422, "path_outside_root"),
            ({"dataset": {"kind": "table", "path": "cut.parquet"}}, 422, "invalid_dataset"),
            ({"display": {"kind": "text", "column": "nope"}}, 422, "unknown_column"),
            ({"features": {"kind": "text", "column": "nope"}}, 422, "unknown_column"),
            ({"label_column": "nope"}, 422, "unknown_column"),
            ({"strategy": {"name": "nope", "params": {}}}, 422, "unknown_strategy"),
            ({"estimator": {"import": "os.system", "params": {}}}, 422, "invalid_estimator"),
            (
                {"estimator": {"import": "sklearn.cluster.DBSCAN", "params": {}}},
                422,
                "invalid_estimator",
            ),
            (
                {
                    "estimator": {
                        "import": "sklearn.linear_model.LogisticRegression",
                        "params": {"nope": 1},
                    }
                },
                422,
                "invalid_estimator",
            ),
        ],
        ids=str,
    )
    async def test_what_cannot_be_is_refused_and_changes_nothing(
        self,
        api: Api,
        root_dir: Path,
        reviews_csv: str,
        change: dict[str, Any],
        status: int,
        word: str,
    ) -> None:
        """Wrong or hostile descriptions get a word and a sentence, and nothing is stored."""
        (root_dir / "empty.csv").write_text("")
        (root_dir / "cut.parquet").write_bytes(b"PAR1 and no more")
        outside = root_dir.parent / "outside.csv"
        outside.write_text("review\nsecret\n")
        (root_dir / "link.csv").symlink_to(outside)

        answer = await create(api, **change)

        assert (status, word) == (answer.status, answer.body["error"]), answer.body
        assert len(answer.body["message"]) > 10
        assert (await api("GET", "projects")).body["projects"] == []

    @pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"null"])
    async def test_no_json_object_is_malformed(self, api: Api, raw: bytes) -> None:
        """A body that is no JSON object answers 400."""
        answer = await api("POST", "projects", raw=raw)

        assert (answer.status, answer.body["error"]) == (400, "malformed")

    async def test_the_demo_needs_no_file(self, api: Api, work: Work) -> None:
        """The digits are there without any data of one's own, as images."""
        await api("POST", "projects", {"name": "d", "dataset": {"kind": "demo", "path": "digits"}})
        await work()

        found = (await api("GET", "projects/d")).body
        [lease] = (await api.claim("d")).body["leases"]

        assert (1797, [str(digit) for digit in range(10)]) == (
            found["n_samples"],
            found["classes"],
        )
        assert "image/png" in lease["display"]


class TestChange:
    async def test_classes_can_be_added_and_renamed(self, api: Api, reviews: str) -> None:
        """A new class can be labeled at once; a rename changes the labels that stand."""
        await api.annotate(reviews, 1, "negative")

        added = await api(
            "PATCH", f"projects/{reviews}", {"classes": ["negative", "positive", "mixed"]}
        )
        renamed = await api(
            "PATCH", f"projects/{reviews}", {"rename_classes": [{"from": "negative", "to": "bad"}]}
        )
        stored = (await api("GET", f"projects/{reviews}/annotations")).body["annotations"]

        assert added.body["classes"] == ["negative", "positive", "mixed"]
        assert renamed.body["classes"] == ["bad", "positive", "mixed"]
        assert stored[0]["label"] == "bad"
        assert (await api.annotate(reviews, 2, "mixed")).status == 201

    async def test_a_class_cannot_be_removed(self, api: Api, reviews: str) -> None:
        """A list without one of the classes is refused."""
        answer = await api("PATCH", f"projects/{reviews}", {"classes": ["positive"]})

        assert (answer.status, answer.body["error"]) == (422, "class_removed")

    async def test_a_bad_change_changes_nothing(self, api: Api, reviews: str) -> None:
        """One impossible value keeps the others from being set."""
        before = (await api("GET", f"projects/{reviews}")).body

        answer = await api(
            "PATCH",
            f"projects/{reviews}",
            {"title": "New", "estimator": {"import": "os.system", "params": {}}},
        )

        assert answer.status == 422
        assert before == (await api("GET", f"projects/{reviews}")).body

    async def test_settings_can_be_changed(self, api: Api, reviews: str) -> None:
        """Strategy, pace, share of checks and title change with PATCH."""
        change = {
            "title": "Product reviews",
            "strategy": {"name": "entropy", "params": {}},
            "retrain_every": 5,
            "check_share": 0.2,
        }

        found = (await api("PATCH", f"projects/{reviews}", change)).body

        assert change == {key: found[key] for key in change}


class TestDelete:
    async def test_deleting_needs_the_name(self, api: Api, reviews: str) -> None:
        """Without `?confirm=` nothing is deleted; with it project and files are gone."""
        refused = await api("DELETE", f"projects/{reviews}")
        done = await api("DELETE", f"projects/{reviews}?confirm={reviews}")

        assert (refused.status, refused.body["error"]) == (400, "confirm_needed")
        assert done.status == 204
        assert (await api("GET", f"projects/{reviews}")).status == 404

    async def test_the_files_are_removed(self, api: Api, reviews: str, context: Context) -> None:
        """A deleted project leaves no samples behind."""
        folders = context.settings.data_dir / "projects"
        assert list(folders.iterdir())

        await api("DELETE", f"projects/{reviews}?confirm={reviews}")

        assert list(folders.iterdir()) == []


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

    async def test_looking_changes_nothing(self, api: Api, reviews_csv: str) -> None:
        """A look makes no project."""
        dataset = {"kind": "table", "path": reviews_csv}

        await api("POST", "datasets/inspect", {"dataset": dataset})

        assert (await api("GET", "projects")).body["projects"] == []


class TestUploads:
    async def test_an_arrow_stream_becomes_a_project(self, api: Api, work: Work) -> None:
        """A table sent as an Arrow stream can be labeled, with its keys."""
        table = pa.table(
            {"text": [f"text {n}" for n in range(30)], "id": [f"k{n}" for n in range(30)]}
        )
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)

        sent = await api("POST", "uploads", raw=sink.getvalue().to_pybytes())
        made = await api(
            "POST",
            "projects",
            {
                "name": "u",
                "dataset": {
                    "kind": "upload",
                    "upload_id": sent.body["upload_id"],
                    "key_column": "id",
                },
            },
        )
        await work()
        [lease] = (await api.claim("u")).body["leases"]

        assert sent.status == 201
        assert made.status == 201, made.body
        assert f"k{lease['sample_id']}" == lease["sample_key"]

    async def test_an_array_becomes_a_project(self, api: Api, work: Work, tmp_path: Path) -> None:
        """An array sent as .npy can be labeled."""
        np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(20, 3)))

        sent = await api("POST", "uploads", raw=(tmp_path / "x.npy").read_bytes())
        body = {"name": "a", "dataset": {"kind": "upload", "upload_id": sent.body["upload_id"]}}
        made = await api("POST", "projects", body)
        await work()

        assert made.status == 201, made.body
        assert (await api("GET", "projects/a")).body["n_samples"] == 20

    @pytest.mark.parametrize("raw", [b"", b"hello", b"\x80\x04pickle"])
    async def test_anything_else_is_refused(self, api: Api, context: Context, raw: bytes) -> None:
        """What is neither Arrow nor .npy answers 400 and leaves no file."""
        answer = await api("POST", "uploads", raw=raw)

        assert (answer.status, answer.body["error"]) == (400, "malformed")
        folder = context.settings.uploads_folder
        assert not folder.exists() or list(folder.iterdir()) == []


class TestSamples:
    async def test_a_sample_can_be_looked_at(self, api: Api, reviews: str) -> None:
        """A sample is shown as the annotator sees it; HTML in a text stays text."""
        found = (await api("GET", f"projects/{reviews}/samples/3")).body

        assert found["display"]["text/plain"] == "<script>window.hacked = true</script> bad (0)"
        assert {"text/plain"} == set(found["display"])

    async def test_content_has_type_etag_and_ranges(self, api: Api, reviews: str) -> None:
        """Raw bytes come with type, length and ETag; a range gives a part; an ETag saves it."""
        path = f"projects/{reviews}/samples/0/content"

        whole = await api("GET", path)
        part = await api("GET", path, headers={"Range": "bytes=4-9"})
        same = await api("GET", path, headers={"If-None-Match": whole.headers["ETag"]})

        assert whole.body == b"The zipper broke after two days. (0)"
        assert (part.status, part.body) == (206, b"zipper")
        assert same.status == 304
        assert "sandbox" in whole.headers["Content-Security-Policy"]

    async def test_a_picture_is_sent_in_all_its_pixels(
        self, api: Api, work: Work, root_dir: Path
    ) -> None:
        """What is shown is made for the screen; the original is there until it is taken away."""
        (root_dir / "photos").mkdir()
        Image.new("RGB", (2048, 64), (1, 2, 3)).save(root_dir / "photos" / "1.png")
        body = {"name": "photos", "dataset": {"kind": "images", "path": "photos"}}
        await api("POST", "projects", body)
        await work()

        shown = await api("GET", "projects/photos/samples/0")
        original = await api("GET", "projects/photos/samples/0/original")
        (root_dir / "photos" / "1.png").unlink()
        gone = await api("GET", "projects/photos/samples/0/original")

        info = shown.body["display"]["application/vnd.jupyterlab-al.image+json"]
        assert info == {"width": 1024, "height": 32, "original": True}
        assert Image.open(io.BytesIO(original.body)).size == (2048, 64)
        assert original.headers["Content-Type"] == "image/png"
        assert original.headers["Content-Security-Policy"].startswith("sandbox")
        assert (gone.status, gone.body["error"]) == (404, "no_original")

    async def test_only_pictures_have_an_original(self, api: Api, reviews: str) -> None:
        """A text is all there is of it."""
        answer = await api("GET", f"projects/{reviews}/samples/0/original")

        assert (answer.status, answer.body["error"]) == (404, "no_original")

    async def test_a_sample_outside_the_pool_is_refused(self, api: Api, reviews: str) -> None:
        """There is nothing to show beyond the last sample."""
        assert (await api("GET", f"projects/{reviews}/samples/40")).status == 422


async def test_a_parquet_table_of_numbers_becomes_rows(
    api: Api, work: Work, root_dir: Path
) -> None:
    """A table without text is shown as rows and learned from by its columns."""
    rng = np.random.default_rng(0)
    table = pa.table(
        {"width": rng.normal(size=50), "kind": rng.choice(["a", "b"], size=50).tolist()}
    )
    pq.write_table(table, root_dir / "t.parquet")

    await api("POST", "projects", {"name": "t", "dataset": {"kind": "table", "path": "t.parquet"}})
    await work()
    found = (await api("GET", "projects/t")).body
    [lease] = (await api.claim("t")).body["leases"]

    assert (found["display"]["kind"], found["features"]["kind"]) == ("row", "columns")
    names = [name for name, _ in lease["display"]["application/vnd.jupyterlab-al.row+json"]]
    assert names == ["width", "kind"]
