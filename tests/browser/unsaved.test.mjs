// One key destroys nothing: what is written is asked about, what ended comes back, and a ticket stays while
// it is used.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, demo, signIn, withPage } from "./harness.mjs";
import { answer } from "./script.mjs";
import { lineOf, tell } from "./switch.mjs";

const sid = () => `unsaved-${Date.now()}-${Math.random()}`;
const written = (page) => page.locator("[name='answers[content]']");
const ended = (page) => page.locator("#list-unsaved");

/** Lets a call ring and answers it; its identifier at the switch. */
async function answered(page, line, from) {
  const call = sid();
  await tell({ call_sid: call, event: "ringing", did_number: line, from });
  await page.locator("#list-ringing .ticket", { hasText: from.slice(-4) }).getByRole("button").click();
  await page.waitForURL(/call=\d+/);
  return call;
}

test("F9 asks before it ends a call with something written, and the draft comes back", async () => {
  await withPage(async (page) => {
    await signIn(page, demo.agent);
    const line = await lineOf(page);
    const call = await answered(page, line, "9545550171");
    await written(page).fill("Half a sentence");
    await page.keyboard.press("F9");
    const question = page.getByRole("alertdialog");
    await question.waitFor();
    assert.match(await question.textContent(), /What is written is not saved\./);
    assert.deepEqual(await axe(page), []);
    assert.equal(await written(page).inputValue(), "Half a sentence");
    // Enter is the safe answer, and so is Escape.
    await page.keyboard.press("Enter");
    await question.waitFor({ state: "detached" });
    await page.locator("#list-mine .talking").waitFor();
    await written(page).fill("Half a sentence more");
    await page.keyboard.press("F9");
    await page.getByRole("button", { name: "End, keep the draft" }).click();
    await page.waitForURL(/\/console$/);
    await ended(page).locator(".ticket", { hasText: "0171" }).locator("a").click();
    await page.waitForURL(/call=\d+/);
    assert.equal(await written(page).inputValue(), "Half a sentence more");
    await answer(page.locator("form.script"), { first_name: "Maria", last_name: "Lopez" });
    await page.keyboard.press("Control+Enter");
    await page.waitForURL(/saved=/);
    assert.equal(await ended(page).locator(".ticket", { hasText: "0171" }).count(), 0);
    await tell({ call_sid: call, event: "ended" });
  });
});

test("F9 beside F8 ends a call, and its page is one click away", async () => {
  await withPage(async (page) => {
    await signIn(page, demo.agent);
    const line = await lineOf(page);
    const call = await answered(page, line, "9545550172");
    await page.keyboard.press("F9");
    await page.waitForURL(/\/console$/);
    await page.locator("#flash").getByRole("link", { name: "Back to it" }).click();
    await page.locator(".pop", { hasText: "(954) 555-0172" }).waitFor();
    // An outcome is noted with two keys, as nothing is written; then it is gone from the queue.
    await page.keyboard.press("Alt+1");
    await page.keyboard.press("Enter");
    await page.waitForURL(/saved=/);
    assert.equal(await ended(page).locator(".ticket", { hasText: "0172" }).count(), 0);
    await tell({ call_sid: call, event: "ended" });
  });
});

test("F9 on another page asks as well, where something is written", async () => {
  await withPage(async (page) => {
    await signIn(page, demo.agent);
    const line = await lineOf(page);
    const call = await answered(page, line, "9545550175");
    await written(page).fill("Half a sentence");
    await page.goto("/console");
    await page.keyboard.press("F9");
    const question = page.getByRole("alertdialog");
    await question.waitFor();
    assert.match(await question.textContent(), /No message of it is saved\./);
    assert.equal(await written(page).inputValue(), "Half a sentence");
    await page.keyboard.press("Enter");
    await page.locator("#list-mine .talking").waitFor();
    await page.goto("/console");
    await page.keyboard.press("F9");
    await page.getByRole("button", { name: "Discard and end" }).click();
    await page.waitForURL(/saved=/);

    // Where nothing is written, nothing is asked.
    const other = await answered(page, line, "9545550176");
    await page.goto("/console");
    await page.keyboard.press("F9");
    await page.locator("#flash").getByRole("link", { name: "Back to it" }).waitFor();
    for (const ended of [call, other]) await tell({ call_sid: ended, event: "ended" });
  });
});

