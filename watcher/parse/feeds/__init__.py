"""Feeds: RSS, RDF, Atom, JSON Feed and WordPress exports, one article an entry."""
