"""How soon a server answers, and what it weighs while it does nothing, without a model."""

from diglot.cli.doctor import measure_standing


def measure() -> dict[str, float]:
    """Seconds to the first good answer; MiB over all processes: shared pages once, and the plain sum."""
    found = measure_standing()
    return {name: float(value) for name, value in found.items() if isinstance(value, (int, float))}
