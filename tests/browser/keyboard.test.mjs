// The keyboard: the list of shortcuts, finding anything, going places, and drafts that survive.
import assert from "node:assert/strict";
import { test } from "node:test";
import { demo, signIn, withPage } from "./harness.mjs";

test("? lists the shortcuts of the page, and Escape puts the list away", async () => {
  await withPage(async (page) => {
    await signIn(page, demo.owner);
    await page.goto("/messages");
    await page.locator("body").press("?");
    const help = page.locator("#help[open]");
    await help.waitFor();
    const told = await help.textContent();
    for (const label of ["Find anything", "Search messages", "Go to Accounts"]) {
      assert.ok(told.includes(label), `${label} in ${told}`);
    }
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "detached" });
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await page.waitForURL("**/people");
  });
});

test("Ctrl+K finds an account and opens it", async () => {
  await withPage(async (page) => {
    await signIn(page, demo.agent);
    await page.goto("/console");
    await page.keyboard.press("Control+k");
    await page.locator("#palette[open]").waitFor();
    await page.keyboard.type(demo.account_number);
    const hit = page.locator("#palette a[href^='/console/accounts/']");
    await hit.first().waitFor();
    await page.keyboard.press("ArrowDown");
    const focused = () => page.evaluate(() => document.activeElement.getAttribute("href"));
    while (!(await focused())?.startsWith("/console/accounts/")) {
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/console\/accounts\/\d+/);
  });
});

test("Ctrl+K finds every page that one may open, by the words that people use", async () => {
  const finds = async (page, query) => {
    await page.goto("/messages");
    await page.keyboard.press("Control+k");
    await page.locator("#palette[open]").waitFor();
    const answered = page.waitForResponse((answer) => answer.url().includes(`q=${query.split(" ")[0]}`));
    await page.keyboard.type(query, { delay: 10 });
    await answered;
    await page.locator("#palette .finds h2, #palette .finds .empty").first().waitFor();
    return page.locator("#palette .finds");
  };
  await withPage(async (page, _context, fresh) => {
    await signIn(page, demo.owner);
    for (const [query, path] of [["on call", "/on-call"], ["floor", "/console/floor"], ["rota", "/on-call"]]) {
      const found = await finds(page, query);
      await found.locator(`a[href='${path}']`).click();
      await page.waitForURL(`**${path}`);
    }
    await page.goto("/messages");
    await page.keyboard.press("g");
    await page.keyboard.press("f");
    await page.waitForURL("**/console/floor");
    const client = (await fresh()).page;
    await signIn(client, demo.client);
    const found = await finds(client, "floor");
    assert.equal(await found.locator("a[href='/console/floor']").count(), 0, "not offered to a client");
    assert.equal(await (await finds(client, "on call")).locator("a[href='/on-call']").count(), 1);
  });
});

test("what was typed survives a reload, ticks and choices too, and can be cleared", async () => {
  await withPage(async (page) => {
    await signIn(page, demo.agent);
    await page.goto(`/console?q=${demo.account_number}`);
    await page.waitForURL(/\/console\/accounts\/\d+/);
    const content = page.locator("[name='answers[content]']");
    const emergency = page.locator("[name='answers[is_emergency]']");
    const choice = page.locator("select[name^='answers[']").first();
    await content.fill("Half a sentence");
    await page.keyboard.press("Alt+e");
    await choice.selectOption({ index: 1 });
    const chosen = await choice.inputValue();
    const radio = page.locator("input[type=radio][name^='answers[']:visible");
    const radios = await radio.count();
    if (radios > 0) await radio.nth(radios - 1).check();
    await page.reload();
    assert.equal(await content.inputValue(), "Half a sentence");
    assert.equal(await emergency.isChecked(), true);
    assert.equal(await choice.inputValue(), chosen);
    if (radios > 0) assert.equal(await radio.nth(radios - 1).isChecked(), true);
    assert.match(await page.locator("[data-draft-state]").textContent(), /restored/);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByRole("button", { name: "Really clear all?" }).click();
    await page.reload();
    assert.equal(await content.inputValue(), "");
    assert.equal(await emergency.isChecked(), false);
  });
});
