// The console as it lives: calls ring without a reload, one agent has each, ten messages by keyboard.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, demo, signIn, withPage } from "./harness.mjs";
import { answer } from "./script.mjs";
import { tell, lineOf, toDoForAgents } from "./switch.mjs";
import { themes, widths } from "./pages.mjs";

const sid = () => `browser-${Date.now()}-${Math.random()}`;

/** Ends every call that an earlier test left, so that each begins with a quiet queue. */
async function quiet(calls) {
  for (const call of calls) await tell({ call_sid: call, event: "ended" });
}

test("an agent takes ten messages from ringing calls with the keyboard alone", async () => {
  await withPage(async (page) => {
    await signIn(page, demo.agent);
    const line = await lineOf(page);
    await page.keyboard.press("Alt+r");
    await page.locator("#my-state", { hasText: "Ready" }).waitFor();
    for (let i = 0; i < 10; i++) {
      const call = sid();
      const from = `95455501${String(i).padStart(2, "0")}`;
      await tell({ call_sid: call, event: "ringing", did_number: line, from });
      await page.locator("#queue .ringing").waitFor();
      await page.keyboard.press("F8");
      await page.waitForURL(/\/console\/accounts\/\d+\?call=\d+/);
      assert.match(await page.locator(".pop b").textContent(), /\(954\) 555-01/);
      const caller = await page.locator("[name=caller_id]").first().inputValue();
      assert.equal(caller.replace(/\D/g, "").slice(-10), from);
      await tell({ call_sid: call, event: "answered", agent_username: "agent" });
      // The cursor stands in the first question; Tab leads through the rest.
      await keyboardAnswers(page, `Message ${i}`);
      await tell({ call_sid: call, event: "ended" });
      await page.locator("#queue .ticket.wrap_up").waitFor();
      await page.keyboard.press("Control+Enter");
      await page.waitForURL(/\/console\?saved=/);
      assert.match(await page.locator("#flash").textContent(), /Saved\. /);
      assert.equal(await page.locator("#queue .ticket.wrap_up").count(), 0, "saved, so it is over");
    }
    await page.goto("/console");
    const mine = page.locator("aside[aria-labelledby=mine] .brief a");
    assert.equal(await mine.count(), 6, "the latest of them stand beside");
  });
});

/** Fills every required field that is empty, by Tab and keys alone. */
async function keyboardAnswers(page, text) {
  for (let step = 0; step < 40; step++) {
    const at = await page.evaluate(() => {
      const node = document.activeElement;
      const group = node.form && [...node.form.querySelectorAll(`[name="${CSS.escape(node.name)}"]`)];
      return {
        inForm: Boolean(node.closest?.("form.script")) && (node.name ?? "").startsWith("answers["),
        name: node.name,
        type: node.type,
        value: node.value,
        required: node.required,
        isChecked: group?.some((other) => other.checked),
      };
    });
    if (!at.inForm) return;
    if (at.type === "radio") {
      if (!at.isChecked) await page.keyboard.press("Space");
    } else if (at.type === "select-one") {
      if (at.required && !at.value) await page.keyboard.press("ArrowDown");
    } else if (at.type !== "checkbox" && at.value === "") {
      if (at.type === "tel") await page.keyboard.type("9545550142");
      else if (at.type === "email") await page.keyboard.type("maria@example.com");
      else await page.keyboard.type(text);
    }
    await page.keyboard.press("Tab");
  }
}

test("two agents never get the same call, and both see it without a reload", async () => {
  await withPage(async (ann, _, another) => {
    await signIn(ann, demo.agent);
    const line = await lineOf(ann);
    const { page: olivia, complaints } = await another();
    await signIn(olivia, demo.owner, "/console");
    await olivia.goto("/console");
    const calls = [];
    for (let i = 0; i < 5; i++) {
      const call = sid();
      calls.push(call);
      await tell({ call_sid: call, event: "ringing", did_number: line, from: `305555010${i}` });
      await Promise.all([ann, olivia].map((page) => page.locator("#queue .ringing").waitFor()));
      await Promise.all([ann.keyboard.press("F8"), olivia.keyboard.press("F8")]);
      // Who lost is told so, or has seen the call go to the other before the key was pressed.
      const ends = "#flash .flash, .pop, #queue [aria-labelledby=q-others]";
      await Promise.all([ann, olivia].map((page) => page.locator(ends).first().waitFor()));
      const urls = [ann, olivia].map((page) => page.url());
      assert.equal(urls.filter((url) => /call=\d+/.test(url)).length, 1, urls.join(" | "));
      await tell({ call_sid: call, event: "ended" });
      for (const page of [ann, olivia]) {
        await page.goto("/console");
        if ((await page.locator("[aria-labelledby=q-mine] .wrap_up").count()) > 0) {
          await page.keyboard.press("F9");
          await page.locator("#flash", { hasText: "ended without a message" }).waitFor();
        }
      }
    }
    assert.deepEqual(complaints, []);
    await quiet(calls);
  });
});

