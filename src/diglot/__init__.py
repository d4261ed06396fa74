"""One knowledge base, two HTTP dialects."""

__version__ = "0.1.0"
