"""What the Superset of `bench.superset` is told: keep all answers, in files by its metadata."""

import os
from pathlib import Path

KEPT = {
    "CACHE_TYPE": "FileSystemCache",
    "CACHE_DIR": str(Path(os.environ["SUPERSET_HOME"]) / "kept"),
    "CACHE_DEFAULT_TIMEOUT": 3600,
}
CACHE_CONFIG = DATA_CACHE_CONFIG = KEPT
