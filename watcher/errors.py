"""The errors that ask for different reactions. Expected endings are values (`Outcome`), not errors."""


class WatcherError(Exception):
    """Anything this program raises on purpose. The message is one line for a person."""


class ConfigError(WatcherError):
    """The configuration cannot be used. Refuse to start and show every complaint at once (exit 78).

    `complaints` are lines such as ``config/watchlist.yaml:8:5: unknown key "keyword", did you mean "keywords"?``
    """

    def __init__(self, complaints: list[str]) -> None:
        self.complaints = complaints
        super().__init__("\n".join(complaints))


class AlreadyRunningError(WatcherError):
    """Another process owns the database. Name it and leave (exit 75)."""


class StoreError(WatcherError):
    """The database file cannot be used as it is. Say what is wrong with it and leave (exit 1)."""


class NotReadyError(WatcherError):
    """The file is not readable yet, and may be later. Look again; count the attempt."""


class UnreadableError(WatcherError):
    """The bytes never become text. Set the file aside as `failed`; do not retry by itself."""


class UnparsedError(WatcherError):
    """The text holds no article that can be read. Set the file aside as `failed`; do not retry by itself."""


class DeliveryError(WatcherError):
    """A channel did not take an alert. It is still owed; retry later."""
