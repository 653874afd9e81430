"""What news agencies send: NewsML-G2, NewsML 1, NITF, ninjs, IPTC 7901, and XML of their own. One module a format."""
