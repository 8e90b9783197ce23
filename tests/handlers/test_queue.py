"""The queue over HTTP."""

from __future__ import annotations

import uuid

from tests.handlers.conftest import Api


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
