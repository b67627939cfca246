"""The proxy that a user names; those of the environment are not ours."""

from __future__ import annotations

import yarl

from schemas.errors import UserError


def proxy_of(text: str) -> tuple[yarl.URL | None, tuple[str, str] | None]:
    """The value of ``--proxy`` as an address, and the user and password that open it, which stand in no address,
    error or log line from here on. Raises ``UserError``, which does not repeat the value either."""
    if not text:
        return None, None
    url = yarl.URL()
    try:
        url = yarl.URL(text.strip())
        whole = url.raw_host and url.port and url.path in {"", "/"} and not url.raw_query_string
    except ValueError:
        whole = False
    if url.scheme not in {"http", "https"} or not whole:
        raise UserError("--proxy: expected http://HOST:PORT or https://HOST:PORT, with USER:PASSWORD@ where needed")
    secret = (url.user or "", url.password or "") if url.raw_user is not None else None
    return url.with_user(None), secret
