"""This machine's addresses on the network."""

import ipaddress
import socket

import ifaddr
import msgspec

from infra.settings import SettingInvalid, Settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_FAR = ("192.0.2.1", 9)
"""Nothing is sent: the kernel only says from which address it would be."""


def with_lan_address(settings: Settings) -> Settings:
    """Fill in this machine's address when phones are let in; raises SettingInvalid when there is none."""
    if not settings.lan:
        return settings
    host = settings.lan_host or _outgoing_address()
    if not host:
        raise SettingInvalid(
            "LAN=1 needs a network, and this machine has no address on one (KAIBO_LAN_HOST)."
        )
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise SettingInvalid(f"KAIBO_LAN_HOST is “{host}”: expected an IP address of this machine.") from None
    if address not in own_addresses() or address.is_loopback:
        raise SettingInvalid(
            f"KAIBO_LAN_HOST is “{host}”, which is not an address of this machine on a network."
        )
    return msgspec.structs.replace(settings, lan_host=host)


def own_addresses() -> list[Address]:
    """All addresses of this machine that others could use, without those that need a zone."""
    found = []
    for adapter in ifaddr.get_adapters():
        for one in adapter.ips:
            address = ipaddress.ip_address(one.ip if isinstance(one.ip, str) else one.ip[0])
            if not (address.is_loopback or (address.version == 6 and address.is_link_local)):
                found.append(address)
    return found


def _outgoing_address() -> str:
    """The address from which this machine reaches others."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_FAR)
            return str(probe.getsockname()[0])
        except OSError:
            return next((str(address) for address in own_addresses()), "")
