import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from newsroom.newsletters.importing import batches
from newsroom.newsletters.models import ImportBatch, Subscriber
from tests.newsroom.newsletters.importing.files import as_csv, bomb

pytestmark = pytest.mark.django_db

IMPORTS = "newsroom_subscribers:imports"


def url(page: str, batch: ImportBatch, *more: str) -> str:
    return reverse(f"newsroom_subscribers:{page}", args=[batch.pk, *more])


def upload(client, body: bytes):
    return client.post(reverse(IMPORTS), {"file": SimpleUploadedFile("my list.csv", body)})


@pytest.fixture
def uploaded(staff) -> ImportBatch:
    upload(staff, b"name,email\nAna,ana@example.com\nBo,bo@example.com\n")
    return ImportBatch.objects.get()


def give_meaning(client, batch, newsletter, **fields):
    fields = {"address_column": 1, "newsletter": newsletter.pk, "consent": "must_confirm", **fields}
    response = client.post(url("import_meaning", batch), fields)
    batch.refresh_from_db()
    return response


class TestImportsView:
    def test_takes_a_file_and_asks_what_it_means(self, staff, uploaded):
        assert (uploaded.rows_total, uploaded.columns) == (2, ["name", "email"])
        html = staff.get(url("import_meaning", uploaded)).content.decode()
        assert "ana@example.com" in html
        assert '<option value="1" selected>email</option>' in html

    @pytest.mark.parametrize("body", [bomb(), b"\xff\xfe\0", as_csv("x" * 501)])
    def test_refuses_at_the_door_and_keeps_nothing(self, staff, body):
        response = upload(staff, body)
        assert response.status_code == 200
        assert "error-message" in response.content.decode()
        assert not ImportBatch.objects.exists()

    def test_says_what_will_be_here(self, staff):
        assert "Nothing has been imported yet" in staff.get(reverse(IMPORTS)).content.decode()


class TestMeaningView:
    def test_lets_the_look_begin(self, staff, uploaded, morning):
        give_meaning(staff, uploaded, morning)
        assert uploaded.state == "judging"

    def test_keeps_proven_consent_from_staff(self, staff, uploaded, morning):
        give_meaning(staff, uploaded, morning, consent="proven", consent_source="Fair")
        assert uploaded.state == "uploaded"

    def test_wants_the_proof_of_managers(self, manager, staff, uploaded, morning):
        response = give_meaning(manager, uploaded, morning, consent="proven")
        assert response.content.decode().count("Proven consent needs it.") == 3
        proof = {"consent_source": "Fair", "consent_date": "2026-01-02", "wording": "Yes."}
        give_meaning(manager, uploaded, morning, consent="proven", **proof)
        assert (uploaded.state, uploaded.wording) == ("judging", "Yes.")

    def test_is_given_once(self, staff, uploaded, morning, evening):
        give_meaning(staff, uploaded, morning)
        give_meaning(staff, uploaded, evening)
        assert uploaded.newsletter == morning


class TestBatchView:
    @pytest.fixture
    def judged(self, staff, uploaded, morning) -> ImportBatch:
        give_meaning(staff, uploaded, morning)
        return uploaded

    def test_shows_how_far_it_is(self, staff, judged):
        html = staff.get(url("import", judged)).content.decode()
        assert "0 of 2 rows" in html
        assert "<progress" in html

    def test_shows_what_would_happen_and_adds_nobody(self, staff, judged):
        batches.carry_on(judged.pk)
        html = staff.get(url("import", judged)).content.decode()
        assert "Must confirm: gets one mail" in html
        assert "Import 2 people" in html
        assert not Subscriber.objects.exists()

    def test_brings_in_and_undoes(self, staff, judged):
        batches.carry_on(judged.pk)
        staff.post(url("import_act", judged, "start"))
        batches.carry_on(judged.pk)
        assert Subscriber.objects.count() == 2
        assert "Undo this import" in staff.get(url("import", judged)).content.decode()
        staff.post(url("import_act", judged, "undo"))
        batches.carry_on(judged.pk)
        assert not Subscriber.objects.exists()
        assert "Undone" in staff.get(url("import", judged)).content.decode()

    def test_shows_the_rows_of_one_verdict(self, staff, judged):
        batches.carry_on(judged.pk)
        html = staff.get(url("import", judged), {"only": "invalid"}).content.decode()
        assert "ana@example.com" not in html

    def test_leaves_proven_consent_to_managers(self, staff, judged):
        ImportBatch.objects.update(consent="proven")
        batches.carry_on(judged.pk)
        assert "A newsletter manager goes on" in staff.get(url("import", judged)).content.decode()
        assert staff.post(url("import_act", judged, "start")).url == reverse("wagtailadmin_home")
        judged.refresh_from_db()
        assert judged.state == "judged"

    def test_drops_the_file(self, staff, judged):
        batches.carry_on(judged.pk)
        staff.post(url("import_act", judged, "drop"))
        assert not ImportBatch.objects.exists()
