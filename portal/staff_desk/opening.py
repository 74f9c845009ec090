"""What a portal's staff need before its doors open: the workflow by which the Journal approves merchants' pages.

Called where portals are made: the demo, and ``manage.py open_staff_desks`` for every portal of an installation
(docs/operate.md). A merchant who sends a page before anybody did that does it, too. Twice is normal.
"""

from wagtail.models import Site, Workflow

from directory import moderation
from directory.models import DirectoryPage
from directory.searching import synonyms
from home.tenancy import portal_scope
from portal.staffing import JOURNAL, group_of


def open_staff_desk(site: Site) -> Workflow | None:
    """The portal's workflow, answered by its Journal. None for a portal that has no directory yet.

    Its search has our list of synonyms, which the Journal makes its own.
    """
    with portal_scope(site):
        synonyms.give_ours(site)
    directory = DirectoryPage.objects.descendant_of(site.root_page).first()
    if directory is None:
        return None
    return moderation.give_to_journal(directory, [group_of(site, role) for role in JOURNAL])
