"""Part of every build of the package: the console's pages, where they can be made."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ConsoleHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        console = runpy.run_path(str(Path(self.root) / "tools" / "build_console.py"))
        try:
            console["build"]()
        except console["NotBuilt"] as reason:
            present = "an older console" if console["BUILT"].is_dir() else "no console, and works without"
            self.app.display_warning(f"This package of Diglot has {present}: {reason}.")
