"""Two editors write live coverage while a reader has it open."""

from __future__ import annotations

import axe_playwright_python.sync_playwright as axe_playwright
import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from newsroom.pages.models import LiveCoveragePage, LiveEntry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "New entries: 1"


@pytest.fixture
def coverage(section) -> LiveCoveragePage:
    page = section.add_child(
        instance=LiveCoveragePage(title="The night, live", slug="night", live=False)
    )
    page.save_revision().publish()
    page = LiveCoveragePage.objects.get(pk=page.pk)
    for number in range(30):
        text = f"<p>What we knew at {number}. {'The count goes on. ' * 10}</p>"
        LiveEntry.objects.create(coverage=page, title=f"Entry {number}", text=text)
    return page


@pytest.fixture
def editor(visit, client):
    """Sign somebody in, in a browser of their own."""

    def sign_in(name: str):
        User.objects.create_superuser(name, password="password")
        visitor = visit()
        visitor.open("/admin/login/")
        visitor.page.fill("[name=username]", name)
        visitor.page.fill("[name=password]", "password")
        visitor.page.click("button[type=submit]")
        visitor.page.wait_for_url("**/admin/")
        return visitor

    return sign_in


def hurry(page) -> None:
    """Let the page ask every second or two."""
    page.add_init_script("Math.random = () => -1.9")


def write(page, words: str) -> None:
    field = page.locator("[data-draftail-editor-wrapper] [contenteditable=true]").first
    field.click()
    field.press("Control+a")
    field.type(words)
    # The editor writes what was typed into its form a moment later.
    stored = "words => document.querySelector('[name=text]').value.includes(words)"
    page.wait_for_function(stored, arg=words)


def save(page) -> None:
    page.locator(
        "form[data-edit-form] button[type=submit], footer button[type=submit]"
    ).first.click()


class TestAReader:
    def test_gets_new_entries_without_loading_the_page_again(self, coverage, visit):
        reader = visit()
        hurry(reader.page)
        reader.open(coverage.url)
        LiveEntry.objects.create(coverage=coverage, title="Just in", text="<p>New.</p>")
        reader.page.wait_for_selector("text=Just in")
        reader.page.evaluate("scrollTo(0, 3000)")
        before = reader.page.evaluate("scrollY")
        LiveEntry.objects.create(coverage=coverage, title="Still later", text="<p>New.</p>")
        reader.page.wait_for_selector(f"button:has-text('{NEW}')")
        assert reader.page.evaluate("scrollY") == before
        assert reader.page.get_by_text("Still later").count() == 0
        reader.page.click(f"button:has-text('{NEW}')")
        reader.page.wait_for_selector("text=Still later")
        assert reader.page.evaluate("document.activeElement.textContent").strip()
        assert not reader.complaints

    def test_gets_what_was_changed_and_loses_what_was_taken_back(self, coverage, visit):
        first, second = coverage.entries.shown()[:2]
        reader = visit()
        hurry(reader.page)
        reader.open(coverage.url)
        first.correction = "It was the other way round."
        first.save()
        reader.page.wait_for_selector("text=It was the other way round.")
        second.is_public = False
        second.save()
        reader.page.wait_for_selector(f"#{second.anchor}", state="detached")

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_meets_nothing_that_axe_would_name(self, coverage, visit, scheme):
        reader = visit(color_scheme=scheme)
        entry = coverage.entries.first()
        for address in (coverage.url, f"{coverage.url}entry/{entry.pk}/"):
            reader.open(address)
            results = axe_playwright.Axe().run(reader.page)
            assert results.violations_count == 0, results.generate_report()


class TestTwoEditors:
    def test_write_one_entry_and_lose_nothing(self, coverage, editor):
        entry = LiveEntry.objects.create(
            coverage=coverage, title="Shared", text="<p>As opened.</p>"
        )
        address = reverse("wagtailsnippets_newsroom_pages_liveentry:edit", args=[entry.pk])
        ana, ben = editor("ana"), editor("ben")
        for person in (ana, ben):
            person.open(address)
        write(ana.page, "Ana was here.")
        save(ana.page)
        ana.page.wait_for_url("**/newsroom_pages/liveentry/")
        write(ben.page, "Ben was here.")
        save(ben.page)
        ben.page.wait_for_selector("text=Somebody has saved this entry")
        entry.refresh_from_db()
        assert "Ana was here." in entry.text
        ben.page.wait_for_selector("[contenteditable=true]:has-text('Ben was here.')")
        save(ben.page)
        ben.page.wait_for_url("**/newsroom_pages/liveentry/")
        entry.refresh_from_db()
        assert "Ben was here." in entry.text
