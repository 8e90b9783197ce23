"""Keys of samples: a frame's index as texts, and the texts as that index again."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from jupyterlab_al.client.errors import InvalidInputError

if TYPE_CHECKING:
    import pandas as pd

WAY_OUT = "Call reset_index(drop=True), or make texts of it: frame.index = frame.index.astype(str)."


def key_of(label: Hashable) -> str:
    """Return a value of an index as the text that a sample is known by.

    Examples
    --------
    >>> key_of(3), key_of(("north", 2026))
    ('3', '["north", "2026"]')
    """
    if isinstance(label, tuple):
        return json.dumps([key_of(part) for part in label], ensure_ascii=False)
    isoformat = getattr(label, "isoformat", None)
    if isoformat is not None:
        return str(isoformat())
    plain = getattr(label, "item", None)
    return str(label if plain is None else plain())


def keys_of(index: pd.Index[Any]) -> tuple[list[str], str]:
    """Return the keys of an index, and what they must be known of to become that index again.

    Raises
    ------
    InvalidInputError
        If they would not be the same afterwards, or one is there twice.
    """
    if not index.is_unique:
        twice = index[index.duplicated()].tolist()[0]
        raise InvalidInputError(
            f"The index has {twice!r} twice, so labels could not be told apart; call "
            "reset_index(drop=True)."
        )
    keys = [key_of(label) for label in index]
    levels = [index.get_level_values(level) for level in range(index.nlevels)]
    described = json.dumps(
        {
            "names": [_plain(name) for name in index.names],
            "types": [_type_of(one) for one in levels],
        }
    )
    if not _are_same(index, keys, described):
        raise InvalidInputError(
            f"An index of {index.inferred_type} values can't be told from texts. {WAY_OUT}"
        )
    return keys, described


def index_of(keys: Sequence[str], key_type: str | None, column: str | None = None) -> pd.Index[Any]:
    """Return the index whose keys these are.

    Parameters
    ----------
    keys : sequence of str
    key_type : str or None
        What `keys_of` said of it, the name of a type, or None for texts.
    column : str, optional
        Name of the index where `key_type` has none.
    """
    import pandas as pd

    if key_type is None or not key_type.startswith("{"):
        return _typed(keys, key_type or "object").rename(column)
    described = json.loads(key_type)
    names, types = described["names"], described["types"]
    if len(types) == 1:
        return _typed(keys, types[0]).rename(names[0])
    levels = list(zip(*(json.loads(key) for key in keys), strict=True)) or [()] * len(types)
    return pd.MultiIndex.from_arrays(
        [_typed(level, kind) for level, kind in zip(levels, types, strict=True)], names=names
    )


def meant(labels: Iterable[Hashable], key_type: str | None) -> list[str]:
    """Return the keys that somebody means who writes them another way: a day without its time."""
    keys = [key_of(label) for label in labels]
    if key_type is None or not keys:
        return keys
    try:
        return [key_of(label) for label in index_of(keys, key_type)]
    except (ValueError, TypeError):
        # One of them is no key; which one is found when they are looked for.
        return keys


def _are_same(index: pd.Index[Any], keys: list[str], key_type: str) -> bool:
    try:
        return bool(index_of(keys, key_type).equals(index))
    except (ValueError, TypeError):
        return False


def _type_of(level: pd.Index[Any]) -> str:
    """Return the type that texts must be made to give these values again; of categories, theirs."""
    if level.dtype == object:
        kind = level.inferred_type
        return kind if kind == "date" else str(level.infer_objects().dtype)
    return str(getattr(level.dtype, "categories", level).dtype)


def _typed(keys: Sequence[str], kind: str) -> pd.Index[Any]:
    import pandas as pd

    if kind == "date":
        return pd.Index([date.fromisoformat(key) for key in keys], dtype=object)
    if kind in ("bool", "boolean"):
        return pd.Index([key == "True" for key in keys], dtype=kind)
    texts: pd.Index[Any] = pd.Index(list(keys), dtype=object)
    return texts if kind == "object" else texts.astype(kind)


def _plain(name: Hashable) -> Any:
    return name if name is None or isinstance(name, str | int) else str(name)