test("Alt+1 and Enter destroy nothing that is written", async () => {
  await withPage(async (page) => {
    await signIn(page, demo.agent);
    const line = await lineOf(page);
    const call = await answered(page, line, "9545550173");
    await written(page).fill("She will call again");
    await page.keyboard.press("Alt+1");
    await page.keyboard.press("Enter");
    const question = page.getByRole("alertdialog");
    await question.waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await written(page).inputValue(), "She will call again");
    await page.keyboard.press("Alt+1");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Record “Hang-up”" }).click();
    await page.waitForURL(/saved=/);
    await page.locator("#flash").getByRole("link", { name: "Open it" }).click();
    await page.locator(".said", { hasText: "She will call again" }).waitFor();
    await tell({ call_sid: call, event: "ended" });
  });
});

test("Enter and a click never meet the caller who moved up", async () => {
  await withPage(async (page) => {
    await signIn(page, demo.agent);
    const line = await lineOf(page);
    const calls = [sid(), sid(), sid()];
    for (const [i, call] of calls.entries()) {
      await tell({ call_sid: call, event: "ringing", did_number: line, from: `954555018${i}` });
    }
    const ticket = (i) => page.locator("#list-ringing .ticket", { hasText: `555-018${i}` });
    await ticket(2).waitFor();
    // The focus stands on the first, which ends.
    await ticket(0).getByRole("button").focus();
    await tell({ call_sid: calls[0], event: "ended" });
    await page.locator(".ticket.gone", { hasText: "555-0180" }).waitFor();
    const at = () => page.evaluate(() => document.activeElement.closest(".ticket")?.textContent ?? "");
    assert.match(await at(), /Ended.*555-0180/s);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.match(await at(), /555-0181/);
    await page.locator(".ticket.gone").waitFor({ state: "detached" });
    assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, "/console");

    // The pointer stands on the second, which ends.
    await page.evaluate(() => document.activeElement.blur());
    const box = await ticket(1).getByRole("button").boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await tell({ call_sid: calls[1], event: "ended" });
    await page.locator(".ticket.gone", { hasText: "555-0181" }).waitFor();
    await page.mouse.click(x, y);
    await page.mouse.move(x + 500, y);
    await page.locator(".ticket.gone").waitFor({ state: "detached" });
    await ticket(2).waitFor();
    assert.equal(new URL(page.url()).search, "", "nobody was answered");
    await tell({ call_sid: calls[2], event: "ended" });
    await ticket(2).waitFor({ state: "detached" });
  });
});

test("without JavaScript the server asks, and keeps what is written", async () => {
  await withPage(
    async (page) => {
      await signIn(page, demo.agent);
      const line = await lineOf(page);
      const call = sid();
      await tell({ call_sid: call, event: "ringing", did_number: line, from: "9545550174" });
      await page.goto("/console");
      await page.getByRole("button", { name: /Answer \(954\) 555-0174/ }).click();
      await page.goto("/console");
      await page.locator("#list-mine .ticket", { hasText: "0174" }).getByRole("button").click();
      await page.getByRole("alertdialog").waitFor();
      await written(page).fill("Half a sentence");
      await page.getByRole("button", { name: "End call" }).click();
      await page.getByRole("alertdialog").waitFor();
      assert.equal(await written(page).inputValue(), "Half a sentence");
      await page.getByRole("button", { name: "Discard and end" }).click();
      await page.waitForURL(/saved=/);
      const back = page.locator("#list-unsaved .ticket", { hasText: "0174" });
      await back.locator("a").click();
      await page.locator(".pop", { hasText: "(954) 555-0174" }).waitFor();
      await page.getByRole("button", { name: /^Hang-up/ }).click();
      await page.getByRole("button", { name: /^Record it/ }).click();
      await page.waitForURL(/saved=/);
      assert.equal(await back.count(), 0);
      await tell({ call_sid: call, event: "ended" });
    },
    { javaScriptEnabled: false },
  );
});
