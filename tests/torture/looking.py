"""Looking at all there is to see, as a browser asks for it: every page, every card, every file.

What is looked at comes from the registries, so that a new page is looked at without a word here.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from sqlalchemy import select

from data import db
from data.models import (
    AppUser,
    ChurnCase,
    Complaint,
    Customer,
    Followup,
    ImportBatch,
    Improvement,
    KnownIssue,
    Review,
    Store,
)
from data.person import SYSTEM
from pages import CHARTS, PAGES, TABLES, TILES
from tests.torture.asking import Asker, bodies, leaves

RECORDS = {  # whose number each page of a single record takes
    "/complaints/<number>": Complaint.number,
    "/callbacks/<number>": Followup.number,
    "/actions/<number>": Improvement.number,
    "/retention/cases/<number>": ChurnCase.id,
    "/customers/<number>": Customer.id,
    "/issues/<code>": KnownIssue.code,
    "/review/<week>": Review.week,
    "/admin/users/<login>": AppUser.login,
    "/admin/import/<batch>": ImportBatch.id,
}
ALL_ROWS = {"startRow": 0, "endRow": 200}
MORE = 60  # clicks on "Show more"
Said = tuple[str, bytes]
WHOLE = slice(None)


class Looker:
    """Somebody who looks at everything; `callbacks` are those of the application."""

    def __init__(self, asker: Asker, callbacks: Mapping[str, Any]) -> None:
        self.asker, self.fitting = asker, bodies(callbacks)

    def page(self, address: str) -> bytes:
        """What a page is filled with."""
        path, _mark, query = address.partition("?")
        search = f"?{query}" if query else ""
        return self._called("_pages_content", "", pathname=path, search=search)

    def cards(self, search: str = "", share: slice = WHOLE) -> Iterator[Said]:
        """Charts, tiles, grids and lists by their names, and what they are filled with."""
        for chart in [*CHARTS][share]:
            yield chart.name, self._called("drawing", chart.name, search=search)
        for tile in [*TILES][share]:
            yield tile.name, self._called("tile", tile.name, search=search)
        for table in [*TABLES][share]:
            yield from self.rows(table.name, search)

    def rows(self, name: str, search: str = "") -> Iterator[Said]:
        """A table as a grid and as a list."""
        yield name, self._called("table", name, search=search, getRowsRequest=ALL_ROWS)
        yield name, self._called("listing", name, search=search, n_clicks=MORE)

    def grid(self, name: str, search: str, request: Any) -> bytes:
        """What a grid gets that asks for this."""
        return self._called("table", name, search=search, getRowsRequest=request)

    def files(self, search: str = "", share: slice = WHOLE) -> Iterator[Said]:
        """The files of cards, in both shapes."""
        for widget in [*CHARTS, *TABLES][share]:
            for ending in ("csv", "xlsx"):
                path = f"/export/{widget.name}.{ending}{search}"
                yield path, self.asker.client.get(path).get_data()

    def _called(self, kind: str, name: str, **values: Any) -> bytes:
        """The answer to the callback that fills parts of this kind."""
        body = json.loads(json.dumps(self._filling(kind)).replace('"x"', json.dumps(name)))
        for one in leaves(body):
            if one["property"] in values:
                one["value"] = values[one["property"]]
        answer = self.asker.call(body)
        assert answer.status_code in (200, 204, 404), (kind, name, answer.status_code)
        found: bytes = answer.get_data()
        return found

    def _filling(self, kind: str) -> dict[str, Any]:
        return next(
            body for body in self.fitting.values()
            if isinstance(body["outputs"], list) and _kind(body["outputs"][0]) == kind
        )  # fmt: skip


def _kind(output: dict[str, Any]) -> Any:
    part = output["id"]
    return part["type"] if isinstance(part, dict) else part


def addresses(records: int) -> list[str]:
    """Every page; those of single records with so many of each, from the first to the last."""
    assert {*RECORDS} == {page.PATH for page in PAGES if "<" in page.PATH}
    plain = [page.PATH for page in PAGES if page.PATH not in RECORDS]
    with db.reading(as_=SYSTEM) as session:
        codes = dict(session.execute(select(Store.id, Store.code)).all())
        return [*plain, *(
            f"{path.partition('<')[0]}{quote(str(number), safe='')}?store={codes.get(store, '')}"
            for path, column in RECORDS.items()
            for number, store in spread(_numbers(session, column), records)
        )]  # fmt: skip


def _numbers(session: Any, column: Any) -> list[tuple[Any, int]]:
    """Every number there is, with its store (0 for what belongs to none)."""
    model = column.class_
    store = getattr(model, "store_id", None)
    query = select(column, *([] if store is None else [store])).order_by(model.id)
    return [(row[0], row[1] if len(row) > 1 else 0) for row in session.execute(query)]


def spread(found: list[Any], count: int) -> list[Any]:
    """So many of these, evenly from the first to the last."""
    if len(found) <= count:
        return found
    return [found[place * (len(found) - 1) // max(count - 1, 1)] for place in range(count)]
