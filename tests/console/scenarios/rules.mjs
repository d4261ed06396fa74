// The rules of a dataset are shown as they are; nothing is saved that was not touched.

import { check, field, inaccessible, logIn, screenshot, words } from "../browser.mjs";

export default async function rules({ page, facts }) {
  const t = words("en");
  await logIn(page, facts);
  const sent = [];
  page.on("request", (one) => one.method() === "PUT" && sent.push(JSON.parse(one.postData())));
  const section = await settings(page, t, facts.dataset);
  await choice(section, t, "automatic").and(page.getByRole("radio", { checked: true })).waitFor();
  const save = section.getByRole("button", { name: t("actions.save") });
  check(await save.isDisabled(), "untouched rules can be saved");
  check((await inaccessible(page)).length === 0, "the settings are not accessible");
  await screenshot(page, facts, "automatic");
  await choice(section, t, "custom").check();
  await field(section, t("documents:rules.separator")).fill("###");
  await save.click();
  await page.getByText(t("datasets:settings.saved")).waitFor();
  const again = await settings(page, t, facts.dataset);
  await choice(again, t, "custom").and(page.getByRole("radio", { checked: true })).waitFor();
  check((await field(again, t("documents:rules.separator")).inputValue()) === "###", "the separator was not kept");
  await screenshot(page, facts, "custom");
  const parted = await settings(page, t, facts.parted);
  await choice(parted, t, "hierarchical").and(page.getByRole("radio", { checked: true })).waitFor();
  check(await parted.getByRole("button", { name: t("actions.save") }).isDisabled(), "untouched children can be saved");
  await field(parted, t("documents:rules.childTokens")).fill("70");
  const answered = page.waitForResponse((one) => one.request().method() === "PUT");
  await parted.getByRole("button", { name: t("actions.save") }).click();
  const answer = await answered;
  check(answer.ok(), `${answer.request().postData()} was answered ${await answer.text()}`);
  await page.getByText(t("datasets:settings.saved")).first().waitFor();
  return { sent };
}

async function settings(page, t, dataset) {
  await page.goto(`/console/datasets/${dataset}/settings`);
  const title = page.getByRole("heading", { name: t("datasets:settings.chunking"), exact: true });
  const section = page.locator("section").filter({ has: title });
  await section.getByRole("radiogroup", { name: t("documents:rules.title") }).waitFor();
  return section;
}

const choice = (section, t, kind) => section.getByRole("radio", { name: t(`documents:rules.kinds.${kind}.name`), exact: true });
