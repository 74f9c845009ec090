from django.db import migrations, models


class Migration(migrations.Migration):
    """The words that authors and sections were made of go; a sponsor cannot be named without the mark."""

    dependencies = [
        ('editorial', '0004_authors_and_sections_from_words'),
    ]

    operations = [
        migrations.RemoveField('storypage', 'old_byline'),
        migrations.RemoveField('storypage', 'old_section'),
        migrations.AddConstraint(
            model_name='storypage',
            constraint=models.CheckConstraint(condition=models.Q(('sponsored', True), ('sponsor', ''), _connector='OR'), name='story_with_a_sponsor_is_marked', violation_error_message='Un texte qui a un commanditaire porte la mention\xa0: cochez «\xa0contenu commandité\xa0».'),
        ),
        migrations.AlterConstraint(
            model_name='storypage',
            name='sponsored_story_names_its_sponsor',
            constraint=models.CheckConstraint(condition=models.Q(('sponsored', False), models.Q(('sponsor', ''), _negated=True), _connector='OR'), name='sponsored_story_names_its_sponsor', violation_error_message='Un contenu commandité dit qui l’a payé\xa0: nommez le commanditaire.'),
        ),
    ]
