"""One world for a whole module: it is made once, looked at by everybody, and rolled back."""

import pytest
from django.core.cache import cache
from django.db import transaction

from tests.access import world as worlds


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Both sides and all people. What a request changes stays for the module, so that pages only look."""
    with django_db_blocker.unblock():
        cache.clear()
        with transaction.atomic():
            yield worlds.build()
            transaction.set_rollback(True)
