import django.db.models.deletion
import modelsearch.index
from django.db import migrations, models
from wagtail.images import get_image_model_string

IMAGE_MODEL = get_image_model_string()


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(IMAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Author',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='As it stands in a byline.', max_length=160, verbose_name='name')),
                ('slug', models.SlugField(help_text='The name as it may appear in URLs.', max_length=160, unique=True, verbose_name='slug')),
                ('role', models.CharField(blank=True, help_text='For example: education reporter.', max_length=160, verbose_name='role')),
                ('bio', models.TextField(blank=True, help_text='Two or three sentences.', verbose_name='biography')),
                ('email', models.EmailField(blank=True, help_text='Readers see it. Leave it empty to show none.', max_length=254, verbose_name='public email address')),
                ('portrait', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=IMAGE_MODEL, verbose_name='portrait')),
            ],
            options={
                'verbose_name': 'author',
                'verbose_name_plural': 'authors',
                'ordering': ['name', 'pk'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
    ]
