"""The form that takes the files of an import."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator

from sidebyside.forms import Form
from sidebyside.imports.importers import Files
from sidebyside.imports.previews import Importer, Part
from sidebyside.sheets.reading import MOST_BYTES


def check_size(file: UploadedFile) -> None:
    """Refuse what is larger than an import takes."""
    if (file.size or 0) > MOST_BYTES:
        most = MOST_BYTES // 1024**2
        raise ValidationError(f"The file is larger than {most} MB. Split it into several, or compress a register file.")


class UploadForm(Form):
    """One file for a spreadsheet; three, and whose schools to take, for the register. Made by `upload_form`."""

    importer: ClassVar[Importer]

    def uploaded(self) -> Files:
        """The name and the bytes of each file that was chosen."""
        chosen = {part.name: self.cleaned_data.get(part.name) for part in self.importer.parts}
        return {name: (str(file.name), file.read()) for name, file in chosen.items() if file}


def upload_form(importer: Importer) -> type[UploadForm]:
    """The form's class for one importer, with a field for each of its files."""
    fields: dict[str, Any] = {part.name: _file_field(part) for part in importer.parts}
    if importer.takes_authority:
        fields["authority"] = forms.CharField(
            label="Only the schools of this authority",
            help_text="Three figures. Leave it empty for all of England.",
            required=False,
            validators=[RegexValidator(r"^\d{3}$", "Enter the three figures of the authority’s code")],
            widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
        )
    return type("UploadForm", (UploadForm,), {"importer": importer, **fields})


def _file_field(part: Part) -> forms.FileField:
    return forms.FileField(
        label=part.label,
        help_text=part.hint,
        required=part.is_required,
        allow_empty_file=True,  # the importer has its own sentence for it
        validators=[check_size],
        error_messages={"required": "Choose the file to import"},
    )
