"""A site of a few lines behind nginx: it says how often it was asked, and as what."""

import itertools
import os
import time

_asked = itertools.count(1)


def application(environ, start_response):
    path = environ["PATH_INFO"]
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "max-age=60")]
    status = "200 OK"
    if path.startswith("/slow/"):
        time.sleep(0.5)
    if path.startswith("/admin/"):
        headers[1] = ("Cache-Control", "private, no-store")
    if path.startswith("/broken/"):
        status = "500 Internal Server Error"
    if path == "/private/":
        headers[1] = ("Cache-Control", "private, max-age=60")
    start_response(status, headers)
    seen_as = environ.get("HTTP_X_FORWARDED_PROTO", "")
    return [f"{path} {os.getpid()}-{next(_asked)} {seen_as}".encode()]
