"""Pages that hold no article, and what they hold instead: a redirect, a captcha, a login, an error, headlines."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

from watcher.errors import UnparsedError
from watcher.parse.lines import Line
from watcher.parse.pages.body import is_sentence
from watcher.parse.pages.furniture import Survey

_REFRESH = re.compile(r"\s*\d*\s*[;,]\s*url\s*=\s*['\"]?(?P<url>[^'\"\s>]+)", re.IGNORECASE)
_LONGEST_REFRESH = 1000
_LITTLE = 200
"""Characters of running text that a page without an article may hold."""
_STUBS = (
    (
        "a check for robots",
        r"just a moment|attention required|are you (?:a )?(?:human|robot)|verify(?:ing)? (?:that )?you are (?:a )?human"
        r"|checking your browser|unusual traffic|验证码|人机(?:身份)?验证|安全验证|滑动验证|请完成.{0,6}验证"
        r"|(?:访问|操作)过于频繁|访问异常",
    ),
    (
        "an error of the site",
        r"\b(?:401|403|404|429|50[0234])\b.{0,20}(?:forbidden|not found|unauthorized|error|gateway|unavailable|错误)"
        r"|access denied|^(?:403|404)\b|forbidden$|page not found|service unavailable|bad gateway"
        r"|页面(?:不存在|找不到|无法访问|已删除)|(?:文章|内容|新闻)(?:不存在|已(?:被)?删除)|您访问的页面",
    ),
    (
        "a request to log in or subscribe",
        r"(?:log|sign) ?in (?:to|or) (?:continue|read|view|register)|subscribe to (?:continue|read|unlock)"
        r"|登录后(?:才能|可|即可)?(?:查看|阅读|浏览|继续)|请先?登录"
        r"|(?:会员|订阅|付费)(?:专享|可见|后(?:可|才能)?(?:阅读|查看))",
    ),
    (
        "a request to switch on scripts",
        r"enable (?:javascript|js)\b|requires javascript|(?:启用|开启|打开)\s?javascript",
    ),
)
_STUB_PATTERNS = tuple((reason, re.compile(words, re.IGNORECASE)) for reason, words in _STUBS)
_FEWEST_TEASERS, _FEWEST_HEADLINES = 5, 20
_SHORTEST_HEADLINE = 8
_SHORTEST_LINK = 5
"""比亚迪回购 is a headline where nothing but links is there."""
_LINKED = 0.6
"""So much of a line is link where it is a headline with its date behind it."""
_REST_OF_A_LIST = 40
"""Characters beside the headlines of a list: a title, 下一页."""


def refuse_redirect(tree: BeautifulSoup, survey: Survey) -> None:
    """Raise for a page that only sends its reader on."""
    for tag in survey.named("meta"):
        found = _REFRESH.match(str(tag.get("content") or "")[:_LONGEST_REFRESH])
        if (
            found
            and str(tag.get("http-equiv") or "").strip().lower() == "refresh"
            and survey.text(tree.body or tree) < _LITTLE
        ):
            raise UnparsedError(f"no article: the page only redirects to {found['url'][:200]}")


def refuse_stub(lines: list[Line], title: str | None) -> None:
    """Raise for what a site shows instead of an article."""
    if sum(len(line.text) for line in lines if is_sentence(line)) >= _LITTLE:
        return
    text = "\n".join([title or "", *(line.text for line in lines)])
    if len(text) > 10 * _LITTLE:
        return
    for reason, pattern in _STUB_PATTERNS:
        if found := pattern.search(text):
            raise UnparsedError(f"no article: the page is {reason} ({found[0]})")


def teasers_of(survey: Survey) -> list[str]:
    """What the elements called ``article`` say, if all that a page has only announce a story; else nothing."""
    teasers: list[str] = []
    for element in survey.named("article"):
        if survey.text(element) > _LITTLE or survey.prose(element) * 5 > survey.text(element) * 4:
            return []
        teasers.append("".join(element.get_text().split()))
    return teasers


def refuse_headlines(lines: list[Line], teasers: list[str]) -> None:
    """Raise for the front page of a site or a section, where there is no doubt: no running text outside of links."""
    headlines = [line for line in lines if line.is_only_links and len(line.text) >= _SHORTEST_HEADLINE]
    announced = "\n".join(teasers)
    sentences = [line for line in lines if is_sentence(line) and "".join(line.text.split()) not in announced]
    if len(teasers) >= _FEWEST_TEASERS and not sentences:
        raise UnparsedError(f"a list of {len(teasers)} headlines, no article")
    linked = [line for line in lines if line.link_text >= max(_SHORTEST_HEADLINE, _LINKED * len(line.text))]
    others = sum(len(line.text) for line in lines if line not in linked)
    is_all = len(linked) >= _FEWEST_TEASERS and others < _REST_OF_A_LIST
    if (len(headlines) >= _FEWEST_HEADLINES or is_all) and not sentences:
        raise UnparsedError(f"a list of {max(len(headlines), len(linked))} headlines, no article")


def refuse_rest_of_list(tree: BeautifulSoup, text: str) -> None:
    """Raise where a page of headlines has left hardly a word: what stands in the links was not taken for its text."""
    if len(text) >= _REST_OF_A_LIST:
        return
    linked = [link for link in tree.find_all("a") if len(link.get_text(strip=True)) >= _SHORTEST_LINK]
    if len(linked) >= _FEWEST_TEASERS and not any(mark in text for mark in "。！？.!?，,"):
        raise UnparsedError(f"a list of {len(linked)} headlines, no article")
