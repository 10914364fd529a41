import pytest
from django.apps import apps

from newsroom.checks import check_page_cache, check_required_apps, check_story_blocks
from newsroom.slots import read_slot

GOOD = "wagtail.blocks.CharBlock"


class TestReadSlot:
    def test_gives_the_classes_in_order(self):
        slot = read_slot([("b", GOOD), ("a", GOOD)])
        assert [key for key, _ in slot.block_classes] == ["b", "a"]
        assert slot.problems == ()

    @pytest.mark.parametrize(
        ("entries", "words"),
        [
            ("live_result", "is not a list"),
            (["live_result"], "not a key and a dotted path"),
            ([("a", GOOD, 1)], "not a key and a dotted path"),
            ([("a", 1)], "not a key and a dotted path"),
            ([("no spaces", GOOD)], "cannot name a block"),
            ([("paragraph", GOOD)], "a block of every story already"),
            ([("a", GOOD), ("a", GOOD)], "'a' twice"),
            ([("a", "nowhere.at.All")], "cannot be imported"),
            ([("a", "wagtail.blocks.StructValue")], "is not a block class"),
        ],
    )
    def test_says_what_is_wrong(self, entries, words):
        ((sentence, hint),) = read_slot(entries).problems
        assert words in sentence
        assert sentence.endswith((".", "'"))
        assert hint.endswith((".", "]."))


class TestChecks:
    def test_pass_as_configured(self):
        assert check_story_blocks(None) == []
        assert check_required_apps(None) == []
        assert check_page_cache(None) == []

    def test_refuse_a_wrong_path(self, settings):
        settings.NEWSROOM_STORY_BLOCKS = [("a", "nowhere.at.All")]
        (error,) = check_story_blocks(None)
        assert error.id == "newsroom.E001"
        assert "nowhere.at.All" in error.msg

    def test_refuse_a_missing_app(self, monkeypatch):
        monkeypatch.setattr(apps, "is_installed", lambda name: name != "newsroom.calls_to_action")
        (error,) = check_required_apps(None)
        assert "newsroom.calls_to_action" in error.hint

    @pytest.mark.parametrize("value", [15, {"max-age": "15"}, {"max_age": 15}, {"max-age": -1}])
    def test_refuse_a_cache_time_that_is_no_number_of_seconds(self, settings, value):
        settings.NEWSROOM_PAGE_CACHE = value
        (error,) = check_page_cache(None)
        assert error.id == "newsroom.E003"
