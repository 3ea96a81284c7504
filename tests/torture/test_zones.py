"""A server may stand in any time zone and use either database: it tells the same ages and verdicts.

The same cases are filed by processes that live in different zones, and what those tell of them is
compared with each other, and with what Python's own clocks say.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import fresh
from tests.torture.conftest import rounds
from tests.torture.telling_time import ASKED, ZONES, instants

ROOT = Path(__file__).parents[2]
COUNT = rounds(120, 10_000)
SERVERS = ("America/New_York", "Pacific/Kiritimati", "UTC")[: rounds(2, 3)]
CLASSES = ((1, "0-1"), (3, "1-3"), (7, "3-7"), (14, "7-14"), (30, "14-30"), (10**9, "30+"))


@pytest.fixture(scope="module")
def told(postgres_url, tmp_path_factory):
    """What is told in each server's zone, by each database, of the same cases."""
    folder, found = tmp_path_factory.mktemp("zones"), {}
    for number, zone in enumerate(SERVERS):
        urls = [
            f"sqlite:///{folder / f'{number}.db'}",
            fresh(postgres_url, f"aftercare_zone_{number}"),
        ]
        answers = telling(zone, folder / f"{number}.json", urls)
        found |= {
            (zone, url.partition(":")[0]): one for url, one in zip(urls, answers, strict=True)
        }
    return found


def telling(zone: str, file: Path, urls: list[str]) -> list[dict]:
    """A process in this zone."""
    command = (sys.executable, "-m", "tests.torture.telling_time", str(COUNT), str(file), *urls)
    environment = os.environ | {"TZ": zone, "PGTZ": zone}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return json.loads(file.read_text())


def test_the_same_is_told_in_every_zone_and_by_both_databases(told, measured):
    first, *others = told
    for other in others:
        assert told[other].keys() == told[first].keys()
        different = [key for key in told[first] if told[other][key] != told[first][key]]
        assert different == [], f"{other} tells otherwise than {first}"
    measured(
        gate="time zones",
        aim="10,000 instants × 3 server zones × 2 databases: the same ages, buckets and verdicts",
        figure=f"{COUNT:,} instants × {len(SERVERS)} zones × 2 databases, asked at {len(ASKED)}"
        " moments: 0 differences",
        database="both",
    )


@pytest.fixture
def one(told):
    return told["America/New_York", "sqlite"]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_days_are_those_of_the_store(one):
    days = [
        (moment(opened), day)
        for _number, opened, day, *_dues in one["kept"]
    ]  # fmt: skip
    assert [opened for opened, _day in days] == instants(COUNT)
    zones = [ZoneInfo(zone) for zone in ZONES.values()]
    assert [day for _opened, day in days] == [
        str(opened.astimezone(zones[place % 2]).date()) for place, (opened, _) in enumerate(days)
    ]


def test_ages_and_verdicts_are_those_of_plain_arithmetic(one):
    dues = {opened: due for _number, opened, _day, _reply, due, _half in one["kept"]}
    seen = Counter()
    for code in ZONES:
        for as_of in ASKED:
            for case in one[f"{code} {as_of.isoformat()}"]["cases"]:
                days = (as_of - moment(case["opened_at"])).total_seconds() / 86_400
                assert float(case["days"]) == pytest.approx(days)
                assert case["bucket"] == next(name for below, name in CLASSES if days < below)
                late = as_of > moment(dues[case["opened_at"]])
                assert (case["target"] == "breached") == late
                seen[case["bucket"], late] += 1
    assert len(seen) > len(CLASSES)


def test_calls_are_shown_at_the_hour_of_the_stores_clock(one):
    for place, (code, zone) in enumerate(ZONES.items()):
        made = [each.astimezone(ZoneInfo(zone)) for each in instants(COUNT)[place::2]]
        for as_of in ASKED:
            found, _ = one[f"{code} {as_of.isoformat()}"]["reach_by_hour"]
            wanted = Counter((at.weekday(), at.hour) for at in made if at <= as_of)
            assert {(int(row["weekday"]), int(row["hour"])): int(row["denominator"])
                    for row in found} == dict(wanted)  # fmt: skip
