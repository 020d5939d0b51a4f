"""The forms about offers, champions and support."""

from support.forms.beyond import BeyondForm

__all__ = ["BeyondForm"]
