import pytest

from newsroom.newsletters.exports import as_text


class TestAsText:
    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0"])
    def test_takes_the_power_from_a_formula(self, start):
        assert as_text(f"{start}1+1") == f"'{start}1+1"

    @pytest.mark.parametrize("text", ["ana@example.com", "", "a=b", "3"])
    def test_leaves_other_text_alone(self, text):
        assert as_text(text) == text
