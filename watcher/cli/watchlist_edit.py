"""`watcher watchlist add` and `remove`: the watchlist edited as a careful person would, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.setup import config_option, load
from watcher.errors import ConfigError, WatcherError

if TYPE_CHECKING:
    from watcher.link import Securities
    from watcher.model import Rule
    from watcher.settings import Settings
    from watcher.settings.written import Written

_LISTS = ("stocks", "keywords", "require", "exclude")
_A_SHARE_DIGITS = 6


def _list_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which of the four lists is meant, as flags."""
    for flag, key, words in (
        ("--exclude", "exclude", "words that must not be there"),
        ("--require", "require", "words that must all be there"),
        ("--keyword", "keywords", "words of which any will do"),
    ):
        command = click.option(flag, "key", flag_value=key, help=f"They are {words}.")(command)
    return command


@click.command()
@click.argument("terms", nargs=-1, required=True, metavar="STOCK_OR_WORD…")
@click.option("--rule", "rule", required=True, help="The rule to add them to.")
@_list_options
@click.option("--new", "is_new", is_flag=True, help="Make the rule, at the end of the watchlist.")
@config_option
def add(terms: tuple[str, ...], rule: str, key: str | None, is_new: bool, config: Path | None) -> None:
    """Add stocks, or words with --keyword, --require or --exclude, to a rule of the watchlist.

    Everything else in the file stays as it is: comments, order, quotes, indentation. It is checked before it is
    replaced; if the result would be refused, nothing changes.
    """
    from watcher.settings.edits import add_rules, add_value, rule_names, rule_values

    settings, securities = load(config)
    key = key or "stocks"
    written = [_written(term, key, securities) for term in terms]
    file = WatchlistFile(settings, securities)
    if is_new:
        names = {name.casefold(): (name, line) for name, line in rule_names(file.text).items()}
        if rule.casefold() in names:
            name, line = names[rule.casefold()]
            raise WatcherError(f'there is a rule "{name}" already, in line {line}: leave out --new to add to it')
        distinct = list({_same(one.text, key, securities): one for one in written}.values())
        file.text = add_rules(file.text, [{"name": rule, key: distinct}])
        told = [f"{rule}: new rule, {key}: {_shown(one)}" for one in distinct]
    else:
        file.insist_on(rule)
        told = []
        for one in written:
            known = [_same(value, key, securities) for value in rule_values(file.text, rule, key)]
            if _same(one.text, key, securities) in known:
                told.append(f"{rule}: {key}: {_shown(one)} is there already")
                continue
            file.text = add_value(file.text, rule, key, one)
            told.append(f"{rule}: {key}: added {_shown(one)}")
    _finish(file, rule, told)


@click.command()
@click.argument("terms", nargs=-1, required=True, metavar="STOCK_OR_WORD…")
@click.option("--rule", "rule", required=True, help="The rule to take them from.")
@_list_options
@config_option
def remove(terms: tuple[str, ...], rule: str, key: str | None, config: Path | None) -> None:
    """Take stocks or words out of a rule of the watchlist, from whichever of its lists they stand in.

    Everything else in the file stays as it is; if the result would be refused, nothing changes.
    """
    from watcher.settings.edits import remove_value

    settings, securities = load(config)
    file = WatchlistFile(settings, securities)
    file.insist_on(rule)
    told = []
    for term in terms:
        found, index, value = _find(file.text, rule, term, key, securities)
        symbol = securities.resolve(value) if found == "stocks" else None
        note = _note(value, symbol, securities) if symbol else ""
        file.text = remove_value(file.text, rule, found, index, note)
        told.append(f"{rule}: {found}: removed {value}")
    _finish(file, rule, told)


