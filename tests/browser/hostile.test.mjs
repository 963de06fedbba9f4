// A caller's words, whatever they are, are shown and never run.
import assert from "node:assert/strict";
import { test } from "node:test";
import { demo, signIn, withPage } from "./harness.mjs";
import { answer } from "./script.mjs";

const EVIL = [
  `<script>window.ran = 1</script>`,
  `<img src=x onerror="window.ran = 2">`,
  `"><svg onload="window.ran = 3">`,
  `</textarea><script>window.ran = 4</script>`,
  `javascript:window.ran=5`,
  `<a href="javascript:window.ran=6" autofocus onfocus="window.ran=6">x</a>`,
].join(" ");

test("hostile words run nowhere: list, message, search, form, outbox", async () => {
  await withPage(async (page, _, another) => {
    await signIn(page, demo.agent);
    await page.goto(`/console?q=${demo.account_number}`);
    const address = page.url();
    const form = page.locator("form.script");
    await answer(form, { first_name: EVIL, last_name: `"'>${Date.now()}`, content: EVIL });
    await form.locator("[name='answers[phone]']").fill("");
    await page.keyboard.press("Control+Enter");
    await page.locator(".field.wrong").waitFor();
    const ran = async (on) => assert.equal(await on.evaluate(() => window.ran), undefined, on.url());
    await ran(page);
    assert.equal(await form.locator("[name='answers[content]']").inputValue(), EVIL);
    await form.locator("[name='answers[phone]']").fill("1 <b>2</b>");
    await page.keyboard.press("Control+Enter");
    await page.waitForURL(/saved=/);
    await ran(page);
    const open = await page.getByRole("link", { name: "Open it" }).getAttribute("href");
    await page.goto(address);
    await ran(page);

    const owner = await another();
    await signIn(owner.page, demo.owner);
    const paths = [open, "/messages", "/messages?q=window.ran", "/find?q=window.ran", "/outbox", "/"];
    for (const path of [...paths, `/find?q=${encodeURIComponent(EVIL)}`]) {
      await owner.page.goto(path);
      await ran(owner.page);
    }
    await owner.page.goto(open);
    assert.equal(await owner.page.locator(".said").textContent(), EVIL);
    assert.equal(await owner.page.locator("main a[href^='javascript:']").count(), 0);
    assert.deepEqual(owner.complaints, []);
  });
});
