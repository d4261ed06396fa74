// What would run where it is taken for code is written everywhere: every page shows it as text, and none of it runs.

import { readFile } from "node:fs/promises";

import { check, field, logIn, open, WAIT_MS, words } from "../browser.mjs";
import { isHarmed, plain, tripwire } from "../tripwire.mjs";

const CONTROL = "http://localhost:59997";
// Of what is written, so much runs in a page without our care, or the wires would be none.
const FEWEST_THAT_RUN = 60;
const LONGEST_WAY = 10;

export default async function xss({ page, context, browser, watched, facts: given }) {
  const facts = { ...given, ...JSON.parse(await readFile(given.planted, "utf-8")) };
  const t = words("en");
  const ran = await control(browser, facts);
  const wire = await tripwire(context, facts.site);
  await logIn(page, facts);
  const wrong = [];
  for (const one of facts.pages) {
    const faults = await faultsOf(page, watched, t, one);
    wrong.push(...[...faults, ...wire.splice(0), ...watched.faults.splice(0)].map((fault) => `${one.path}: ${fault}`));
  }
  await wizard(page, t, facts, watched);
  await tried(page, t, facts, watched);
  wrong.push(...wire.splice(0), ...(await isHarmed(page)));
  await page.evaluate(() => document.body.insertAdjacentHTML("beforeend", "<math></math><b srcdoc=x></b>"));
  check((await isHarmed(page)).length === 2, "what a text made of itself is not seen");
  check(wrong.length === 0, `Pages are not safe:\n${wrong.join("\n").slice(0, 20_000)}`);
  return { ran };
}

/** The same texts as pages of their own. */
async function control(browser, facts) {
  const { context, page } = await open(browser, facts.site);
  const wire = await tripwire(context, facts.site);
  await context.route(`${CONTROL}/**`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Without care</title>" }),
  );
  await context.route("http://localhost:59999/**", (route) => route.abort());
  await page.goto(CONTROL);
  await page.evaluate((texts) => {
    // Some lead the whole page elsewhere.
    const leads = /top\.location|http-equiv|<base|<style|document\.write/;
    for (const text of texts.filter((one) => !leads.test(one)))
      document.body.append(document.createRange().createContextualFragment(text));
  }, facts.payloads);
  const count = () => new Set(wire.filter((one) => one.startsWith("ran:"))).size;
  for (let waited = 0; count() < FEWEST_THAT_RUN && waited < WAIT_MS; waited += 100) await page.waitForTimeout(100);
  const ran = count();
  check(ran >= FEWEST_THAT_RUN, `of all texts ${ran} ran where nothing stops them`);
  await context.close();
  return ran;
}

async function faultsOf(page, watched, t, { path, shown, opens, numbered }) {
  const faults = [];
  let seen = "";
  for (const where of numbered ? numberedPaths(path, numbered) : [path]) {
    await go(page, where);
    await watched.settled();
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    seen += await opened(page, watched, t, opens);
    faults.push(...(await isHarmed(page)));
  }
  const missing = shown.filter((text) => !seen.includes(plain(text)));
  if (missing.length > 0) faults.push(`not shown as written: ${JSON.stringify(missing.slice(0, 5))} of ${missing.length}`);
  return faults;
}

/** As a link of the console goes: the page is not loaded anew. */
async function go(page, where) {
  await page.evaluate((path) => {
    history.pushState(null, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
  }, where);
}

const numberedPaths = (path, count) =>
  Array.from({ length: count }, (_, at) => (path.endsWith("=") ? `${path}${at + 1}` : `${path}?page=${at + 1}`));

/** Opens what the page keeps closed, and reads all there is. */
async function opened(page, watched, t, what) {
  if (what === "onward") return onward(page, watched, t);
  const named = {
    children: page.getByRole("button", { name: /\d child chunks? of chunk \d+$/, expanded: false }),
    scores: page.getByRole("button", { name: t("lab:hit.explainOf"), expanded: false }),
  };
  if (what === "details") await page.getByRole("button", { name: t("viewer:details.open"), exact: true }).click();
  await named[what]?.first().waitFor();
  if (named[what]) await pressAll(named[what]);
  if (what) {
    await watched.settled();
    await pressAll(page.getByRole("button", { expanded: false }).filter({ hasText: t("common:text.all") }));
  }
  return written(page);
}

/** Until none of them is closed: a list may give way to another meanwhile. */
async function pressAll(buttons) {
  while ((await buttons.count()) > 0) await buttons.last().click();
}

async function onward(page, watched, t) {
  let seen = "";
  for (let way = 0; way < LONGEST_WAY; way++) {
    seen += await written(page);
    const next = page.getByRole("button", { name: t("admin:pages.onward") });
    if (!(await next.count()) || (await next.isDisabled())) break;
    await next.click();
    await watched.settled();
  }
  return seen;
}

/** All text of a page, that in its fields too. */
async function written(page) {
  const texts = await page.evaluate(() => [
    document.body.innerText,
    document.body.textContent,
    ...[...document.querySelectorAll("input, textarea")].flatMap(({ value, labels }) => [
      value,
      ...[...(labels ?? [])].map(({ textContent }) => textContent),
    ]),
  ]);
  return plain(texts.join("\n"));
}

/** Files are chosen and previewed, whose names and contents nobody looked at before. */
async function wizard(page, t, facts, watched) {
  await page.goto(`/console/datasets/${facts.dataset}/upload`);
  const names = facts.payloads.filter((text) => !/[\n/\\]/.test(text)).slice(0, 40);
  await page.locator('input[type="file"]').setInputFiles(
    names.map((name) => ({ name: `${name}.html`, mimeType: "text/html", buffer: Buffer.from(facts.payloads.join("\n")) })),
  );
  await page.getByText(`${names[0]}.html`).first().waitFor();
  const seen = await written(page);
  const missing = names.filter((name) => !seen.includes(plain(`${name}.html`)));
  check(missing.length === 0, `files that were chosen are not shown by their names: ${missing}`);
  await page.getByRole("button", { name: t("documents:wizard.next") }).click();
  await watched.settled();
  check((await written(page)).includes("alert("), "the preview shows nothing");
  check((await isHarmed(page)).length === 0, `a preview is not safe: ${await isHarmed(page)}`);
}

/** What an answer brings is text on the pages of the APIs too. */
async function tried(page, t, facts, watched) {
  await page.goto("/docs/dify/listDatasets");
  await field(page, t("docs:tryIt.key")).fill(facts.key);
  await page.getByRole("button", { name: t("docs:tryIt.send") }).click();
  const answer = page.getByRole("region", { name: t("docs:tryIt.answer") });
  await answer.filter({ hasText: "alert(" }).waitFor();
  await watched.settled();
  check((await isHarmed(page)).length === 0, `an answer is not safe: ${await isHarmed(page)}`);
}
