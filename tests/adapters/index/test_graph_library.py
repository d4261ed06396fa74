import subprocess
import sys

import pytest

LOADED_TOGETHER = "import diglot.adapters.index.graph, tantivy, numkong, rjieba, Stemmer, onnxruntime"


@pytest.mark.parametrize("before", ["", "import onnxruntime; ", "import tokenizers; "])
def test_the_graph_and_a_model_live_in_one_process(before: str) -> None:
    """In a process of its own: what may go wrong is a segmentation fault."""
    done = subprocess.run([sys.executable, "-c", before + LOADED_TOGETHER], capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
