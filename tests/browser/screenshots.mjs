// Shoots every page, phone and desktop, light and dark, for people to look at:
//   SERVER_DATA=DIR-OF-DEMO.JSON node tests/browser/screenshots.mjs DIR
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { demo, launch, open, signIn } from "./harness.mjs";
import { answer } from "./script.mjs";
import { pagesOfClient, pagesOfOwner, themes, widths } from "./pages.mjs";

const [folder, only] = process.argv.slice(2);
if (!folder) {
  console.error("usage: node tests/browser/screenshots.mjs DIR [NAME]");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

const browser = await launch();
let count = 0;

async function shoot(page, pages, kind) {
  for (const [name, path] of pages.filter(([name]) => !only || name.includes(only))) {
    await page.goto(path);
    // The console's stream never ends, so there the network is never idle.
    if (!path.startsWith("/console")) await page.waitForLoadState("networkidle");
    await page.screenshot({ path: join(folder, `${name}.${kind}.png`), fullPage: true });
    count += 1;
  }
}

/** What no address shows: a refused form, what was saved, and what opens above a page. */
async function shootActs(page, kind) {
  const shot = (name) => page.screenshot({ path: join(folder, `${name}.${kind}.png`), fullPage: true });
  await page.goto(`/console?q=${demo.account_number}`);
  const form = page.locator("form.script");
  await page.getByRole("button", { name: /Save message/ }).click();
  await page.locator(".field.wrong").first().waitFor();
  await shot("take-refused");
  await answer(form, { first_name: "Maria", last_name: "Lopez", content: "Please call me back." });
  await page.getByRole("button", { name: /Save message/ }).click();
  await page.waitForURL(/saved=/);
  await shot("picker-saved");
  await page.goto(`/accounts?q=${demo.account_number}`);
  await page.locator("main table a").first().click();
  await page.locator("[popovertarget^='contact-']").first().click();
  await shot("account-remove-contact");
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Build the form" }).click();
  await page.getByRole("button", { name: "Add to section 1" }).click();
  await page.getByRole("button", { name: /^Publish/ }).click();
  await page.locator(".field.wrong").first().waitFor();
  await shot("form-build-refused");
  await page.locator("[popovertarget=discard]").first().click();
  await shot("form-build-discard");
  await page.getByRole("button", { name: "Discard", exact: true }).click();
  await page.goto(`${page.url()}/try`);
  await answer(page.locator("form.script"), { first_name: "Maria", content: "Please call." });
  await page.getByRole("button", { name: /Check the answers/ }).click();
  await page.locator("#kept-title").waitFor();
  await shot("form-try-kept");
  await page.goto("/messages");
  await page.keyboard.press("Control+k");
  await page.locator("#palette .finds a").first().waitFor();
  await shot("palette");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.locator("#help[open]").waitFor();
  await shot("shortcuts");
  count += 8;
}

for (const [size, viewport] of Object.entries(widths)) {
  for (const colorScheme of themes) {
    const kind = `${size}.${colorScheme}`;
    const options = { viewport, colorScheme, hasTouch: size === "phone" };
    const stranger = await open(browser, options);
    await shoot(stranger.page, [["sign-in", "/sign-in"]], kind);
    const owner = await open(browser, options);
    await signIn(owner.page, demo.owner);
    await shoot(owner.page, await pagesOfOwner(owner.page), kind);
    if (!only || only === "acts") await shootActs(owner.page, kind);
    const client = await open(browser, options);
    await signIn(client.page, demo.client);
    await shoot(client.page, pagesOfClient, kind);
    for (const { context } of [stranger, owner, client]) await context.close();
  }
}
await browser.close();
console.log(`${count} pictures in ${folder}`);
