"""Finviz: lists the headlines of others."""

from __future__ import annotations

from watcher.parse.sites.site import Site

FINVIZ = Site(name="finviz", domains=("finviz.com",), aggregates=True)
