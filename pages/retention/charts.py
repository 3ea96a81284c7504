"""The figures of the retention page."""

from dashboard import urls
from dashboard.widgets import Tile
from data.metrics import retention

TILES = (
    Tile(
        name="retention-base",
        title="Active customer base",
        metric=retention.active_base,
        drill=urls.vehicles,
    ),
)
CHARTS = ()
