"""No request to a private, loopback or link-local address, whatever a page, a redirect or a name server says.

The check is made where the connection is opened, on the address that is connected to: a name cannot resolve to one address for the check
and to another for the request.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection, Iterable
from typing import Any

import httpcore
import httpx

from corpus.errors import GongbaoError

Resolve = Callable[[str, int], list[str]]


class AddressError(GongbaoError):
    """A host whose address is not a public one."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, by the system's resolver; raises OSError."""
    return list(dict.fromkeys(str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet at large."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner)) and (ip.ipv4_mapped is not None or ip.is_global)
    return ip.is_global and not ip.is_multicast


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to public addresses, and to the hosts (`name` or `name:port`) that the settings allow."""

    def __init__(self, allowed: Collection[str] = (), resolver: Resolve = resolve) -> None:
        self._allowed, self._resolve = frozenset(allowed), resolver
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, check, and connect to one of the addresses checked."""
        try:
            addresses = self._resolve(host, port)
        except OSError as error:
            raise httpcore.ConnectError(f"{host} has no address: {error}") from error
        if host not in self._allowed and f"{host}:{port}" not in self._allowed:
            hidden = [address for address in addresses if not is_public(address)]
            if hidden:
                raise AddressError(host, f"its address {hidden[0]} is not a public one")
        last: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                return self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Never."""
        raise AddressError(path, "not a public address")


def guarded_client(backend: httpcore.NetworkBackend, headers: dict[str, str], timeout: float) -> httpx.Client:
    """An HTTP client that connects through `backend`, one connection per host, follows no redirect and uses no proxy."""
    transport = httpx.HTTPTransport()
    transport._pool = httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(),
        max_connections=4,
        max_keepalive_connections=2,
        keepalive_expiry=30.0,
        network_backend=backend,
    )
    return httpx.Client(transport=transport, headers=headers, timeout=timeout, follow_redirects=False, trust_env=False)
