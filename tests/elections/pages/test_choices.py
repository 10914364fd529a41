from elections.pages.choices import Choices


def test_what_no_database_takes_is_left_out(rf):
    choices = Choices.of(rf.get("/", {"q": "Bo\x00ard\x00", "group": "\x00", "place": " Bell "}))
    assert (choices.q, choices.group, choices.place) == ("Board", "", "Bell")
