// An Application Key: made, shown once, copied, used, and revoked with effect from the next request.
import assert from "node:assert/strict";
import { test } from "node:test";
import { api, demo, signIn, withPage } from "./harness.mjs";

test("a key is shown once, works, and ends when it is revoked", async () => {
  const permissions = ["clipboard-read", "clipboard-write"];
  await withPage(
    async (page) => {
      await signIn(page, demo.client);
      await page.goto("/profile");
      const name = `Browser test ${Date.now()}`;
      await page.getByRole("textbox", { name: "Name" }).fill(name);
      await page.getByRole("button", { name: "Create key" }).click();
      const token = await page.locator("#token").textContent();
      assert.match(token, /^lk_/);
      await page.locator("[data-copy-from='#token']").click();
      await page.getByText("Copied", { exact: true }).waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), token);

      assert.equal((await api("/api/v2/messages?limit=1", token)).status, 200);

      await page.goto("/profile");
      assert.ok(!(await page.content()).includes(token), "it is not shown a second time");
      const row = page.locator("tr", { hasText: name });
      assert.match(await row.textContent(), /127\.0\.0\.1/);
      await row.getByRole("button", { name: /Revoke…/ }).click();
      await page.getByRole("button", { name: "Revoke the key" }).locator("visible=true").click();
      await page.locator("#flash", { hasText: name }).waitFor();
      assert.equal((await api("/api/v2/messages?limit=1", token)).status, 401);
    },
    { permissions },
  );
});
