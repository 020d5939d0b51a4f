"""Django's own check says what the machine lacks, and the line that gets it."""

import subprocess
import sys

from billing.checks import LIBRARIES, documents_can_be_made
from launch import machine


def test_a_machine_with_pango_has_nothing_to_say():
    assert documents_can_be_made(None) == []


def test_a_missing_library_is_named_with_the_line_to_run():
    [error] = documents_can_be_made(None, libraries=("libnowhere.so.0", *LIBRARIES))
    assert error.id == "billing.E001"
    assert error.msg == "Invoices cannot be made: this machine lacks libnowhere.so.0."
    assert error.hint.endswith(" ".join(machine.PANGO))


def test_the_check_does_not_import_weasyprint():
    code = (
        "import sys\n"
        "from billing.checks import LIBRARIES, missing\n"
        "print(missing(LIBRARIES), 'weasyprint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"[] False\n"
