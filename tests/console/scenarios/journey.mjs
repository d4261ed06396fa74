// From an empty server to programs that ask it: everything by the pages alone, programs by what the pages say.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { check, field, screenshot, words } from "../browser.mjs";

const run = promisify(execFile);
const DATASET = "Halvern";
const QUESTION = "How steep is the steepest stretch of the rack railway?";
const READY_MS = 60_000;
const FOUND_MS = 20_000;
// Written into a chunk by hand, and asked for afterwards.
const ADDED = "The quartermaster keeps the spare zephyrometer in locker 12.";
const ASKED_FOR_IT = "spare zephyrometer";

export default async function journey({ page, facts, watched }) {
  const t = words("en");
  await becomeOwner(page, t, facts);
  const dataset = await makeDataset(page, t);
  await upload(page, t, facts);
  const place = await ask(page, t, dataset, facts);
  await edit(page, t, facts);
  await findAgain(page, t, dataset);
  const key = await makeKey(page, t, facts);
  const commands = await curlCommands(page, t, dataset);
  for (const dialect of ["dify", "ragflow"]) {
    const answer = await shell(commands[dialect], key);
    check(answer.includes("25 percent"), `${dialect} by curl: ${answer.slice(0, 500)}`);
  }
  await switchApi(page, t, commands, key);
  const statuses = await tryIt(page, facts, watched, dataset, key);
  await revoke(page, t, facts);
  const refused = await shell(commands.dify, key, "--write-out", "%{http_code}");
  check(refused.endsWith("401"), `a key that was revoked is answered ${refused}`);
  return { place, statuses };
}

async function becomeOwner(page, t, facts) {
  await page.goto("/");
  await field(page, t("start:setup.name")).fill(facts.name);
  await field(page, t("start:setup.login")).fill(facts.login);
  await field(page, t("start:password.new")).fill(facts.password);
  await field(page, t("start:password.again")).fill(facts.password);
  await page.getByRole("button", { name: t("start:setup.make") }).click();
  await page.getByRole("heading", { level: 1, name: t("start:welcome.title") }).waitFor();
}

async function goTo(page, t, place) {
  const places = page.getByRole("navigation", { name: t("menu.places") });
  await places.getByRole("link", { name: t(`places.${place}`), exact: true }).click();
}

async function makeDataset(page, t) {
  await goTo(page, t, "datasets");
  await page.getByRole("heading", { level: 1, name: t("datasets:list.title") }).waitFor();
  await page.getByRole("button", { name: t("datasets:create.title") }).first().click();
  const dialog = page.getByRole("dialog", { name: t("datasets:create.title") });
  await field(dialog, t("datasets:fields.name")).fill(DATASET);
  await dialog.getByRole("button", { name: t("datasets:create.make") }).click();
  await page.getByRole("heading", { level: 1, name: DATASET }).waitFor();
  return new URL(page.url()).pathname;
}

async function upload(page, t, facts) {
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: t("documents:list.upload"), exact: true }).click();
  await (await choosing).setFiles(facts.files);
  const ready = page.getByRole("row").filter({ hasText: t("documents:stages.available") });
  await ready.nth(facts.files.length - 1).waitFor({ timeout: READY_MS });
  await screenshot(page, facts, "documents");
}

/** The first hit leads to its chunk beside the page that it stands on. */
async function ask(page, t, dataset, facts) {
  await search(page, t, dataset, QUESTION);
  const hit = page.getByRole("list", { name: t("lab:results.list") }).getByRole("listitem").first();
  await hit.filter({ hasText: "25 percent" }).waitFor();
  await screenshot(page, facts, "lab");
  await hit.getByRole("link").first().click();
  const chunk = marked(page);
  await chunk.filter({ hasText: "25 percent" }).waitFor();
  const picture = page.getByRole("img", { name: t("viewer:page.picture") });
  await picture.waitFor();
  await page.locator('[data-marked="true"]').first().waitFor();
  await screenshot(page, facts, "document");
  return { picture: await picture.getAttribute("alt"), chunk: await chunk.getAttribute("aria-label") };
}

const marked = (page) => page.locator('[role="listitem"][aria-current="true"]');

async function search(page, t, dataset, question) {
  await page.goto(`${dataset}/lab`);
  await field(page, t("lab:form.question")).fill(question);
  await page.getByRole("button", { name: t("lab:form.search"), exact: true }).click();
}

