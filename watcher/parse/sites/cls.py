"""财联社 (CLS): reports in ``.detail-content``, telegraph flashes in ``.detail-telegraph-content``."""

from __future__ import annotations

from watcher.parse.sites.site import Layout, Site

CLS = Site(
    name="财联社",
    domains=("cls.cn",),
    layouts=(
        Layout(".detail-content"),
        Layout(".detail-telegraph-content"),
    ),
)
