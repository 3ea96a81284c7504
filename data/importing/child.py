"""The process that reads a dealer's file: limited, so that no file can take the server with it.

It gets one job as JSON on its standard input and says one JSON object a line on its standard
output: {"progress": [done, total]}, and at the end one of {"result"}, {"refused"}, {"failed"}.
"""

import gc
import json
import sys
import traceback
from typing import Any

from data import db
from data.commands import Refused
from data.importing.job import TOO_LARGE, Job, job_from
from data.importing.result import as_json
from data.importing.run import import_file, preview_file
from data.importing.storable import storable
from data.trouble import trouble


def main() -> None:
    """Do the job on standard input."""
    task = json.load(sys.stdin)
    limit_memory(task["memory_bytes"])
    spare_what_is_loaded()
    db.connect(task["url"])
    try:
        _say(result=_do(task["what"], job_from(task["job"])))
    except Refused as no:
        gaps = {name: storable(str(gap)) for name, gap in no.gaps.items()}
        _say(refused={"sentence": no.sentence, "gaps": gaps, "type": type(no).__name__})
    except MemoryError:
        _say(refused={"sentence": TOO_LARGE, "gaps": {}, "type": "FileRefused"})
    except Exception as error:
        _say(**_failed(error))
    finally:
        db.close()


def _failed(error: Exception) -> dict[str, Any]:
    """What to say of an error that is not the file's: of the disk's in words, else for the log."""
    if found := trouble(error):
        return {"refused": {"sentence": found.says, "gaps": {}, "type": "FileRefused"}}
    return {"failed": traceback.format_exc()}


def _do(what: str, job: Job) -> dict[str, Any]:
    if what == "preview":
        return as_json(preview_file(job))
    return as_json(import_file(job, lambda done, total: _say(progress=[done, total])))


def _say(**word: Any) -> None:
    sys.stdout.write(json.dumps(word, default=str) + "\n")
    sys.stdout.flush()


def spare_what_is_loaded() -> None:
    """Let no garbage be looked for in what is loaded: going through it costs more than the rows."""
    gc.collect()
    gc.freeze()


def limit_memory(most: int) -> None:
    """Let this process have no more than `most` bytes; Windows knows no such limit."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    main()
