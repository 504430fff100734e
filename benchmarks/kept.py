"""benchmarks/results/training.json: each script that measures training keeps its own part."""

import json
from datetime import UTC, datetime

from benchmarks.retrieval_data import ROOT

RESULTS = ROOT / "benchmarks" / "results" / "training.json"


def keep(part: str, found: dict) -> None:
    """Write ``found`` as one ``part`` of the results, whose others stay, and print it."""
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    kept[part] = {**found, "date": datetime.now(UTC).date().isoformat()}
    RESULTS.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n")
    print(json.dumps({part: found}, ensure_ascii=False, indent=1))
