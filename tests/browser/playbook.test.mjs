// An account's playbook, by a supervisor: with and without a script, by keyboard, and foreseen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { demo, launch, open, signIn } from "./harness.mjs";

async function delivery(page) {
  await signIn(page, demo.owner, `/accounts?q=${demo.account_number}`);
  await page.locator("main table a").first().click();
  await page.locator("#delivery").getByRole("link", { name: "Delivery" }).click();
  await page.waitForURL(/\/accounts\/\d+\/delivery$/);
}

test("a policy is made without JavaScript, its levels moved by buttons", async () => {
  const browser = await launch();
  try {
    const { page, complaints } = await open(browser, { javaScriptEnabled: false });
    await delivery(page);
    const name = `Storms ${Date.now()}`;
    await page.getByRole("link", { name: "Add an escalation policy" }).click();
    await page.getByLabel("Name").fill(name);
    await page.locator("#level-1").getByLabel("Jane Hart").check();
    await page.locator("#level-1").getByLabel("Then wait").fill("90 s");
    await page.getByRole("button", { name: "Add a level" }).click();
    await page.locator("#level-2").getByLabel("Whoever it is for").check();
    await page.getByRole("button", { name: "Move level 2 up" }).click();
    assert.equal(await page.locator("#level-1").getByLabel("Whoever it is for").isChecked(), true);
    assert.equal(await page.locator("#level-2").getByLabel("Then wait").inputValue(), "90 s");
    await page.getByText("Not kept yet").waitFor();
    // Enter saves: it must not press a button that moves.
    await page.getByLabel("Name").press("Enter");
    await page.waitForURL(/delivery/);
    const row = page.locator("#policies .playbook > li", { hasText: name });
    assert.match(await row.textContent(), /Level 2: Jane Hart, by the first way.*1 minute 30 seconds/);
    await row.getByRole("link").click();
    await page.getByRole("button", { name: "Add a level" }).waitFor();
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
});

test("by keyboard a moved level keeps the cursor on its button", async () => {
  const browser = await launch();
  try {
    const { page, complaints } = await open(browser);
    await delivery(page);
    await page.locator("#policies .playbook a[href*='/policies/']").first().click();
    await page.getByRole("button", { name: "Move level 2 up" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Not kept yet").waitFor();
    const focused = await page.evaluate(() => document.activeElement?.textContent?.trim());
    assert.equal(focused, "Move level 1 down");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.textContent?.trim() === "Move level 2 up");
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
});

test("the simulator answers at once, and its address can be shared", async () => {
  const browser = await launch();
  try {
    const { page, complaints } = await open(browser);
    await delivery(page);
    await page.keyboard.press("s");
    await page.waitForURL(/simulator$/);
    await page.getByLabel("Day").fill("2026-11-28");
    await page.getByLabel("Time").fill("02:10");
    await page.getByLabel("It is an emergency").check();
    await page.locator(".foreseen > li").first().waitFor();
    await page.waitForURL(/on=2026-11-28/);
    await page.waitForURL(/emergency=true/);
    const told = await page.locator("#foreseen").textContent();
    assert.match(told, /2:10 AM EST/);
    assert.match(told, /on call in/);
    const shared = await open(browser);
    await signIn(shared.page, demo.owner, new URL(page.url()).pathname + new URL(page.url()).search);
    assert.equal(await shared.page.locator("#foreseen").textContent(), told);
    assert.deepEqual([...complaints, ...shared.complaints], []);
  } finally {
    await browser.close();
  }
});

test("the wording's preview follows what is typed", async () => {
  const browser = await launch();
  try {
    const { page, complaints } = await open(browser);
    await delivery(page);
    await page.getByRole("link", { name: "Change the wording" }).click();
    await page.getByLabel("Text message").fill("A message waits at {ACCOUNT}. {CODE}");
    await page.locator("#preview-body", { hasText: "A message waits at Hart & Lowe, Attorneys. 482" }).waitFor();
    await page.getByLabel("Text message").fill("Hi {NAME}");
    await page.locator("#preview-body", { hasText: "must not name {NAME}" }).waitFor();
    assert.equal(await page.getByLabel("Text message").inputValue(), "Hi {NAME}");
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
});
