from django.db import migrations

from newsroom.newsletters.append_only import NeverEmptied


class Migration(migrations.Migration):

    dependencies = [
        ('newsroom_newsletters', '0006_languages'),
    ]

    operations = [
        NeverEmptied('Wording'),
        NeverEmptied('ConsentEvent'),
        NeverEmptied('Suppression'),
    ]
