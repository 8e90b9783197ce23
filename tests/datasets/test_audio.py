"""Folders of sounds: what is found, played and learned from, and what damage does."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import DTypeLike
from scipy.io import wavfile
from sklearn.linear_model import LogisticRegression

from jupyterlab_al.datasets.audio_features import N_FEATURES
from jupyterlab_al.datasets.audio_files import MAX_BYTES, N_PEAKS, sound_type
from jupyterlab_al.datasets.bundles import AUDIO
from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.datasets.inspect import inspect
from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.datasets.preparation import PrepareTask
from jupyterlab_al.datasets.prepare import Prepared, prepare
from jupyterlab_al.domain.errors import InvalidDatasetError, InvalidSettingError

DATASET = DatasetSpec(kind="audio", path="calls")
RATE = 16_000
MP3 = b"\xff\xfb\x90\x64" + bytes(400)


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """Return a folder of sounds below a root folder."""
    folder = tmp_path / "root" / "calls"
    folder.mkdir(parents=True)
    return folder


def tone(pitch: float, seconds: float = 0.5, loudness: float = 0.5) -> np.ndarray:
    """Return a tone from -1 to 1."""
    return loudness * np.sin(2 * np.pi * pitch * np.arange(int(seconds * RATE)) / RATE)


def save(path: Path, wave: np.ndarray | None = None, dtype: DTypeLike = np.int16) -> None:
    """Write a WAV; a tone of 440 Hz where nothing is said."""
    path.parent.mkdir(parents=True, exist_ok=True)
    given = tone(440) if wave is None else wave
    kind = np.dtype(dtype)
    if kind.kind == "f":
        stored = given.astype(kind)
    elif kind == np.uint8:
        stored = np.round(given * 127 + 128).astype(kind)
    else:
        stored = np.round(given * np.iinfo(kind).max).astype(kind)
    wavfile.write(path, RATE, stored)


def prepared(calls: Path, **more: object) -> Prepared:
    """Import the folder beside its root."""
    task = PrepareTask(
        folder=calls.parents[1] / "project",
        root=calls.parent,
        dataset=DATASET,
        **more,  # type: ignore[arg-type]
    )
    return prepare(task, lambda _phase, _done: None)


def pool_of(calls: Path) -> SamplePool:
    """Return the pool that was imported."""
    return SamplePool.open(calls.parents[1] / "project")


def features_of(calls: Path, n: int) -> np.ndarray:
    """Return the features that were written."""
    return np.asarray(open_features(calls.parents[1] / "project").take(np.arange(n)))


def test_a_sound_is_its_waveform_and_its_bytes_are_asked_for_apart(calls: Path) -> None:
    """A claim carries length and loudness; the file is sent as it is when it is played."""
    rising = tone(440, 2) * np.linspace(0, 1, 2 * RATE)
    save(calls / "c10.wav")
    save(calls / "c2.wav", rising)

    made = prepared(calls)

    pool = pool_of(calls)
    shown = pool.display(0)[AUDIO]
    assert pool.keys(range(2)) == ["c2.wav", "c10.wav"]
    assert (shown["mime"], shown["seconds"], len(shown["peaks"])) == ("audio/wav", 2.0, N_PEAKS)
    assert shown["peaks"][0] < 0.01 < 0.45 < shown["peaks"][-1] <= 0.5
    assert len(json.dumps(pool.display(0))) < 5000
    assert pool.content(0) == ((calls / "c2.wav").read_bytes(), "audio/wav")
    assert made.display == DisplaySpec(kind="audio", column="audio")
    assert made.features == FeaturesSpec(kind="audio")


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int32, np.float32, np.float64])
def test_loudness_is_the_same_however_it_is_stored(calls: Path, dtype: DTypeLike) -> None:
    """Half as loud as can be is 0.5 in every format, and nearly the same to learn from."""
    save(calls / "1.wav", dtype=dtype)
    save(calls / "2.wav", dtype=np.float64)

    prepared(calls)

    one, two = features_of(calls, 2)
    assert max(pool_of(calls).display(0)[AUDIO]["peaks"]) == pytest.approx(0.5, abs=0.01)
    assert one[:32].argmax() == two[:32].argmax()
    np.testing.assert_allclose(one[:32].max(), two[:32].max(), atol=0.01)


def test_pitches_and_shapes_can_be_learned(calls: Path) -> None:
    """Features tell high from low and rising from falling sounds."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 4, 80)
    for i, kind in enumerate(y):
        wave = tone(rng.uniform(300, 600) * (3 if kind % 2 else 1))
        ramp = np.linspace(0.1, 1, len(wave))
        noise = rng.normal(scale=0.02, size=len(wave))
        save(calls / f"{i}.wav", wave * (ramp if kind < 2 else ramp[::-1]) + noise)

    made = prepared(calls)

    X = features_of(calls, 80)
    assert (made.n_features, X.shape, X.dtype) == (N_FEATURES, (80, N_FEATURES), np.float32)
    fitted = LogisticRegression(max_iter=2000).fit(X[:50], y[:50])
    assert fitted.score(X[50:], y[50:]) > 0.9


@pytest.mark.parametrize("n", [1, 2, 7, 100])
def test_a_click_has_features_as_well(calls: Path, n: int) -> None:
    """Sounds shorter than a frame, stereo and silent ones are finite and drawn."""
    save(calls / "click.wav", np.ones(n) * 0.9)
    save(calls / "silence.wav", np.zeros((n, 2)))

    prepared(calls)

    assert np.isfinite(features_of(calls, 2)).all()
    assert pool_of(calls).display(0)[AUDIO]["peaks"] == [pytest.approx(0.9, abs=0.01)] * n
    assert max(pool_of(calls).display(1)[AUDIO]["peaks"]) == 0


