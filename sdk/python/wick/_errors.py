# The exceptions of the package, one class for each kind of failure. Not their sentences, which are the core's.
"""Exceptions: every error of Wick is a `wick.Error` whose text is the sentence that the command line prints."""
import enum


class ErrorCode(enum.IntEnum):
    """What kind of failure it is. The numbers are those of the C contract and never change."""

    INTERNAL = 1
    USAGE = 2
    UNAVAILABLE = 3
    BAD_FILE = 4
    MISSING_FILE = 5
    BAD_SHAPE = 6
    BAD_ARGUMENT = 7
    OUT_OF_MEMORY = 8
    CONTEXT_FULL = 9
    CANCELLED = 10
    DEVICE_LOST = 11
    IO = 12
    INSECURE = 13
    INCOMPATIBLE = 14


class Error(Exception):
    """One sentence: `subject: what is wrong, got X, need Y; what to do`.

    code: the kind of failure, an `ErrorCode`.
    hint: what to do about it (a package to install, say) where the sentence does not say it; may be empty.
    """

    code = ErrorCode.INTERNAL
    hint = ""


class InternalError(Error, RuntimeError):
    """A bug of Wick or of a plugin."""

    code = ErrorCode.INTERNAL


class UsageError(Error, ValueError):
    """A wrong option or argument."""

    code = ErrorCode.USAGE


class UnavailableError(Error, RuntimeError):
    """No plugin, device, driver or capability for what was asked."""

    code = ErrorCode.UNAVAILABLE


class BadFileError(Error, ValueError):
    """Malformed content of a file."""

    code = ErrorCode.BAD_FILE


class MissingFileError(Error, FileNotFoundError):
    """A file that is not there or cannot be opened."""

    code = ErrorCode.MISSING_FILE


class ShapeError(Error, ValueError):
    """Dimensions that do not go together."""

    code = ErrorCode.BAD_SHAPE


class ArgumentError(Error, ValueError):
    """A call that breaks the contract of the function."""

    code = ErrorCode.BAD_ARGUMENT


class OutOfMemoryError(Error, MemoryError):
    """Memory of the host or of a device is spent."""

    code = ErrorCode.OUT_OF_MEMORY


class ContextFullError(Error, RuntimeError):
    """A sequence reached its limit of tokens."""

    code = ErrorCode.CONTEXT_FULL


class CancelledError(Error, RuntimeError):
    """The work was stopped before its end."""

    code = ErrorCode.CANCELLED


class DeviceLostError(Error, RuntimeError):
    """A device stopped answering."""

    code = ErrorCode.DEVICE_LOST


class IoError(Error, OSError):
    """Reading or writing failed."""

    code = ErrorCode.IO


class InsecureError(Error, PermissionError):
    """A plugin file that others may write."""

    code = ErrorCode.INSECURE


class IncompatibleError(Error, RuntimeError):
    """A plugin whose contract this version cannot meet."""

    code = ErrorCode.INCOMPATIBLE


_CLASSES = {kind.code: kind for kind in (
    InternalError, UsageError, UnavailableError, BadFileError, MissingFileError, ShapeError, ArgumentError,
    OutOfMemoryError, ContextFullError, CancelledError, DeviceLostError, IoError, InsecureError, IncompatibleError)}


def error_of(code, sentence, hint):
    """The exception for a code of the core; wick._core calls it."""
    error = _CLASSES.get(code, InternalError)(sentence)
    error.hint = hint
    return error
