"""The errors that gongbao raises on purpose. Each names the path or URL it is about."""


class GongbaoError(Exception):
    """Base of all errors raised on purpose; `where` is a path, a URL or a setting's name."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.where, self.reason)  # errors cross process borders


class ReadError(GongbaoError):
    """A document cannot be read: wrong, empty, encrypted, truncated, unknown or over a limit."""


class SourceError(GongbaoError):
    """A site or a remote source does not give what its definition promises."""


class ConfigError(GongbaoError):
    """A setting, table or definition file is wrong."""
