// The pages of the APIs: an operation is found, tried, copied, in both languages; the key goes nowhere else.

import { check, field, inaccessible, open, screenshot, words } from "../browser.mjs";

const KEPT_SAMPLE = "diglot-docs-sample";
const ELSEWHERE = "http://localhost:59999";

export const options = { permissions: ["clipboard-read", "clipboard-write"] };

export default async function docs({ page, browser, watched, facts }) {
  const t = words("en");
  await page.goto("/docs/dify");
  await page.getByRole("searchbox", { name: t("docs:sidebar.search") }).fill("post create dataset");
  await page.getByRole("navigation", { name: t("docs:sidebar.operations") }).getByRole("link").first().click();
  await page.waitForURL("**/docs/dify/createDataset");
  const dataset = await created(page, facts, t);
  await refusedJson(page, t);
  await found(page, dataset, t);
  await uploaded(page, dataset, t);
  await streamed(page, t);
  const samples = await copied(page, dataset, t);
  await links(page, t);
  await faults(page, watched, t);
  await languages(page, t);
  await fromTheBrowser(browser, facts);
  await everyOperation(page);
  await readable(browser, facts);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  check(!kept.includes(facts.key), `the key was stored: ${kept}`);
  await screenshot(page, facts, "docs");
  return { dataset, samples };
}

const tryIt = (page, t) => page.getByRole("region", { name: t("docs:tryIt.title") });

async function send(page, t) {
  await tryIt(page, t).getByRole("button", { name: t("docs:tryIt.send") }).click();
  return tryIt(page, t).getByRole("status");
}

/** Within the pages: a page that is loaded anew has forgotten the key. */
async function go(page, operation) {
  await page.locator(`a[href^="/docs/${operation}"]`).first().click();
  await page.waitForURL(`**/docs/${operation}*`);
}

const answered = async (answer, t) => JSON.parse(await answer.getByRole("region", { name: t("docs:tryIt.answer") }).textContent());

async function created(page, facts, t) {
  const server = await field(page, t("docs:tryIt.server")).inputValue();
  check(server === `${facts.site}/v1`, `the server is ${server}`);
  const key = field(page, t("docs:tryIt.key"));
  check((await key.getAttribute("type")) === "password", "the key can be read");
  await key.fill(facts.key);
  await page.getByLabel(t("docs:body.json")).fill('{"name": "Tried out"}');
  const answer = await send(page, t);
  await answer.getByText("200 OK").waitFor();
  const { id, name } = await answered(answer, t);
  check(name === "Tried out", `it made ${name}`);
  return id;
}

async function refusedJson(page, t) {
  await page.getByLabel(t("docs:body.json")).fill('{"name": }');
  const button = page.getByRole("button", { name: t("docs:tryIt.send") });
  check(await button.isDisabled(), "what is no JSON may be sent");
}

async function found(page, dataset, t) {
  await page.getByRole("searchbox").fill("");
  await go(page, "dify/getDataset");
  check(await page.getByRole("button", { name: t("docs:tryIt.send") }).isDisabled(), "a path may have gaps");
  await field(page, "dataset_id").fill(dataset);
  const answer = await send(page, t);
  check((await answered(answer, t)).id === dataset, "another dataset was answered");
}

async function uploaded(page, dataset, t) {
  await go(page, "dify/createDocumentByFile");
  check((await field(page, "dataset_id").inputValue()) === dataset, "the id was forgotten");
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: "tried.txt", mimeType: "text/plain", buffer: Buffer.from("The line has a rack.") });
  const answer = await send(page, t);
  check((await answered(answer, t)).document.name === "tried.txt", "another file came");
  await page.getByText('file=@"tried.txt"').waitFor();
}

async function streamed(page, t) {
  await go(page, "diglot");
  await go(page, "diglot/events");
  const answer = await send(page, t);
  await answer.getByText("event: document").or(answer.getByText("retry:")).first().waitFor();
  await tryIt(page, t).getByRole("button", { name: t("docs:tryIt.stop") }).click();
  await answer.getByText(t("docs:tryIt.streaming")).waitFor({ state: "detached" });
}

/** Each sample as the button copies it. */
async function copied(page, dataset, t) {
  await go(page, "dify");
  await go(page, "dify/retrieveSegments");
  check((await field(page, "dataset_id").inputValue()) === dataset, "the id was forgotten on the way");
  const samples = {};
  for (const name of ["curl", "Python · requests", "Python · httpx", "JavaScript · fetch"]) {
    await page.getByRole("tab", { name }).click();
    await page.getByRole("button", { name: `${t("actions.copy")}: ${name}` }).click();
    samples[name] = await page.evaluate(() => navigator.clipboard.readText());
  }
  check((await page.evaluate((name) => localStorage.getItem(name), KEPT_SAMPLE)) !== null, "the choice is not kept");
  await page.getByRole("button", { name: t("docs:links.markdown") }).click();
  samples.markdown = await page.evaluate(() => navigator.clipboard.readText());
  return samples;
}

