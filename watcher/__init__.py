"""News files in, alerts out: detect → read → parse → identify → link → match → store → deliver."""

__version__ = "0.1.0"
