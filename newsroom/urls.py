"""Lists, search, feeds and what search engines ask for. Include them at the root of the site."""

from django.urls import path

from newsroom.finding import feeds, lists, search, sitemaps

app_name = "newsroom"

urlpatterns = [
    path("search/", search.search, name="search"),
    path("topics/<slug:slug>/", lists.topic, name="topic"),
    path("authors/<slug:slug>/", lists.author, name="author"),
    path("feeds/stories.atom", feeds.site_feed, name="site_feed"),
    path("feeds/section/<int:page_id>.atom", feeds.section_feed, name="section_feed"),
    path("feeds/topic/<slug:slug>.atom", feeds.topic_feed, name="topic_feed"),
    path("feeds/author/<slug:slug>.atom", feeds.author_feed, name="author_feed"),
    path("sitemap.xml", sitemaps.index, name="sitemap_index"),
    path("sitemap-<int:part>.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-news.xml", sitemaps.news, name="news_sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
]