async function links(page, t) {
  const edit = await page.getByRole("link", { name: t("docs:links.edit") }).getAttribute("href");
  check(edit === "https://example.org/edit/src/diglot/http/dify/searching.py", `the page is changed at ${edit}`);
  const report = await page.getByRole("link", { name: t("docs:links.report") }).getAttribute("href");
  const said = new URL(report).searchParams;
  check(said.get("page") === page.url() && said.get("title").includes("retrieveSegments"), `told at ${report}`);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: t("docs:links.download") }).click(),
  ]);
  check(file.suggestedFilename() === "dify.en.json", `the spec is ${file.suggestedFilename()}`);
}

async function faults(page, watched, t) {
  const server = field(page, t("docs:tryIt.server"));
  const own = await server.inputValue();
  await server.fill("nowhere");
  await (await send(page, t)).getByText(t("docs:faults.address")).waitFor();
  await server.fill(ELSEWHERE);
  await (await send(page, t)).getByText(t("docs:faults.foreign")).waitFor();
  await watched.settled();
  check(watched.faults.some((fault) => fault.includes(ELSEWHERE)), "nothing was sent elsewhere");
  watched.faults.splice(0);
  await server.fill(own);
  const key = field(page, t("docs:tryIt.key"));
  const right = await key.inputValue();
  await key.fill("密钥");
  await (await send(page, t)).getByText(t("docs:faults.key")).waitFor();
  watched.expect(401, /retrieve$/);
  await key.fill("dataset-wrong");
  await (await send(page, t)).getByText(/^401/).waitFor();
  await key.fill(right);
}

async function languages(page, t) {
  const chinese = words("zh");
  await page.getByRole("link", { name: "中文" }).click();
  await page.getByRole("heading", { level: 2, name: chinese("docs:tryIt.title") }).waitFor();
  check(/retrieveSegments\?lang=zh$/.test(page.url()), `the other language is at ${page.url()}`);
  check((await page.locator("html").getAttribute("lang")) === "zh", "the page does not say that it is Chinese");
  const answer = await send(page, chinese);
  await answer.getByText("200 OK").waitFor();
  await page.goto("/docs/guides/keys");
  await page.getByRole("heading", { level: 1, name: chinese("docs:guides.keys.title") }).waitFor();
  await page.goto("/docs/guides/keys?lang=en");
  await page.getByRole("heading", { level: 1, name: t("docs:guides.keys.title") }).waitFor();
}

async function fromTheBrowser(browser, facts) {
  const { page, context } = await open(browser, facts.site, { locale: "zh-CN" });
  await page.goto("/docs/guides/quick-start");
  await page.getByRole("heading", { level: 1, name: words("zh")("docs:guides.quick-start.title") }).waitFor();
  await context.close();
}

/** Each page of each API comes when its link is followed, with its own heading. */
async function everyOperation(page) {
  for (const api of ["dify", "ragflow", "ragflow-2024", "data", "diglot"]) {
    await page.goto(`/docs/${api}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    const missing = await page.evaluate(follow);
    check(missing.length === 0, `pages of ${api} do not come: ${missing.join()}`);
  }
}

async function follow() {
  const missing = [];
  for (const link of [...document.querySelectorAll('main a[href*="/docs/"]')].map((one) => one.getAttribute("href"))) {
    const entry = [...document.querySelectorAll("nav a")].find((one) => one.getAttribute("href") === link);
    const title = entry?.lastElementChild.textContent;
    entry?.click();
    const isThere = () => location.pathname === link && document.querySelector("h1")?.textContent === title;
    for (let turn = 0; entry && !isThere() && turn < 200; turn += 1) await new Promise((next) => setTimeout(next, 10));
    if (link.split("/").length > 3 && !link.includes("/guides/") && !isThere()) missing.push(link);
  }
  return missing;
}

/** On a narrow and dark screen too. */
async function readable(browser, facts) {
  const narrow = { colorScheme: "dark", viewport: { width: 390, height: 800 }, reducedMotion: "reduce" };
  const { page, context, watched } = await open(browser, facts.site, narrow);
  for (const path of ["/docs", "/docs/diglot/preview", "/docs/guides/from-dify?lang=zh", "/docs/dify/none"]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await watched.settled();
    const faults = [...(await inaccessible(page)), ...watched.faults];
    check(faults.length === 0, `${path}: ${faults.join("\n")}`);
    const isTooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    check(!isTooWide, `${path} is wider than the screen`);
    await screenshot(page, facts, `narrow-${path.replaceAll(/\W+/g, "-")}`);
  }
  await context.close();
}
