from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from newsroom.calls_to_action.viewsets import CallToActionViewSet
from newsroom.models import Author
from newsroom.newsletters.models import Subscription
from newsroom.newsletters.permissions import ViewOnlyPermissionPolicy
from newsroom.newsletters.viewsets import NewsletterViewSet, SubscriptionViewSet

register_permission_policy(Subscription, ViewOnlyPermissionPolicy(Subscription))


class AuthorViewSet(SnippetViewSet):
    model = Author
    icon = "user"
    menu_label = _("Authors")
    list_display = ["name", "role"]


class NewsroomGroup(SnippetViewSetGroup):
    """One entry in the menu for everything of a newsroom that is not a page."""

    menu_label = _("Newsroom")
    menu_icon = "openquote"
    menu_order = 250
    items = (AuthorViewSet, CallToActionViewSet, NewsletterViewSet, SubscriptionViewSet)


register_snippet(NewsroomGroup)
