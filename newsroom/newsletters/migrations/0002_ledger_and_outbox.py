import django.db.models.deletion
import django.utils.timezone
import hashlib
import uuid
from django.db import migrations, models
from django.db.models import F

from newsroom.newsletters.addresses import address_hash, subscription_key
from newsroom.newsletters.append_only import AppendOnly


def name_people_and_subscriptions(apps, schema_editor):
    """Give each person and each subscription the names that ledger and links know them by."""
    Subscriber = apps.get_model("newsroom_newsletters", "Subscriber")
    Subscription = apps.get_model("newsroom_newsletters", "Subscription")
    for pk in Subscriber.objects.values_list("pk", flat=True).iterator():
        Subscriber.objects.filter(pk=pk).update(person=uuid.uuid4())
    rows = Subscription.objects.values_list("pk", "subscriber__email", "newsletter_id")
    for pk, email, newsletter in rows.iterator():
        Subscription.objects.filter(pk=pk).update(key=subscription_key(email, newsletter, ""))
    Subscription.objects.filter(state="confirmed").update(confirmed_at=F("state_changed_at"))
    Subscription.objects.filter(state="pending").update(asked_at=F("created_at"))


def write_signups_into_ledger(apps, schema_editor):
    """Keep every signup, with its words and its time, and every opt-out."""
    Signup = apps.get_model("newsroom_newsletters", "Signup")
    Subscription = apps.get_model("newsroom_newsletters", "Subscription")
    Suppression = apps.get_model("newsroom_newsletters", "Suppression")
    ConsentEvent = apps.get_model("newsroom_newsletters", "ConsentEvent")
    Wording = apps.get_model("newsroom_newsletters", "Wording")
    wordings = {}
    for text in Signup.objects.order_by("wording").values_list("wording", flat=True).distinct():
        digest = hashlib.sha256(text.encode()).hexdigest()
        wordings[text] = Wording.objects.get_or_create(digest=digest, defaults={"text": text})[0]
    for signup in Signup.objects.select_related("subscriber").order_by("pk").iterator():
        ConsentEvent.objects.create(
            kind="signed_up",
            method="form",
            form="signup",
            occurred_at=signup.signed_up_at,
            person=signup.subscriber.person,
            address_hash=address_hash(signup.subscriber.email),
            newsletter_id=signup.newsletter_id,
            state_after="pending",
            wording=wordings[signup.wording],
            page_id=signup.story_id,
            block_id=signup.block_id,
            call_to_action_id=signup.call_to_action_id,
        )
    left = Subscription.objects.filter(state="unsubscribed").select_related("subscriber")
    for subscription in left.iterator():
        Suppression.objects.create(
            address_hash=address_hash(subscription.subscriber.email),
            newsletter_id=subscription.newsletter_id,
            reason="opted_out",
        )


