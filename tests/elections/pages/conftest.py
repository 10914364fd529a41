import pytest
from wagtail.models import Site

from elections.pages.models import ElectionPage, RacePage


@pytest.fixture
def election_page(night) -> ElectionPage:
    home = Site.objects.get(is_default_site=True).root_page
    return home.add_child(
        instance=ElectionPage(title="Results", slug="results-2024", election=night.source.election)
    )


@pytest.fixture
def race_page(night, election_page, django_capture_on_commit_callbacks) -> RacePage:
    page = RacePage(title="District 3", slug="district-3", contest=night.contest)
    election_page.add_child(instance=page)
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    return page
