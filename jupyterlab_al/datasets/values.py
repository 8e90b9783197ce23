"""Arrow values as Python's, also where Python has no such value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_MICROSECONDS = {"s": 1_000_000, "ms": 1_000, "us": 1}


def python_value(scalar: Any) -> Any:
    """Return a value as Python's; as text where Python has none such (the year 20000)."""
    import pyarrow as pa

    try:
        if isinstance(scalar, pa.TimestampScalar) and scalar.is_valid:
            return _moment(scalar)
        return scalar.as_py()
    except (ValueError, OverflowError):
        return scalar.cast(pa.string()).as_py()


def python_values(values: pa.Array) -> list[Any]:
    """Return the values of a column as Python's."""
    try:
        return list(values.to_pylist())
    except (ValueError, OverflowError):
        return [python_value(value) for value in values]


def _moment(scalar: Any) -> datetime:
    """Return a time without the help of pandas, which pyarrow would load for its zone."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    moment = epoch + timedelta(microseconds=scalar.value * _MICROSECONDS[scalar.type.unit])
    return moment if scalar.type.tz else moment.replace(tzinfo=None)
