"""What charged lines come to: net, VAT once for each rate, gross (M7). Pure: imports no Django. Whole pence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from sidebyside.money import percent_of


@dataclass(frozen=True)
class VatTotal:
    """The net of one VAT rate, and the VAT on it, in pence."""

    percent: Decimal
    net: int
    vat: int


@dataclass(frozen=True)
class Totals:
    """What a document comes to, in pence."""

    by_rate: tuple[VatTotal, ...]

    @property
    def net(self) -> int:
        """The sum of the lines."""
        return sum(rate.net for rate in self.by_rate)

    @property
    def vat(self) -> int:
        """The sum over the rates."""
        return sum(rate.vat for rate in self.by_rate)

    @property
    def gross(self) -> int:
        """Net and VAT."""
        return self.net + self.vat


def totals(lines: Iterable[tuple[int, Decimal]]) -> Totals:
    """Totals of (net, VAT per cent) lines: VAT once for each rate, on that rate's net, half up (M7)."""
    by_rate = []
    for percent, group in groupby(sorted(lines, key=lambda line: line[1]), key=lambda line: line[1]):
        net = sum(line[0] for line in group)
        by_rate.append(VatTotal(percent, net, percent_of(net, percent)))
    return Totals(tuple(by_rate))
