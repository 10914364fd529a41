import django.db.models.deletion
import modelcluster.fields
import swapper
import newsroom.fields
from django.db import migrations, models
from wagtail.images import get_image_model_string


swapper.set_app_prefix("wagtailcore", "wagtail")
PAGE_MODEL = swapper.get_model_name("wagtailcore", "Page")
IMAGE_MODEL = get_image_model_string()


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('newsroom', '0001_initial'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(IMAGE_MODEL),
        migrations.swappable_dependency(PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SectionPage',
            fields=[
                ('page_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='newsroom_section_page', serialize=False, to=PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='One or two sentences under the name of the section.', max_length=400, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'section page',
                'verbose_name_plural': 'section pages',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('page_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='newsroom_home_page', serialize=False, to=PAGE_MODEL)),
                ('lead_story', models.ForeignKey(blank=True, help_text='Leave it empty to lead with the newest story.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=PAGE_MODEL, verbose_name='lead story')),
            ],
            options={
                'verbose_name': 'home page',
                'verbose_name_plural': 'home pages',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='StoryPage',
            fields=[
                ('page_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='newsroom_story_page', serialize=False, to=PAGE_MODEL)),
                ('dek', models.TextField(blank=True, help_text='One or two sentences under the headline. Also used in lists and search.', max_length=400, verbose_name='dek')),
                ('lead_image_alt', models.CharField(blank=True, help_text='What the image shows, for readers who cannot see it.', max_length=300, verbose_name='description of the image')),
                ('lead_image_caption', models.CharField(blank=True, max_length=300, verbose_name='caption')),
                ('lead_image_credit', models.CharField(blank=True, help_text='Who made the picture, and for whom.', max_length=160, verbose_name='credit')),
                ('body', newsroom.fields.StoryField(blank=True, verbose_name='body')),
                ('content_hash', models.CharField(blank=True, editable=False, max_length=64)),
                ('content_updated_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='text updated at')),
                ('lead_image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=IMAGE_MODEL, verbose_name='lead image')),
            ],
            options={
                'verbose_name': 'story page',
                'verbose_name_plural': 'story pages',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='StoryByline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='newsroom.author', verbose_name='author')),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='bylines', to='newsroom_pages.storypage')),
            ],
            options={
                'verbose_name': 'byline',
                'verbose_name_plural': 'bylines',
                'ordering': ['sort_order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('page', 'author'), name='newsroom_pages_author_once_per_story', violation_error_message='This author is in the byline already.')],
            },
        ),
    ]
