"""The socket that the web server listens on."""

import errno
import socket

from bot.errors import SettingsError


def listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reasons = {
            errno.EADDRINUSE: f"WEB_PORT: another program already listens on port {port}; "
            "stop it or choose another port (0 takes a free one)",
            errno.EACCES: f"WEB_PORT: this user may not listen on port {port}; "
            "choose one above 1023",
        }
        raise SettingsError(
            reasons.get(error.errno or 0, f"WEB_HOST: cannot listen on {host}: {error.strerror}")
        ) from error


def address_of(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
