# Thread pools and plugins: what the functions of the package run on. Not public.
import atexit
import threading

from . import _core

_lock = threading.Lock()
_default = None


def make(threads=None, affinity=(), plugins=(), safe=False, allow_insecure_plugins=False, plugin_options=None):
    """A runtime of its own: threads, and the plugins that are found now."""
    return _core.Runtime(threads=threads or 0, affinity=[int(i) for i in affinity], plugins=[str(file) for file in plugins],
                         safe=safe, allow_insecure_plugins=allow_insecure_plugins,
                         plugin_options={name: str(value) for name, value in (plugin_options or {}).items()})


def backend_list(backend):
    """Names of devices from a list or a text with commas; "auto" is the name of the default."""
    names = backend.split(",") if isinstance(backend, str) else list(backend or [])
    return [] if names == ["auto"] else names


def default():
    """The one that functions without options share: all processors, plugins as found at its first use."""
    global _default
    with _lock:
        if _default is None:
            _default = make()
            atexit.register(_forget)
        return _default


def _forget():
    global _default
    _default = None
