"""Who stays: how long the vehicles have been away, and how many of each cohort come again."""

from dashboard import urls
from dashboard.widgets import Tile
from data.metrics import retention
from pages.retention.section import Section

TILES = (
    Tile(
        name="retention-base",
        title="Active customer base",
        metric=retention.active_base,
        drill=urls.vehicles,
    ),
)
SECTIONS: tuple[Section, ...] = ()
