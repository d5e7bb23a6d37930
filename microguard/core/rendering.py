"""Forms are drawn by our components: one template for a field, one for a form."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Draws every field of every form by `_components/field.html`, with the project's widget templates."""

    field_template_name = "_components/field.html"
