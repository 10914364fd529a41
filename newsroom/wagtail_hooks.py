from django.http import HttpRequest
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from newsroom import embed_report
from newsroom.calls_to_action.viewsets import CallToActionViewSet
from newsroom.editing import views as editing
from newsroom.editing.home_panels import add_panels
from newsroom.editing.telling import tell_of_links
from newsroom.models import Author, Topic
from newsroom.newsletters.issues import history
from newsroom.newsletters.staff.viewset import SubscribersViewSet
from newsroom.newsletters.viewsets import NewsletterViewSet
from newsroom.serving import serve_together


class AuthorViewSet(SnippetViewSet):
    model = Author
    icon = "user"
    menu_label = _("Authors")
    list_display = ["name", "role"]


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    list_display = ["name", "slug"]


class NewsroomGroup(SnippetViewSetGroup):
    """One entry in the menu for everything of a newsroom that is not a page."""

    menu_label = _("Newsroom")
    menu_icon = "openquote"
    menu_order = 250
    items = (
        AuthorViewSet,
        TopicViewSet,
        CallToActionViewSet,
        NewsletterViewSet,
        SubscribersViewSet,
    )


register_snippet(NewsroomGroup)


hooks.register("on_serve_page", serve_together, order=-100)
hooks.register("after_publish_page", tell_of_links)
hooks.register("construct_homepage_panels", add_panels)
hooks.register("register_page_header_buttons", editing.offer_beginnings)
hooks.register("register_log_actions", history.register)


@hooks.register("register_admin_urls")
def register_editing() -> list:
    return [path("newsroom/stories/", include((editing.urlpatterns(), "newsroom_editing")))]


@hooks.register("register_admin_urls")
def register_embed_report() -> list:
    return [path("newsroom/embeds/", include((embed_report.urlpatterns(), "newsroom_embeds")))]


@hooks.register("register_reports_menu_item")
def register_embed_report_menu() -> MenuItem:
    return embed_report.menu_item()


@hooks.register("construct_homepage_panels")
def show_dead_embeds(request: HttpRequest, panels: list) -> None:
    panels.append(embed_report.DeadEmbedsPanel())
