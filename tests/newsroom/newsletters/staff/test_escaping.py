"""Whatever readers and files bring, a page of staff and a mail show it as text."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.newsletters.letters import Letter, render_html
from newsroom.newsletters.models import Evidence, ImportBatch, ImportRow, Method, Newsletter
from newsroom.newsletters.subscriptions import Wish, sign_up

pytestmark = pytest.mark.django_db

EVIL = st.tuples(
    st.sampled_from(["<script>evil()", "<img src=x onerror=evil()>", '"><svg onload=evil()>']),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20),
).map("".join)
FEW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TAGS = ("<script>evil", "<img src=x", "<svg onload")


def is_harmless(html: str) -> bool:
    return "evil()" in html and not any(tag in html for tag in TAGS)


class TestStaffPages:
    @FEW
    @given(text=EVIL)
    def test_show_what_readers_brought_as_text(self, admin_client, text):
        newsletter, _made = Newsletter.objects.update_or_create(
            slug="evil", defaults={"name": text[:100], "promise": text, "frequency": "Daily"}
        )
        evidence = Evidence(method=Method.FORM, form=text[:40], note=text)
        sign_up("ana@example.com", [Wish(newsletter=newsletter, wording=text)], evidence)
        person = newsletter.subscriptions.get().subscriber
        url = reverse("newsroom_subscribers:person", args=[person.pk])
        assert is_harmless(admin_client.get(url).content.decode())
        assert is_harmless(admin_client.get(reverse("newsroom_subscribers:index")).content.decode())
        proof = reverse("newsroom_subscribers:evidence", args=[person.pk, "html"])
        assert is_harmless(admin_client.post(proof).content.decode())

    @FEW
    @given(text=EVIL)
    def test_show_what_a_file_brought_as_text(self, admin_client, text):
        newsletter, _made = Newsletter.objects.get_or_create(
            slug="plain", defaults={"name": "Plain", "promise": "News.", "frequency": "Daily"}
        )
        batch = ImportBatch.objects.create(
            newsletter=newsletter, file_name=text, columns=[text], sample=[[text]]
        )
        meaning = reverse("newsroom_subscribers:import_meaning", args=[batch.pk])
        assert is_harmless(admin_client.get(meaning).content.decode())
        ImportBatch.objects.filter(pk=batch.pk).update(state="judged")
        ImportRow.objects.create(batch=batch, line=2, address=text, verdict="invalid")
        url = reverse("newsroom_subscribers:import", args=[batch.pk])
        assert is_harmless(admin_client.get(url).content.decode())


class TestMails:
    @FEW
    @given(text=EVIL)
    def test_show_what_staff_wrote_as_text(self, text):
        letter = Letter(subject=text, paragraphs=[text], items=[text], notes=[text])
        assert is_harmless(render_html(letter, sender=text))
