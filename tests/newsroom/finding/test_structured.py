import json
import re

import pytest

pytestmark = pytest.mark.django_db


def read(html: str) -> dict:
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(data)


class TestAStorysData:
    def test_say_who_wrote_what_when(self, make_story, make_author, make_image, client):
        story = make_story(
            title="The count", dek="A dek.", authors=[make_author("Ana Ruiz")],
            lead_image=make_image(), lead_image_alt="x",
        )  # fmt: skip
        article, crumbs = read(client.get(story.url).content.decode())["@graph"]
        assert article["@type"] == "NewsArticle"
        assert article["headline"] == "The count"
        assert article["author"][0]["name"] == "Ana Ruiz"
        assert article["articleSection"] == "Education"
        assert article["datePublished"] == article["dateModified"]
        assert article["image"][0].startswith("http")
        assert [item["name"] for item in crumbs["itemListElement"]] == ["Education", "The count"]

    def test_cannot_end_their_element(self, make_story, client):
        title = "</script><script>alert(1)</script>"
        html = client.get(make_story(title=title).url).content.decode()
        assert "<script>alert" not in html
        assert read(html)["@graph"][0]["headline"] == title

    def test_name_corrections(self, make_story, client):
        story = make_story([("correction", {"date": "2024-11-07", "text": "It was 81 precincts."})])
        article = read(client.get(story.url).content.decode())["@graph"][0]
        assert article["correction"][0]["text"] == "It was 81 precincts."
        assert article["correction"][0]["datePublished"] == "2024-11-07"
