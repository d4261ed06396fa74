"""Where models that were added over the API may be: an address on the internet, or what the operator allows.

A name is resolved once a connection, what it stands for is judged, and that very address is connected to: a name that
answers differently the second time gains nothing.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from diglot.domain.errors import InvalidArgument

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
PORTS = {"http": 80, "https": 443}
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Global by its number, and yet each machine of that cloud's own: it answers with secrets.
METADATA = frozenset({ipaddress.IPv4Address("168.63.129.16")})


@dataclass(frozen=True, slots=True)
class Reach:
    """`names` are hosts that may be anywhere, `networks` addresses that are allowed beside those of the internet."""

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    allows_loopback: bool = False

    @staticmethod
    def of(hosts: str, *, allows_loopback: bool) -> "Reach":
        """`hosts`: names, addresses and networks, between commas. `InvalidArgument` for a network that is none."""
        names, networks = set(), []
        for one in filter(None, (part.strip().lower() for part in hosts.split(","))):
            try:
                networks.append(ipaddress.ip_network(one))
            except ValueError as error:
                if "/" in one:
                    raise InvalidArgument(f"{one} is no network.", "model_hosts") from error
                names.add(one)
        return Reach(frozenset(names), tuple(networks), allows_loopback)

    def address(self, host: str, port: int) -> str:
        """What to connect to. `InvalidArgument` if the name is not known, or one of its addresses is not allowed."""
        found = _resolve(host, port)
        if host.lower().rstrip(".") not in self.names and not all(map(self._allows, found)):
            raise InvalidArgument(
                f"{host} is not an address on the internet; the operator's setting `model_hosts` may allow it.",
                "base_url",
            )
        return str(found[0])

    def check(self, base_url: str) -> None:
        """`InvalidArgument`"""
        parts = urlsplit(base_url)
        self.address(parts.hostname or "", parts.port or PORTS[parts.scheme])

    def _allows(self, address: Address) -> bool:
        plain = _plain(address)
        if any(plain in network for network in self.networks if network.version == plain.version):
            return True
        if plain.is_loopback:
            return self.allows_loopback
        return plain.is_global and not plain.is_multicast and plain not in METADATA


INTERNET = Reach()


def _resolve(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InvalidArgument(f"{host} cannot be found.", "base_url") from error
    return [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]


def _plain(address: Address) -> Address:
    """The IPv4 address that stands inside one of IPv6."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address in NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address
