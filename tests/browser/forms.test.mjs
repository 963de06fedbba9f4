// Forms: a supervisor builds one with a branch by keyboard alone, an agent goes through it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, demo, launch, open, signIn, withPage } from "./harness.mjs";
import { themes, widths } from "./pages.mjs";

/** Moves the focus onwards to a control, as somebody without a mouse does, and says where it is. */
async function tabTo(page, find) {
  for (let i = 0; i < 400; i += 1) {
    const found = await page.evaluate((text) => {
      const node = document.activeElement;
      const name = node.name ? `${node.name}=${node.type === "submit" ? node.value : ""}` : "";
      return name === text || name === `${text}=` || node.textContent.trim() === text;
    }, find);
    if (found) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`the keyboard does not reach ${find}`);
}

const press = async (page, button) => {
  await tabTo(page, `act=${button}`);
  await page.keyboard.press("Enter");
  await page.locator("#flash").waitFor();
};

/** A new account without a form of its own; answers its path. */
async function account(page, name) {
  await page.goto("/accounts/new");
  await page.getByLabel("Account number").fill(`F${Date.now()}`);
  await page.getByLabel("Name", { exact: false }).first().fill(name);
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(/\/accounts\/\d+$/);
  return new URL(page.url()).pathname;
}

test("a form with a branch is built by keyboard, and a message is taken through it", async () => {
  await withPage(async (page, _, another) => {
    await signIn(page, demo.owner);
    const path = await account(page, "Harbor Plumbing");
    await page.keyboard.press("f");
    await page.waitForURL(/\/form$/);
    assert.match(await page.locator(".head p").textContent(), /standard form is in use/);

    // A choice of its own at the end of the first section.
    await tabTo(page, "s0.add");
    await page.keyboard.type("Own: A choice, all");
    await press(page, "add s0");
    const focused = () => page.evaluate(() => document.activeElement.name);
    assert.match(await focused(), /^s0\.i7\.label$/, "the cursor stands in the new question");
    await page.keyboard.type("Is water running?");
    await tabTo(page, "s0.i7.options");
    await page.keyboard.type("Yes\nNo\n");

    // A section that its answer opens.
    await press(page, "section");
    await tabTo(page, "s1.title");
    await page.keyboard.type("Flood");
    const summary = page.locator("#s1 summary", { hasText: "When it is asked" });
    if (!(await page.locator("#s1 .openers").isVisible())) await summary.press("Enter");
    for (let i = 0; i < 30 && (await focused()) !== "s1.when"; i += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    const opener = () => page.evaluate(() => document.activeElement.value);
    for (let i = 0; i < 9 && (await opener()) !== "is_water_running=Yes"; i += 1) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Space");
    await tabTo(page, "s1.add");
    await page.keyboard.type("Text to read");
    await press(page, "add s1");
    await page.keyboard.type("{CALLER_NAME}, please close the main valve.");
    await tabTo(page, "s1.add");
    await page.keyboard.type("Own: A number");
    await press(page, "add s1");
    await page.keyboard.type("Inches of water");
    await tabTo(page, "s1.i1.required");
    await page.keyboard.press("Space");

    // The preview follows what is typed, and opens its branch.
    const preview = page.locator("#preview-body");
    await preview.getByText("Inches of water").waitFor({ state: "attached" });
    assert.equal(await preview.getByLabel("Inches of water").isVisible(), false);
    await preview.getByLabel("Yes", { exact: true }).check();
    assert.equal(await preview.getByLabel("Inches of water").isVisible(), true);
    await page.locator("[name='s1.i1.label']").fill("Inches of water there");
    await preview.getByText("Inches of water there").waitFor();
    assert.equal(await preview.getByLabel("Yes", { exact: true }).isChecked(), true);
    await page.locator("[name='s1.i1.label']").fill("Inches of water");
    await page.keyboard.press("Control+Enter");
    await page.locator("#flash", { hasText: "Version 1 is in use" }).waitFor();

    const { page: agent, complaints } = await another();
    await signIn(agent, demo.agent);
    await agent.goto(`/console${path}`);
    const inches = agent.getByLabel("Inches of water");
    assert.equal(await inches.isVisible(), false);
    const said = agent.locator(".say [data-caller]");
    await agent.keyboard.type("Maria");
    await agent.keyboard.press("Tab");
    await agent.keyboard.type("Lopez");
    await agent.locator("[name='answers[phone]']").fill("(561) 555-0177");
    await agent.locator("[name='answers[content]']").fill("The basement is full of water.");
    await agent.getByLabel("Yes", { exact: true }).press("Space");
    assert.equal(await inches.isVisible(), true);
    assert.equal(await said.textContent(), "Maria Lopez");
    assert.match(await agent.locator("[data-steps]").textContent(), /Flood is asked now/);
    // What a branch asks is asked for.
    await agent.keyboard.press("Control+Enter");
    await agent.locator(".field.wrong").waitFor();
    assert.equal(await agent.evaluate(() => document.activeElement.name), "answers[inches_of_water]");
    await agent.keyboard.type("4");
    await agent.keyboard.press("Control+Enter");
    await agent.waitForURL(/saved=/);
    const href = await agent.getByRole("link", { name: "Open it" }).getAttribute("href");
    await agent.goto(href);
    const details = await agent.locator("[aria-labelledby=answers-title]").textContent();
    assert.match(details, /Is water running\?\s*Yes/);
    assert.match(details, /Flood\s*Inches of water\s*4/);
    assert.deepEqual(complaints, []);
  });
});

test("a draft of a message opens its branch again after a reload", async () => {
  await withPage(async (page) => {
    await signIn(page, demo.agent);
    await page.goto(`/console?q=${demo.account_number}`);
    await page.waitForURL(/\/console\/accounts\/\d+/);
    await page.getByLabel("Type of case").selectOption("Criminal defense");
    await page.getByRole("group", { name: "Anybody in custody" }).getByLabel("Yes").check();
    await page.getByLabel("Held at").fill("County jail");
    await page.getByLabel("First name").fill("Denise");
    await page.reload();
    assert.equal(await page.getByLabel("Held at").inputValue(), "County jail");
    assert.equal(await page.getByLabel("Held at").isVisible(), true);
    assert.match(await page.locator(".say").nth(1).textContent(), /Thank you, Denise\./);
    // Nested: what opened it closes, and with it all that it led to.
    await page.getByLabel("Type of case").selectOption("Family");
    assert.equal(await page.getByLabel("Held at").isVisible(), false);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByRole("button", { name: "Really clear all?" }).click();
  });
});

test("without JavaScript a form is built, and every section shows with its condition", async () => {
  const browser = await launch();
  try {
    const { page, complaints } = await open(browser, { javaScriptEnabled: false });
    await signIn(page, demo.owner);
    const path = await account(page, "Without script");
    await page.goto(`${path}/form`);
    await page.locator("[name='s0.add']").selectOption({ label: "Own: A tick: yes or nothing" });
    await page.getByRole("button", { name: "Add to section 1" }).click();
    await page.locator("[name='s0.i7.label']").fill("Leak");
    await page.getByRole("button", { name: "Add a section" }).click();
    await page.locator("[name='s1.when'][value='leak=Yes']").check();
    await page.locator("[name='s1.add']").selectOption({ label: "Own: One line" });
    await page.getByRole("button", { name: "Add to section 2" }).click();
    await page.locator("[name='s1.i0.label']").fill("Since when");
    await page.getByRole("button", { name: /^Publish/ }).click();
    assert.match(await page.locator("#flash").textContent(), /Version 1 is in use/);
    await page.goto(`/console${path}`);
    assert.equal(await page.getByLabel("Since when").isVisible(), true);
    assert.equal(await page.getByText("Only when “Leak” is ticked.").isVisible(), true);
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
});

for (const colorScheme of themes) {
  test(`what opens above the builder, and a refused form, are as sound as the page, ${colorScheme}`, async () => {
    const browser = await launch();
    try {
      const options = { viewport: widths.phone, hasTouch: true, colorScheme };
      const { page, complaints } = await open(browser, options);
      await signIn(page, demo.owner);
      const path = await account(page, "Looked at");
      await page.goto(`${path}/form`);
      await page.getByRole("button", { name: "Add a section" }).click();
      await page.getByRole("button", { name: "Add to section 2" }).click();
      await page.getByRole("button", { name: /^Publish/ }).click();
      await page.locator(".field.wrong").first().waitFor();
      const found = await axe(page);
      await page.locator("[popovertarget='drop-s0-i0']").first().click();
      await page.locator("[popover]:popover-open").waitFor();
      found.push(...(await axe(page)));
      await page.keyboard.press("Escape");
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.ok(sideways <= 1, `scrolls sideways by ${sideways} px`);
      await page.goto(`${path}/form/try`);
      await page.getByRole("button", { name: /Check the answers/ }).click();
      await page.locator(".field.wrong").first().waitFor();
      found.push(...(await axe(page)));
      assert.deepEqual([...found, ...complaints], []);
    } finally {
      await browser.close();
    }
  });
}
