"""What elections add to the Wagtail admin."""

from django.urls import URLPattern, URLResolver, include, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from elections.desk import audit, rehearsals, untrue, withheld
from elections.desk.alerts import flags as alert_flags  # noqa: F401 registers itself
from elections.desk.board.panel import add_races_to_watch
from elections.desk.board.views import BoardViewSet
from elections.desk.confirming import ConfirmBulkAction
from elections.desk.content_checks import add_checks
from elections.desk.decision_urls import urlpatterns as decision_urls
from elections.desk.election_chooser import ElectionChooserViewSet
from elections.desk.figure_chooser import urlpatterns as figure_urls
from elections.desk.menu import ElectionsGroup
from elections.desk.records import HistoryPolicy
from elections.desk.sheet_urls import urlpatterns as sheet_urls
from elections.desk.story_numbers import lead_to_numbers, offer_numbers
from elections.models import Contest, Election, Source
from elections.prose import editor
from newsroom.publishing import KEEP_A_DRAFT

for model in (Contest, Election, Source):
    register_permission_policy(model, HistoryPolicy(model))

register_snippet(ElectionsGroup)

hooks.register("register_rich_text_features", editor.register)
hooks.register("register_bulk_action", ConfirmBulkAction)
hooks.register("register_log_actions", audit.register)
hooks.register("construct_wagtail_userbar", add_checks)
hooks.register("construct_homepage_panels", add_races_to_watch)
hooks.register("before_publish_page", rehearsals.ask_before_publishing)
hooks.register("before_bulk_action", rehearsals.keep_from_bulk)
hooks.register(KEEP_A_DRAFT, withheld.keep_a_draft)
hooks.register("before_edit_page", withheld.say_that_it_waits)
hooks.register("after_edit_page", withheld.ask_after_approving)
hooks.register("construct_homepage_panels", withheld.add_withheld)
hooks.register("after_publish_page", untrue.warn_of_untrue)
hooks.register("after_create_page", offer_numbers)
hooks.register("after_edit_page", offer_numbers)
hooks.register("register_page_header_buttons", lead_to_numbers)
hooks.register("construct_homepage_panels", untrue.add_untrue_numbers)
hooks.register("register_reports_menu_item", untrue.menu_item)


@hooks.register("insert_global_admin_css")
def link_desk_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', versioned_static("elections/desk.css"))


@hooks.register("register_admin_viewset")
def register_board() -> BoardViewSet:
    return BoardViewSet()


@hooks.register("register_admin_viewset")
def register_election_chooser() -> ElectionChooserViewSet:
    return ElectionChooserViewSet("elections_election_chooser", url_prefix="elections/choose")


@hooks.register("register_admin_urls")
def give_sheets_their_addresses() -> list[URLPattern | URLResolver]:
    return [path("elections/sheets/", include((sheet_urls, "elections_sheets")))]


@hooks.register("register_admin_urls")
def give_decisions_their_addresses() -> list[URLPattern | URLResolver]:
    return [path("elections/decisions/", include((decision_urls, "elections_decisions")))]


@hooks.register("register_admin_urls")
def give_figures_their_addresses() -> list[URLPattern | URLResolver]:
    return [
        path("elections/figures/", include((figure_urls, "elections_figures"))),
        path("elections/untrue/", include((untrue.urlpatterns, "elections_untrue"))),
        path("elections/rehearsals/", include((rehearsals.urlpatterns, "elections_rehearsals"))),
    ]
