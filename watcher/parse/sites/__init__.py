"""Every site that is declared, in one explicit list.

A post rarely says which site it was copied from, so all markings and boilerplate apply to every page; what they look
for is particular enough.
"""

from watcher.parse.sites.eastmoney import EASTMONEY
from watcher.parse.sites.finews import FINEWS
from watcher.parse.sites.finviz import FINVIZ
from watcher.parse.sites.site import Marking, Site
from watcher.parse.sites.stcn import STCN

ALL_SITES: tuple[Site, ...] = (EASTMONEY, FINEWS, FINVIZ, STCN)

__all__ = ["ALL_SITES", "Marking", "Site"]
