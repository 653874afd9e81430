"""Every site that is declared, in one explicit list.

A post rarely says which site it was copied from, so all markings and boilerplate apply to every page; what they look
for is particular enough. Layouts are for pages whose address is the site's.
"""

from urllib.parse import urlsplit

from watcher.parse.sites.caixin import CAIXIN
from watcher.parse.sites.cls import CLS
from watcher.parse.sites.cnstock import CNSTOCK
from watcher.parse.sites.cs import CS
from watcher.parse.sites.eastmoney import EASTMONEY
from watcher.parse.sites.finews import FINEWS
from watcher.parse.sites.finviz import FINVIZ
from watcher.parse.sites.people import PEOPLE
from watcher.parse.sites.sina import SINA
from watcher.parse.sites.site import Layout, Marking, Site
from watcher.parse.sites.stcn import STCN
from watcher.parse.sites.tonghuashun import TONGHUASHUN
from watcher.parse.sites.xinhuanet import XINHUANET
from watcher.parse.sites.xueqiu import XUEQIU
from watcher.parse.sites.yicai import YICAI

ALL_SITES: tuple[Site, ...] = (
    CAIXIN,
    CLS,
    CNSTOCK,
    CS,
    EASTMONEY,
    FINEWS,
    FINVIZ,
    PEOPLE,
    SINA,
    STCN,
    TONGHUASHUN,
    XINHUANET,
    XUEQIU,
    YICAI,
)


def site_of(url: str | None) -> Site | None:
    """The declared site that an address belongs to."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return None
    return next((site for site in ALL_SITES if any(f".{host}".endswith(f".{domain}") for domain in site.domains)), None)


__all__ = ["ALL_SITES", "Layout", "Marking", "Site", "site_of"]
