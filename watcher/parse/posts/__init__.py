"""Posts: Jekyll, Hexo and Hugo headers, Markdown and plain text, and digests of many items."""
