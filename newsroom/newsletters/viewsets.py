"""What staff see of newsletters in the Wagtail admin."""

from django.db.models import ProtectedError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.snippets.views.snippets import SnippetViewSet

from newsroom.newsletters.models import Newsletter


class NewsletterDeleteView(SnippetViewSet.delete_view_class):
    def form_valid(self, form: object) -> HttpResponse:
        """Delete it, or say why that is not possible and what is."""
        try:
            return super().form_valid(form)
        except ProtectedError:
            reason = _(
                "This newsletter has subscribers or is asked for in stories, so it cannot be "
                "deleted. Close it instead: its forms go, its subscribers stay."
            )
            messages.error(self.request, reason)
            return redirect(self.get_success_url())


class NewsletterViewSet(SnippetViewSet):
    model = Newsletter
    icon = "mail"
    menu_label = _("Newsletters")
    list_display = ["name", "frequency", "is_open"]
    list_filter = ["is_open"]
    delete_view_class = NewsletterDeleteView
