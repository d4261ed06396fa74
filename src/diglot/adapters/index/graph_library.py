"""usearch, loaded so that it gets on with the libraries that are loaded after it."""

import contextlib
import ctypes
import sys

if sys.platform == "linux":
    # usearch's wheel carries a C++ runtime of its own and exports it; onnxruntime, loaded later, would bind to parts of
    # it and crash in its first regular expression. With the system's runtime in place first, both use that one.
    with contextlib.suppress(OSError):
        ctypes.CDLL("libstdc++.so.6", mode=ctypes.RTLD_GLOBAL)

from usearch.index import Index

__all__ = ["Index"]
