"""The addresses of `reimbursing`."""

from django.urls import path

import billing.urls  # noqa: F401 - it registers how a document's number stands in an address
from reimbursing.views import days, files, owed, payees, runs, statements, subsidy

urlpatterns = [
    path("reimbursements/", statements.statement_list, name="statement_list"),
    path("reimbursements/lines.csv", statements.statement_line_export, name="statement_line_export"),
    path("reimbursements/owed/", owed.owed_list, name="owed_list"),
    path("reimbursements/new/", runs.statement_new, name="statement_new"),
    path("reimbursements/runs/", runs.statement_run_list, name="statement_run_list"),
    path("reimbursements/runs/<int:pk>/", runs.statement_run_detail, name="statement_run_detail"),
    path("reimbursements/runs/items/<int:pk>/give-up/", runs.statement_give_up, name="statement_give_up"),
    path("reimbursements/runs/items/<int:pk>/retry/", runs.statement_retry, name="statement_retry"),
    path("reimbursements/payees/", payees.payee_list, name="payee_list"),
    path("reimbursements/payees/<int:urn>/", payees.payee_detail, name="payee_detail"),
    path("reimbursements/payees/<int:urn>/edit/", payees.payee_edit, name="payee_edit"),
    path("reimbursements/files/", files.ledger_file_list, name="ledger_file_list"),
    path("reimbursements/files/journals/", files.journals_new, name="journals_new"),
    path("reimbursements/files/payments/", files.payments_new, name="payments_new"),
    path("reimbursements/files/<int:pk>/file.csv", files.ledger_file_download, name="ledger_file_download"),
    path("reimbursements/<number:number>/", statements.statement_detail, name="statement_detail"),
    path("reimbursements/<number:number>/pdf/", statements.statement_pdf, name="statement_pdf"),
    path("my-days/", days.my_days, name="my_days"),
    path("subsidy/", subsidy.subsidy_page, name="subsidy"),
    path("subsidy/subsidy.csv", subsidy.subsidy_export, name="subsidy_export"),
]
