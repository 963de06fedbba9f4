// Opens Chromium for a browser test, hands it the demo's sign-ins, and closes it again.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

/** What `liberty demo` left for scripts: url, host, keys, and who may sign in. */
export const demo = JSON.parse(readFileSync(`${process.env.SERVER_DATA}/demo.json`, "utf8"));

/** Where a screenshot or trace goes when SHOTS names a directory; otherwise none is made. */
export const shots = process.env.SHOTS ?? null;

/**
 * Runs `story` with a fresh page and closes the browser whatever happens.
 * A message on the console of level "error", or an exception on the page, fails the test.
 */
export async function withPage(story, contextOptions = {}) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // Root has no sandbox; the rest keeps Chromium from calling home.
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  try {
    const context = await browser.newContext({ baseURL: demo.url, ...contextOptions });
    const page = await context.newPage();
    const complaints = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
    await story(page, context);
    if (complaints.length > 0) throw new Error(`the page complained: ${complaints.join(" | ")}`);
  } finally {
    await browser.close();
  }
}

/** Serious and critical findings of axe on the page as it stands, as readable lines. */
export async function axe(page) {
  const source = readFileSync(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
  await page.evaluate(source);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help} (${target.join(" ")})`));
}
