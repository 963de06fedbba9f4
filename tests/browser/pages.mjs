// Every page that the demo has, and who may open it: what axe walks and what the screenshots show.
import { demo } from "./harness.mjs";
import { toDoForAgents } from "./switch.mjs";

/** Where the first link of a page that begins with `start` leads. */
async function link(page, path, start, within = "table") {
  await page.goto(path);
  return page.locator(`main ${within} a[href^="${start}"]`).first().getAttribute("href");
}

/** The page of something that waits for an agent. */
async function waiting(page) {
  await toDoForAgents("Ask whether the technician came.\nIf not, take a message.");
  await page.goto("/console");
  const ticket = page.locator("#queue [data-row^='item-'] a").first();
  await ticket.waitFor({ timeout: 15_000 });
  return ticket.getAttribute("href");
}

/** Name and path of each page, for an owner, who may open all of them. */
export async function pagesOfOwner(page) {
  await page.goto("/find");
  const anchors = page.locator("#finds a");
  const found = await anchors.evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  // What the program's own table of pages names, each under its address: nobody need add it here.
  const named = found.map((path) => [path.slice(1).replaceAll("/", "-"), path]);
  return [...named, ...(await pagesBelow(page))];
}

/** The pages that stand below those of the table: one of each kind, and lists that show nothing. */
async function pagesBelow(page) {
  const account = await link(page, `/accounts?q=${demo.account_number}`, "/accounts/");
  const contact = await link(page, account, `${account}/contacts/`);
  const webhook = await link(page, `${account}/webhooks`, "/webhooks/");
  const toDo = await link(page, "/to-dos?delivery_type=call", "/to-dos/", ".rows");
  const delivery = `${account}/delivery`;
  const group = await link(page, delivery, `${account}/groups/`, "#groups .playbook");
  const policy = await link(page, delivery, `${account}/policies/`, "#policies .playbook");
  const closing = await link(page, delivery, `${account}/closings/`, "#closings .playbook");
  const rotation = await link(page, "/on-call", "/on-call/", ".note");
  await page.goto(rotation);
  const holidays = await page.locator('main a[href^="/on-call/holidays/"]').getAttribute("href");
  const person = await link(page, "/people?q=carla", "/people/");
  return [
    ["messages-none-fits", "/messages?q=nobodysaidthis"],
    ["message", `/messages/${demo.message_id}`],
    ["recording", `/recordings/${demo.recording_id}`],
    ["to-dos-none-fits", "/to-dos?delivery_type=fax"],
    ["to-do", toDo],
    ["to-do-new", `/to-dos/new?account_number=${demo.account_number}`],
    ["to-do-edit", toDo.replace("?", "/edit?")],
    ["on-call-none-fits", "/on-call?q=nobody"],
    ["on-call-rotation", rotation],
    ["on-call-new", `/on-call/new?account_number=${demo.account_number}`],
    ["on-call-edit", `${rotation}/edit`],
    ["on-call-holidays", holidays],
    ["mail", await link(page, "/outbox", "/outbox/")],
    ["accounts-none-fits", "/accounts?q=nobody"],
    ["account", account],
    ["account-new", "/accounts/new"],
    ["account-edit", `${account}/edit`],
    ["account-sending", `${account}/sending`],
    ["webhooks", `${account}/webhooks`],
    ["webhook-new", `${account}/webhooks/new`],
    ["webhook", webhook],
    ["webhook-none-waits", `${webhook}?only=waiting`],
    ["webhook-edit", `${webhook}/edit`],
    ["hook-event", await link(page, webhook, "/webhooks/events/")],
    ["contact-edit", contact],
    ["delivery", delivery],
    ["group-edit", group],
    ["group-new", `${account}/groups/new`],
    ["policy-edit", policy],
    ["policy-new", `${account}/policies/new`],
    ["closing-edit", closing],
    ["closing-new", `${account}/closings/new`],
    ["wording", `${account}/wording`],
    ["simulator", `${account}/simulator?on=2026-11-28&time=02:10&emergency=true`],
    ["simulator-empty", `${account}/simulator`],
    ["simulator-wrong", `${account}/simulator?on=never&time=25:00`],
    ["form-build", `${account}/form`],
    ["form-build-line", await link(page, `${account}/form`, `${account}/form?line=`, "nav")],
    ["form-build-open", `${account}/form?open=s1.i1`],
    ["form-try", `${account}/form/try`],
    ["form-versions", `${account}/form/versions`],
    ["person-new", "/people/new"],
    ["person", person],
    ["docs-reference", "/docs/api-reference/user-portal-apis/api-reference"],
    ["docs-create-a-to-do", "/docs/api-reference/user-portal-apis/to-dos/create-a-to-do"],
    ["docs-guide", "/docs/guides/delivery"],
    ["docs-answered", "/docs/guides/delivery?ask=what+if+nobody+answers"],
    ["docs-not-answered", "/docs?ask=who+won+the+world+cup"],
    ["find", "/find?q=heat"],
    ["picker-none-fits", "/console?q=nobody"],
    ["take", `/console${account}`],
    ["item", await waiting(page)],
    ["not-here", "/messages/999999999"],
  ];
}

/** The pages that look otherwise to a client. */
export const pagesOfClient = [
  ["client-messages", "/messages"],
  ["client-message", `/messages/${demo.message_id}`],
  ["client-to-dos", "/to-dos"],
  ["client-on-call", "/on-call"],
  ["client-profile", "/profile"],
  ["client-not-allowed", "/console"],
];

export const widths = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
export const themes = ["light", "dark"];
