// Files that would run: at their links they are downloads, and what is shown of them all the same runs nothing.

import { check, logIn, open } from "../browser.mjs";
import { tripwire } from "../tripwire.mjs";

const QUIET_MS = 600;

const REFUSED = "Refused to execute script";

export default async function originals({ page, context, browser, watched, facts }) {
  const wire = await tripwire(context, facts.site);
  await logIn(page, facts);
  for (const [name, link] of Object.entries(facts.pages)) {
    const [file] = await Promise.all([page.waitForEvent("download"), page.goto(link).catch(() => undefined)]);
    check(file.suggestedFilename().length > 0, `${name} is not a download`);
    await file.cancel();
    check(wire.length === 0, `${name} ran as a download: ${wire}`);
    const careless = await shown(browser, facts.site, link, []);
    check(careless.length > 0, `${name} runs nowhere: this proves nothing`);
    const ran = await shown(browser, facts.site, link, ["content-security-policy", "x-content-type-options"]);
    check(ran.length === 0, `${name} ran when it was shown: ${ran}`);
  }
  const became = await asScript(page, facts.script);
  check(became === "error", `a file that was sent is taken for a script: ${became}`);
  check(watched.faults.splice(0).every((fault) => fault.includes(REFUSED)), "the page had other faults");
  check(wire.length === 0, `files ran: ${wire}`);
}

/** What ran when a browser showed what it was told to save, with these headers of ours alone. */
async function shown(browser, site, link, kept) {
  const { context, page } = await open(browser, site);
  const wire = await tripwire(context, site);
  await context.route(link, async (route) => {
    const answer = await route.fetch();
    const headers = Object.entries(answer.headers()).filter(([name]) => name === "content-type" || kept.includes(name));
    await route.fulfill({ body: await answer.body(), headers: Object.fromEntries(headers) });
  });
  await page.goto(link);
  await page.waitForTimeout(QUIET_MS);
  await context.close();
  return wire.filter((one) => one.startsWith("ran: alert"));
}

/** From a page of ours, whose policy allows scripts of its own server. */
function asScript(page, src) {
  return page.evaluate(
    (address) =>
      new Promise((resolve) => {
        const script = document.createElement("script");
        script.addEventListener("load", () => resolve("load"));
        script.addEventListener("error", () => resolve("error"));
        script.src = address;
        document.head.append(script);
      }),
    src,
  );
}
