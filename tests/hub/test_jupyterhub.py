"""Two people on a JupyterHub who share one database, through the Hub's own proxy."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.hub.conftest import Hub, Person, wait_until

N = 120
KERNEL = "import jupyterlab_al as al; print(al.connect({url!r}, {token!r}), al.projects())"


@pytest.fixture(scope="module")
def reviews(hub: Hub, ann: Person, bob: Person) -> str:
    """Return a project of Ann's, made of a file that only her server's folder has."""
    texts = [f"{'good' if i % 2 else 'bad'} thing {i}" for i in range(N)]
    (ann.home / "reviews.csv").write_text("\n".join(["review", *texts]))
    body = {
        "name": "reviews",
        "dataset": {"kind": "table", "path": "reviews.csv"},
        "classes": ["bad", "good"],
    }
    status, said = ann("POST", "projects", body)
    assert status == 201, said
    wait_until(lambda: ann("GET", "projects/reviews")[1]["state"] == "active", hub.folder)
    return "reviews"


def label(person: Person, project: str, n: int) -> list[dict[str, Any]]:
    """Claim and label so many times; return the annotations."""
    done: list[dict[str, Any]] = []
    for _ in range(n):
        status, claimed = person("POST", f"projects/{project}/queue/claim", {"size": 2})
        assert status == 200, claimed
        items = [
            {
                "key": str(uuid.uuid4()),
                "sample_id": lease["sample_id"],
                "token": lease["token"],
                "label": ["bad", "good"][lease["sample_id"] % 2],
            }
            for lease in claimed["leases"]
        ]
        status, said = person("POST", f"projects/{project}/annotations", {"annotations": items})
        assert status == 201, said
        done += said["annotations"]
    return done


def test_two_people_label_at_once(reviews: str, ann: Person, bob: Person) -> None:
    """Labels carry the names of the Hub's users, and nobody gets a sample of somebody else."""
    with ThreadPoolExecutor() as pool:
        hers, his = pool.map(lambda person: label(person, reviews, 10), (ann, bob))

    assert {one["annotator"] for one in hers} == {"ann"}
    assert {one["annotator"] for one in his} == {"bob"}
    assert len({one["sample_id"] for one in [*hers, *his]}) == 40


def test_roles_are_those_of_the_hubs_users(reviews: str, ann: Person, bob: Person) -> None:
    """Who made a project owns it; everybody else has the role of the settings, and is told so."""
    exports = f"projects/{reviews}/export?format=csv&what=annotations"
    status, refusal = bob("GET", exports)
    _, exported = ann("GET", exports)

    assert (status, refusal["error"]) == (403, "not_allowed")
    assert refusal["message"].startswith("You are annotator of 'reviews'")
    assert ",ann," in exported


def test_the_server_of_somebody_else_is_closed(reviews: str, ann: Person, bob: Person) -> None:
    """The Hub lets nobody into the server of another person."""
    stranger = Person(ann.url, bob.token, bob.home)

    assert stranger("GET", f"projects/{reviews}")[0] in (403, 404)


def test_a_program_connects_through_the_proxy(reviews: str, ann: Person) -> None:
    """`al.connect` takes the address of the browser and a token of the Hub."""
    script = KERNEL.format(url=f"{ann.url}lab/tree/x.ipynb", token=ann.token)

    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, timeout=120, check=False, env=dict(os.environ),
    )  # fmt: skip

    assert reviews in done.stdout, done.stderr


def test_a_stopped_server_loses_nothing(reviews: str, hub: Hub, ann: Person, bob: Person) -> None:
    """What was labeled on a server that the Hub stops is there for all, and after its restart."""
    given = {one["id"] for one in label(bob, reviews, 3)}

    hub.stop("bob")
    meanwhile = ann("GET", f"projects/{reviews}/annotations?limit=1000")[1]["annotations"]
    hub.start("bob")

    assert given <= {one["id"] for one in meanwhile}
    assert label(bob, reviews, 1)