async function edit(page, t, facts) {
  await marked(page).getByRole("button", { name: t("viewer:chunks.edit") }).click();
  const dialog = page.getByRole("dialog", { name: t("viewer:chunks.edit") });
  const content = field(dialog, t("viewer:editor.content"));
  await content.fill(`${await content.inputValue()}\n${ADDED}`);
  await screenshot(page, facts, "editor");
  await dialog.getByRole("button", { name: t("actions.save") }).click();
  await dialog.waitFor({ state: "hidden" });
}

/** What is edited is found once the index has followed, which takes a moment. */
async function findAgain(page, t, dataset) {
  const deadline = Date.now() + FOUND_MS;
  for (;;) {
    await search(page, t, dataset, ASKED_FOR_IT);
    const hit = page.getByRole("listitem").filter({ hasText: "zephyrometer" });
    const isFound = await hit.first().waitFor({ timeout: 2000 }).then(() => true, () => false);
    if (isFound) return;
    check(Date.now() < deadline, "the edited chunk is not found");
  }
}

async function makeKey(page, t, facts) {
  await goTo(page, t, "keys");
  await page.getByRole("button", { name: t("keys:new") }).click();
  const dialog = page.getByRole("dialog");
  await field(dialog, t("keys:form.name")).fill("By hand");
  await dialog.getByRole("button", { name: t("keys:form.create") }).click();
  const text = dialog.getByLabel(t("keys:made", { name: "By hand" }), { exact: true });
  const key = (await text.textContent())?.trim() ?? "";
  await screenshot(page, { ...facts }, "key");
  await dialog.getByRole("button", { name: t("admin:kept") }).click();
  await dialog.waitFor({ state: "hidden" });
  check(!(await page.content()).includes(key), "the key is still on the page");
  return key;
}

async function curlCommands(page, t, dataset) {
  await search(page, t, dataset, QUESTION);
  await page.getByRole("button", { name: t("lab:curl.open") }).click();
  const dialog = page.getByRole("dialog", { name: t("lab:curl.title") });
  const commands = {};
  for (const dialect of ["dify", "ragflow"]) {
    await dialog.getByRole("tab", { name: t(`lab:curl.${dialect}`), exact: true }).click();
    commands[dialect] = await dialog.getByLabel(t("lab:curl.command"), { exact: true }).textContent();
  }
  await dialog.getByRole("button", { name: t("actions.close") }).click();
  return commands;
}

async function shell(command, key, ...more) {
  const { stdout } = await run("bash", ["-c", `${command} ${more.map((one) => `'${one}'`).join(" ")}`], {
    env: { ...process.env, DIGLOT_KEY: key },
  });
  return stdout;
}

async function switchApi(page, t, commands, key) {
  const flip = page.getByRole("switch", { name: t("keys:api.label") });
  await goTo(page, t, "keys");
  await flip.click();
  await page.getByRole("dialog").getByRole("button", { name: t("keys:api.offNow") }).click();
  await page.getByText(t("keys:api.stopped")).waitFor();
  const status = await shell(commands.dify, key, "--write-out", "%{http_code}");
  check(status.endsWith("403"), `with the API off a key is answered ${status}`);
  const ragflow = JSON.parse(await shell(commands.ragflow, key));
  check(ragflow.code !== 0, `with the API off RAGFlow's API answers ${JSON.stringify(ragflow)}`);
  await flip.click();
  await page.getByText(t("keys:api.stopped")).waitFor({ state: "hidden" });
}

/** The page of an operation sends what it says, in both languages. */
async function tryIt(page, facts, watched, dataset, key) {
  watched.expect(401, /^\/v1\/datasets$/);
  const statuses = {};
  for (const language of ["en", "zh"]) {
    const t = words(language);
    await page.goto(`/docs/dify/${facts.operation}?lang=${language}`);
    const section = page.getByRole("region", { name: t("docs:tryIt.title") });
    await section.getByRole("button", { name: t("docs:tryIt.send") }).click();
    await section.getByText("401").first().waitFor();
    await field(section, t("docs:tryIt.key")).fill(key);
    await section.getByRole("button", { name: t("docs:tryIt.send") }).click();
    const answer = section.getByRole("region", { name: t("docs:tryIt.answer") });
    await answer.filter({ hasText: DATASET }).waitFor();
    statuses[language] = (await section.getByText(/^200/).first().textContent())?.trim();
    await screenshot(page, facts, `try-it-${language}`);
  }
  await page.goto(`${dataset}?lang=en`);
  return statuses;
}

async function revoke(page, t, facts) {
  await goTo(page, t, "keys");
  await page.getByRole("button", { name: t("keys:delete.label", { name: "By hand" }) }).click();
  await page.getByRole("dialog").getByRole("button", { name: t("keys:delete.now") }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await screenshot(page, facts, "keys");
}
