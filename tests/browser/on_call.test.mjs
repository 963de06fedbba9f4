// On-call: the next hand-offs appear while one types, and all of it works without JavaScript.
import assert from "node:assert/strict";
import { test } from "node:test";
import { demo, launch, open, signIn } from "./harness.mjs";

for (const javaScriptEnabled of [true, false]) {
  const story = javaScriptEnabled ? "with a live preview" : "without JavaScript";
  test(`a rotation is made and a shift given away, ${story}`, async () => {
    const browser = await launch();
    try {
      const { page, complaints } = await open(browser, { javaScriptEnabled });
      await signIn(page, demo.client);
      await page.goto(javaScriptEnabled ? "/on-call/new" : `/on-call/new?account_number=${demo.account_number}`);
      if (javaScriptEnabled) {
        await page.locator("#f-account_number").selectOption(demo.account_number);
        await page.locator("#f-member_1 option", { hasText: "Jane Hart" }).waitFor({ state: "attached" });
      }
      const name = `Evenings ${Date.now()}`;
      await page.locator("#f-name").fill(name);
      const jane = page.locator("#f-member_1");
      await jane.selectOption({ label: await jane.locator("option", { hasText: "Jane Hart" }).textContent() });
      const paul = page.locator("#f-member_2");
      await paul.selectOption({ label: await paul.locator("option", { hasText: "Robert Lowe" }).textContent() });
      if (!javaScriptEnabled) await page.getByRole("button", { name: "Preview" }).click();
      await page.locator("#preview-body", { hasText: "Robert Lowe from" }).waitFor();
      await page.getByRole("button", { name: /^Save/ }).click();
      await page.getByRole("heading", { name, level: 1 }).waitFor();
      await page.getByText("Add an override").click();
      await page.locator("#f-contact_id").selectOption("nobody");
      const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
      await page.locator("#f-from_on").fill(day);
      await page.locator("#f-from_time").fill("18:00");
      await page.locator("#f-until_on").fill(day);
      await page.locator("#f-until_time").fill("22:00");
      await page.getByRole("button", { name: "Add the override" }).click();
      await page.locator(".note.red", { hasText: "Nobody is on call" }).first().waitFor();
      await page.goto(`/on-call?q=${encodeURIComponent(name)}`);
      await page.locator(".note.red", { hasText: name }).waitFor();
      assert.deepEqual(complaints, []);
    } finally {
      await browser.close();
    }
  });
}
