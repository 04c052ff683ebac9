"""Dotted decimal on standard input, bits on standard output, with Python's own module."""

import ipaddress
import sys

for line in sys.stdin:
    octets = ipaddress.IPv4Address(line.rstrip("\n")).packed
    sys.stdout.write(".".join(f"{octet:08b}" for octet in octets) + "\n")
