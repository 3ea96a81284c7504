"""A page with a single graph on the same script as ours: the least that a chart can take."""

from dash import Dash, dcc
from flask import Flask

from dashboard import scripts


def create_server() -> Flask:
    """What gunicorn serves."""
    app = Dash("bare", compress=True)
    scripts.init(app.server)
    app.layout = dcc.Graph(figure={"data": [{"type": "bar", "y": [3, 1, 2]}]})
    server: Flask = app.server
    server.test_client().get("/")  # Dash's lazy set-up, before anybody asks
    return server
