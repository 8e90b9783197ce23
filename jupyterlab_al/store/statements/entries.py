"""What the statements about queue entries have in common."""

from __future__ import annotations

from sqlalchemy import and_

from jupyterlab_al.store.clock import now
from jupyterlab_al.store.tables import queue_entry

entry = queue_entry
#: Another slot of the same sample.
other = queue_entry.alias("other")

#: Nobody did it and nobody holds it.
is_free = and_(entry.c.done_at.is_(None), entry.c.lease_expires_at <= now)

#: Somebody holds it; the lease of what is done has ended.
is_held = entry.c.lease_expires_at > now
