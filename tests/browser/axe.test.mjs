// Every page, in both themes, on a desk and on a phone: nothing serious for those who cannot see,
// no word on the console, nothing that the content security policy had to stop, no sideways scroll.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { axe, demo, launch, open, signIn } from "./harness.mjs";
import { pagesOfClient, pagesOfOwner, widths } from "./pages.mjs";

/** What is wrong with each page in light, and with its colours in dark: only they depend on the theme. */
async function findings(page, pages) {
  const found = [];
  for (const [name, path] of pages) {
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(path);
    const path_of = new URL(page.url()).pathname;
    for (const finding of await axe(page)) found.push(`${name} (${path_of}): ${finding}`);
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (sideways > 1) found.push(`${name}: scrolls sideways by ${sideways} px`);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(path);
    const dark = await axe(page, { runOnly: ["color-contrast", "link-in-text-block"] });
    for (const finding of dark) found.push(`${name} (${path_of}), dark: ${finding}`);
  }
  return found;
}

describe("every page", { concurrency: true }, () => {
  for (const [size, viewport] of Object.entries(widths)) {
    test(`at ${viewport.width} px, in light and dark`, async () => {
      const browser = await launch();
      try {
        const options = { viewport, hasTouch: size === "phone" };
        const stranger = await open(browser, options);
        const found = await findings(stranger.page, [["sign-in", "/sign-in"]]);
        const owner = await open(browser, options);
        await signIn(owner.page, demo.owner);
        found.push(...(await findings(owner.page, await pagesOfOwner(owner.page))));
        const client = await open(browser, options);
        await signIn(client.page, demo.client);
        found.push(...(await findings(client.page, pagesOfClient)));
        for (const { complaints } of [stranger, owner, client]) found.push(...complaints);
        assert.deepEqual(found, []);
      } finally {
        await browser.close();
      }
    });
  }
});

test("what opens above a page is as sound as the page", async () => {
  const browser = await launch();
  try {
    const { page, complaints } = await open(browser);
    await signIn(page, demo.owner);
    await page.goto("/accounts");
    await page.keyboard.press("?");
    await page.locator("#help[open]").waitFor();
    const found = await axe(page);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await page.locator("#palette .finds a").first().waitFor();
    found.push(...(await axe(page)));
    await page.keyboard.press("Escape");
    await page.locator("main table a").first().click();
    await page.locator("[popovertarget^='contact-']").first().click();
    await page.locator("[popover]:popover-open").waitFor();
    found.push(...(await axe(page)));
    assert.deepEqual([...found, ...complaints], []);
  } finally {
    await browser.close();
  }
});

test("axe and the harness see what is wrong", async () => {
  const browser = await launch();
  try {
    const { page, complaints } = await open(browser);
    await page.goto("/sign-in");
    await page.evaluate(() => document.body.append(document.createElement("button")));
    assert.match((await axe(page)).join(), /button-name/);
    const inline = `<script>window.ran = 1</script>`;
    await page.evaluate((html) => document.write(html), inline);
    assert.match(complaints.join(), /Content Security Policy/);
  } finally {
    await browser.close();
  }
});
