"""Projects over HTTP: made, changed and deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jupyterlab_al.domain.models import NOBODY
from jupyterlab_al.handlers.context import Context
from jupyterlab_al.store import projects as store
from jupyterlab_al.store import queue as queue_store
from tests.handlers.conftest import Answer, Api, Work
from tests.handlers.test_adding import upload_array


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

    async def test_a_name_of_any_script_has_an_address(
        self, api: Api, work: Work, reviews_csv: str
    ) -> None:
        """`Location` can be asked for as it is."""
        made = await create(api, "名前 1")
        await work()

        assert made.status == 201, made.body
        assert made.headers["Location"].endswith("/al/api/projects/%E5%90%8D%E5%89%8D%201")
        assert (await api("GET", "projects")).body["projects"][0]["name"] == "名前 1"

    async def test_a_list_of_projects_ends(self, api: Api, reviews: str) -> None:
        """`next` leads to the next name and is null with the last one."""
        await api("POST", "projects", {"name": "a", "dataset": {"kind": "demo", "path": "digits"}})

        first = (await api("GET", "projects?limit=1")).body
        second = (await api("GET", f"projects?limit=1&after={first['next']}")).body

        assert [each["name"] for each in first["projects"] + second["projects"]] == ["a", reviews]
        assert second["next"] is None

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

    @pytest.mark.parametrize("name", ["a", "7", "été 2026", "名前", "v1.2-b_c", "x" * 64])
    async def test_names_that_people_give(self, api: Api, reviews_csv: str, name: str) -> None:
        """Letters of any script, digits, spaces, dots, hyphens: made, found, deleted."""
        await create(api, name)
        path = f"projects/{name}"

        found = await api("GET", path)
        deleted = await api("DELETE", f"{path}?confirm={name}")

        assert (found.body["name"], deleted.status) == (name, 204)

    async def test_a_name_that_cannot_be_is_refused_in_words(
        self, api: Api, reviews_csv: str
    ) -> None:
        """The message says what a name may have, and shows nobody a regular expression."""
        answer = await create(api, "a/b")

        assert "hyphens" in answer.body["message"]
        assert "\\w" not in answer.body["message"]

    @pytest.mark.parametrize(
        ("change", "status", "word"),
        [
            ({"name": "a/b"}, 422, "invalid"),
            ({"name": "💥"}, 422, "invalid"),
            ({"name": ""}, 422, "invalid"),
            ({"name": "lost "}, 422, "invalid"),
            ({"name": ".hidden"}, 422, "invalid"),
            ({"name": "x" * 65}, 422, "invalid"),
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
            ({"features": {"kind": "embedding", "model": "os:system"}}, 422, "model_not_allowed"),
            ({"features": {"kind": "embedding"}}, 422, "invalid_setting"),
            ({"features": {"kind": "pixels"}}, 422, "invalid_setting"),
            ({"features": {"kind": "precomputed", "path": "../x.npy"}}, 422, "path_outside_root"),
            ({"features": {"kind": "precomputed", "path": "no.npy"}}, 422, "invalid_dataset"),
            ({"label_column": "nope"}, 422, "unknown_column"),
            ({"strategy": {"name": "nope", "params": {}}}, 422, "unknown_strategy"),
            (
                {"multi_label": True, "strategy": {"name": "scikit_activeml", "params": {}}},
                422,
                "invalid_setting",
            ),
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

    async def test_features_of_other_rows_are_refused(self, api: Api, root_dir: Path) -> None:
        """Precomputed features need a row a sample, which is said before anything is stored."""
        np.save(root_dir / "x.npy", np.zeros((5, 2), dtype=np.float32))
        np.save(root_dir / "short.npy", np.zeros((4, 2), dtype=np.float32))

        answer = await create(
            api,
            dataset={"kind": "array", "path": "x.npy"},
            features={"kind": "precomputed", "path": "short.npy"},
        )

        assert (answer.status, answer.body["error"]) == (422, "invalid_dataset")
        assert "4 rows but there are 5 samples" in answer.body["message"]
        assert (await api("GET", "projects")).body["projects"] == []

    async def test_features_of_a_file_for_uploaded_rows(
        self, api: Api, work: Work, root_dir: Path
    ) -> None:
        """A path of features is below the server's root wherever the samples came from."""
        rows = np.arange(10, dtype=np.float32).reshape(5, 2)
        np.save(root_dir / "features.npy", rows)
        features = {"kind": "precomputed", "path": "features.npy"}
        dataset = {"kind": "upload", "upload_id": await upload_array(api, rows)}

        answer = await create(api, dataset=dataset, features=features)
        await work()

        assert (answer.status, answer.body["state"]) == (201, "preparing"), answer.body
        made = (await api("GET", f"projects/{answer.body['name']}")).body
        assert (made["state"], made["features"]) == ("active", features)

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

    async def test_classes_can_be_merged_and_separated(self, api: Api, reviews: str) -> None:
        """A merged class is gone from the list, which says where it stood and can bring it back."""
        await api.annotate(reviews, 1, "negative")
        merge = {"merge_classes": [{"from": "negative", "into": "positive"}]}

        merged = await api("PATCH", f"projects/{reviews}", merge)
        stored = (await api("GET", f"projects/{reviews}/annotations")).body["annotations"]
        separated = await api("PATCH", f"projects/{reviews}", {"split_classes": ["negative"]})

        assert merged.body["classes"] == ["positive"]
        assert merged.body["merged"] == [{"name": "negative", "into": "positive", "position": 0}]
        assert stored[0]["label"] == "positive"
        assert separated.body["classes"] == ["negative", "positive"]
        assert separated.body["merged"] == []

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

    async def test_parameters_may_be_left_out(self, api: Api, reviews: str) -> None:
        """A strategy and an estimator without parameters are changed as they are made."""
        change = {
            "strategy": {"name": "margin"},
            "estimator": {"import": "sklearn.naive_bayes.MultinomialNB"},
        }

        changed = await api("PATCH", f"projects/{reviews}", change)
        refused = await api("PATCH", f"projects/{reviews}", {"estimator": {"import": "os.system"}})

        assert changed.status == 200, changed.body
        assert changed.body["strategy"] == {"name": "margin", "params": {}}
        assert changed.body["estimator"]["import"] == "sklearn.naive_bayes.MultinomialNB"
        assert (refused.status, refused.body["error"]) == (422, "invalid_estimator")

    async def test_more_people_a_sample(self, api: Api, reviews: str, context: Context) -> None:
        """After the overlap was raised a labeled sample has a place for a second person."""
        await api.annotate(reviews, 3, "negative")

        found = await api("PATCH", f"projects/{reviews}", {"overlap": 2})

        project = context.database.read(store.find, reviews, NOBODY)
        slots = context.database.read(queue_store.entries, project.id, [3])[3]
        assert (found.status, found.body["overlap"]) == (200, 2)
        assert [slot["done_at"] is None for slot in slots] == [False, True]


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
