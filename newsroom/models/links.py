from django.db import models


class StoryLink(models.Model):
    """Where the text of a live story leads: to a page of this site, or to an outside address.

    The machine writes these rows when a story is published. Pages are plain numbers, as in
    ``EmbedUse``.
    """

    page_id = models.PositiveBigIntegerField(db_index=True)
    target_id = models.PositiveBigIntegerField(null=True, db_index=True)
    url = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"page {self.page_id} to {self.target_id or self.url}"
