"""How an action says no: a sentence for the person, which the page shows as a form error."""


class Refusal(Exception):
    """The deed is not done and nothing has changed. The sentence says what is wrong and what to do.

    `field` names the form field that it concerns, None when it concerns the whole form.
    """

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
