"""Whether a host of the settings is the machine we run on: what is sent there reaches nobody."""

from __future__ import annotations

import ipaddress


def is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
