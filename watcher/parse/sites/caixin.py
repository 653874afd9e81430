"""财新网 (Caixin): the text lies in ``#Main_Content_Val``."""

from __future__ import annotations

from watcher.parse.sites.site import Layout, Site

CAIXIN = Site(
    name="财新网",
    domains=("caixin.com",),
    layouts=(Layout("#Main_Content_Val"),),
)
