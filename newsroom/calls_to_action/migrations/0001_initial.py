import django.core.validators
import django.db.models.deletion
import modelsearch.index
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('newsroom_newsletters', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CallToAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('newsletter', 'Sign up for a newsletter'), ('donate', 'Donate')], max_length=10, verbose_name='kind')),
                ('heading', models.CharField(max_length=120, verbose_name='heading')),
                ('text', models.TextField(blank=True, help_text='One or two sentences: why now.', max_length=500, verbose_name='text')),
                ('button_label', models.CharField(help_text='What happens next. For example: Sign up for the morning newsletter.', max_length=60, verbose_name='words on the button')),
                ('donate_url', models.URLField(blank=True, help_text='For a donation ask. It must start with https://.', max_length=500, validators=[django.core.validators.URLValidator(message='Use an address that starts with https://.', schemes=['https'])], verbose_name='address of the donation page')),
                ('note', models.CharField(blank=True, help_text='Small print under the button. For example: You can leave at any time.', max_length=200, verbose_name='note')),
                ('newsletter', models.ForeignKey(blank=True, help_text='For a newsletter ask.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls_to_action', to='newsroom_newsletters.newsletter', verbose_name='newsletter')),
            ],
            options={
                'verbose_name': 'call to action',
                'verbose_name_plural': 'calls to action',
                'ordering': ['heading', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('donate_url', ''), ('kind', 'newsletter'), ('newsletter__isnull', False)), models.Q(('donate_url__startswith', 'https://'), ('kind', 'donate'), ('newsletter__isnull', True)), _connector='OR'), name='newsroom_calls_to_action_asks_one_thing')],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
    ]
