"""Links to feeds are read, not written."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from .conftest import BOARD


class TestList:
    def test_finds_a_link_by_either_name(self, editor: Client, board) -> None:
        url = reverse("elections_links:index")
        by_feed = editor.get(url, {"q": "SCOTT SCHM"}).context["object_list"]
        by_us = editor.get(url, {"q": "lausd board"}).context["object_list"]
        assert [link.value for link in by_feed] == ["SCOTT SCHMERELSON"]
        assert {link.reported_contest for link in by_us} == {BOARD}
        assert len(by_us) == 3

    def test_can_be_filtered_by_format(self, editor: Client, board) -> None:
        url = reverse("elections_links:index")
        assert not editor.get(url, {"provider": "another"}).context["object_list"]

    @pytest.mark.parametrize("name", ["add", "edit", "delete", "inspect"])
    def test_has_no_form(self, name: str) -> None:
        with pytest.raises(NoReverseMatch):
            reverse(f"elections_links:{name}", args=[] if name == "add" else [1])
