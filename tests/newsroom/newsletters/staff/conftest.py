import pytest
from django.test import Client

from newsroom.newsletters.models import Newsletter


@pytest.fixture
def manager(as_user) -> Client:
    return as_user("manager")


@pytest.fixture
def staff(as_user) -> Client:
    return as_user("staff")


@pytest.fixture
def morning(newsletter: Newsletter) -> Newsletter:
    return newsletter
