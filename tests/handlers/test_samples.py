"""Samples over HTTP: what is shown of them, and their content."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from tests.handlers.conftest import Api, Work


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

    async def test_type_and_length_can_be_asked_for_alone(self, api: Api, reviews: str) -> None:
        """HEAD has the headers of GET and no body."""
        path = f"projects/{reviews}/samples/0/content"
        names = ("Content-Type", "Content-Length", "ETag", "Accept-Ranges")

        alone, whole = await api("HEAD", path), await api("GET", path)

        assert (alone.status, alone.body) == (200, b"")
        assert [whole.headers[name] for name in names] == [alone.headers[name] for name in names]

    async def test_conditions_are_read_as_http_says(self, api: Api, reviews: str) -> None:
        """Lists of tags, weak tags, a part of what changed meanwhile, and no range at all."""
        path = f"projects/{reviews}/samples/0/content"
        tag = (await api("GET", path)).headers["ETag"]
        wanted = {"Range": "bytes=4-9"}

        said = [
            (await api("GET", path, headers=headers)).status
            for headers in (
                {"If-None-Match": f'"other", {tag}'},
                {"If-None-Match": f"W/{tag}"},
                {"If-None-Match": '"other"'},
                {**wanted, "If-Range": tag},
                {**wanted, "If-Range": '"other"'},
                {"Range": "bytes=9-4"},
                {"Range": "bytes=999-"},
            )
        ]

        assert said == [304, 304, 200, 206, 200, 200, 416]

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
        """There is nothing to show beyond the last sample: 404."""
        for path in ("samples/40", "samples/40/content", "samples/999999999999999999"):
            answer = await api("GET", f"projects/{reviews}/{path}")

            assert (answer.status, answer.body["error"]) == (404, "unknown_sample")
