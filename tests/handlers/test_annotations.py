"""Annotations over HTTP."""

from __future__ import annotations

import uuid

from tests.handlers.conftest import Api


class TestAnnotate:
    async def test_a_claimed_sample_can_be_annotated(self, api: Api, reviews: str) -> None:
        """An annotation of a claimed sample is stored and said back with 201."""
        [lease] = (await api.claim(reviews)).body["leases"]

        answer = await api.annotate(
            reviews, lease["sample_id"], "positive", token=lease["token"], seconds=1.5
        )

        assert answer.status == 201
        [stored] = answer.body["annotations"]
        assert ("positive", lease["sample_id"], None, 1.5) == (
            stored["label"],
            stored["sample_id"],
            stored["undone_at"],
            stored["seconds"],
        )
        assert isinstance(stored["id"], str)

    async def test_the_same_key_again_gives_the_same_reply(self, api: Api, reviews: str) -> None:
        """A repeat of a request stores no second row."""
        body = {"annotations": [{"key": str(uuid.uuid4()), "sample_id": 3, "label": "negative"}]}
        path = f"projects/{reviews}/annotations"

        first = await api("POST", path, body)
        second = await api("POST", path, body)

        assert (201, first.body) == (second.status, second.body)
        assert len((await api("GET", path)).body["annotations"]) == 1

    async def test_the_same_key_with_other_content_is_refused(self, api: Api, reviews: str) -> None:
        """A key that stands for other content answers 409 `key_reused`."""
        key = str(uuid.uuid4())
        await api.annotate(reviews, 3, "negative", key=key)

        answer = await api.annotate(reviews, 3, "positive", key=key)

        assert (answer.status, answer.body["error"]) == (409, "key_reused")

    async def test_a_batch_is_all_or_nothing(self, api: Api, reviews: str) -> None:
        """One bad label in a batch stores none of it."""
        items = [
            {"key": str(uuid.uuid4()), "sample_id": 1, "label": "negative"},
            {"key": str(uuid.uuid4()), "sample_id": 2, "label": "no such class"},
        ]

        answer = await api("POST", f"projects/{reviews}/annotations", {"annotations": items})

        assert (answer.status, answer.body["error"]) == (422, "invalid_label")
        stored = await api("GET", f"projects/{reviews}/annotations")
        assert stored.body["annotations"] == []

    async def test_a_wrong_type_is_malformed(self, api: Api, reviews: str) -> None:
        """A label that is a number answers 400, not 422."""
        answer = await api.annotate(reviews, 1, 7)

        assert (answer.status, answer.body["error"]) == (400, "malformed")

    async def test_a_list_in_a_single_label_project_is_malformed(
        self, api: Api, reviews: str
    ) -> None:
        """Several classes where one is wanted answer 400."""
        assert (await api.annotate(reviews, 1, ["negative"])).status == 400

    async def test_a_text_with_nul_is_malformed(self, api: Api, reviews: str) -> None:
        """What PostgreSQL's texts can't hold is refused on both databases; a backslash is not."""
        refused = await api.annotate(reviews, 1, "negative", comment="a\0b")
        taken = await api.annotate(reviews, 1, "negative", comment="a\\u0000b")

        assert (refused.status, refused.body["error"]) == (400, "malformed")
        assert taken.body["annotations"][0]["comment"] == "a\\u0000b"

    async def test_a_sample_outside_the_pool_breaks_a_rule(self, api: Api, reviews: str) -> None:
        """A sample_id beyond the pool answers 422 and says the range."""
        answer = await api.annotate(reviews, 40, "negative")

        assert (answer.status, answer.body["error"]) == (422, "invalid_sample")
        assert "0 to 39" in answer.body["message"]

    async def test_a_label_by_hand_has_source_manual(self, api: Api, reviews: str) -> None:
        """An annotation without a token is manual."""
        answer = await api.annotate(reviews, 5, "negative")

        assert answer.body["annotations"][0]["source"] == "manual"


