"""pack: what browsers load, made as small as can be when Aftercare is set up."""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import brotli
import click

from dashboard import icon_set, packing, scripts

ASSETS = Path(__file__).parents[2] / "assets"
LOADED = {  # by pages, of what each package brings
    "dash": (
        *("deps/*.min.js", "dash-renderer/build/*.min.js", "html/*.min.js"),
        *("dcc/dash_core_*.js", "dcc/async-graph.js", "dcc/async-dropdown.js"),
    ),
    "dash_bootstrap_components": ("_components/*.min.js",),
    "dash_ag_grid": ("dash_ag_grid.min.js",),
    "flask_bootstrap": ("static/bootstrap5/css/bootstrap.min.css",),
}


@click.command()
def pack() -> None:
    """Pack scripts, styles and icons as small as can be; `make` does so when it sets up.

    Where it was not done, the server packs by itself, less well.
    """
    packing.forget()
    icon_set.keep_font()
    sizes = [_packed(text) for text in texts()]
    before, after = (sum(size) / 1e6 for size in zip(*sizes, strict=True))
    click.echo(f"Packed {len(sizes)} scripts and styles: {before:.1f} MB are {after:.1f} MB now.")


def texts() -> Iterator[bytes]:
    """The scripts and styles that pages load."""
    for kind, made in scripts.LIGHTER.values():
        if kind in scripts.TEXTS and (text := made()):
            yield text
    for package, patterns in LOADED.items():
        for pattern in patterns:
            yield from (file.read_bytes() for file in _folder(package).glob(pattern))
    yield from (file.read_bytes() for file in ASSETS.iterdir())


def _packed(text: bytes) -> tuple[int, int]:
    small = brotli.compress(text)
    packing.keep(text, "br", small)
    return len(text), len(small)


def _folder(package: str) -> Path:
    return Path(str(resources.files(package)))


VERBS = (pack,)
