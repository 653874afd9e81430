"""The values that flow from stage to stage. All frozen: who set a field has one answer.

Symbols are code + exchange: ``300075.SZ``, ``600519.SH``, ``00700.HK``, ``NIO.US``. Times are aware UTC and end
in ``_at``. Offsets count characters (Unicode code points) of the field they are about, end exclusive.
"""

from watcher.model.files import (
    PARSER_VERSION,
    Folder,
    FoundFile,
    Page,
    Stamp,
    State,
    Unread,
    describe_unread,
    readable_path,
)
from watcher.model.knowledge import Knowledge, Name, NameKind, ReaderMapping, Rule, Security, Severity
from watcher.model.news import About, Article, Evidence, Field, How, Identity, Mark, Mention, PublishedFrom, Salience
from watcher.model.outcomes import Alert, Delivery, Match, Outcome, Owed, Reading, Receipt, Taken

__all__ = [
    "PARSER_VERSION",
    "About",
    "Alert",
    "Article",
    "Delivery",
    "Evidence",
    "Field",
    "Folder",
    "FoundFile",
    "How",
    "Identity",
    "Knowledge",
    "Mark",
    "Match",
    "Mention",
    "Name",
    "NameKind",
    "Outcome",
    "Owed",
    "Page",
    "PublishedFrom",
    "ReaderMapping",
    "Reading",
    "Receipt",
    "Rule",
    "Salience",
    "Security",
    "Severity",
    "Stamp",
    "State",
    "Taken",
    "Unread",
    "describe_unread",
    "readable_path",
]
