"""One line of what `reactune doctor` prints."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report; ``hint`` is what to do when it is not well."""

    name: str
    well: bool
    found: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f"\n    → {self.hint}" if self.hint and not self.well else ""
        return f"{'✓' if self.well else '✗'} {self.name}: {self.found}{hint}"