class Migration(migrations.Migration):

    dependencies = [
        ('newsroom_newsletters', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_key', models.CharField(max_length=150, unique=True)),
                ('topic_key', models.CharField(db_index=True, max_length=100)),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('text', models.TextField(verbose_name='text')),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='address to read on')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='announced at')),
                ('fanned_out_to', models.PositiveBigIntegerField(default=0, null=True)),
            ],
            options={
                'verbose_name': 'announcement',
                'verbose_name_plural': 'announcements',
                'default_permissions': ['view'],
            },
        ),
        migrations.CreateModel(
            name='Bounce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report_id', models.CharField(max_length=200, unique=True)),
                ('is_hard', models.BooleanField(verbose_name='for good')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('occurred_at', models.DateTimeField(verbose_name='when')),
            ],
            options={
                'verbose_name': 'bounce',
                'verbose_name_plural': 'bounces',
                'default_permissions': ['view'],
            },
        ),
        migrations.CreateModel(
            name='ConsentEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('signed_up', 'Signed up'), ('confirmed', 'Confirmed'), ('reminded', 'Reminded'), ('lapsed', 'Deleted, never confirmed'), ('unsubscribed', 'Unsubscribed'), ('paused', 'Paused'), ('resumed', 'Resumed'), ('expired', 'Ended with its topic'), ('bounced', 'Bounced'), ('complained', 'Complained'), ('forgiven', 'May sign up again'), ('imported', 'Imported'), ('refused', 'Refused'), ('undone', 'Import undone'), ('address_changed', 'Address changed'), ('downloaded', 'Downloaded their data'), ('erased', 'Erased')], max_length=16, verbose_name='what')),
                ('method', models.CharField(choices=[('form', 'Form'), ('link', 'Link in a mail'), ('preferences', 'Preference page'), ('one_click', 'One click'), ('import', 'Import'), ('staff', 'Staff'), ('provider', 'Newsletter service'), ('bounce', 'Bounce'), ('complaint', 'Complaint'), ('erasure', 'Erasure'), ('schedule', 'Schedule')], max_length=12, verbose_name='how')),
                ('occurred_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('person', models.UUIDField(db_index=True)),
                ('other_person', models.UUIDField(db_index=True, null=True)),
                ('address_hash', models.CharField(db_index=True, max_length=64)),
                ('topic_key', models.CharField(blank=True, max_length=100, verbose_name='topic')),
                ('state_before', models.CharField(blank=True, max_length=12, verbose_name='state before')),
                ('state_after', models.CharField(blank=True, max_length=12, verbose_name='state after')),
                ('form', models.CharField(blank=True, max_length=40, verbose_name='form')),
                ('page_id', models.PositiveBigIntegerField(null=True, verbose_name='page')),
                ('page_revision_id', models.PositiveBigIntegerField(null=True, verbose_name='revision of the page')),
                ('block_id', models.CharField(blank=True, max_length=36, verbose_name='block')),
                ('call_to_action_id', models.PositiveBigIntegerField(null=True, verbose_name='call to action')),
                ('variant', models.CharField(blank=True, max_length=40, verbose_name='variant')),
                ('phase', models.CharField(blank=True, max_length=40, verbose_name='phase')),
                ('subject', models.CharField(blank=True, max_length=100, verbose_name='subject')),
                ('network_hash', models.CharField(blank=True, max_length=32)),
                ('actor_id', models.PositiveBigIntegerField(null=True, verbose_name='member of staff')),
                ('batch_id', models.PositiveBigIntegerField(null=True, verbose_name='batch')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
            ],
            options={
                'verbose_name': 'consent event',
                'verbose_name_plural': 'consent ledger',
                'ordering': ['-occurred_at', '-pk'],
                'default_permissions': ['view'],
            },
        ),
        migrations.CreateModel(
            name='FormerKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(unique=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='MailedLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('confirm', 'Confirm a signup'), ('preferences', 'Change preferences'), ('address', 'Take a new address'), ('erase', 'Erase everything'), ('invitation', 'Accept an invitation')], max_length=12)),
                ('seed', models.BinaryField(max_length=32)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField(null=True)),
                ('used_at', models.DateTimeField(null=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='OutgoingMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_key', models.CharField(max_length=200, unique=True)),
                ('kind', models.CharField(choices=[('confirm', 'Please confirm'), ('reminder', 'Reminder to confirm'), ('already', 'You are subscribed already'), ('welcome', 'Welcome'), ('preferences', 'Link to the preferences'), ('new_address', 'Please confirm the new address'), ('old_address', 'Your address was changed'), ('erase', 'Link to erase everything'), ('announcement', 'Announcement in a topic'), ('invitation', 'Invitation at the end of a topic'), ('staff', 'Note to staff')], max_length=12, verbose_name='kind')),
                ('subject', models.CharField(blank=True, max_length=200, verbose_name='subject')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('priority', models.PositiveSmallIntegerField(default=0)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('dropped', 'Not sent'), ('failed', 'Given up')], default='waiting', max_length=8, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='written at')),
                ('next_attempt_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='next attempt at')),
                ('claimed_until', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent at')),
            ],
            options={
                'verbose_name': 'outgoing mail',
                'verbose_name_plural': 'outgoing mail',
                'default_permissions': ['view'],
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_hash', models.CharField(max_length=64)),
                ('reason', models.CharField(choices=[('opted_out', 'Opted out'), ('erased', 'Erased at their wish'), ('complained', 'Complained about spam'), ('bounced', 'Mail came back')], max_length=12, verbose_name='reason')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='since')),
            ],
            options={
                'verbose_name': 'suppression',
                'verbose_name_plural': 'suppressions',
                'default_permissions': ['view'],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('text', models.TextField(verbose_name='text')),
            ],
            options={
                'verbose_name': 'wording',
                'verbose_name_plural': 'wordings',
                'default_permissions': ['view'],
            },
        ),
        migrations.AlterModelOptions(
            name='subscriber',
            options={'default_permissions': ['view'], 'verbose_name': 'subscriber', 'verbose_name_plural': 'subscribers'},
        ),
        migrations.RemoveConstraint(
            model_name='subscription',
            name='newsroom_newsletters_subscribed_once',
        ),
        migrations.RemoveConstraint(
            model_name='subscription',
            name='newsroom_newsletters_known_state',
        ),
        migrations.AddField(
            model_name='newsletter',
            name='reply_to',
            field=models.EmailField(blank=True, help_text='Somebody should read what arrives there.', max_length=254, verbose_name='answers go to'),
        ),
        migrations.AddField(
            model_name='newsletter',
            name='sample_url',
            field=models.URLField(blank=True, help_text='An issue that readers may look at before they sign up.', max_length=500, verbose_name='address of a sample'),
        ),
        migrations.AddField(
            model_name='newsletter',
            name='scope',
            field=models.CharField(choices=[('list', 'A newsletter with issues'), ('topic', 'Alerts about one topic, such as a race')], default='list', help_text='Alerts are signed up for one topic at a time, and end with it.', max_length=5, verbose_name='what it is'),
        ),
        migrations.AddField(
            model_name='newsletter',
            name='sender_address',
            field=models.EmailField(blank=True, help_text='Your mail provider must know it. Empty: the site’s own sender.', max_length=254, verbose_name='sender’s address'),
        ),
        migrations.AddField(
            model_name='newsletter',
            name='sender_name',
            field=models.CharField(blank=True, help_text='Empty: the newsletter’s name.', max_length=80, verbose_name='sender’s name'),
        ),
        migrations.AddField(
            model_name='newsletter',
            name='welcome_subject',
            field=models.CharField(blank=True, help_text='Empty: “Welcome to” and the name.', max_length=120, verbose_name='subject of the welcome mail'),
        ),
        migrations.AddField(
            model_name='newsletter',
            name='welcome_text',
            field=models.TextField(blank=True, help_text='What to expect, and from whom. A blank line begins a new paragraph.', max_length=4000, verbose_name='text of the welcome mail'),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='confirmation_mail_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='confirmation_mails',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='latest_delivery_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='latest delivery at'),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='person',
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='subscription',
            name='asked_at',
            field=models.DateTimeField(blank=True, help_text='The latest form not yet confirmed.', null=True, verbose_name='asked for at'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='confirmed at'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='ended_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='subscription',
            name='expires_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='ends at'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='key',
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='subscription',
            name='paused_until',
            field=models.DateTimeField(blank=True, null=True, verbose_name='paused until'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='reminded_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='reminded at'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='topic_key',
            field=models.CharField(blank=True, max_length=100, verbose_name='topic'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='topic_title',
            field=models.CharField(blank=True, max_length=200, verbose_name='title of the topic'),
        ),
        migrations.RunPython(name_people_and_subscriptions, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='subscriber',
            name='person',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AlterField(
            model_name='subscription',
            name='key',
            field=models.UUIDField(editable=False, unique=True),
        ),
        migrations.AlterField(
            model_name='subscription',
            name='state',
            field=models.CharField(choices=[('pending', 'Pending'), ('confirmed', 'Confirmed'), ('unsubscribed', 'Unsubscribed'), ('bounced', 'Bounced'), ('complained', 'Complained')], default='pending', max_length=12, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(condition=models.Q(('topic_key', ''), _negated=True), fields=['topic_key'], name='newsroom_newsletters_topic'),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(fields=['newsletter', 'state', '-created_at'], name='newsroom_newsletters_by_state'),
        ),
        migrations.AddConstraint(
            model_name='newsletter',
            constraint=models.CheckConstraint(condition=models.Q(('scope__in', ['list', 'topic'])), name='newsroom_newsletters_known_scope'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.UniqueConstraint(fields=('newsletter', 'subscriber', 'topic_key'), name='newsroom_newsletters_subscribed_once'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'confirmed', 'unsubscribed', 'bounced', 'complained'])), name='newsroom_newsletters_known_state'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='newsroom_newsletters_confirmed_when'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('topic_key', ''), ('topic_title', '')), models.Q(models.Q(('topic_key', ''), _negated=True), models.Q(('topic_title', ''), _negated=True)), _connector='OR'), name='newsroom_newsletters_topic_has_title'),
        ),
        migrations.AddField(
            model_name='bounce',
            name='subscriber',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bounces', to='newsroom_newsletters.subscriber'),
        ),
        migrations.AddField(
            model_name='consentevent',
            name='newsletter',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consent_events', to='newsroom_newsletters.newsletter', verbose_name='newsletter'),
        ),
        migrations.AddField(
            model_name='formerkey',
            name='subscription',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_keys', to='newsroom_newsletters.subscription'),
        ),
        migrations.AddField(
            model_name='mailedlink',
            name='newsletter',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='newsroom_newsletters.newsletter'),
        ),
        migrations.AddField(
            model_name='mailedlink',
            name='replaces',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='replacing_links', to='newsroom_newsletters.subscriber'),
        ),
        migrations.AddField(
            model_name='mailedlink',
            name='subscriber',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='links', to='newsroom_newsletters.subscriber'),
        ),
        migrations.AddField(
            model_name='mailedlink',
            name='subscriptions',
            field=models.ManyToManyField(related_name='links', to='newsroom_newsletters.subscription'),
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='announcement',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='newsroom_newsletters.announcement'),
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='link',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mail', to='newsroom_newsletters.mailedlink'),
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='newsletter',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='newsroom_newsletters.newsletter'),
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='subscriber',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='newsroom_newsletters.subscriber'),
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='subscription',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='newsroom_newsletters.subscription'),
        ),
        migrations.AddField(
            model_name='suppression',
            name='newsletter',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suppressions', to='newsroom_newsletters.newsletter', verbose_name='newsletter'),
        ),
        migrations.AddField(
            model_name='consentevent',
            name='wording',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='newsroom_newsletters.wording', verbose_name='wording shown'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'sending'])), fields=['priority', 'next_attempt_at'], name='newsroom_newsletters_outbox'),
        ),
        migrations.AddConstraint(
            model_name='outgoingmail',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sending', 'sent', 'dropped', 'failed'])), name='newsroom_newsletters_mail_state'),
        ),
        migrations.AddConstraint(
            model_name='outgoingmail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='newsroom_newsletters_mail_sent_when'),
        ),
        migrations.AddConstraint(
            model_name='suppression',
            constraint=models.UniqueConstraint(condition=models.Q(('newsletter__isnull', False)), fields=('address_hash', 'newsletter', 'reason'), name='newsroom_newsletters_suppressed_once'),
        ),
        migrations.AddConstraint(
            model_name='suppression',
            constraint=models.UniqueConstraint(condition=models.Q(('newsletter__isnull', True)), fields=('address_hash', 'reason'), name='newsroom_newsletters_suppressed_everywhere_once'),
        ),
        migrations.AddConstraint(
            model_name='suppression',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['opted_out', 'erased', 'complained', 'bounced'])), name='newsroom_newsletters_known_reason'),
        ),
        migrations.AddIndex(
            model_name='consentevent',
            index=models.Index(fields=['newsletter', 'kind', 'occurred_at'], name='newsroom_newsletters_numbers'),
        ),
        migrations.AddIndex(
            model_name='consentevent',
            index=models.Index(condition=models.Q(('call_to_action_id__isnull', False)), fields=['call_to_action_id', 'kind', 'occurred_at'], name='newsroom_newsletters_by_ask'),
        ),
        migrations.AddIndex(
            model_name='consentevent',
            index=models.Index(condition=models.Q(('page_id__isnull', False)), fields=['page_id', 'kind'], name='newsroom_newsletters_by_page'),
        ),
        migrations.AddIndex(
            model_name='consentevent',
            index=models.Index(condition=models.Q(('batch_id__isnull', False)), fields=['batch_id'], name='newsroom_newsletters_by_batch'),
        ),
        AppendOnly('Wording'),
        AppendOnly('ConsentEvent'),
        # After this nothing may alter the tables that it writes to: their rows are not checked
        # before the end of the transaction.
        migrations.RunPython(write_signups_into_ledger, migrations.RunPython.noop),
        migrations.DeleteModel(
            name='Signup',
        ),
    ]
