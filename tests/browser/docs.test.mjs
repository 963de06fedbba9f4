// The documentation: asked without signing in, an example in another language copied, and one's own key in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { demo, signIn, withPage } from "./harness.mjs";

const START = "/docs/api-reference/user-portal-apis/api-reference";
const CREATE = "/docs/api-reference/user-portal-apis/to-dos/create-a-to-do";

test("a stranger asks, and copies an example in Ruby", async () => {
  const permissions = ["clipboard-read", "clipboard-write"];
  await withPage(
    async (page) => {
      await page.goto("/api");
      assert.equal(new URL(page.url()).pathname, START);
      await page.getByRole("searchbox", { name: "Ask the documentation" }).fill("how long are recordings kept");
      await page.getByRole("button", { name: "Ask" }).click();
      const answer = page.getByRole("region", { name: "Answer" });
      assert.match(await answer.textContent(), /up to 31 days/);
      await answer.getByRole("link").first().click();
      await page.waitForURL((url) => url.pathname.startsWith("/docs/") && url.search === "");

      await page.getByRole("navigation", { name: "Contents" }).getByRole("link", { name: "Create a To Do" }).click();
      await page.waitForURL((url) => url.pathname === CREATE);
      const samples = page.locator(".samples");
      await samples.getByRole("radio", { name: "Ruby" }).check();
      assert.equal(await samples.locator(".code:visible").count(), 1, "one language at a time");
      await samples.getByRole("button", { name: "Copy" }).click();
      await samples.getByText("Copied", { exact: true }).waitFor();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      assert.match(copied, /Net::HTTP::Post/);
      assert.ok(copied.includes(`${new URL(page.url()).origin}/api/v2/to-dos`), copied);
      assert.match(copied, /Bearer \{AUTH_TOKEN\}/);
    },
    { permissions },
  );
});

test("who is signed in finds the beginning of an own key in the examples", async () => {
  await withPage(async (page) => {
    await signIn(page, demo.client, "/profile");
    const name = `Documentation ${Date.now()}`;
    await page.getByRole("textbox", { name: "Name" }).fill(name);
    await page.getByRole("button", { name: "Create key" }).click();
    const token = await page.locator("#token").textContent();
    await page.goto(CREATE);
    const shown = await page.locator(".samples .code").first().textContent();
    const prefix = shown.match(/Bearer (lk_[a-z0-9]+)…/)?.[1];
    assert.ok(prefix && token.startsWith(prefix) && !shown.includes(token), shown);
  });
});

test("without a script the pages are read, asked and switched", async () => {
  await withPage(
    async (page) => {
      await page.goto(`${CREATE}?ask=every+second+week`);
      assert.match(await page.getByRole("region", { name: "Answer" }).textContent(), /interval/);
      await page.locator(".samples").getByRole("radio", { name: "Python" }).check();
      assert.match(await page.locator(".samples .code:visible").textContent(), /import requests/);
    },
    { javaScriptEnabled: false },
  );
});
