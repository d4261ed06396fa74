import sys
from pathlib import Path

import pytest

from diglot.catalog.filesystem import filesystem_type, refuse_network_filesystem
from diglot.domain.errors import CatalogUnusable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the type of a file system")


def test_a_local_folder_is_fine(tmp_path: Path) -> None:
    refuse_network_filesystem(tmp_path)


def test_types_are_those_of_the_kernel() -> None:
    # linux/magic.h: PROC_SUPER_MAGIC
    assert filesystem_type(Path("/proc")) == 0x9FA0


def test_a_refused_type_is_named(tmp_path: Path) -> None:
    here = filesystem_type(tmp_path)
    assert here is not None
    with pytest.raises(CatalogUnusable, match="Floppy"):
        refuse_network_filesystem(tmp_path, {here: "Floppy"})


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogUnusable, match="exist"):
        refuse_network_filesystem(tmp_path / "nowhere")
    assert filesystem_type(tmp_path / "nowhere") is None
