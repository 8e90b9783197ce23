"""Rounds, figures, estimator and export over HTTP."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pyarrow.parquet as pq
import pytest

from tests.handlers.conftest import REVIEWS, Api, Work


async def label(api: Api, project: str, n: int) -> None:
    """Label the first samples as the oracle would."""
    for sample_id in range(n):
        assert (await api.annotate(project, sample_id, REVIEWS[sample_id % 8][1])).status == 201


class TestRounds:
    async def test_a_round_starts_by_itself_and_orders_the_queue(
        self, api: Api, work: Work, reviews: str
    ) -> None:
        """After `retrain_every` labels a round runs, and the queue is ordered by the model."""
        await label(api, reviews, 10)
        [queued] = (await api("GET", f"projects/{reviews}/rounds")).body["rounds"]
        await work()
        [done] = (await api("GET", f"projects/{reviews}/rounds")).body["rounds"]
        order = (await api("GET", f"projects/{reviews}/metrics")).body["order"]

        assert queued["state"] == "queued"
        assert (done["state"], done["n_labels"], done["n_train"]) == ("finished", 10, 10)
        assert {"start", "fit", "evaluate", "score", "rank", "publish"} >= set(done["seconds"])
        assert ("model", done["id"], 10, 0) == (
            order["by"],
            order["round"],
            order["n_labels"],
            order["labels_since"],
        )

    async def test_a_round_says_what_the_estimator_warned_of(
        self, api: Api, work: Work, reviews: str
    ) -> None:
        """A fit that stopped too early gives an order, and the reply says what was the matter."""
        hasty = {"import": "sklearn.linear_model.LogisticRegression", "params": {"max_iter": 1}}
        await api("PATCH", f"projects/{reviews}", {"estimator": hasty})
        await label(api, reviews, 10)
        [queued] = (await api("GET", f"projects/{reviews}/rounds")).body["rounds"]
        await work()
        [done] = (await api("GET", f"projects/{reviews}/rounds")).body["rounds"]

        assert (queued["warnings"], done["state"]) == ([], "finished")
        assert any("converge" in text for text in done["warnings"])

    async def test_a_round_can_be_asked_for_once(self, api: Api, reviews: str) -> None:
        """Asking answers 202; asking again while it waits answers 409 `round_running`."""
        await label(api, reviews, 3)

        first = await api("POST", f"projects/{reviews}/rounds")
        second = await api("POST", f"projects/{reviews}/rounds")

        assert (first.status, first.body["state"]) == (202, "queued")
        assert (second.status, second.body["error"]) == (409, "round_running")

    @pytest.mark.parametrize("body", [b"{", b'{"wait": true}', b"[]"])
    async def test_a_body_that_is_not_understood(self, api: Api, reviews: str, body: bytes) -> None:
        """A round takes no settings: whoever sends some is told, and none is asked for."""
        for sample_id, label in enumerate(("negative", "positive")):
            await api.annotate(reviews, sample_id, label)

        answer = await api("POST", f"projects/{reviews}/rounds", raw=body)

        assert (answer.status, answer.body["error"]) == (400, "malformed")
        assert (await api("GET", f"projects/{reviews}/rounds")).body["rounds"] == []

    async def test_too_few_classes_says_which_are_labeled(self, api: Api, reviews: str) -> None:
        """A round needs two classes; the refusal names the one that is labeled."""
        await api.annotate(reviews, 0, "negative")

        answer = await api("POST", f"projects/{reviews}/rounds")

        assert (answer.status, answer.body["error"]) == (409, "too_few_classes")
        assert "negative" in answer.body["message"]

    async def test_a_waiting_round_can_be_cancelled(self, api: Api, reviews: str) -> None:
        """A cancelled round is over, and another can be asked for."""
        await label(api, reviews, 3)
        asked = (await api("POST", f"projects/{reviews}/rounds")).body

        cancelled = await api("DELETE", f"projects/{reviews}/rounds/{asked['id']}")
        again = await api("POST", f"projects/{reviews}/rounds")

        assert cancelled.body["state"] == "cancelled"
        assert again.status == 202

    async def test_an_unknown_round_is_404(self, api: Api, reviews: str) -> None:
        """Looking for a round that never was says so."""
        answer = await api("GET", f"projects/{reviews}/rounds/77")

        assert (answer.status, answer.body["error"]) == (404, "unknown_round")


class TestMetrics:
    async def test_figures_of_a_fresh_project(self, api: Api, reviews: str) -> None:
        """Without labels nothing is claimed: no accuracy, no curve, no advice to stop."""
        found = (await api("GET", f"projects/{reviews}/metrics")).body

        assert (
            found["labels"],
            found["accuracy"],
            found["curve"],
            found["utilities"],
            found["advice"]["stop"],
        ) == (0, None, [], None, False)
        assert found["order"]["needs"] == {"negative": 1, "positive": 1}
        assert found["order"]["by"] == "random"

    async def test_accuracy_comes_from_checks_only(
        self, api: Api, work: Work, reviews_csv: str
    ) -> None:
        """Accuracy has as many answers behind it as there are random checks."""
        await api(
            "POST",
            "projects",
            {
                "name": "c",
                "dataset": {"kind": "table", "path": reviews_csv},
                "classes": ["negative", "positive"],
                "check_share": 0.5,
            },
        )
        await work()
        for _ in range(20):
            [lease] = (await api.claim("c")).body["leases"]
            truth = REVIEWS[lease["sample_id"] % 8][1]
            await api.annotate("c", lease["sample_id"], truth, token=lease["token"])
        await work()

        found = (await api("GET", "projects/c/metrics")).body
        [*_, newest] = (await api("GET", "projects/c/rounds")).body["rounds"][:1]

        assert found["checks"] == 10
        assert found["checks"] == found["accuracy"]["n"] == newest["n_checks"]
        assert newest["n_train"] == 10
        assert found["accuracy"]["low"] <= found["accuracy"]["value"] <= found["accuracy"]["high"]
        assert sum(found["labels_per_class"].values()) == 20
        assert sum(found["utilities"]["counts"]) == newest["n_scored"] > 0


class TestEstimator:
    async def test_before_the_first_round_there_is_none(self, api: Api, reviews: str) -> None:
        """No round, no estimator: 404 `no_estimator`."""
        answer = await api("GET", f"projects/{reviews}/estimator")

        assert (answer.status, answer.body["error"]) == (404, "no_estimator")

    async def test_the_estimator_leaves_as_a_skops_file(
        self, api: Api, work: Work, reviews: str
    ) -> None:
        """What is downloaded loads with skops and predicts the classes."""
        import skops.io as sio

        await label(api, reviews, 10)
        await work()

        answer = await api("GET", f"projects/{reviews}/estimator")
        loaded = sio.loads(answer.body, trusted=[])

        assert list(loaded.classes_) == ["negative", "positive"]
        assert "attachment" in answer.headers["Content-Disposition"]


class TestExport:
    async def test_labels_as_csv_one_row_a_labeled_sample(self, api: Api, reviews: str) -> None:
        """The consensus of a sample is one row; an undone label is none."""
        await label(api, reviews, 4)
        stored = (await api.annotate(reviews, 5, "negative")).body["annotations"][0]
        await api("DELETE", f"projects/{reviews}/annotations/{stored['id']}")

        answer = await api("GET", f"projects/{reviews}/export?format=csv&what=labels")
        rows = list(csv.DictReader(io.StringIO(answer.body.decode())))

        assert [(str(n), REVIEWS[n][1]) for n in range(4)] == [
            (row["sample_id"], row["label"]) for row in rows
        ]

    async def test_annotations_hold_every_fact(self, api: Api, reviews: str) -> None:
        """All annotations leave, undone ones too."""
        stored = (await api.annotate(reviews, 5, "negative", comment="=1+1")).body["annotations"][0]
        await api("DELETE", f"projects/{reviews}/annotations/{stored['id']}")

        lines = await api("GET", f"projects/{reviews}/export?format=jsonl&what=annotations")
        table = await api("GET", f"projects/{reviews}/export?format=csv&what=annotations")

        [fact] = [json.loads(line) for line in lines.body.decode().splitlines()]
        assert (fact["label"], fact["comment"]) == ("negative", "=1+1")
        assert fact["undone_at"] is not None
        assert "'=1+1" in table.body.decode()

    async def test_parquet_can_be_read(self, api: Api, reviews: str) -> None:
        """A Parquet export has the columns of the CSV."""
        await label(api, reviews, 4)

        answer = await api("GET", f"projects/{reviews}/export?format=parquet")
        table = pq.read_table(io.BytesIO(answer.body))

        assert table.column("sample_id").to_pylist() == [0, 1, 2, 3]

    @pytest.mark.parametrize("query", ["format=xls", "what=everything", "data=yes"])
    async def test_an_unknown_format_is_refused(self, api: Api, reviews: str, query: str) -> None:
        """The refusal names what there is."""
        answer = await api("GET", f"projects/{reviews}/export?{query}")

        assert answer.status == 422
        assert any(word in answer.body["message"] for word in ("labels", "csv", "columns"))

    async def test_a_folder_for_datasets_comes_as_a_zip(self, api: Api, reviews: str) -> None:
        """What is a folder elsewhere is one file over HTTP."""
        await label(api, reviews, 2)

        answer = await api("GET", f"projects/{reviews}/export?format=hf")

        assert answer.headers["Content-Type"] == "application/zip"
        names = zipfile.ZipFile(io.BytesIO(answer.body)).namelist()
        assert f"{reviews}/dataset_dict.json" in names

    async def test_the_samples_own_columns(self, api: Api, reviews: str) -> None:
        """With `data=1` each label has its text beside it."""
        await label(api, reviews, 2)

        answer = await api("GET", f"projects/{reviews}/export?format=jsonl&data=1")

        rows = [json.loads(line) for line in answer.body.decode().splitlines()]
        assert [row["review"] for row in rows] == [f"{text} (0)" for text, _ in REVIEWS[:2]]
