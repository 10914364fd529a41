import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import modelcluster.fields
import newsroom.calls_to_action.amounts
import newsroom.calls_to_action.models.asks
import newsroom.calls_to_action.models.donations
import newsroom.calls_to_action.models.trials
import swapper
from django.conf import settings
from django.db import migrations, models

swapper.set_app_prefix("wagtailcore", "wagtail")
PAGE_MODEL = swapper.get_model_name("wagtailcore", "Page")


class Migration(migrations.Migration):

    dependencies = [
        ('newsroom_calls_to_action', '0001_initial'),
        ('newsroom_newsletters', '0002_ledger_and_outbox'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AskCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('kind', models.CharField(choices=[('impression', 'Seen'), ('reader', 'First seen in a test'), ('click', 'Followed'), ('gift', 'Gave')], max_length=10)),
                ('call_to_action_id', models.PositiveBigIntegerField()),
                ('variant', models.CharField(blank=True, max_length=40)),
                ('block_id', models.CharField(blank=True, max_length=36)),
                ('page_id', models.PositiveBigIntegerField(default=0)),
                ('page_revision_id', models.PositiveBigIntegerField(default=0)),
                ('subject', models.CharField(blank=True, max_length=100)),
                ('phase', models.CharField(blank=True, max_length=40)),
                ('number', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'count of an ask',
                'verbose_name_plural': 'counts of asks',
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='CountBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True)),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='DonationPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('address', models.CharField(help_text='With {amount}, {frequency}, {campaign} and {story} where they belong. For example: https://give.example.org/?amount={amount}&every={frequency}&from={story}', max_length=500, validators=[newsroom.calls_to_action.models.donations.validate_template], verbose_name='address')),
                ('word_once', models.CharField(default='once', max_length=20, verbose_name='its word for once')),
                ('word_monthly', models.CharField(default='monthly', max_length=20, verbose_name='its word for monthly')),
                ('word_yearly', models.CharField(default='yearly', max_length=20, verbose_name='its word for yearly')),
                ('currency', models.CharField(default='$', max_length=4, verbose_name='sign before amounts')),
            ],
            options={
                'verbose_name': 'donation page',
                'verbose_name_plural': 'donation pages',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Gift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference_hash', models.CharField(max_length=64, unique=True)),
                ('told_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('claimed_at', models.DateTimeField(null=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PhaseCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('heading', models.CharField(blank=True, max_length=120, verbose_name='heading')),
                ('text', models.TextField(blank=True, max_length=500, verbose_name='text')),
                ('button_label', models.CharField(blank=True, max_length=60, verbose_name='words on the button')),
                ('phase', models.CharField(max_length=40, verbose_name='phase')),
            ],
            options={
                'verbose_name': 'words for a phase',
                'verbose_name_plural': 'words for phases',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('where', models.CharField(choices=[('paragraph', 'In a story, after a paragraph'), ('end', 'At the end of a story'), ('race', 'On the page of a race'), ('election', 'On the page of an election'), ('banner', 'Above every page')], max_length=10, verbose_name='where')),
                ('paragraph', models.PositiveSmallIntegerField(default=4, help_text='A shorter story has it at its end. A list counts as a paragraph.', verbose_name='after which paragraph')),
                ('order', models.PositiveSmallIntegerField(default=0, help_text='Of two rules for one place, the lower comes first.', verbose_name='order')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
            ],
            options={
                'verbose_name': 'place of an ask',
                'verbose_name_plural': 'places of asks',
                'ordering': ['order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='QuietTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateTimeField(help_text='It ends by itself.', verbose_name='until')),
                ('reason', models.CharField(help_text='For colleagues. For example: the crash on I-5.', max_length=200, verbose_name='reason')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='since')),
            ],
            options={
                'verbose_name': 'quiet time',
                'verbose_name_plural': 'quiet times',
                'ordering': ['-until', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Trial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=newsroom.calls_to_action.models.trials.make_key, editable=False, max_length=8, unique=True)),
                ('name', models.CharField(help_text='What it should answer.', max_length=120, verbose_name='question')),
                ('judged_on', models.CharField(choices=[('confirmed', 'Confirmed signups'), ('stayed', 'Confirmed, and still subscribed after 30 days'), ('gave', 'Gifts, as the donation page signs them')], default='confirmed', max_length=10, verbose_name='judged on')),
                ('readers_per_arm', models.PositiveIntegerField(blank=True, help_text='It is judged when each arm was seen by so many. Or give a date.', null=True, verbose_name='readers for each arm')),
                ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='judged at')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='started at')),
                ('closed_at', models.DateTimeField(blank=True, help_text="From then on all readers get the ask's own words.", null=True, verbose_name='closed at')),
            ],
            options={
                'verbose_name': 'test of an ask',
                'verbose_name_plural': 'tests of asks',
                'ordering': ['-started_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Variant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('heading', models.CharField(blank=True, max_length=120, verbose_name='heading')),
                ('text', models.TextField(blank=True, max_length=500, verbose_name='text')),
                ('button_label', models.CharField(blank=True, max_length=60, verbose_name='words on the button')),
                ('key', models.CharField(default=newsroom.calls_to_action.models.asks.make_variant_key, editable=False, max_length=8)),
                ('name', models.CharField(help_text='For the report: what is different about it.', max_length=60, verbose_name='name')),
                ('is_live', models.BooleanField(default=True, help_text='Off: its readers get another arm, and come back to it when it is on again.', verbose_name='shown to readers')),
            ],
            options={
                'verbose_name': 'arm of a test',
                'verbose_name_plural': 'arms of tests',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.RemoveConstraint(
            model_name='calltoaction',
            name='newsroom_calls_to_action_asks_one_thing',
        ),
        migrations.AddField(
            model_name='calltoaction',
            name='amounts_monthly',
            field=newsroom.calls_to_action.amounts.AmountsField(blank=True, help_text='For example: 10, 25, 50.', max_length=80, validators=[newsroom.calls_to_action.amounts.validate_amounts], verbose_name='amounts to give each month'),
        ),
        migrations.AddField(
            model_name='calltoaction',
            name='amounts_once',
            field=newsroom.calls_to_action.amounts.AmountsField(blank=True, help_text='For example: 10, 25, 50.', max_length=80, validators=[newsroom.calls_to_action.amounts.validate_amounts], verbose_name='amounts to give once'),
        ),
        migrations.AddField(
            model_name='calltoaction',
            name='amounts_yearly',
            field=newsroom.calls_to_action.amounts.AmountsField(blank=True, help_text='For example: 10, 25, 50.', max_length=80, validators=[newsroom.calls_to_action.amounts.validate_amounts], verbose_name='amounts to give each year'),
        ),
        migrations.AddField(
            model_name='calltoaction',
            name='audience',
            field=models.CharField(choices=[('everyone', 'Everyone whom it can still serve'), ('anonymous', 'Those who have not signed up or given here'), ('pending', 'Those who have signed up and not confirmed'), ('subscriber', 'Subscribers'), ('donor', 'Donors')], default='everyone', max_length=10, verbose_name='for whom'),
        ),
        migrations.AddField(
            model_name='calltoaction',
            name='campaign',
            field=models.SlugField(blank=True, help_text='Told to the donation page, so that it can tell gifts apart.', max_length=60, verbose_name='campaign'),
        ),
        migrations.AddField(
            model_name='calltoaction',
            name='frequency',
            field=models.CharField(choices=[('always', 'On every page, as far as the allowance goes'), ('visit', 'Once in a visit'), ('week', 'Once in a week'), ('once', 'Once, ever')], default='always', max_length=6, verbose_name='how often'),
        ),
        migrations.AddField(
            model_name='calltoaction',
            name='max_stories',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Empty: no limit. 0 is for a first visit only.', null=True, verbose_name='up to so many stories read'),
        ),
        migrations.AddField(
            model_name='calltoaction',
            name='min_stories',
            field=models.PositiveSmallIntegerField(default=0, help_text='In the last 30 days in this browser, the open one not counted.', verbose_name='from so many stories read'),
        ),
        migrations.AddField(
            model_name='calltoaction',
            name='resets',
            field=models.PositiveIntegerField(default=0, help_text='Raise it to show the ask once more to those who have seen it.', verbose_name='resets'),
        ),
        migrations.AddField(
            model_name='calltoaction',
            name='show_from',
            field=models.DateTimeField(blank=True, null=True, verbose_name='from'),
        ),
        migrations.AddField(
            model_name='calltoaction',
            name='show_until',
            field=models.DateTimeField(blank=True, null=True, verbose_name='until'),
        ),
        migrations.AlterField(
            model_name='calltoaction',
            name='donate_url',
            field=models.URLField(blank=True, help_text='For a donation ask with one button. It must start with https://.', max_length=500, validators=[django.core.validators.URLValidator(message='Use an address that starts with https://.', schemes=['https'])], verbose_name='address of the donation page'),
        ),
        migrations.AlterField(
            model_name='calltoaction',
            name='kind',
            field=models.CharField(choices=[('newsletter', 'Sign up for a newsletter'), ('donate', 'Donate'), ('alert', 'Hear when a race is called')], max_length=10, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='calltoaction',
            name='newsletter',
            field=models.ForeignKey(blank=True, help_text="For a newsletter ask, or the alerts that a race's followers get.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls_to_action', to='newsroom_newsletters.newsletter', verbose_name='newsletter'),
        ),
        migrations.AddIndex(
            model_name='askcount',
            index=models.Index(fields=['page_id', 'kind'], name='newsroom_cta_count_by_page'),
        ),
        migrations.AddConstraint(
            model_name='askcount',
            constraint=models.UniqueConstraint(fields=('call_to_action_id', 'day', 'kind', 'variant', 'block_id', 'page_id', 'page_revision_id', 'subject', 'phase'), name='newsroom_calls_to_action_count_once'),
        ),
        migrations.AddField(
            model_name='calltoaction',
            name='donation_page',
            field=models.ForeignKey(blank=True, help_text='For a donation ask that suggests amounts.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls_to_action', to='newsroom_calls_to_action.donationpage', verbose_name='donation page'),
        ),
        migrations.AddConstraint(
            model_name='calltoaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('donate_url', ''), ('donation_page__isnull', True), ('kind__in', ['newsletter', 'alert']), ('newsletter__isnull', False)), models.Q(('donate_url__startswith', 'https://'), ('donation_page__isnull', True), ('kind', 'donate'), ('newsletter__isnull', True)), models.Q(('donate_url', ''), ('donation_page__isnull', False), ('kind', 'donate'), ('newsletter__isnull', True)), _connector='OR'), name='newsroom_calls_to_action_asks_one_thing'),
        ),
        migrations.AddField(
            model_name='phasecopy',
            name='call_to_action',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='phase_copies', to='newsroom_calls_to_action.calltoaction'),
        ),
        migrations.AddField(
            model_name='placement',
            name='call_to_action',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placements', to='newsroom_calls_to_action.calltoaction', verbose_name='call to action'),
        ),
        migrations.AddField(
            model_name='placement',
            name='section',
            field=models.ForeignKey(blank=True, help_text='A section, or any page. Empty: the whole site.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=PAGE_MODEL, verbose_name='only below'),
        ),
        migrations.AddField(
            model_name='quiettime',
            name='made_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='quiettime',
            name='page',
            field=models.ForeignKey(blank=True, help_text='A story, or a section with all its stories. Empty: the whole site.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=PAGE_MODEL, verbose_name='where'),
        ),
        migrations.AddField(
            model_name='trial',
            name='call_to_action',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trials', to='newsroom_calls_to_action.calltoaction', verbose_name='call to action'),
        ),
        migrations.AddField(
            model_name='variant',
            name='call_to_action',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='variants', to='newsroom_calls_to_action.calltoaction'),
        ),
        migrations.AddConstraint(
            model_name='phasecopy',
            constraint=models.UniqueConstraint(fields=('call_to_action', 'phase'), name='newsroom_calls_to_action_phase_once', violation_error_message='This phase has its words already.'),
        ),
        migrations.AddConstraint(
            model_name='trial',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ends_at__isnull', True), ('readers_per_arm__isnull', False)), models.Q(('ends_at__isnull', False), ('readers_per_arm__isnull', True)), _connector='OR'), name='newsroom_calls_to_action_one_horizon'),
        ),
        migrations.AddConstraint(
            model_name='trial',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('call_to_action',), name='newsroom_calls_to_action_one_trial', violation_error_message='A test of this ask is running. Close it first.'),
        ),
        migrations.AddConstraint(
            model_name='variant',
            constraint=models.UniqueConstraint(fields=('call_to_action', 'key'), name='newsroom_calls_to_action_arm_key'),
        ),
    ]
