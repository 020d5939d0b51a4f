"""The addresses of `billing`."""

from django.urls import path, register_converter

from billing.views import accounts, costs, crediting, exports, invoices, payments, runs


class NumberConverter:
    """An invoice's number, such as `SBS2223-00001`."""

    regex = r"[A-Z]{1,6}\d{4}-\d{5,9}"

    def to_python(self, value: str) -> str:
        """The number itself."""
        return value

    def to_url(self, value: str) -> str:
        """The number itself."""
        return value


register_converter(NumberConverter, "number")

urlpatterns = [
    path("invoices/", invoices.invoice_list, name="invoice_list"),
    path("invoices/zip/", invoices.invoice_zip, name="invoice_zip"),
    path("invoices/lines.csv", exports.line_export, name="line_export"),
    path("invoices/documents.csv", exports.document_export, name="document_export"),
    path("invoices/runs/", runs.run_list, name="run_list"),
    path("invoices/runs/new/", runs.run_new, name="run_new"),
    path("invoices/runs/<int:pk>/", runs.run_detail, name="run_detail"),
    path("invoices/runs/items/<int:pk>/give-up/", runs.item_give_up, name="item_give_up"),
    path("invoices/runs/items/<int:pk>/retry/", runs.item_retry, name="item_retry"),
    path("invoices/<number:number>/", invoices.invoice_detail, name="invoice_detail"),
    path("invoices/<number:number>/pdf/", invoices.invoice_pdf, name="invoice_pdf"),
    path("invoices/<number:number>/payment/", payments.payment_new, name="payment_new"),
    path("invoices/<number:number>/credit/", crediting.invoice_credit, name="invoice_credit"),
    path("billing/payments/<int:pk>/take-back/", payments.payment_take_back, name="payment_take_back"),
    path("schools/<int:urn>/costs/", costs.school_costs, name="school_costs"),
    path("billing/accounts/", accounts.account_list, name="account_list"),
    path("billing/accounts/new/", accounts.account_new, name="account_new"),
    path("billing/accounts/<slug:reference>/", accounts.account_detail, name="account_detail"),
    path("billing/accounts/<slug:reference>/edit/", accounts.account_edit, name="account_edit"),
]
