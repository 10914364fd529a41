"""Run by `manage.py shell` inside the freshly made site: a story with a live result in it.

Ends with an error where a reader would see one.
"""

from datetime import date

from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Site

from elections.models import Contest, Election, Selection
from elections.widgets.publish import publish_stale
from newsroom.pages.models import HomePage, StoryPage

election = Election.objects.create(
    name="General election",
    election_date=date(2026, 11, 3),
    jurisdiction="Los Angeles County",
    polls_close_at=timezone.now(),
)
contest = Contest.objects.create(election=election, name="School board, District 3")
Selection.objects.create(contest=contest, name="Scott Schmerelson")
Selection.objects.create(contest=contest, name="Dan Chang")
publish_stale()
assert storages["elections_results"].exists(f"contest/{contest.pk}.html")

home = Page.get_first_root_node().add_child(instance=HomePage(title="News", slug="news"))
Site.objects.filter(is_default_site=True).update(root_page=home)
Site.clear_site_root_paths_cache()
body = [("live_result", {"contest": contest, "size": "story"})]
story = home.add_child(instance=StoryPage(title="The seat", slug="the-seat", body=body))

client = Client(headers={"host": "localhost"})
for address, sign in [
    (story.url, "School board, District 3"),
    (story.url, "<live-result"),
    (home.url, "The seat"),
    (f"/results/contest/{contest.pk}.html", "School board, District 3"),
    (f"/api/results/contests/{contest.pk}/", "School board, District 3"),
]:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    page = b"".join(response).decode()
    assert sign in page, (address, sign, page)
    assert not response.cookies, address
