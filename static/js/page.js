// Starts GOV.UK Frontend's components and our own small ones. Every page works without any of this.
import { initAll } from "../vendor/govuk-frontend/govuk-frontend.min.js";
import { labelTables } from "./tables.js";
import { showPrintButtons } from "./print.js";
import { foldOnPhones } from "./fold.js";
import { revealChoices } from "./reveal.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
foldOnPhones(document);
initAll();
revealChoices(document);
labelTables(document);
showPrintButtons(document);
