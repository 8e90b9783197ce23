"""Folders whose files are the samples of a dataset."""

from __future__ import annotations

#: By kind of dataset: what its files are called. People know such samples by the files' names.
WORDS = {"images": "pictures", "texts": "texts", "audio": "sounds"}
