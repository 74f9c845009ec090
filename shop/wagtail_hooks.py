"""What the shop adds to the Wagtail admin."""

from wagtail_modeladmin.options import modeladmin_register

from shop.admin.menu import SalesGroup

modeladmin_register(SalesGroup)
