"""Who the caller is: one resolver for all handlers."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from functools import cache
from typing import Any

from jupyterlab_al.domain.models import Person, Role

#: Providers that invent a name for whoever holds the token: never an identity.
ANONYMOUS_PROVIDERS = ("IdentityProvider", "PasswordIdentityProvider", "LegacyIdentityProvider")


@dataclass(frozen=True, kw_only=True, slots=True)
class IdentityResolver:
    """Turns Jupyter's user into the annotator that labels are signed with."""

    #: Name used where the server has no identities of its own; empty: the operating system's user.
    annotator: str = ""
    default_role: Role = "owner"

    def person(self, user: Any, provider: Any) -> Person:
        """Return the Hub user's name, a real provider's user, or this computer's user.

        A token request gets a new random user each time; such a name must not sign labels.
        """
        if hasattr(user, "hub_user") or type(provider).__name__ not in ANONYMOUS_PROVIDERS:
            name = user.display_name or user.name or user.username
            return Person(id=user.username, name=name, default_role=self.default_role)
        login = self.annotator or _system_user()
        return Person(id=login, name=login, default_role=self.default_role)


@cache
def _system_user() -> str:
    return getpass.getuser()
