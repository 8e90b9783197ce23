"""The queue over HTTP."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable

import pytest

from jupyterlab_al.handlers.context import Context
from tests.factories import ANN, BOB, an_annotation
from tests.handlers.conftest import REVIEWS, Api


class TestClaim:
    async def test_a_claim_shows_the_sample(self, api: Api, reviews: str) -> None:
        """A lease carries what the annotator sees, a token and when it ends."""
        answer = await api.claim(reviews)

        assert answer.status == 200
        [lease] = answer.body["leases"]
        assert {"sample_id", "sample_key", "rank", "expires_at", "token", "display"} == set(lease)
        assert "text/plain" in lease["display"]
        assert answer.body["empty_because"] is None

    async def test_a_blind_project_does_not_say_how_a_sample_was_drawn(
        self, api: Api, reviews: str
    ) -> None:
        """In a blind project neither source nor prediction is sent; otherwise the source is."""
        [blind] = (await api.claim(reviews)).body["leases"]
        await api("PATCH", f"projects/{reviews}", {"blind": False})
        [open_] = (await api.claim(reviews)).body["leases"]

        assert "source" not in blind
        assert open_["source"] == "cold_start"

    async def test_an_open_project_says_what_the_model_expects(
        self, api: Api, reviews: str, work: Callable[[], Awaitable[None]]
    ) -> None:
        """Once a model ordered the queue, each lease carries the probability of each class."""
        await api("PATCH", f"projects/{reviews}", {"blind": False})
        for sample_id in range(10):
            await api.annotate(reviews, sample_id, REVIEWS[sample_id % len(REVIEWS)][1])
        await work()
        await api(
            "PATCH", f"projects/{reviews}", {"rename_classes": [{"from": "positive", "to": "+"}]}
        )

        leases = (await api.claim(reviews, size=5)).body["leases"]

        assert {"query"} == {lease["source"] for lease in leases}
        for lease in leases:
            assert {"negative", "+"} == set(lease["prediction"])
            assert sum(lease["prediction"].values()) == pytest.approx(1, abs=1e-5)

    async def test_what_is_on_the_screen_is_predicted_too(
        self, api: Api, reviews: str, work: Callable[[], Awaitable[None]]
    ) -> None:
        """A sample that was held while the model learned comes with its prediction, too."""
        await api("PATCH", f"projects/{reviews}", {"blind": False})
        [held] = (await api.claim(reviews)).body["leases"]
        others = [i for i in range(11) if i != held["sample_id"]][:10]
        for sample_id in others:
            await api.annotate(reviews, sample_id, REVIEWS[sample_id % len(REVIEWS)][1])
        await work()

        [again] = (await api.claim(reviews)).body["leases"]

        assert held["sample_id"] == again["sample_id"]
        assert "prediction" in again

    async def test_a_review_comes_without_what_the_model_learned_from_its_label(
        self, api: Api, reviews: str, context: Context, work: Callable[[], Awaitable[None]]
    ) -> None:
        """A model that was taught a label would only repeat it: no prediction comes with it."""
        await api("PATCH", f"projects/{reviews}", {"blind": False})
        for sample_id in range(10):
            await api.annotate(reviews, sample_id, REVIEWS[sample_id % len(REVIEWS)][1])
        [other] = {"negative", "positive"} - {REVIEWS[0][1]}
        an_annotation(context.database, BOB, 0, other, at=None)
        await work()
        await api("POST", f"projects/{reviews}/queue/review", {"what": "disputed"})

        review, query = (await api.claim(reviews, size=2)).body["leases"]

        assert (review["sample_id"], review["source"]) == (0, "review")
        assert "prediction" not in review
        assert "prediction" in query

    async def test_two_tabs_hold_different_samples(self, api: Api, reviews: str) -> None:
        """Two clients of one person never hold one sample."""
        claims = [
            (await api.claim(reviews, size=5, client=str(uuid.uuid4()))).body["leases"]
            for _ in range(2)
        ]

        first, second = ({lease["sample_id"] for lease in leases} for leases in claims)
        assert len(first | second) == 10

    async def test_the_same_client_gets_its_leases_again(self, api: Api, reviews: str) -> None:
        """A client that lost the reply gets the same samples with the same tokens."""
        client = str(uuid.uuid4())

        first = (await api.claim(reviews, size=3, client=client)).body["leases"]
        again = (await api.claim(reviews, size=4, client=client)).body["leases"]

        assert [lease["token"] for lease in first] == [lease["token"] for lease in again[:3]]
        assert [lease["sample_id"] for lease in first] == [
            lease["sample_id"] for lease in again[:3]
        ]
        assert len(again) == 4

    async def test_size_is_limited(self, api: Api, reviews: str) -> None:
        """A claim of 51 breaks a rule; a claim of "3" is malformed."""
        assert (await api.claim(reviews, size=51)).status == 422
        assert (await api.claim(reviews, size="3")).status == 400

    async def test_an_unknown_field_is_refused(self, api: Api, reviews: str) -> None:
        """A field that the contract does not know answers 400."""
        assert (await api.claim(reviews, sise=3)).status == 400

    async def test_all_labeled(self, api: Api, reviews: str) -> None:
        """When every sample is labeled a claim says so."""
        for sample_id in range(40):
            await api.annotate(reviews, sample_id, "negative")

        answer = await api.claim(reviews)

        assert (answer.body["leases"], answer.body["empty_because"]) == ([], "all_labeled")

    async def test_held_by_others(self, api: Api, reviews: str) -> None:
        """When others hold all that is left a claim says so, and when it comes back."""
        await api.claim(reviews, size=40, client=str(uuid.uuid4()))

        answer = await api.claim(reviews, client=str(uuid.uuid4()))

        assert answer.body["empty_because"] == "held_by_others"
        assert answer.body["back_at"] is not None

    async def test_a_paused_project_hands_out_nothing(self, api: Api, reviews: str) -> None:
        """A claim in a paused project is empty because it is paused."""
        await api("PATCH", f"projects/{reviews}", {"state": "paused"})

        assert (await api.claim(reviews)).body["empty_because"] == "paused"

    async def test_an_unknown_project_is_404(self, api: Api) -> None:
        """Claiming where there is no project says so."""
        answer = await api.claim("nothing")

        assert (answer.status, answer.body["error"]) == (404, "unknown_project")


class TestLeases:
    async def test_extend_moves_the_end(self, api: Api, reviews: str) -> None:
        """An extended lease ends later; a lease with a wrong token is not in the reply."""
        [lease] = (await api.claim(reviews)).body["leases"]
        mine = {"sample_id": lease["sample_id"], "token": lease["token"]}

        answer = await api(
            "POST",
            f"projects/{reviews}/queue/extend",
            {"leases": [mine, {**mine, "token": "wrong"}]},
        )

        [extended] = answer.body["leases"]
        assert extended["expires_at"] >= lease["expires_at"]

    async def test_a_released_sample_goes_to_the_next(self, api: Api, reviews: str) -> None:
        """What is given back is claimed first by another client."""
        [lease] = (await api.claim(reviews, client=str(uuid.uuid4()))).body["leases"]
        mine = {"sample_id": lease["sample_id"], "token": lease["token"]}

        await api("POST", f"projects/{reviews}/queue/release", {"leases": [mine]})
        [other] = (await api.claim(reviews, client=str(uuid.uuid4()))).body["leases"]

        assert lease["sample_id"] == other["sample_id"]

    @pytest.mark.parametrize("verb", ["extend", "release", "skip"])
    @pytest.mark.parametrize("sample_id", [-1, 40, 2**70])
    async def test_a_lease_of_no_sample_breaks_a_rule(
        self, api: Api, reviews: str, verb: str, sample_id: int
    ) -> None:
        """A sample_id outside the pool answers 422."""
        lease = {"sample_id": sample_id, "token": "x"}

        answer = await api("POST", f"projects/{reviews}/queue/{verb}", {"leases": [lease]})

        assert (answer.status, answer.body["error"]) == (422, "invalid_sample")

    async def test_a_skipped_sample_does_not_come_back(self, api: Api, reviews: str) -> None:
        """A person never sees again what they skipped, and the skip is counted."""
        [lease] = (await api.claim(reviews)).body["leases"]
        mine = {"sample_id": lease["sample_id"], "token": lease["token"]}

        await api("POST", f"projects/{reviews}/queue/skip", {"leases": [mine]})
        rest = (await api.claim(reviews, size=50)).body["leases"]
        metrics = (await api("GET", f"projects/{reviews}/metrics")).body

        assert lease["sample_id"] not in {each["sample_id"] for each in rest}
        assert len(rest) == 39
        assert metrics["skipped"] == 1


class TestReview:
    """Samples to be looked at again."""

    async def test_disputed_samples_come_first(
        self, api: Api, context: Context, reviews: str
    ) -> None:
        """Metrics count them, a request puts them at the front, and the owner's answer decides."""
        for person, label in ((ANN, "negative"), (BOB, "positive")):
            await asyncio.to_thread(an_annotation, context.database, person, 7, label, at=None)
        before = (await api("GET", f"projects/{reviews}/metrics")).body

        asked = await api("POST", f"projects/{reviews}/queue/review", {"what": "disputed"})
        [lease] = (await api.claim(reviews)).body["leases"]
        made = await api.annotate(reviews, 7, "positive", token=lease["token"])

        after = (await api("GET", f"projects/{reviews}/metrics")).body
        assert (asked.status, asked.body, lease["sample_id"]) == (200, {"queued": 1}, 7)
        assert made.body["annotations"][0]["source"] == "review"
        assert [each["disputed"] for each in (before, after)] == [1, 0]
        assert [each["n_labeled"] for each in (before, after)] == [1, 1]

    async def test_a_wrong_wish_is_refused(self, api: Api, reviews: str) -> None:
        """There are three kinds of reviews to ask for."""
        asked = await api("POST", f"projects/{reviews}/queue/review", {"what": "everything"})

        assert asked.status in (400, 422)

    async def test_metrics_say_how_far_people_agree(
        self, api: Api, context: Context, reviews: str, work: Callable[[], Awaitable[None]]
    ) -> None:
        """After a round: Fleiss' kappa, the share of pairs that say the same, what is confused."""
        for sample_id in range(6):
            label = REVIEWS[sample_id][1]
            for person in (ANN, BOB):
                said = "negative" if person is BOB and sample_id == 1 else label
                await asyncio.to_thread(
                    an_annotation, context.database, person, sample_id, said, at=None
                )
        await work()

        metrics = (await api("GET", f"projects/{reviews}/metrics")).body

        assert metrics["agreement"]["n"] == 6
        assert metrics["agreement"]["same"] == pytest.approx(5 / 6)
        assert metrics["agreement"]["value"] == pytest.approx(2 / 3, abs=0.01)
        assert metrics["agreement"]["confused"] == [{"labels": ["negative", "positive"], "n": 1}]
        assert metrics["disputed"] == 1

    async def test_the_share_can_be_changed(self, api: Api, reviews: str) -> None:
        """A new project asks nothing again; a share of the stream can, and all is too much."""
        before = (await api("GET", f"projects/{reviews}")).body["review_share"]

        changed = await api("PATCH", f"projects/{reviews}", {"review_share": 0.05})
        refused = await api("PATCH", f"projects/{reviews}", {"review_share": 1.0})

        assert (before, changed.body["review_share"], refused.status) == (0.0, 0.05, 422)