class TestList:
    async def test_pages_go_on_where_they_ended(self, api: Api, reviews: str) -> None:
        """`next` leads through all annotations in order and is null at the end."""
        for sample_id in range(5):
            await api.annotate(reviews, sample_id, "negative")

        first = (await api("GET", f"projects/{reviews}/annotations?limit=3")).body
        second = (
            await api("GET", f"projects/{reviews}/annotations?limit=3&after={first['next']}")
        ).body

        found = [item["sample_id"] for item in first["annotations"] + second["annotations"]]
        assert found == [0, 1, 2, 3, 4]
        assert second["next"] is None

    async def test_a_last_page_that_is_full_is_the_last(self, api: Api, reviews: str) -> None:
        """`next` is null where nothing follows, and `after=<last id>` finds what comes later."""
        for sample_id in range(4):
            await api.annotate(reviews, sample_id, "negative")
        path = f"projects/{reviews}/annotations?limit=2"

        first = (await api("GET", path)).body
        second = (await api("GET", f"{path}&after={first['next']}")).body
        await api.annotate(reviews, 4, "negative")
        later = (await api("GET", f"{path}&after={second['annotations'][-1]['id']}")).body

        assert second["next"] is None
        assert [item["sample_id"] for item in later["annotations"]] == [4]

    async def test_what_is_left_empty_is_not_asked_for(self, api: Api, reviews: str) -> None:
        """`?after=&limit=` is the first page, as without them."""
        await api.annotate(reviews, 3, "negative")

        page = await api("GET", f"projects/{reviews}/annotations?after=&limit=")

        assert [item["sample_id"] for item in page.body["annotations"]] == [3]


class TestUndo:
    async def test_undo_keeps_the_fact_and_brings_the_sample_back(
        self, api: Api, reviews: str
    ) -> None:
        """An undone annotation stays in the list, and its sample comes first in any tab."""
        leases = (await api.claim(reviews, size=3, client=str(uuid.uuid4()))).body["leases"]
        first = leases[0]
        stored = (
            await api.annotate(reviews, first["sample_id"], "positive", token=first["token"])
        ).body["annotations"][0]

        undone = await api("DELETE", f"projects/{reviews}/annotations/{stored['id']}")
        again = await api.claim(reviews, client=str(uuid.uuid4()))

        assert undone.status == 200
        assert undone.body["undone_at"] is not None
        assert first["sample_id"] == again.body["leases"][0]["sample_id"]
        listed = (await api("GET", f"projects/{reviews}/annotations")).body["annotations"]
        assert [undone.body] == listed

    async def test_undoing_twice_is_harmless(self, api: Api, reviews: str) -> None:
        """The second undo gives the same reply."""
        stored = (await api.annotate(reviews, 2, "positive")).body["annotations"][0]
        path = f"projects/{reviews}/annotations/{stored['id']}"

        first = await api("DELETE", path)
        second = await api("DELETE", path)

        assert (200, first.body) == (second.status, second.body)

    async def test_an_unknown_annotation_is_404(self, api: Api, reviews: str) -> None:
        """Undoing what is not there says so."""
        answer = await api("DELETE", f"projects/{reviews}/annotations/999")

        assert (answer.status, answer.body["error"]) == (404, "unknown_annotation")


class TestOwn:
    async def test_the_last_answers_come_first_with_their_samples(
        self, api: Api, reviews: str
    ) -> None:
        """What the caller answered is listed newest first, with what is shown of each sample."""
        for sample_id in (2, 5, 3):
            await api.annotate(reviews, sample_id, "positive", flagged=True)

        answer = await api("GET", f"projects/{reviews}/annotations/own?limit=2")

        assert answer.status == 200
        found = answer.body["annotations"]
        assert [item["sample_id"] for item in found] == [3, 5]
        sample = (await api("GET", f"projects/{reviews}/samples/3")).body
        assert (sample["sample_key"], sample["display"], True) == (
            found[0]["sample_key"],
            found[0]["display"],
            found[0]["flagged"],
        )

    async def test_what_was_undone_is_not_listed(self, api: Api, reviews: str) -> None:
        """An answer that was taken back is none any more."""
        stored = (await api.annotate(reviews, 2, "positive")).body["annotations"][0]
        await api("DELETE", f"projects/{reviews}/annotations/{stored['id']}")

        answer = await api("GET", f"projects/{reviews}/annotations/own")

        assert answer.body["annotations"] == []