def test_subfolders_are_proposed_as_classes_and_can_be_labels(calls: Path) -> None:
    """Names of subfolders are classes; as labels only where somebody says so."""
    for name in ("bird/1.wav", "frog/2.wav", "bird/3.wav"):
        save(calls / name)

    found = inspect(calls.parent, DatasetSpec(kind="auto", path="calls"))
    made = prepared(calls, label_column="folder")

    assert found.proposal["dataset"] == {"kind": "audio", "path": "calls"}
    assert (found.n_rows, found.proposal["classes"]) == (3, ["bird", "frog"])
    assert made.imported.labels == ["bird", "bird", "frog"]
    assert made.classes == ("bird", "frog")


def test_other_formats_are_played_and_need_features(calls: Path) -> None:
    """MP3, Ogg and FLAC have no waveform; what to learn from them must be given."""
    (calls / "1.mp3").write_bytes(MP3)
    (calls / "2.ogg").write_bytes(b"OggS" + bytes(100))
    (calls / "3.flac").write_bytes(b"fLaC" + bytes(100))
    np.save(calls.parent / "own.npy", np.eye(3, 5, dtype=np.float32))

    with pytest.raises(InvalidSettingError, match=r"1\.mp3, 2\.ogg, 3\.flac can not: convert"):
        prepared(calls)
    made = prepared(calls, features=FeaturesSpec(kind="precomputed", path="own.npy"))

    pool = pool_of(calls)
    shown = [pool.display(i)[AUDIO] for i in range(3)]
    assert [each["mime"] for each in shown] == ["audio/mpeg", "audio/ogg", "audio/flac"]
    assert [(each["seconds"], each["peaks"]) for each in shown] == [(None, None)] * 3
    assert pool.content(0) == (MP3, "audio/mpeg")
    assert (made.n_features, features_of(calls, 3).tolist()) == (5, np.eye(3, 5).tolist())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<script>alert(1)</script>",
        b"RIFF\xff\xff\xff\xffWAVE",
        b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(20) + b"data" + b"\xff" * 8,
    ],
)
def test_a_damaged_sound_costs_nobody_the_others(calls: Path, content: bytes) -> None:
    """It keeps its place, says what it is, is never sent as a sound, and is named."""
    save(calls / "1.wav")
    (calls / "2.wav").write_bytes(content)

    made = prepared(calls)

    pool = pool_of(calls)
    assert made.n_samples == 2
    assert "1 file is no sound that can be read (2.wav)" in made.problems[0]
    assert pool.display(1) == {"text/plain": "This sample holds no sound that can be played."}
    assert pool.content(1)[1] == "text/plain; charset=utf-8"
    assert not features_of(calls, 2)[1].any()


def test_bytes_changed_anywhere_in_a_sound_are_no_error(calls: Path) -> None:
    """Whatever a header says, the import ends and every feature is a number."""
    save(calls / "whole.wav", tone(440, 0.05))
    whole = (calls / "whole.wav").read_bytes()
    for place in range(12, 44):
        for value in (0, 1, 255):
            content = bytearray(whole)
            content[place] = value
            (calls / f"{place}-{value}.wav").write_bytes(content)
    for length in (20, 40, 44, 45, 100):
        (calls / f"cut{length}.wav").write_bytes(whole[:length])

    made = prepared(calls)

    assert np.isfinite(features_of(calls, made.n_samples)).all()


def test_a_sound_that_is_too_large_is_not_copied(calls: Path) -> None:
    """An hour of WAV keeps its place and is named; nothing of it is read."""
    save(calls / "1.wav")
    with (calls / "2.wav").open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    made = prepared(calls)

    assert "2.wav" in made.problems[0]
    assert (calls.parents[1] / "project" / "samples.arrow").stat().st_size < 1_000_000


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"display": DisplaySpec(kind="text")}, "use audio"),
        ({"display": DisplaySpec(kind="audio", column="x")}, "no columns"),
        ({"features": FeaturesSpec(kind="pixels")}, "use audio or precomputed"),
        ({"label_column": "name"}, "names of its subfolders"),
    ],
)
def test_what_sounds_cant_give_is_refused(calls: Path, more: dict[str, object], says: str) -> None:
    """Texts can't be made from sounds; the message says what can."""
    save(calls / "1.wav")

    with pytest.raises(InvalidSettingError, match=says):
        prepared(calls, **more)


def test_an_empty_folder_says_so(calls: Path) -> None:
    """Without a sound there is no project."""
    with pytest.raises(InvalidDatasetError, match="holds no sounds"):
        prepared(calls)


def test_the_first_sounds_are_drawn_before_anything_is_made(calls: Path) -> None:
    """The preview has waveforms, tells of damage, and of what can't be learned from."""
    for i in range(6):
        save(calls / f"{i}.wav")
    (calls / "0.wav").write_bytes(b"damage")
    (calls / "7.mp3").write_bytes(MP3)

    found = inspect(calls.parent, DATASET)

    assert found.preview[1].display[AUDIO]["peaks"]
    assert [problem.message.split(" ")[0] for problem in found.problems] == ["Only", "0.wav"]


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xfb", "audio/mpeg"),
        (b"\xff\xf1", None),
        (b"\xff", None),
        (b"RIFF\x00\x00\x00\x00AVI ", None),
        (b"<html>", None),
    ],
)
def test_a_sound_is_known_by_its_first_bytes(content: bytes, mime: str | None) -> None:
    """What a file is called proves nothing."""
    assert sound_type(content) == mime
