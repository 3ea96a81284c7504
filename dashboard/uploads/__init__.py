"""Files on their way into the database: kept privately for who sent them, until read or forgotten.

Each file has a folder of its own below one that nobody but this system's account may open. What
stands there says how far it is, so that any process of the server, and the person who comes back,
finds the same: `upload.json` what was sent and how it is to be read, `lock` while it is being
read, `progress.json` how far, `done.json` what came of it.
"""

from dashboard.uploads.readings import Standing, begin, over, standing
from dashboard.uploads.upload import LARGEST, Upload, current, forget, keep, look, named

__all__ = [
    "LARGEST",
    "Standing",
    "Upload",
    "begin",
    "current",
    "forget",
    "keep",
    "look",
    "named",
    "over",
    "standing",
]