test("what is typed on a call survives a reload, another call, and a session that ended", async () => {
  await withPage(async (page, context) => {
    await signIn(page, demo.agent);
    const line = await lineOf(page);
    const [first, second] = [sid(), sid()];
    await tell({ call_sid: first, event: "ringing", did_number: line, from: "9545550111" });
    await page.locator("#queue .ringing").waitFor();
    await page.keyboard.press("F8");
    await page.waitForURL(/call=\d+/);
    const path = page.url();
    const content = page.locator("[name='answers[content]']");
    await content.fill("Half a sentence of the first");
    await tell({ call_sid: second, event: "ringing", did_number: line, from: "9545550122" });
    await page.locator("#queue .ringing").waitFor();
    assert.equal(await content.inputValue(), "Half a sentence of the first", "a change leaves it alone");
    await content.press("F8");
    await page.waitForURL((url) => /call=\d+/.test(url.search) && url.href !== path);
    assert.equal(await content.inputValue(), "", "each call has its own");
    await content.fill("The second");
    await page.reload();
    assert.equal(await content.inputValue(), "The second");
    await page.goto(path);
    assert.equal(await content.inputValue(), "Half a sentence of the first");

    await content.fill("Written before the session ended");
    await context.clearCookies();
    await page.keyboard.press("Control+Enter");
    await page.waitForURL(/\/sign-in/);
    await signIn(page, demo.agent, new URL(path).pathname + new URL(path).search);
    assert.equal(await content.inputValue(), "Written before the session ended");
    for (const call of [first, second]) {
      await tell({ call_sid: call, event: "ended" });
      await page.goto("/console");
      await page.keyboard.press("F9");
      await page.getByRole("button", { name: "Discard and end" }).click();
      await page.locator("#flash", { hasText: "ended without a message" }).waitFor();
    }
  });
});

test("a To Do waits for an agent, who works it by keyboard", async () => {
  await withPage(async (page) => {
    await signIn(page, demo.agent);
    await toDoForAgents("Ask whether the technician came.");
    const ticket = page.locator("#queue [data-row^='item-'] a", { hasText: "Call" }).first();
    await ticket.waitFor({ timeout: 15_000 });
    await ticket.focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/console\/items\/\d+/);
    assert.match(await page.locator("main").textContent(), /Ask whether the technician came\./);
    await page.keyboard.press("F4");
    await page.locator("#flash", { hasText: "It is yours" }).waitFor();
    await page.keyboard.press("Alt+o");
    await page.keyboard.type("He came at nine.");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/console$/);
    assert.match(await page.locator("#flash").textContent(), /Done: Call/);
  });
});

test("the floor shows who is at what as it happens", async () => {
  await withPage(async (page, _, another) => {
    await signIn(page, demo.owner, "/console/floor");
    const { page: ann } = await another();
    await signIn(ann, demo.agent);
    await ann.goto("/console");
    const line = await lineOf(ann);
    await ann.locator(".why summary").click();
    await ann.getByLabel("Reason of a break").fill("Lunch");
    await ann.getByRole("button", { name: "Take a break" }).click();
    await page.locator("#floor", { hasText: "Break: Lunch" }).waitFor();
    const call = sid();
    await tell({ call_sid: call, event: "ringing", did_number: line, from: "9545550133" });
    await page.locator("#floor td", { hasText: "(954) 555-0133" }).waitFor();
    await tell({ call_sid: call, event: "ended" });
    await page.locator("#floor td", { hasText: "(954) 555-0133" }).waitFor({ state: "detached" });
  });
});

for (const colorScheme of themes) {
  test(`a busy console has nothing serious for axe, ${colorScheme}`, async () => {
    for (const viewport of Object.values(widths)) {
      await withPage(async (page) => {
        await signIn(page, demo.owner, "/console");
        const line = await lineOf(page);
        const calls = [sid(), sid(), sid()];
        for (const call of calls) {
          await tell({ call_sid: call, event: "ringing", did_number: line, from: "9545550144" });
        }
        await tell({ call_sid: calls[2], event: "waiting" });
        await page.goto("/console");
        await page.locator("#queue .ticket form button").first().click();
        await page.waitForURL(/call=\d+/);
        await toDoForAgents("Ask.");
        await page.locator("#queue [data-row^='item-']").first().waitFor({ timeout: 15_000 });
        const found = [...(await axe(page))];
        await page.locator("[popovertarget^='nothing-']").first().click();
        found.push(...(await axe(page)));
        await page.keyboard.press("Escape");
        await page.locator("#queue [data-row^='item-'] a").first().click();
        await page.waitForURL(/\/console\/items\/\d+/);
        found.push(...(await axe(page)));
        await page.locator("#outcome").fill("Done.");
        await page.locator("#outcome").press("Enter");
        await page.waitForURL(/\/console$/);
        await page.goto("/console/floor");
        found.push(...(await axe(page)));
        const sideways = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.deepEqual([...found, sideways > 1 ? "scrolls sideways" : ""].filter(Boolean), []);
        await quiet(calls);
        await page.goto("/console");
        await page.keyboard.press("F9");
        await page.locator("#flash", { hasText: "ended without a message" }).waitFor();
      }, { viewport, colorScheme });
    }
  });
}
