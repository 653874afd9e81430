"""Whole web pages: what of a saved page is the article, and what the page says of itself."""
