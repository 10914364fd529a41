from django.core.exceptions import ValidationError


def errors_of(instance) -> dict[str, list[str]]:
    try:
        instance.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


class TestElection:
    def test_refuses_polls_that_close_on_another_day(self, election):
        election.polls_close_at = election.polls_close_at.replace(day=9)
        assert "polls_close_at" in errors_of(election)

    def test_refuses_an_invented_time_zone(self, election):
        election.time_zone = "Pacific"
        assert "time_zone" in errors_of(election)
