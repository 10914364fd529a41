"""What staff keep for themselves: filters of the list, and the record of exports."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SavedFilter(models.Model):
    """A filter of the list of subscribers under a name of its owner's. It holds no address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        default_permissions = ()
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], name="newsroom_newsletters_filter_named_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ExportRecord(models.Model):
    """That somebody took addresses out of the site: who, when, which, how many."""

    # None: the account is gone; its name stays.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    user_name = models.CharField(_("who"), max_length=150)
    made_at = models.DateTimeField(_("when"), default=timezone.now)
    what = models.CharField(_("what"), max_length=300)
    file_format = models.CharField(_("format"), max_length=4)
    rows = models.PositiveIntegerField(_("rows"))

    class Meta:
        default_permissions = ["view"]
        ordering = ["-made_at", "-pk"]
        verbose_name = _("export")
        verbose_name_plural = _("exports")

    def __str__(self) -> str:
        return f"Export {self.pk}"
