"""The verb about who may do what: members."""

from __future__ import annotations

from typing import get_args

from traitlets import Enum, Unicode

from jupyterlab_al.cli.base import USAGE, VerbApp
from jupyterlab_al.domain.models import Role


class MembersApp(VerbApp):
    """Say who has which role in a project, give somebody one, or take it away.

    Whoever is no member has the role that the server gives to everybody: owner, unless it says
    otherwise. People are named as they sign their labels.
    """

    verb = "members"
    description = __doc__
    arguments = ("NAME",)
    add = Unicode(help="Who gets a role, instead of the one they have.").tag(config=True)
    role = Enum(
        get_args(Role),
        None,
        allow_none=True,
        help="owner (all), reviewer (labels, sees what others say, decides), annotator (labels) "
        "or viewer (looks).",
    ).tag(config=True)
    remove = Unicode(help="Whose role is taken away.").tag(config=True)
    aliases = {
        **VerbApp.aliases,
        "add": "MembersApp.add",
        "role": "MembersApp.role",
        "remove": "MembersApp.remove",
    }

    def run(self, *arguments: str) -> None:
        """Change what was asked for, then print a line a member."""
        from jupyterlab_al.services import members

        [name] = arguments
        if self.add and self.remove:
            self.fail("--add and --remove are two calls.", code=USAGE)
        if bool(self.add) != bool(self.role):
            self.fail("--add and --role go together.", code=USAGE)
        if self.add and self.role:
            self.database.write(members.give, name, self.person, self.add, self.role)
        if self.remove:
            self.database.write(members.take, name, self.person, self.remove)
        there = self.database.read(members.page, name, self.person)
        self.say(
            "\n".join(f"{annotator:24} {role}" for annotator, role in there.items())
            or "Nobody has a role of their own; everybody has the one that the server gives.",
            [{"annotator": annotator, "role": role} for annotator, role in there.items()],
        )
