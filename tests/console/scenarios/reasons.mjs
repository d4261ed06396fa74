// Why a document failed, wherever it is told, in Chinese; and only the texts of that language are fetched.

import { check, logIn, screenshot, words } from "../browser.mjs";

export const options = { locale: "zh-CN" };

export default async function reasons({ page, facts }) {
  const t = words("zh");
  const scripts = [];
  page.on("response", async (answer) => {
    if (answer.url().endsWith(".js")) scripts.push(await answer.text().catch(() => ""));
  });
  await logIn(page, facts, t);
  const said = page.getByText(t("reasons:file_damaged_incomplete", { extension: "docx" }));
  const places = [facts.place, `${facts.place}/documents/${facts.document}`, "/console/jobs?state=failed"];
  for (const [number, path] of places.entries()) {
    await page.goto(path);
    await said.first().waitFor();
    await screenshot(page, facts, `place-${number}`);
  }
  await page.goto("/console/login");
  const english = words("en")("start:setup.lead");
  check(scripts.some((text) => text.includes(t("start:setup.lead"))), "the Chinese texts were not seen");
  check(!scripts.some((text) => text.includes(english)), "the English texts were fetched too");
}
