import { faultIn, type Prepared } from "./prepared";

/** The key stands in an environment variable: a sample that holds it would be pasted with it. */
export const KEY_VARIABLE = "API_KEY";

export const SAMPLES = {
  curl: { name: "curl", write: curl },
  requests: { name: "Python · requests", write: (request: Prepared) => python("requests", request) },
  httpx: { name: "Python · httpx", write: (request: Prepared) => python("httpx", request) },
  fetch: { name: "JavaScript · fetch", write: javascript },
} as const;
export type SampleName = keyof typeof SAMPLES;

function curl({ method, url, headers, needsKey, body }: Prepared): string {
  const parts = [`curl ${method === "GET" ? "" : `-X ${method} `}${inShell(url)}`];
  if (needsKey) parts.push(`-H "Authorization: Bearer $${KEY_VARIABLE}"`);
  for (const [name, value] of headers) parts.push(`-H ${inShell(`${name}: ${value}`)}`);
  if (body.kind === "json") parts.push(`-H 'Content-Type: application/json'`, `-d ${inShell(body.text)}`);
  if (body.kind === "form") {
    for (const [name, file] of body.files) parts.push(`-F ${inShell(`${name}=@"${file}"`)}`);
    for (const [name, value] of body.parts) parts.push(`--form-string ${inShell(`${name}=${value}`)}`);
  }
  return parts.join(" \\\n  ");
}

const inShell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

function python(library: string, { method, url, headers, needsKey, body }: Prepared): string {
  const sent: string[] = [];
  if (needsKey) sent.push(`"Authorization": f"Bearer {os.environ['${KEY_VARIABLE}']}"`);
  for (const [name, value] of headers) sent.push(`${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  const lines = [...(needsKey ? ["import os", ""] : []), `import ${library}`, "", `response = ${library}.request(`];
  lines.push(`    ${JSON.stringify(method)},`, `    ${JSON.stringify(url)},`);
  if (body.kind === "json" && faultIn(body.text) !== null) sent.push(`"Content-Type": "application/json"`);
  if (sent.length) lines.push(`    headers={${sent.join(", ")}},`);
  lines.push(
    ...pythonBody(library, body),
    "    timeout=60,",
    ")",
    "print(response.status_code)",
    "print(response.text)",
  );
  return lines.join("\n");
}

function pythonBody(library: string, body: Prepared["body"]): string[] {
  if (body.kind === "none") return [];
  if (body.kind === "json") {
    if (faultIn(body.text) === null) return [`    json=${inPython(JSON.parse(body.text), 1)},`];
    return [`    ${library === "httpx" ? "content" : "data"}=${JSON.stringify(body.text)},`];
  }
  const files = body.files.map(([name, file]) => `(${JSON.stringify(name)}, open(${JSON.stringify(file)}, "rb"))`);
  const data = body.parts.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return [
    ...(files.length ? [`    files=[${files.join(", ")}],`] : []),
    ...(data.length ? [`    data={${data.join(", ")}},`] : []),
  ];
}

const PYTHON_WORDS = new Map<unknown, string>([
  [true, "True"],
  [false, "False"],
  [null, "None"],
]);

/** A JSON value as a literal of Python. */
function inPython(value: unknown, depth: number): string {
  const word = PYTHON_WORDS.get(value);
  if (word) return word;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const items = Array.isArray(value)
    ? value.map((one) => inPython(one, depth + 1))
    : Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${inPython(one, depth + 1)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const short = open + items.join(", ") + close;
  if (short.length <= 60 && !short.includes("\n")) return short;
  const indent = "    ".repeat(depth);
  return `${open}\n${items.map((item) => `${indent}    ${item},\n`).join("")}${indent}${close}`;
}

/** For Node.js, where a key may live; a page must not hold one. */
function javascript({ method, url, headers, needsKey, body }: Prepared): string {
  const sent: string[] = [];
  if (needsKey) sent.push(`Authorization: \`Bearer \${process.env.${KEY_VARIABLE}}\``);
  if (body.kind === "json") sent.push(`"Content-Type": "application/json"`);
  for (const [name, value] of headers) sent.push(`${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  const options = [`  method: ${JSON.stringify(method)},`];
  if (sent.length) options.push(`  headers: { ${sent.join(", ")} },`);
  if (body.kind === "json") options.push(`  body: ${javascriptBody(body.text)},`);
  if (body.kind === "form") options.push("  body: form,");
  return [
    ...(body.kind === "form" ? formLines(body) : []),
    `const response = await fetch(${JSON.stringify(url)}, {`,
    ...options,
    "});",
    "console.log(response.status, await response.text());",
  ].join("\n");
}

function javascriptBody(text: string): string {
  if (faultIn(text) !== null) return JSON.stringify(text);
  return `JSON.stringify(${JSON.stringify(JSON.parse(text), null, 2).replaceAll("\n", "\n  ")})`;
}

function formLines(body: { parts: [string, string][]; files: [string, string][] }): string[] {
  const texts = body.parts.map(([name, value]) => `form.append(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
  const files = body.files.map(
    ([name, file]) =>
      `form.append(${JSON.stringify(name)}, await openAsBlob(${JSON.stringify(file)}), ${JSON.stringify(file)});`,
  );
  const imports = files.length ? [`import { openAsBlob } from "node:fs";`, ""] : [];
  return [...imports, "const form = new FormData();", ...texts, ...files];
}
