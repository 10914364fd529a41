import django.db.models.deletion
import django.db.models.functions.text
import modelsearch.index
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Newsletter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('slug', models.SlugField(help_text='Forms name the newsletter by it. Pages kept in caches break if it changes.', max_length=120, unique=True, verbose_name='slug')),
                ('promise', models.CharField(help_text='What readers get and how often. It stands beside every signup form.', max_length=300, verbose_name='promise')),
                ('frequency', models.CharField(help_text='For example: every weekday morning.', max_length=80, verbose_name='frequency')),
                ('is_open', models.BooleanField(default=True, help_text='Closing it takes its forms off every page. Subscribers stay.', verbose_name='takes signups')),
            ],
            options={
                'verbose_name': 'newsletter',
                'verbose_name_plural': 'newsletters',
                'ordering': ['name', 'pk'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='Subscriber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='email address')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
            ],
            options={
                'verbose_name': 'subscriber',
                'verbose_name_plural': 'subscribers',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='newsroom_newsletters_email_once')],
            },
        ),
        migrations.CreateModel(
            name='Signup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wording', models.TextField(verbose_name='wording shown')),
                ('story_id', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='story')),
                ('block_id', models.CharField(blank=True, max_length=36, verbose_name='block')),
                ('call_to_action_id', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='call to action')),
                ('signed_up_at', models.DateTimeField(auto_now_add=True, verbose_name='signed up at')),
                ('newsletter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signups', to='newsroom_newsletters.newsletter', verbose_name='newsletter')),
                ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signups', to='newsroom_newsletters.subscriber', verbose_name='subscriber')),
            ],
            options={
                'verbose_name': 'signup',
                'verbose_name_plural': 'signups',
                'ordering': ['-signed_up_at', '-pk'],
                'default_permissions': ['view'],
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('confirmed', 'Confirmed'), ('unsubscribed', 'Unsubscribed')], default='pending', max_length=12, verbose_name='state')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='first signed up at')),
                ('state_changed_at', models.DateTimeField(auto_now_add=True, verbose_name='state since')),
                ('newsletter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subscriptions', to='newsroom_newsletters.newsletter', verbose_name='newsletter')),
                ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='newsroom_newsletters.subscriber', verbose_name='subscriber')),
            ],
            options={
                'verbose_name': 'subscription',
                'verbose_name_plural': 'subscriptions',
                'ordering': ['-created_at', '-pk'],
                'default_permissions': ['view'],
                'constraints': [models.UniqueConstraint(fields=('newsletter', 'subscriber'), name='newsroom_newsletters_subscribed_once'), models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'confirmed', 'unsubscribed'])), name='newsroom_newsletters_known_state')],
            },
        ),
    ]
