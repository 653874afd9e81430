"""人民网 (People's Daily Online): three layouts, whose days nobody has written down."""

from __future__ import annotations

from watcher.parse.sites.site import Layout, Site

PEOPLE = Site(
    name="人民网",
    domains=("people.com.cn",),
    layouts=(
        Layout(".rm_txt_con"),
        Layout("#rwb_zw"),
        Layout("#p_content"),
    ),
)
