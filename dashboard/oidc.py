"""Signing in at the house's own provider (OpenID Connect), for accounts that are kept here."""

from collections.abc import Mapping
from typing import Any

import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from flask import Blueprint, Flask, current_app, redirect, render_template, request, session
from flask import url_for as address
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from dashboard import i18n, log, sessions, visitor
from dashboard.doors import EVERYBODY, open_to
from dashboard.i18n import _
from dashboard.settings import Settings
from data import db, elsewhere
from data.person import SYSTEM

pages = Blueprint("oidc", __name__, template_folder="templates")
PROVIDER = "oidc"
PATIENCE = 5  # seconds that the provider has for each answer
SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA"]
WANTED = "wanted"  # the page one was on the way to
WRONG = (AuthlibBaseError, JoseError, OSError, ValueError, KeyError, RuntimeError)


class Provider(FlaskOAuth2App):  # type: ignore[misc]
    """The provider, taken at its word only if it is the one that was set and signs with a key."""

    def load_server_metadata(self) -> dict[str, Any]:
        """What the provider says of itself."""
        said: dict[str, Any] = super().load_server_metadata()
        ours = current_app.config["OIDC_ISSUER"].rstrip("/")
        if str(said.get("issuer")).rstrip("/") != ours:
            raise OAuthError("issuer", "the provider calls itself by another name")
        said["id_token_signing_alg_values_supported"] = SIGNED_BY  # never none, never our secret
        return said


class _Providers(OAuth):  # type: ignore[misc]
    oauth2_client_cls = Provider


def init(server: Flask, settings: Settings) -> None:
    """Add the way by the provider to `server`, if all three settings are there."""
    secret = settings.oidc_client_secret
    if not (settings.oidc_issuer and settings.oidc_client_id and secret):
        return
    server.config["OIDC_ISSUER"] = settings.oidc_issuer
    place = f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration"
    how = {"scope": "openid profile email", "code_challenge_method": "S256"}
    _Providers(server).register(
        PROVIDER,
        client_id=settings.oidc_client_id,
        client_secret=secret.get_secret_value(),
        server_metadata_url=place,
        client_kwargs={**how, "default_timeout": PATIENCE},
    )
    server.register_blueprint(pages)
    server.context_processor(lambda: {"provider": _("Sign in with the company account")})


@pages.get("/login/oidc")
@open_to(EVERYBODY)
def go() -> Response | tuple[str, int]:
    """Send the browser to the provider; state, nonce and verifier wait in its cookie."""
    if sessions.signed_in():
        return redirect(address("signin.login", next=request.args.get("next", "/")))
    session.clear()  # of an attempt that was broken off nothing is left to be used
    session[WANTED] = request.args.get("next", "/")[:1000]
    try:
        there: Response = _provider().authorize_redirect(address("oidc.back", _external=True))
    except WRONG as error:
        return _refused(error)
    return there


@pages.get("/login/oidc/callback")
@open_to(EVERYBODY)
def back() -> Response | tuple[str, int]:
    """Let in whom the provider vouches for, if they have an account here."""
    if sessions.signed_in():  # another site must not put somebody else in one's place
        return redirect(address("signin.login"))
    try:
        vouched = _provider().authorize_access_token()["userinfo"]
    except WRONG as error:
        return _refused(error)
    wanted = session.get(WANTED, "/")
    with db.writing(by=SYSTEM) as writing:
        found = elsewhere.arrive(writing, vouched["sub"], _logins(vouched), now=sessions.now())
    if found is None:
        return _say(
            _("You have no account here. Whoever runs Aftercare can open one for you.")
        ), 403
    sessions.sign_in(found)
    return redirect(address("signin.login", next=wanted))  # which stays on this site


def _provider() -> Any:
    return current_app.extensions["authlib.integrations.flask_client"].create_client(PROVIDER)


def _logins(vouched: Mapping[str, Any]) -> list[str]:
    """By which logins somebody may be known: their name there, and an address that is proved."""
    proved = vouched.get("email") if vouched.get("email_verified") is True else None
    return [name for name in (vouched.get("preferred_username"), proved) if isinstance(name, str)]


def _refused(error: Exception) -> tuple[str, int]:
    structlog.get_logger().warning("provider refused", kind=type(error).__name__)
    session.clear()
    return _say(_("Signing in with the company account did not work. Try again.")), 401


def _say(sentence: str) -> str:
    words = {"home": _("To the sign-in page"), "reference": _("Reference")}
    return render_template(
        "message.html",
        title=sentence,
        words=words,
        reference=log.reference(),
        closed=False,
        language=i18n.HTML_NAMES[i18n.language()],
        theme=visitor.chosen_theme(),
        token=sessions.token(),
    )
