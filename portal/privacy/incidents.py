"""The register of confidentiality incidents, kept by the Journal's direction; no line of it is ever deleted."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from home import audit
from home.forms import PortalModelForm
from home.guard import GuardedViewSet
from home.models import Incident


class RecordView(generic.CreateView):
    def save_instance(self) -> Incident:
        """With who wrote it down, and a trace."""
        self.form.instance.recorded_by = self.request.user
        incident: Incident = super().save_instance()
        audit.note("incident.recorded", incident, actor_id=self.request.user.pk)
        return incident


class CompleteView(generic.EditView):
    def save_instance(self) -> Incident:
        """The trace says which fields changed, never what they said."""
        changed: list[str] = self.form.changed_data
        incident: Incident = super().save_instance()
        audit.note("incident.changed", incident, actor_id=self.request.user.pk, after={"fields": changed})
        return incident


class IncidentViewSet(GuardedViewSet, ModelViewSet):
    model = Incident
    name = "incidents"
    icon = "warning"
    menu_label = _("Incidents")
    menu_order = 850
    add_view_class = RecordView
    edit_view_class = CompleteView
    copy_view_enabled = False
    add_to_reference_index = False
    add_to_admin_menu = True
    ordering = ("-noticed_on", "-pk")
    list_display: Any = ("what", "noticed_on", "is_serious", "commission_told_on", "people_told_on")
    edit_handler = ObjectList(
        [
            HelpPanel(
                _(
                    "Un accès, un envoi ou une perte non autorisés de renseignements personnels s’inscrit ici, "
                    "même sans suite. S’il y a un risque de préjudice sérieux\u00a0: avertissez sans délai la "
                    "Commission d’accès à l’information et les personnes touchées."
                )
            ),
            FieldPanel("what"),
            FieldPanel("information"),
            FieldRowPanel(
                [FieldPanel("happened_on"), FieldPanel("noticed_on"), FieldPanel("people_affected")]
            ),
            MultiFieldPanel([FieldPanel("is_serious"), FieldPanel("why")], heading=_("Le risque")),
            FieldRowPanel([FieldPanel("commission_told_on"), FieldPanel("people_told_on")]),
            FieldPanel("measures"),
        ],
        base_form_class=PortalModelForm,
    )