class WatchlistFile:
    """The text of a watchlist, which is put back whole and right, or not at all."""

    def __init__(self, settings: Settings, securities: Securities) -> None:
        self._settings, self._securities = settings, securities
        self._path = settings.watchlist_path
        self._bytes = self._path.read_bytes()
        text = self._bytes.decode("utf-8-sig")
        self._has_crlf = "\r\n" in text and text.count("\r\n") == text.count("\n")
        self.text = text.replace("\r\n", "\n") if self._has_crlf else text

    def insist_on(self, rule: str) -> None:
        """Say where a rule is that is not in this file, but in one that it includes. Raises `WatcherError`."""
        from watcher.settings.yaml_text import Document

        for path in self._settings.watchlist_files:
            document = Document(path)
            for loc, text in document.texts_at("rules", "name") if path != self._path else ():
                if text == rule:
                    raise WatcherError(f'the rule "{rule}" is in {document.places[loc].origin}: edit it there')

    def rule(self, name: str) -> Rule | None:
        """A rule as it was before, if there was one."""
        return next((rule for rule in self._settings.rules if rule.name == name), None)

    def save(self) -> Settings:
        """Replace the file by the changed text, in one step; what is then in force.

        Raises `ConfigError` with every complaint where that would be refused: the file is as it was.
        """
        content = (self.text.replace("\n", "\r\n") if self._has_crlf else self.text).encode("utf-8")
        if self._bytes.startswith(b"\xef\xbb\xbf"):
            content = b"\xef\xbb\xbf" + content
        if content == self._bytes:
            return self._settings
        real = Path(os.path.realpath(self._path))
        try:
            settings = self._checked(content)
            with _beside(real, content) as temporary:
                _take_over(real, temporary)
                if real.read_bytes() != self._bytes:
                    raise WatcherError(f"{self._path} was changed by somebody else meanwhile: nothing was written")
                os.replace(temporary, real)
        except OSError as error:
            raise WatcherError(f"{self._path} cannot be replaced: {error.strerror}; nothing was changed") from error
        return settings

    def _checked(self, content: bytes) -> Settings:
        from watcher.settings import load_settings
        from watcher.settings.paths import shown

        with _beside(self._path, content) as temporary:
            environment = os.environ | {"WATCHER_WATCHLIST": str(temporary)}
            try:
                return load_settings(self._settings.config_path, environment=environment, securities=self._securities)
            except ConfigError as error:
                told = [line.replace(shown(temporary), shown(self._path)) for line in error.complaints]
                raise ConfigError(["nothing was changed, for the result would be refused:", *told]) from None


@contextmanager
def _beside(path: Path, content: bytes) -> Iterator[Path]:
    """A file with this content in the same folder, gone afterwards unless it took another's name."""
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _take_over(old: Path, new: Path) -> None:
    """Give the new file the permissions and, where that is allowed, the owner of the old one."""
    status = old.stat()
    with suppress(PermissionError):
        os.chown(new, status.st_uid, status.st_gid)
    new.chmod(status.st_mode & 0o7777)


def _finish(file: WatchlistFile, rule: str, told: Sequence[str]) -> None:
    """Write what has changed, and say so; where a rule now asks for something else altogether, say that too."""
    before = file.rule(rule)
    settings = file.save()
    for line in told:
        click.echo(line)
    after = next((one for one in settings.rules if one.name == rule), None)
    if before is None or after is None or not (after.require or after.query is not None):
        return
    was_narrow, is_narrow = (bool(one.stocks or one.keywords) for one in (before, after))
    if was_narrow and not is_narrow:
        click.echo(
            f"note: {rule} now holds for every article that meets its other clauses: it names no stock or keyword"
        )
    elif is_narrow and not was_narrow:
        click.echo(f"note: {rule} now holds only where one of its stocks or keywords is, besides its other clauses")


def _written(term: str, key: str, securities: Securities) -> Written:
    """A term as the file is to have it: a stock by its code, with its name as a comment."""
    from watcher.settings.written import Written

    term = term.strip()
    if not term:
        raise WatcherError("there is nothing between these quotes to add")
    if key != "stocks":
        return Written(term)
    symbol = securities.resolve(term)
    if symbol is None:
        near = ", did you mean " + " or ".join(securities.near(term)) + "?" if securities.near(term) else ""
        raise WatcherError(f'"{term}" is no known code or name{near} (a word to look for needs --keyword)')
    code = symbol.rpartition(".")[0]
    is_usual = len(code) == _A_SHARE_DIGITS and code.isdigit() and securities.resolve(code) == symbol
    written = code if is_usual else symbol
    return Written(written, _note(written, symbol, securities))


def _note(written: str, symbol: str, securities: Securities) -> str:
    name = securities.name(symbol)
    return f"{written} {name}" if name and name != written else ""


def _shown(one: Written) -> str:
    return one.note or one.text


def _same(text: str, key: str, securities: Securities) -> str:
    """What two writings of one stock or word have in common."""
    from watcher.folding import fold

    return (securities.resolve(text) if key == "stocks" else None) or fold(text).casefold()


def _find(text: str, rule: str, term: str, key: str | None, securities: Securities) -> tuple[str, int, str]:
    """The list of a rule that has a term, its place there, and how it is written."""
    from watcher.settings.edits import rule_values

    values = {one: rule_values(text, rule, one) for one in ((key,) if key else _LISTS)}
    found = [
        (one, index, value)
        for one, own in values.items()
        for index, value in enumerate(own)
        if _same(value, one, securities) == _same(term, one, securities)
    ]
    if not found:
        own = [value for one in values.values() for value in one]
        there = f"; there are {', '.join(own)}" if own else ""
        raise WatcherError(f'"{term}" is not in {f"{key} of " if key else ""}{rule}{there}: nothing was changed')
    if len({one for one, _, _ in found}) > 1:
        lists = " and ".join(one for one, _, _ in found)
        raise WatcherError(f'"{term}" is in {lists} of {rule}: say which with --keyword, --require or --exclude')
    return found[0]
