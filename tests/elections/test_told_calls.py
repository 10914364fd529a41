import pytest

from elections.matching import link_draft
from elections.models import Call, Contest, Published, ReportedCall, Source
from elections.widgets.publish import publish_stale
from tests.elections import ap_nights
from tests.elections.ap_nights import house, night, say


@pytest.fixture
def ap(db) -> Source:
    return ap_nights.make_source()


class TestWhatASourceCalls:
    def test_is_kept_with_who_and_when(self, ap):
        say(ap, night())
        row = ReportedCall.objects.get()
        assert (row.contest, row.authority, row.kind) == (
            house(),
            "The Associated Press",
            "winner",
        )
        assert row.selections == [house().selections.get(name="Dee Pattern").pk]
        assert row.called_at.isoformat() == "2030-11-06T05:10:00+00:00"

    def test_is_no_call_of_ours(self, ap):
        say(ap, night())
        type(house()).objects.update(status="confirmed")
        publish_stale()
        assert not Call.objects.exists()
        assert "Winner" not in Published.objects.get(contest=house()).html

    def test_is_kept_once_while_it_stands(self, ap):
        say(ap, night())
        say(ap, night(minute=20), minute=21)
        assert ReportedCall.objects.count() == 1

    def test_is_kept_when_it_comes_without_a_new_count(self, ap):
        say(ap, night(status="Too Early to Call", mark=""))
        assert not ReportedCall.objects.exists()
        say(ap, night(), minute=17)
        assert ReportedCall.objects.get().kind == "winner"

    @pytest.mark.parametrize("status", ["Uncalled", "Too Early to Call"])
    def test_may_be_taken_back(self, ap, status):
        say(ap, night())
        say(ap, night(status=status, mark="", minute=20), minute=21)
        latest = ReportedCall.objects.latest([house().pk]).get()
        assert (latest.kind, latest.selections, latest.authority) == (
            "",
            [],
            "The Associated Press",
        )
        say(ap, night(status=status, mark="", minute=22), minute=23)
        assert ReportedCall.objects.count() == 2

    def test_comes_along_when_its_draft_is_linked(self, ap):
        say(ap, night())
        own = Contest.objects.create(election=ap.election, name="House, District 30")
        dee = own.selections.create(name="Dee Pattern")
        link_draft(house(), own)
        row = ReportedCall.objects.get()
        assert (row.contest, row.selections) == (own, [dee.pk])

    def test_of_a_late_document_is_not_kept(self, ap):
        say(ap, night(status="Too Early to Call", mark="", minute=20), minute=21)
        assert say(ap, night(minute=14), minute=22).outcome == "stale"
        assert not ReportedCall.objects.exists()

    def test_before_the_polls_close_is_not_kept(self, ap):
        ap.election.polls_close_at = ap.election.polls_close_at.replace(hour=7)
        ap.election.save()
        assert say(ap, night()).outcome == "embargoed"
        assert not ReportedCall.objects.exists()
