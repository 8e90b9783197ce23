"""What an operator sets reaches the server, and server and command line agree on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyterlab_al.cli.base import ActiveLearning as Section
from jupyterlab_al.extension import ActiveLearning
from jupyterlab_al.handlers.context import Context


def test_the_server_keeps_its_files_where_the_operator_says(
    jp_server_config: dict[str, Any], context: Context
) -> None:
    """`ActiveLearning.data_dir` decides where projects are kept."""
    wanted = Path(jp_server_config["ActiveLearning"]["data_dir"])

    assert context.settings.data_dir == wanted.resolve()


def test_server_and_command_line_share_one_folder_by_default() -> None:
    """Without any setting, `jupyter al` sees the projects of the server."""
    assert ActiveLearning().data_dir == Section().data_dir
