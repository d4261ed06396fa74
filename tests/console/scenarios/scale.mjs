// Pages before a large stock: how long each takes, what it asks for, and that no answer is longer than a page.

import { logIn, screenshot, WAIT_MS, words } from "../browser.mjs";

const QUIET_MS = 100;
const POLL_MS = 10;
const ANSWER = /json/;

export default async function scale({ page, facts }) {
  const t = words("en");
  const heard = listen(page);
  await logIn(page, facts);
  const measured = {};
  for (const visit of visits(t, facts)) {
    let best = null;
    // Whoever else works on this machine makes a try slow, never quick.
    for (let count = 0; count < facts.tries && !(best?.ms < facts.enough); count++) {
      const found = await measure(page, heard, visit);
      if (best === null || found.ms < best.ms) best = found;
    }
    measured[visit.name] = best;
    await screenshot(page, facts, visit.name.replaceAll(/[^a-z0-9]+/g, "-"));
  }
  return measured;
}

/** Pages by their addresses, and what people do on them: each with what must be seen then. */
function visits(t, { dataset, waiting, longest, chunk, paged, parted, needle, documents, chunks, datasets }) {
  const place = `/console/datasets/${dataset}`;
  const viewer = `${place}/documents/${longest}`;
  const list = (label) => (page) => page.getByRole("table", { name: t(label) }).locator("tbody tr");
  const listed = list("documents:list.title");
  const cards = (page) => page.getByRole("list", { name: t("viewer:chunks.title") }).getByRole("listitem");
  const hits = (page) => page.getByRole("list", { name: t("lab:results.list") }).getByRole("listitem");
  const onward = (page) => page.getByRole("button", { name: t("admin:pages.onward") }).click();
  return [
    { name: "datasets", path: "/console/datasets", shows: list("datasets:list.title") },
    {
      name: "datasets, last page",
      path: `/console/datasets?page=${Math.ceil((datasets + 4) / 20)}`,
      shows: list("datasets:list.title"),
    },
    { name: "datasets, keyword", path: "/console/datasets?q=Shelf%20009", shows: list("datasets:list.title") },
    { name: "documents", path: place, shows: listed },
    { name: "documents, last page", path: `${place}?page=${Math.ceil(documents / 25)}`, shows: listed },
    { name: "documents, keyword", path: `${place}?q=longest`, shows: listed },
    { name: "documents, failed", path: `${place}?status=error`, shows: listed },
    { name: "documents, available", path: `${place}?status=available`, shows: listed },
    { name: "documents, waiting", path: `/console/datasets/${waiting}`, shows: listed },
    {
      name: "documents, typed",
      path: place,
      act: (page) => page.getByRole("searchbox", { name: t("documents:list.search") }).fill("report 0099"),
      shows: (page) => listed(page).filter({ hasText: "report 0099" }),
      until: (page) => listed(page).filter({ hasText: "longest" }),
    },
    { name: "viewer", path: viewer, shows: cards },
    { name: "viewer, last page", path: `${viewer}?list=${Math.ceil(chunks / 20)}`, shows: cards },
    { name: "viewer, a chunk", path: `${viewer}?chunk=${chunk}`, shows: (page) => cards(page).filter({ hasText: needle }) },
    {
      name: "viewer, keyword",
      path: viewer,
      act: (page) => page.getByRole("searchbox", { name: t("viewer:chunks.search") }).fill(needle),
      shows: (page) => cards(page).filter({ hasText: needle }),
    },
    { name: "viewer, pages", path: `/console/datasets/${paged}`, shows: (page) => page.getByRole("img", { name: /1/ }) },
    { name: "viewer, children", path: `/console/datasets/${parted}`, shows: cards },
    { name: "lab", path: `${place}/lab?q=${needle}`, shows: hits },
    {
      name: "lab, why not",
      path: `${place}/lab?q=${needle}&why=${chunk}`,
      shows: (page) => page.getByText(t("lab:reasons.returned", { rank: 1 })),
    },
    { name: "settings", path: `${place}/settings`, shows: (page) => page.getByRole("textbox") },
    { name: "jobs", path: "/console/jobs", shows: list("jobs:title") },
    { name: "jobs, waiting", path: "/console/jobs?state=queued", shows: list("jobs:title") },
    { name: "jobs, next page", path: "/console/jobs", act: onward, shows: list("jobs:title") },
    { name: "questions", path: "/console/logs", shows: list("logs:tabs.queries") },
    { name: "questions, next page", path: "/console/logs", act: onward, shows: list("logs:tabs.queries") },
    { name: "usage of 30 days", path: "/console/logs?tab=usage", shows: (page) => page.getByRole("table") },
    { name: "audit", path: "/console/logs?tab=audit", shows: list("logs:tabs.audit") },
    { name: "keys", path: "/console/keys", shows: list("keys:title") },
    { name: "members", path: "/console/members", shows: list("members:title") },
    { name: "system", path: "/console/system", shows: (page) => page.getByRole("heading", { level: 1 }) },
  ];
}

