"""The demonstration's password is written in the README, so nobody may choose it."""

from django.core.exceptions import ValidationError

DEMONSTRATION_PASSWORD = "side-by-side-demo"  # noqa: S105 - public on purpose, refused when DEMO is off


class NotTheDemonstrationPassword:
    """Refuses the one password that everybody knows."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError when the password is the demonstration's."""
        if password == DEMONSTRATION_PASSWORD:
            raise ValidationError("This password belongs to the demonstration. Choose another.", code="demonstration")

    def get_help_text(self) -> str:
        """What the password page says of it."""
        return "Your password can’t be the one of the demonstration."
