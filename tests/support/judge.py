"""pycanon, the independent judge of anonymity, asked in its own environment."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support.tools import need

FOLDER = Path(__file__).parents[2] / ".venv-judge" / "bin"

# Two traps of pycanon: rows with a missing quasi-identifier are dropped, and l-diversity needs a
# fresh index. So missing values become "*" and the frame is built anew for every question.
QUESTION = """
import json, sys
import pandas
from pycanon import anonymity
asked = json.load(sys.stdin)
frame = pandas.DataFrame(asked["rows"]).fillna("*").astype(str).reset_index(drop=True)
print(anonymity.k_anonymity(frame, asked["quasi"]))
"""


def k_anonymity(rows: Sequence[Mapping[str, object]], quasi: Sequence[str]) -> int:
    """Return the size of the smallest class of `rows` over the columns `quasi`, says pycanon."""
    asked = json.dumps({"rows": [dict(row) for row in rows], "quasi": list(quasi)}, default=str)
    python = need("python", "python3-venv; then make test builds .venv-judge", FOLDER)
    done = subprocess.run(
        [python, "-c", QUESTION], input=asked, capture_output=True, text=True, check=True
    )
    return int(done.stdout)