/** Milliseconds from the address, or from what is done on the page, to its content and the last answer. */
async function measure(page, heard, { path, act, shows, until }) {
  if (act) {
    await page.goto(path);
    await heard.quiet(page);
  }
  heard.begin();
  const began = Date.now();
  await (act ? act(page) : page.goto(path, { waitUntil: "commit" }));
  await seen(shows(page).first());
  await until?.(page).first().waitFor({ state: "detached" });
  const shown = Date.now();
  await heard.quiet(page);
  const { last, answers } = await heard.end();
  return {
    ms: Math.max(shown, last) - began,
    requests: answers.length,
    bytes: answers.reduce((sum, { bytes }) => sum + bytes, 0),
    longest: Math.max(0, ...answers.map(({ rows }) => rows)),
    largest: Math.max(0, ...answers.map(({ bytes }) => bytes)),
    paths: answers.map((one) => one.path),
  };
}

/** Waiting by the browser's own means looks again after half a second at last, which is longer than what is measured. */
async function seen(locator) {
  const deadline = Date.now() + WAIT_MS;
  while (!(await locator.isVisible())) {
    if (Date.now() > deadline) throw new Error(`nothing is seen of ${locator}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** What the page asks our API for. */
function listen(page) {
  let answers = [];
  let underWay = new Set();
  let last = 0;
  const isApi = (request) => ["fetch", "xhr"].includes(request.resourceType()) && !request.url().includes("/v1/events");
  page.on("request", (request) => isApi(request) && underWay.add(request));
  page.on("response", (answer) => {
    if (!isApi(answer.request()) || !ANSWER.test(answer.headers()["content-type"] ?? "")) return;
    answers.push(sized(answer));
  });
  const over = (request) => {
    if (underWay.delete(request)) last = Date.now();
  };
  page.on("requestfinished", over);
  page.on("requestfailed", over);
  return {
    begin: () => {
      answers = [];
      underWay = new Set();
      last = 0;
    },
    quiet: async () => {
      for (let since = Date.now(); Date.now() - since < QUIET_MS; ) {
        if (underWay.size > 0) since = Date.now();
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    end: async () => ({ last, answers: (await Promise.all(answers)).filter((one) => one !== null) }),
  };
}

async function sized(answer) {
  const body = await answer.body().catch(() => null);
  if (body === null) return null;
  return { path: new URL(answer.url()).pathname, bytes: body.length, rows: longestIn(JSON.parse(body.toString())) };
}

/** The number of objects in the longest list of an answer. */
function longestIn(value) {
  if (Array.isArray(value)) {
    const own = value.some((one) => typeof one === "object" && one !== null) ? value.length : 0;
    return Math.max(own, ...value.map(longestIn));
  }
  if (typeof value !== "object" || value === null) return 0;
  return Math.max(0, ...Object.values(value).map(longestIn));
}
